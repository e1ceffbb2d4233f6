//! Passwords and keys in what channels are set up with: sealed where they are kept, masked where they are shown.

use serde_json::{Map, Value, json};
use store::Store;

use crate::sizes::segment;

/// What is shown in the place of a secret. One that comes back as this stays as it is.
const MASK: &str = "********";

/// How the names of members end that hold secrets.
const ENDINGS: [&str; 14] = [
    "password",
    "passphrase",
    "passwd",
    "pwd",
    "secret",
    "token",
    "apikey",
    "privatekey",
    "signingkey",
    "accesskey",
    "credential",
    "credentials",
    "connectionstring",
    "accountjson",
];

/// Whole names of members that hold secrets.
const NAMES: [&str; 5] = ["pass", "pin", "key", "jwt", "sas"];

/// The member of an object that stands for a secret where it is kept.
const SEALED: &str = "sealed";

fn is_secret(name: &str) -> bool {
    let name = name.to_ascii_lowercase().replace(['_', '-'], "");
    NAMES.contains(&name.as_str()) || ENDINGS.iter().any(|ending| name.ends_with(ending))
}

fn is_empty(value: &Value) -> bool {
    value.is_null() || value.as_str().is_some_and(str::is_empty)
}

/// Seals every secret. A mask stands for what `earlier` has in the same place; the pointer to one for which it has nothing is the
/// error, since the channel would lose a secret that somebody believes it has.
pub(super) fn seal(
    store: &Store,
    purpose: &str,
    details: &mut Map<String, Value>,
    earlier: Option<&Map<String, Value>>,
) -> Result<(), String> {
    for (name, value) in details {
        let before = earlier.and_then(|earlier| earlier.get(name));
        let purpose = format!("{purpose}: {name}");
        let inside = |pointer: String| format!("/{}{pointer}", segment(name));
        if !is_secret(name) {
            seal_inside(store, &purpose, value, before).map_err(inside)?;
            continue;
        }
        if *value == MASK {
            *value = before.filter(|before| !is_empty(before)).cloned().ok_or_else(|| inside(String::new()))?;
            if value.get(SEALED).is_some() {
                continue;
            }
        }
        if !is_empty(value) {
            let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
            *value = json!({SEALED: store.key().seal(&purpose, &text, store.ids())});
        }
    }
    Ok(())
}

fn seal_inside(store: &Store, purpose: &str, value: &mut Value, earlier: Option<&Value>) -> Result<(), String> {
    match value {
        Value::Object(members) => seal(store, purpose, members, earlier.and_then(Value::as_object)),
        Value::Array(items) => items.iter_mut().enumerate().try_for_each(|(at, item)| {
            let before = earlier.and_then(|earlier| earlier.get(at));
            seal_inside(store, &format!("{purpose}: {at}"), item, before).map_err(|pointer| format!("/{at}{pointer}"))
        }),
        _ => Ok(()),
    }
}

/// Puts a mask in the place of every secret, however it is kept: releases before this one did not seal.
pub(super) fn mask(details: &mut Map<String, Value>) {
    for (name, value) in details {
        if !is_secret(name) {
            mask_inside(value);
        } else if !is_empty(value) {
            *value = json!(MASK);
        }
    }
}

fn mask_inside(value: &mut Value) {
    match value {
        Value::Object(members) => mask(members),
        Value::Array(items) => items.iter_mut().for_each(mask_inside),
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_are_told_by_their_names() {
        for (name, expected) in [
            ("password", true),
            ("appPassword", true),
            ("clientSecret", true),
            ("access_token", true),
            ("clientToken", true),
            ("apiKey", true),
            ("verificationToken", true),
            ("smtpPwd", true),
            ("signing_key", true),
            ("serviceAccountJson", true),
            ("pass", true),
            ("key", true),
            ("bypass", false),
            ("keyword", false),
            ("botName", false),
            ("tokens", false),
            ("clientId", false),
        ] {
            assert_eq!(is_secret(name), expected, "{name}");
        }
    }
}
