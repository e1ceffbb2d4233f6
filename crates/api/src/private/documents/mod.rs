//! The documents of a bot, in the parts that the builder reads and writes.

pub(crate) mod components;
pub(crate) mod details;
pub(crate) mod dialogs;
pub(crate) mod nl_settings;

use std::sync::Arc;

use definition::revise::{self, ReviseError, Revised};
use definition::summary::Summary;
use definition::{Config, Document};
use serde_json::{Map, Value, json};
use store::{Bot, NewChange, Swap, User};

use crate::documents::{Documents, blocking};
use crate::record::object;
use crate::{ApiError, Platform};

/// How often a change is made anew because somebody else changed the draft meanwhile.
const TRIES: usize = 5;

/// What became of a draft.
struct Changed<T> {
    definition: Document,
    config: Option<Config>,
    /// What the caller wants to know besides.
    told: T,
}

/// The elements of a top-level list, each with the bot's id in `streamId`.
fn elements(documents: &Documents, list: &str, bot: &Bot) -> Result<Vec<Value>, ApiError> {
    let elements: Option<Vec<Value>> = documents.definition.decode(list).map_err(|error| ApiError::internal(&error))?;
    let mut elements = elements.unwrap_or_default();
    for element in elements.iter_mut().filter_map(Value::as_object_mut) {
        element.insert("streamId".into(), json!(bot.id));
    }
    Ok(elements)
}

/// A change that was refused: 412, with the place.
fn refused(error: ReviseError) -> ApiError {
    match &error {
        ReviseError::Shape(shape) => ApiError::internal(shape),
        _ => ApiError::invalid_arguments(error.to_string()).at(error.pointer()),
    }
}

/// The objects of a body: a list of them, a list under the given name, or just one.
fn given_elements(body: Value, list: &str) -> Result<Vec<Value>, ApiError> {
    match body {
        Value::Array(elements) => Ok(elements),
        Value::Object(mut members) => match members.shift_remove(list) {
            Some(Value::Array(elements)) => Ok(elements),
            Some(_) => Err(ApiError::invalid_arguments(format!("`{list}` must be a list")).at(format!("/{list}"))),
            None => Ok(vec![Value::Object(members)]),
        },
        _ => Err(ApiError::invalid_arguments("the body must be an object or a list of objects")),
    }
}

impl Platform {
    /// Loads a bot's draft and hands it to `work`, where it holds up nobody.
    pub(crate) async fn read_documents<T, F>(&self, bot: &Bot, work: F) -> Result<T, ApiError>
    where
        T: Send + 'static,
        F: FnOnce(Documents) -> Result<T, ApiError> + Send + 'static,
    {
        let documents = Documents::load(self.store(), &bot.content).await?;
        blocking(move || work(documents)).await?
    }

    /// Changes settings of a bot; the bot as it is then, and the members that were ignored. What a whole record that is
    /// sent back says as it was is no change.
    pub(crate) async fn revise_settings(
        &self,
        user: &User,
        bot: Bot,
        mut changes: Map<String, Value>,
    ) -> Result<(Bot, Vec<String>), ApiError> {
        let known = object(json!({
            "_id": bot.id,
            "refId": bot.reference_id,
            "type": bot.kind,
            "purpose": bot.purpose,
            "name": bot.name,
            "description": bot.description,
            "color": bot.color,
            "defaultLanguage": bot.default_language,
            "supportedLanguages": bot.languages,
        }));
        changes.retain(|key, value| known.get(key) != Some(value));
        if changes.is_empty() {
            return Ok((bot, Vec::new()));
        }
        let make = move |Documents { definition, config }: Documents, swap: &mut Swap| {
            let summary = |document: &Document| Summary::of(document).map_err(|error| ApiError::internal(&error));
            let before = summary(&definition)?;
            let Revised { definition, config, ignored } =
                revise::revise_settings(&definition, &config, &changes).map_err(refused)?;
            let after = summary(&definition)?;
            // Lists may show another name or colour than the documents say; what was not changed stays so.
            let is_given = |name: &str| changes.contains_key(name);
            if is_given("name") || after.name != before.name {
                swap.name = after.name.unwrap_or_default();
            }
            if is_given("description") || after.description != before.description {
                swap.description = after.description.unwrap_or_default();
            }
            if let Some(color) = after.color.filter(|_| is_given("color")) {
                swap.color = color;
            }
            swap.default_language = after.default_language;
            swap.languages = after.supported_languages;
            Ok(Changed { definition, config: Some(config), told: ignored })
        };
        self.change_draft(user, bot, "stream", "Bot updated", make).await
    }

    /// Changes a top-level list of a bot as `revise` says; the elements as they are then.
    async fn revise_list<F>(
        &self,
        user: &User,
        bot: Bot,
        list: &'static str,
        resource_type: &'static str,
        revise: F,
    ) -> Result<Vec<Value>, ApiError>
    where
        F: Fn(&Documents) -> Result<Document, ReviseError> + Send + Sync + 'static,
    {
        let make = move |documents: Documents, _: &mut Swap| {
            let definition = revise(&documents).map_err(refused)?;
            Ok(Changed { definition, config: None, told: () })
        };
        let (bot, ()) = self.change_draft(user, bot, resource_type, &format!("{list} updated"), make).await?;
        let reader = bot.clone();
        self.read_documents(&bot, move |documents| elements(&documents, list, &reader)).await
    }

    /// Puts what `make` makes of a bot's draft in its place and logs the change; the bot as it is then, and what `make`
    /// told. The change is made anew when somebody else changed the draft meanwhile.
    async fn change_draft<T, F>(
        &self,
        user: &User,
        mut bot: Bot,
        resource_type: &'static str,
        message: &str,
        make: F,
    ) -> Result<(Bot, T), ApiError>
    where
        T: Send + 'static,
        F: Fn(Documents, &mut Swap) -> Result<Changed<T>, ApiError> + Send + Sync + 'static,
    {
        let store = self.store();
        let make = Arc::new(make);
        let mut tried = 0;
        loop {
            let documents = Documents::load(store, &bot.content).await?;
            let mut swap = bot.swap(bot.content.clone(), &user.id, self.now());
            let make = Arc::clone(&make);
            let (mut swap, changed) =
                blocking(move || make(documents, &mut swap).map(|changed| (swap, changed))).await??;
            let Changed { definition, config, told } = changed;
            swap.content.definition = store.blobs().put_content(definition.into_text().into()).await?;
            if let Some(config) = config {
                swap.content.config = store.blobs().put_content(config.text().to_owned().into()).await?;
            }
            let message = message.to_owned();
            let change = NewChange { user: user.id.clone(), resource_id: None, resource_type, message };
            tried += 1;
            let swapped = store.swap_draft(&bot, swap, change).await;
            bot = store.bot(&bot.id).await?.ok_or_else(ApiError::invalid_stream)?;
            match swapped {
                Err(store::Error::Conflict(_)) if tried < TRIES => {}
                swapped => return Ok(swapped.map(|()| (bot, told))?),
            }
        }
    }
}
