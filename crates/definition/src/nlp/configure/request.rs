//! A request in any of its forms, as a list of single settings.

use serde_json::{Map, Value};

use super::ConfigureError;
use super::vocabulary::{ADVANCED, MODES, Mode, TOP_LEVEL, Values, mode, modes_with, top_names};

/// One value to set. Where it has no place in the vocabulary, it may only repeat what is stored.
pub(super) struct Setting<'a> {
    pub(super) place: Place,
    pub(super) key: &'a str,
    pub(super) value: &'a Value,
}

/// Where a setting is stored.
#[derive(Clone, Copy)]
pub(super) enum Place {
    /// In the entry of a mode in `confidenceConfigs`.
    Mode(&'static Mode),
    /// In `advancedNLSettings`, under an engine.
    Advanced(&'static str),
    /// At the top level of the definition.
    TopLevel,
}

/// The settings of a request.
pub(super) fn settings(body: &Value) -> Result<Vec<Setting<'_>>, ConfigureError> {
    let Some(members) = body.as_object().filter(|members| !members.is_empty()) else {
        return Err(ConfigureError::Empty);
    };
    // An entry of `confidenceConfigs` by itself.
    if members.contains_key("mode") {
        return of_entry(body, "");
    }
    let mut found = Vec::new();
    for (key, value) in members {
        match key.as_str() {
            "confidenceConfigs" => {
                for (at, entry) in list(value, key)?.iter().enumerate() {
                    found.extend(of_entry(entry, &format!("{key}/{at}/"))?);
                }
            }
            "advancedNLSettings" if value.is_array() => {
                for (at, entry) in list(value, key)?.iter().enumerate() {
                    let name = entry["configurationKeyName"].as_str();
                    let value = entry.get("configurationValue");
                    let at = format!("{key}/{at}");
                    let expected = "an object with configurationKeyName and configurationValue";
                    let (name, value) = name.zip(value).ok_or_else(|| misfit(&at, expected, entry))?;
                    found.push(advanced(name, value)?.ok_or_else(|| unknown(name, advanced_names()))?);
                }
            }
            "advancedNLSettings" => {
                for (name, value) in object(value, key)? {
                    found.push(advanced(name, value)?.ok_or_else(|| unknown(name, advanced_names()))?);
                }
            }
            _ => match mode(key) {
                Some(mode) => found.extend(of_mode(mode, object(value, key)?)?),
                None => found.push(flat(key, value)?),
            },
        }
    }
    Ok(found)
}

/// `{"mode": "ml", "minThreshold": 0.4}`
fn of_entry<'a>(entry: &'a Value, at: &str) -> Result<Vec<Setting<'a>>, ConfigureError> {
    let found = entry["mode"].as_str().and_then(mode);
    let names = MODES.map(|mode| mode.name).join(", ");
    let mode = found.ok_or_else(|| misfit(&format!("{at}mode"), &format!("one of {names}"), &entry["mode"]))?;
    of_mode(mode, object(entry, at)?)
}

/// `{"minThreshold": 0.4, "NoneIntent": true}`, of a known engine
fn of_mode<'a>(mode: &'static Mode, members: &'a Map<String, Value>) -> Result<Vec<Setting<'a>>, ConfigureError> {
    let mut found = Vec::new();
    for (key, value) in members.iter().filter(|(key, _)| *key != "mode") {
        if let Some(setting) = advanced(key, value)? {
            found.push(setting);
            continue;
        }
        if let Some(values) = mode.values(key) {
            judge(&format!("{}.{key}", mode.name), values, value)?;
        }
        found.push(Setting { place: Place::Mode(mode), key, value });
    }
    Ok(found)
}

/// A setting at the top of a request that says by its name where it belongs.
fn flat<'a>(key: &'a str, value: &'a Value) -> Result<Setting<'a>, ConfigureError> {
    if let Some(setting) = advanced(key, value)? {
        return Ok(setting);
    }
    if let Some((_, values)) = TOP_LEVEL.iter().find(|(name, _)| *name == key) {
        judge(key, *values, value)?;
        return Ok(Setting { place: Place::TopLevel, key, value });
    }
    match modes_with(key)[..] {
        [] => Err(unknown(key, top_names())),
        [mode] => {
            let values = mode.values(key).expect("a mode with this key was asked for");
            judge(&format!("{}.{key}", mode.name), values, value)?;
            Ok(Setting { place: Place::Mode(mode), key, value })
        }
        ref several => {
            let modes = several.iter().map(|mode| mode.name).collect::<Vec<_>>().join(", ");
            Err(ConfigureError::Ambiguous { key: key.to_owned(), modes })
        }
    }
}

/// A setting of `advancedNLSettings`; `None` if it is none that is known.
fn advanced<'a>(key: &'a str, value: &'a Value) -> Result<Option<Setting<'a>>, ConfigureError> {
    let Some((_, engine, values)) = ADVANCED.iter().find(|(name, ..)| *name == key) else { return Ok(None) };
    judge(key, *values, value)?;
    Ok(Some(Setting { place: Place::Advanced(engine), key, value }))
}

fn judge(key: &str, values: Values, value: &Value) -> Result<(), ConfigureError> {
    if values.accepts(value) { Ok(()) } else { Err(misfit(key, &values.in_words(), value)) }
}

fn object<'a>(value: &'a Value, key: &str) -> Result<&'a Map<String, Value>, ConfigureError> {
    value.as_object().ok_or_else(|| misfit(key, "an object", value))
}

fn list<'a>(value: &'a Value, key: &str) -> Result<&'a Vec<Value>, ConfigureError> {
    value.as_array().ok_or_else(|| misfit(key, "a list", value))
}

fn advanced_names() -> String {
    ADVANCED.map(|(name, ..)| name).join(", ")
}

fn unknown(key: &str, known: String) -> ConfigureError {
    ConfigureError::UnknownKey { key: key.to_owned(), known }
}

/// How much of a value is shown. Characters.
const SHOWN: usize = 60;

pub(super) fn misfit(key: &str, allowed: &str, found: &Value) -> ConfigureError {
    let mut shown = found.to_string();
    if let Some((end, _)) = shown.char_indices().nth(SHOWN) {
        shown.truncate(end);
        shown.push('…');
    }
    ConfigureError::Misfit { key: key.to_owned(), allowed: allowed.to_owned(), found: shown }
}
