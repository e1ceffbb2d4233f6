//! Templates on the webhook channel: as their authors wrote them, but for buttons.

use serde_json::{Map, Value};

/// The template with a `value` on each button that posts back: what the button sends, for clients that know no `payload`.
/// The buttons are added to `all`, as they are written.
pub(super) fn with_values(template: &Value, all: &mut Vec<Value>) -> Value {
    match template {
        Value::Object(parts) => {
            let mut filled: Map<String, Value> =
                parts.iter().map(|(key, part)| (key.clone(), with_values(part, all))).collect();
            let posts_back =
                parts.get("type").and_then(Value::as_str).is_some_and(|it| it.eq_ignore_ascii_case("postback"));
            if posts_back && let Some(sends) = parts.get("payload").or_else(|| parts.get("value")) {
                let sends = sends.clone();
                filled.entry("value").or_insert(sends);
                all.push(Value::Object(filled.clone()));
            }
            Value::Object(filled)
        }
        Value::Array(items) => items.iter().map(|item| with_values(item, all)).collect(),
        other => other.clone(),
    }
}
