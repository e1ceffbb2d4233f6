//! The documents of a bot, in the parts that the builder reads and writes.

pub(crate) mod components;
pub(crate) mod details;
pub(crate) mod dialogs;
pub(crate) mod nl_settings;

use definition::revise::{self, ReviseError, Revised};
use definition::summary::Summary;
use definition::{Config, Document};
use serde_json::{Map, Value, json};
use store::{Bot, NewChange, Swap, User};

use crate::documents::{Documents, blocking};
use crate::record::object;
use crate::{ApiError, Platform};

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
        bot: &Bot,
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
            return Ok((bot.clone(), Vec::new()));
        }
        let renames = changes.contains_key("name") || changes.contains_key("localeData");
        let work = move |documents: Documents| {
            let Documents { definition, config } = documents;
            let revised = revise::revise_settings(&definition, &config, &changes).map_err(refused)?;
            let summary = Summary::of(&revised.definition).map_err(|error| ApiError::internal(&error))?;
            Ok((revised, summary))
        };
        let (Revised { definition, config, ignored }, summary) = self.read_documents(bot, work).await?;
        let mut swap = bot.swap(bot.content.clone(), &user.id, self.now());
        if let Some(name) = summary.name.filter(|_| renames) {
            swap.name = name;
        }
        swap.description = summary.description.unwrap_or_default();
        swap.color = summary.color.unwrap_or_else(|| bot.color.clone());
        swap.default_language = summary.default_language;
        swap.languages = summary.supported_languages;
        let bot = self.put_draft(user, bot, swap, definition, Some(config), ("stream", "Bot updated")).await?;
        Ok((bot, ignored))
    }

    /// Puts changed documents in the place of the draft and logs the change; the bot as it is then.
    async fn put_draft(
        &self,
        user: &User,
        bot: &Bot,
        mut swap: Swap,
        definition: Document,
        config: Option<Config>,
        (resource_type, message): (&'static str, &str),
    ) -> Result<Bot, ApiError> {
        let blobs = self.store().blobs();
        swap.content.definition = blobs.put_content(definition.into_text().into()).await?;
        if let Some(config) = config {
            swap.content.config = blobs.put_content(config.text().to_owned().into()).await?;
        }
        let message = message.to_owned();
        let change = NewChange { user: user.id.clone(), resource_id: None, resource_type, message };
        self.store().swap_draft(bot, swap, change).await?;
        self.store().bot(&bot.id).await?.ok_or_else(ApiError::invalid_stream)
    }

    /// Replaces elements of a top-level list of a bot; the elements as they are then.
    async fn revise_list(
        &self,
        user: &User,
        bot: &Bot,
        list: &'static str,
        given: Vec<Value>,
        resource_type: &'static str,
    ) -> Result<Vec<Value>, ApiError> {
        let work = move |documents: Documents| {
            let Documents { definition, config } = documents;
            revise::revise_elements(&definition, &config, list, &given).map_err(refused)
        };
        let definition = self.read_documents(bot, work).await?;
        self.finish_list(user, bot, list, definition, resource_type).await
    }

    async fn finish_list(
        &self,
        user: &User,
        bot: &Bot,
        list: &'static str,
        definition: Document,
        resource_type: &'static str,
    ) -> Result<Vec<Value>, ApiError> {
        let swap = bot.swap(bot.content.clone(), &user.id, self.now());
        let message = format!("{list} updated");
        let bot = self.put_draft(user, bot, swap, definition, None, (resource_type, &message)).await?;
        let reader = bot.clone();
        self.read_documents(&bot, move |documents| elements(&documents, list, &reader)).await
    }
}
