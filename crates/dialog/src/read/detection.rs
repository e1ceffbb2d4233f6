//! Which language model finds out what users of an app mean (`dialogGPTSettings`).

use definition::Document;
use serde_json::Value;

use super::lenient::{flag, items, text};
use super::model;
use super::parts::member;
use crate::node::ModelChoice;

/// How long a model may take: the user waits for it before anything else is done. Seconds.
const TIMEOUT_S: u32 = 10;

/// The model by the settings of the app's language, else by the first; `None` where it is switched off.
pub(super) fn read(definition: &Document, language: &str) -> Option<ModelChoice> {
    let settings = member(definition, "dialogGPTSettings");
    let of_language = items(&settings).iter().find(|it| text(&it["language"]).eq_ignore_ascii_case(language));
    let config = &of_language.or_else(|| items(&settings).first())?["dialogGPTLLMConfig"];
    (flag(&config["enable"]) != Some(false)).then(|| model::choice(config, &Value::Null, TIMEOUT_S))
}
