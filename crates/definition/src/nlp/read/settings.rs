//! Switches of the engines.

use serde_json::Value;

use super::tolerant::{flag, list, object, text};
use super::{Locale, part};
use crate::document::Document;
use crate::error::ShapeError;
use crate::nlp::Settings;

/// `type` of the settings of a whole bot. Others are of a group of dialogs that is trained by itself.
const OF_THE_BOT: u64 = 1;

/// The switches of a language as the export has them.
pub(super) struct Switches {
    /// Key and value, in document order: `advancedNLSettings`, then the parameters of training as `intentParams.<key>`.
    rows: Vec<(String, Value)>,
    several_intents: bool,
    ignores_negative_patterns: bool,
}

impl Switches {
    pub(super) fn of(definition: &Document, locale: &Locale) -> Result<Switches, ShapeError> {
        let mut rows: Vec<(String, Value)> = Vec::new();
        let is_of_the_bot = |row: &Value| row["type"].as_u64().is_none_or(|kind| kind == OF_THE_BOT);
        let applies = |row: &Value| is_of_the_bot(row) && (row["language"].is_null() || locale.is_of(&row["language"]));
        for row in list(definition, "advancedNLSettings")?.iter().filter(|row| applies(row)) {
            let key = text(&row["configurationKeyName"]);
            if !key.is_empty() {
                rows.push((key.to_owned(), row["configurationValue"].clone()));
            }
        }
        for row in list(definition, "mlParams")?.iter().filter(|row| applies(row)) {
            let parameters = object(&row["intentParams"]);
            rows.extend(parameters.map(|(key, value)| (format!("{PARAMETER}{key}"), value.clone())));
        }
        Ok(Switches {
            rows,
            several_intents: flag(&part(definition, "detectMultiIntent")) == Some(true),
            ignores_negative_patterns: flag(&part(definition, "enableNegativePatterns")) == Some(false),
        })
    }

    /// The value of a setting; the last row counts.
    fn value(&self, key: &str) -> &Value {
        self.rows.iter().rev().find(|(name, _)| name == key).map_or(&Value::Null, |(_, value)| value)
    }

    /// Whether a switch is on; `None` where the export does not say.
    pub(super) fn is_on(&self, key: &str) -> Option<bool> {
        flag(self.value(key))
    }

    /// Whether intents are found by likeness to few examples instead of a trained model.
    pub(super) fn is_few_shot(&self) -> bool {
        text(self.value("network")).starts_with("Few-shot")
    }

    pub(super) fn settings(self) -> Settings {
        let on = |key: &str| self.is_on(key).unwrap_or_default();
        let parameter = || self.is_on("intentParams.f_negation").unwrap_or_default();
        Settings {
            several_intents: self.several_intents,
            model_per_dialog: on("Multiple_Intent_Models"),
            ignores_negative_patterns: self.ignores_negative_patterns,
            drops_negated: self.is_on("f_negation").unwrap_or_else(parameter),
            none_intent: on("NoneIntent"),
            by_description: false,
            other: self.rows.iter().filter(|(key, _)| !READ.contains(&key.as_str())).map(printed).collect(),
        }
    }
}

const PARAMETER: &str = "intentParams.";

/// Settings with a member of their own.
const READ: [&str; 4] = ["Multiple_Intent_Models", "f_negation", "intentParams.f_negation", "NoneIntent"];

fn printed((key, value): &(String, Value)) -> (String, String) {
    (key.clone(), value.to_string())
}
