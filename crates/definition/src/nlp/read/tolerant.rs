//! Looking at JSON values of which nothing is known: what is not as expected is empty.

use std::collections::HashSet;

use serde_json::Value;

use super::Locale;
use crate::document::Document;
use crate::error::ShapeError;
use crate::texts::unescape_html;

/// The elements of a top-level list.
pub(super) fn list(definition: &Document, key: &str) -> Result<Vec<Value>, ShapeError> {
    // A part of a document is valid JSON, so every element decodes to a value.
    Ok(definition.elements(key)?.filter_map(|raw| definition.decode_part(raw, "").ok()).collect())
}

/// A string; empty for anything else.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A string, or a number as it is written; empty for anything else.
pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// The elements of a list.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The members of an object.
pub(super) fn object(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// The strings and numbers of a list, without white space around them, HTML escapes undone, empty ones left out. Some
/// exports write a single word, or words with commas between them, in place of a list of them.
pub(super) fn texts(value: &Value) -> Vec<String> {
    let clean = |text: &str| Some(unescape_html(text.trim()).into_owned()).filter(|text| !text.is_empty());
    match value {
        Value::String(words) => words.split(',').filter_map(clean).collect(),
        _ => items(value).iter().filter_map(|item| clean(&printed(item))).collect(),
    }
}

/// Lists of strings, any of which will do: rules. An element that is a string is a list of one.
pub(super) fn alternatives(value: &Value) -> Vec<Vec<String>> {
    let rules = items(value).iter().map(|rule| match rule {
        Value::String(word) => vec![word.clone()],
        _ => texts(rule),
    });
    rules.filter(|rule| !rule.is_empty()).collect()
}

/// Drops what stands in a list for the second time.
pub(super) fn each_once(texts: &mut Vec<String>) {
    let mut seen = HashSet::new();
    texts.retain(|text| seen.insert(text.clone()));
}

/// A boolean, also one in quotes.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A finite number that is not negative, also one in quotes.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(digits) => digits.trim().parse().ok()?,
        _ => value.as_f64()?,
    };
    (number.is_finite() && number >= 0.0).then_some(number)
}

/// A member of `localeData`-like `locales`: in the language that is read, else in the default language, else in any.
/// An empty string counts as absent.
pub(super) fn localised<'a>(locales: &'a Value, key: &str, locale: &Locale) -> &'a Value {
    let preferred = [&locales[&locale.language][key], &locales[&locale.default][key]];
    let others = object(locales).map(|(_, other)| &other[key]);
    let mut candidates = preferred.into_iter().chain(others);
    candidates.find(|value| !value.is_null() && value.as_str() != Some("")).unwrap_or(&Value::Null)
}
