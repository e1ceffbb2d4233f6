//! Ids as links: which of them a JSON value mentions, and writing others in their place.
//!
//! References in a definition are plain strings that equal an `_id`, a `refId` or (inside one dialog) a `nodeId`. The
//! first two are UUIDs, so a string that equals one of them is a reference wherever it stands; no list of the many
//! members that hold references has to be kept up to date with the vendor.

use std::collections::HashMap;

use serde_json::Value;

/// Calls `visit` with every string in `value`. Names of members are not strings of interest.
pub(crate) fn each_string<'a>(value: &'a Value, visit: &mut impl FnMut(&'a str)) {
    match value {
        Value::String(text) => visit(text),
        Value::Array(items) => {
            for item in items {
                each_string(item, visit);
            }
        }
        Value::Object(members) => {
            for member in members.values() {
                each_string(member, visit);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Replaces every string of `value` that is a key of `renamed` by what it maps to.
pub(crate) fn rename(value: &mut Value, renamed: &HashMap<String, String>) {
    if renamed.is_empty() {
        return;
    }
    match value {
        Value::String(text) => {
            if let Some(new) = renamed.get(text.as_str()) {
                new.clone_into(text);
            }
        }
        Value::Array(items) => {
            for item in items {
                rename(item, renamed);
            }
        }
        Value::Object(members) => {
            for member in members.values_mut() {
                rename(member, renamed);
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Whether two values are written alike: equal, and members in the same order.
pub(crate) fn written_alike(one: &Value, other: &Value) -> bool {
    let (one, other) = (one.to_string(), other.to_string());
    one == other
}

/// A member of an object that is a string.
pub(crate) fn text<'a>(object: &'a Value, key: &str) -> Option<&'a str> {
    object.get(key).and_then(Value::as_str)
}

/// Whether two names of a task mean the same: letter case, and a blank instead of an underscore, do not matter.
pub(crate) fn same_name(one: &str, other: &str) -> bool {
    folded_name(one) == folded_name(other)
}

/// The form of a task name under which names are compared: `Book_Cab ` → `book cab`.
pub(crate) fn folded_name(name: &str) -> String {
    name.trim().replace('_', " ").to_lowercase()
}
