//! Looking at JSON values of which nothing is known: what is not as expected counts as absent.

use serde_json::Value;

/// A string; empty for anything else.
pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

/// A string that is an id: without white space around it; `None` where nothing is left.
pub(super) fn id(value: &Value) -> Option<&str> {
    value.as_str().map(str::trim).filter(|id| !id.is_empty())
}

/// A string as it is, a number or boolean as it is written, a list or object as JSON; empty for `null`.
pub(super) fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

/// The elements of a list.
pub(super) fn items(value: &Value) -> &[Value] {
    value.as_array().map_or(&[], Vec::as_slice)
}

/// The members of an object.
pub(super) fn members(value: &Value) -> impl Iterator<Item = (&String, &Value)> {
    value.as_object().into_iter().flatten()
}

/// Whether something is switched on: `true`, also in quotes.
pub(super) fn is_on(value: &Value) -> bool {
    flag(value) == Some(true)
}

/// A boolean, also one in quotes.
pub(super) fn flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) if word.trim().eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.trim().eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A finite number, also one in quotes.
pub(super) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::String(digits) => digits.trim().parse().ok()?,
        _ => value.as_f64()?,
    };
    f64::is_finite(number).then_some(number)
}

/// A whole number that is not negative, also one in quotes.
pub(super) fn count(value: &Value) -> Option<u32> {
    match value {
        Value::String(digits) => digits.trim().parse().ok(),
        _ => value.as_u64().and_then(|count| u32::try_from(count).ok()),
    }
}

/// The strings of a list that are not empty; a single string is a list of one.
pub(super) fn words(value: &Value) -> Vec<String> {
    let word = |value: &Value| id(value).map(str::to_owned);
    match value {
        Value::Array(list) => list.iter().filter_map(word).collect(),
        single => word(single).into_iter().collect(),
    }
}

/// A text per language: a member of each `localeData.<language>`, empty ones left out.
pub(super) fn per_language(locales: &Value, member: &str) -> Vec<(String, String)> {
    let texts = members(locales).map(|(language, locale)| (language.clone(), text(&locale[member]).to_owned()));
    texts.filter(|(_, text)| !text.trim().is_empty()).collect()
}

/// JSON that stands in a text, or stands there by itself; `None` where a text is no JSON.
pub(super) fn unquoted(value: &Value) -> Option<Value> {
    match value {
        Value::String(text) => serde_json::from_str(text).ok(),
        other => Some(other.clone()),
    }
}
