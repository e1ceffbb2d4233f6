//! Setting thresholds and switches of language understanding, as the public API does it.
//!
//! A request is a JSON object in any of these forms, also mixed:
//!
//! ```json
//! {"ml": {"minThreshold": 0.4, "exactMatchThreshold": 90}, "knowledgeGraph": {"pathCoverage": 40}}
//! {"mode": "faq", "minThreshold": 65}
//! {"confidenceConfigs": [{"mode": "cs", "wordCoverage": 70}]}
//! {"wordCoverage": 70, "NoneIntent": true, "detectMultiIntent": true}
//! {"advancedNLSettings": [{"configurationKeyName": "f_negation", "configurationValue": true}]}
//! ```
//!
//! Engines are called by the `mode` that exports give them (`ml`, `faq`, `cs`, `rr`) or by their names (`fm`, `kg`,
//! `ranking` …), settings by the names in exports. A threshold that only one engine has may stand by itself.

mod request;
mod splices;
mod vocabulary;

use serde_json::{Map, Value, json};
use thiserror::Error;

use self::request::{Place, Setting, misfit, settings};
use self::splices::Splices;
use self::vocabulary::Mode;
use super::read::languages;
use crate::document::{Document, elements, member, string_member};
use crate::error::ShapeError;

/// Why thresholds and switches cannot be set. Every text names what was given and what is allowed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum ConfigureError {
    /// The body is no object, or has nothing in it.
    #[error("the body holds no settings; send an object such as {{\"ml\": {{\"minThreshold\": 0.4}}}}")]
    Empty,
    /// The bot does not speak the language.
    #[error("the bot has no language {language:?}; it has {known}")]
    UnknownLanguage {
        /// What was given.
        language: String,
        /// The languages of the bot.
        known: String,
    },
    /// A setting that is not known.
    #[error("there is no setting {key:?} here; there are {known}")]
    UnknownKey {
        /// What was given.
        key: String,
        /// What there is.
        known: String,
    },
    /// A threshold that several engines have stands by itself.
    #[error(
        "{key:?} is a threshold of several engines; send it as {{\"<engine>\": {{{key:?}: …}}}}, with one of {modes}"
    )]
    Ambiguous {
        /// The threshold.
        key: String,
        /// The engines.
        modes: String,
    },
    /// A value of another type, or out of range.
    #[error("{key} must be {allowed}, but is {found}")]
    Misfit {
        /// The setting, with its engine before a dot.
        key: String,
        /// What is allowed, in words.
        allowed: String,
        /// What was given, as JSON.
        found: String,
    },
    /// A stored member is not of the expected shape.
    #[error(transparent)]
    Shape(#[from] ShapeError),
}

/// The text of `definition` with other thresholds and switches for `language`; switches of the whole bot are set for all
/// languages. Every byte that is not about them stays as it is, but for the `encryptedHash`, which is the vendor's hash
/// of the content before and goes. Where nothing changes, neither does the text.
///
/// `new_id` gives ids for settings that the bot does not have yet: for the prefix of an `_id`, and for the empty prefix
/// for a `refId`.
///
/// # Errors
/// [`ConfigureError`]; nothing is set if one setting cannot be.
pub fn configure(
    definition: &Document,
    language: &str,
    body: &Value,
    mut new_id: impl FnMut(&'static str) -> String,
) -> Result<String, ConfigureError> {
    let known = languages(definition);
    if !known.iter().any(|one| one == language) {
        return Err(ConfigureError::UnknownLanguage { language: language.to_owned(), known: known.join(", ") });
    }
    let given = settings(body)?;
    let mut splices = Splices::in_document(definition);
    set_modes(definition, language, &given, &mut splices)?;
    set_advanced(definition, language, &given, &mut new_id, &mut splices)?;
    for setting in last_of_each(&given, |place| matches!(place, Place::TopLevel)) {
        splices.set_top_member(setting.key, setting.value);
    }
    Ok(splices.applied())
}

/// Nesting level of the members of a language in `localeData`.
const LOCALE_LEVEL: usize = 3;

fn set_modes(
    definition: &Document,
    language: &str,
    given: &[Setting<'_>],
    splices: &mut Splices<'_>,
) -> Result<(), ConfigureError> {
    let mut new_entries = Vec::new();
    let own = locale(definition, language)?;
    let list = own.and_then(|own| member(own, "confidenceConfigs")).filter(|list| elements(list).is_some());
    for mode in &vocabulary::MODES {
        let wanted = last_of_each(given, |place| matches!(place, Place::Mode(other) if other.name == mode.name));
        if wanted.is_empty() {
            continue;
        }
        let stored = list.and_then(|list| entry(list, mode.name));
        // Exports before 2020 have one list for all languages; what a language does not say itself is said there.
        let shared = definition.raw("confidenceConfigs").and_then(|list| entry(list, mode.name));
        let before: Map<String, Value> = match stored.or(shared) {
            Some(raw) => definition.decode_part(raw, "/confidenceConfigs")?,
            None => json!({"mode": mode.name, "isActive": true}).as_object().cloned().unwrap_or_default(),
        };
        let mut after = before.clone();
        for setting in &wanted {
            let is_known = mode.values(setting.key).is_some() || before.get(setting.key) == Some(setting.value);
            if !is_known {
                let known = mode.keys.iter().map(|(key, _)| *key).collect::<Vec<_>>().join(", ");
                return Err(ConfigureError::UnknownKey { key: format!("{}.{}", mode.name, setting.key), known });
            }
            after.insert(setting.key.to_owned(), setting.value.clone());
        }
        refuse_disorder(mode, &wanted, &after)?;
        match stored {
            Some(stored) => set_members(stored, &wanted, LOCALE_LEVEL + 2, splices),
            None if before != after => new_entries.push(Value::Object(after)),
            None => {}
        }
    }
    if new_entries.is_empty() {
        return Ok(());
    }
    match (list, own, own.and_then(|own| member(own, "confidenceConfigs")), definition.raw("localeData")) {
        (Some(list), ..) => splices.add_elements(list, &new_entries, LOCALE_LEVEL + 1),
        (None, _, Some(odd), _) => splices.replace(odd, &Value::Array(new_entries), LOCALE_LEVEL),
        (None, Some(own), None, _) => {
            splices.add_members(own, &[("confidenceConfigs", &Value::Array(new_entries))], LOCALE_LEVEL);
        }
        (None, None, None, Some(locales)) => {
            splices.add_members(locales, &[(language, &json!({"confidenceConfigs": new_entries}))], LOCALE_LEVEL - 1);
        }
        (None, None, None, None) => {
            splices.set_top_member("localeData", &json!({language: {"confidenceConfigs": new_entries}}));
        }
    }
    Ok(())
}

/// The raw `localeData` of a language.
fn locale<'a>(definition: &'a Document, language: &str) -> Result<Option<&'a str>, ShapeError> {
    let Some(locales) = definition.raw("localeData") else { return Ok(None) };
    let expected = "expected an object".to_owned();
    if !locales.starts_with('{') {
        return Err(definition.shape_error_at(locales, "/localeData".to_owned(), expected));
    }
    let own = member(locales, language);
    match own.filter(|own| !own.starts_with('{')) {
        Some(odd) => Err(definition.shape_error_at(odd, format!("/localeData/{language}"), expected)),
        None => Ok(own),
    }
}

/// The raw entry of a mode in a list: the first that is switched on, else the first.
fn entry<'a>(list: &'a str, mode: &str) -> Option<&'a str> {
    let of_mode =
        || elements(list).into_iter().flatten().filter(|raw| string_member(raw, "mode").as_deref() == Some(mode));
    of_mode().find(|raw| member(raw, "isActive") != Some("false")).or_else(|| of_mode().next())
}

/// The last setting of each key, in the order in which the keys are first given.
fn last_of_each<'s, 'a>(given: &'s [Setting<'a>], is_wanted: impl Fn(Place) -> bool) -> Vec<&'s Setting<'a>> {
    let mut found: Vec<&Setting> = Vec::new();
    for setting in given.iter().filter(|setting| is_wanted(setting.place)) {
        match found.iter_mut().find(|known| known.key == setting.key) {
            Some(known) => *known = setting,
            None => found.push(setting),
        }
    }
    found
}

/// Thresholds that must not pass each other: from the first on a question is suggested, from the second on answered, from
/// the third on meant without doubt.
const IN_ORDER: [(&str, &str); 2] = [("minThreshold", "maxThreshold"), ("maxThreshold", "exactMatchThreshold")];

fn refuse_disorder(mode: &Mode, wanted: &[&Setting<'_>], after: &Map<String, Value>) -> Result<(), ConfigureError> {
    // The ML engine counts the first in another unit than the second, which it does not use.
    if mode.name != "faq" {
        return Ok(());
    }
    for (low, high) in IN_ORDER {
        let number = |key: &str| after.get(key).and_then(Value::as_f64);
        let Some((least, most)) = number(low).zip(number(high)).filter(|(least, most)| least > most) else { continue };
        let is_given = |key: &str| wanted.iter().any(|setting| setting.key == key);
        let (key, allowed) = match (is_given(low), is_given(high)) {
            (true, _) => (low, format!("at most the {high}, {most}")),
            (false, true) => (high, format!("at least the {low}, {least}")),
            // It was so before.
            (false, false) => continue,
        };
        return Err(misfit(&format!("{}.{key}", mode.name), &allowed, &after[key]));
    }
    Ok(())
}

/// Sets members of an object: those it has in their place, the others at its end.
fn set_members(object: &str, wanted: &[&Setting<'_>], level: usize, splices: &mut Splices<'_>) {
    let mut missing = Vec::new();
    for setting in wanted {
        match member(object, setting.key) {
            Some(raw) => splices.replace(raw, setting.value, level),
            None => missing.push((setting.key, setting.value)),
        }
    }
    splices.add_members(object, &missing, level);
}

fn set_advanced(
    definition: &Document,
    language: &str,
    given: &[Setting<'_>],
    new_id: &mut impl FnMut(&'static str) -> String,
    splices: &mut Splices<'_>,
) -> Result<(), ConfigureError> {
    const LIST: &str = "advancedNLSettings";
    let stored: Vec<&str> = definition.elements(LIST)?.collect();
    let mut new_rows = Vec::new();
    for setting in last_of_each(given, |place| matches!(place, Place::Advanced(_))) {
        let is_same = |raw: &&&str| {
            // Rows of another type are of a group of dialogs that is trained by itself.
            string_member(raw, "configurationKeyName").as_deref() == Some(setting.key)
                && string_member(raw, "language").is_none_or(|own| own == language)
                && member(raw, "type").is_none_or(|kind| kind == "1")
        };
        // Where a setting is there twice, the last row counts.
        match (stored.iter().rev().find(is_same), setting.place) {
            (Some(row), _) => {
                let value = Setting { place: setting.place, key: "configurationValue", value: setting.value };
                set_members(row, &[&value], 3, splices);
            }
            (None, Place::Advanced(engine)) => new_rows.push(json!({
                "_id": new_id("anls"),
                "isCustom": false,
                "type": 1,
                "streamId": definition.id(),
                "language": language,
                "nlpEngine": engine,
                "configurationKeyName": setting.key,
                "configurationValue": setting.value,
                "state": "configured",
                "refId": new_id(""),
            })),
            (None, _) => {}
        }
    }
    if new_rows.is_empty() {
        return Ok(());
    }
    match definition.raw(LIST) {
        Some("null") | None => splices.set_top_member(LIST, &Value::Array(new_rows)),
        Some(list) => splices.add_elements(list, &new_rows, 2),
    }
    Ok(())
}
