//! Variables of a bot as the builder shows and changes them. (api-families-2.md §13.)

pub(crate) mod change;
pub(crate) mod list;
pub(crate) mod put;

use access::digest;
use definition::variables::{default_namespace, is_content_variable, judge_variable, stored_variables};
use domain::{BotId, derived_uuid};
use serde_json::{Map, Value, json};
use store::Bot;

use crate::documents::Documents;
use crate::variables::refusal;
use crate::{ApiError, Platform};

/// What stands for the value of a secured variable.
const MASK: &str = "********";

/// Members of a record that clients send back and that are none of the variable.
const NO_MEMBERS: [&str; 5] = ["_id", "streamId", "ignoreEncryption", "__v", "createdBy"];

impl Platform {
    /// All variables of a bot's draft as records.
    async fn variables_of(&self, bot: &Bot) -> Result<Vec<Value>, ApiError> {
        let read = |documents: Documents| {
            stored_variables(&documents.config, &documents.definition).map_err(|error| ApiError::internal(&error))
        };
        let mut variables = self.read_documents(bot, read).await?;
        for variable in variables.iter_mut().filter_map(Value::as_object_mut) {
            add_what_records_have(variable, bot);
        }
        Ok(variables)
    }

    /// The draft's variable with this id, as a record.
    async fn variable_of(&self, bot: &Bot, id: &str) -> Result<Option<Value>, ApiError> {
        Ok(self.variables_of(bot).await?.into_iter().find(|variable| variable["_id"] == id))
    }

    /// Refuses variables of a body that say they are of a type that there is not, or in a namespace that the bot has not.
    /// Each comes with the pointer to it.
    async fn judge_variables(&self, bot: &Bot, given: Vec<(String, Value)>) -> Result<(), ApiError> {
        let read = move |it: Documents| {
            let judge = |(at, variable): &(String, Value)| judge_variable(&it.config, &it.definition, variable, at);
            Ok(given.iter().try_for_each(judge))
        };
        self.read_documents(bot, read).await?.map_err(|error| refusal(self, &error))
    }

    /// A variable of a body as it is written: in the namespace every bot has if the body names none, and without what is
    /// no part of it. A value that is shown as a mask and comes back as one stays as it is.
    async fn variable_to_write(&self, bot: &Bot, mut given: Map<String, Value>) -> Result<Value, ApiError> {
        for name in NO_MEMBERS {
            given.shift_remove(name);
        }
        let is_secured = match given.get("isSecured") {
            Some(Value::Bool(is_secured)) => *is_secured,
            Some(Value::String(word)) if word.eq_ignore_ascii_case("true") => true,
            Some(Value::String(word)) if word.eq_ignore_ascii_case("false") => false,
            Some(_) => return Err(ApiError::invalid_arguments("`isSecured` must be true or false").at("/isSecured")),
            None => return Err(ApiError::invalid_arguments("`isSecured` is missing").at("/isSecured")),
        };
        given.insert("isSecured".into(), json!(is_secured));
        if given.get("value").is_some_and(|value| value == MASK) {
            if !is_secured {
                let detail = "the value of a secured variable is not shown again; give it anew with `isSecured` false";
                return Err(ApiError::invalid_arguments(detail).at("/value"));
            }
            given.insert("value".into(), json!(""));
        }
        let names_none = given.get("vNameSpace").is_none_or(|it| it.as_array().is_none_or(Vec::is_empty));
        if names_none {
            let read = |it: Documents| default_namespace(&it.definition).map_err(|error| ApiError::internal(&error));
            let namespace = self.read_documents(bot, read).await?;
            given.insert("vNameSpace".into(), namespace.into_iter().collect());
        }
        Ok(Value::Object(given))
    }
}

/// The id of a variable, which goes by its key: no definition gives variables ids.
fn id_of(bot: &BotId, variable: &Value) -> String {
    let kind = if is_content_variable(variable) { "locale" } else { "env" };
    let key = variable["key"].as_str().unwrap_or_default();
    format!("vr-{}", derived_uuid(&digest::sha256(format!("{kind} variable of {bot}: {key}").as_bytes())))
}

fn add_what_records_have(variable: &mut Map<String, Value>, bot: &Bot) {
    let id = id_of(&bot.id, &Value::Object(variable.clone()));
    variable.shift_insert(0, "_id".into(), json!(id));
    variable.insert("streamId".into(), json!(bot.id));
    if variable.get("isSecured") == Some(&json!(true)) {
        variable.insert("value".into(), json!(MASK));
    }
    // A content variable has texts in each language; those of the default one stand for it.
    let texts = variable.get("localeData").and_then(|languages| languages.get(&bot.default_language)).cloned();
    for name in ["value", "hint"] {
        if let Some(text) = texts.as_ref().and_then(|texts| texts.get(name)) {
            variable.insert(name.into(), text.clone());
        }
    }
}
