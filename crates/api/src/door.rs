//! What no database keeps is refused where it comes in, before anything is looked for by it.
//!
//! The path and the query are judged here for every call; members of bodies where [bodies are read](crate::body), names in
//! tokens where [callers are](crate::platform). What comes past all of them is refused by the store, with the same words.

use axum::extract::Request;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::{UnfitKey, check_key, check_no_nul};
use serde_json::{Map, Value};

use crate::ApiError;
use crate::sizes::segment;

/// A NUL character, as addresses write it.
const NUL: &str = "%00";

/// Refuses calls with a NUL character in the path or the query, and paths that are no text.
pub(crate) async fn door(request: Request, next: Next) -> Response {
    match judge(request.uri().path(), request.uri().query().unwrap_or_default()) {
        Ok(()) => next.run(request).await,
        Err(error) => error.into_response(),
    }
}

fn judge(path: &str, query: &str) -> Result<(), ApiError> {
    for (what, text) in [("the path", path), ("the query", query)] {
        if text.contains(NUL) {
            return Err(unfit(what, UnfitKey::Nul));
        }
    }
    // `decode` gives back what stands in the path, which is text unless an escape makes it something else.
    if decoded(path).is_none_or(|bytes| std::str::from_utf8(&bytes).is_ok()) {
        return Ok(());
    }
    Err(ApiError::bad_request("the path is not UTF-8; write each character as the escapes of its bytes"))
}

/// The bytes a path with escapes stands for; nothing when it has none.
fn decoded(path: &str) -> Option<Vec<u8>> {
    path.contains('%').then(|| {
        let (mut bytes, mut rest) = (Vec::with_capacity(path.len()), path.as_bytes());
        while let [first, after @ ..] = rest {
            let digit = |at: usize| after.get(at).and_then(|byte| char::from(*byte).to_digit(16));
            match (first, digit(0), digit(1)) {
                (b'%', Some(high), Some(low)) => {
                    bytes.extend(u8::try_from(high * 16 + low));
                    rest = &after[2..];
                }
                _ => {
                    bytes.push(*first);
                    rest = after;
                }
            }
        }
        bytes
    })
}

/// Refuses members with a NUL character in any text or name of them.
pub(crate) fn check_members(members: &Map<String, Value>) -> Result<(), ApiError> {
    for (name, member) in members {
        check_no_nul(name).map_err(|reason| unfit("the name of a member of the body", reason))?;
        if let Some((reason, inside)) = fault_in(member) {
            return Err(unfit(&format!("`{name}`"), reason).at(format!("/{}{inside}", segment(name))));
        }
    }
    Ok(())
}

/// What is wrong with a text or a name anywhere in a value, and the pointer to it. A name that cannot be kept cannot be told
/// either, so that the object it is in is named. How deep values are is bounded where they are read.
fn fault_in(value: &Value) -> Option<(UnfitKey, String)> {
    let inside = |name: &str, value: &Value| {
        fault_in(value).map(|(reason, pointer)| (reason, format!("/{}{pointer}", segment(name))))
    };
    match value {
        Value::String(text) => check_no_nul(text).err().map(|reason| (reason, String::new())),
        Value::Array(items) => items.iter().enumerate().find_map(|(at, item)| inside(&at.to_string(), item)),
        Value::Object(members) => members.iter().find_map(|(name, member)| {
            let bad_name = check_no_nul(name).err().map(|reason| (reason, String::new()));
            bad_name.or_else(|| inside(name, member))
        }),
        Value::Null | Value::Bool(_) | Value::Number(_) => None,
    }
}

/// Refuses a text that cannot be a key; `what` it was to be is told.
pub(crate) fn check_name(what: &str, text: &str) -> Result<(), ApiError> {
    check_key(text).map_err(|reason| unfit(what, reason))
}

/// 400: something has a character or a length that cannot be kept.
pub(crate) fn unfit(what: &str, reason: UnfitKey) -> ApiError {
    ApiError::bad_request(format!("{what} {reason}"))
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn addresses_and_bodies_are_refused_for_what_cannot_be_kept() {
        for (path, query, passes) in [
            ("/a/b%20c", "x=%2500&y=%ff", true),
            ("/a/%e2%82%ac", "", true),
            ("/a/100%", "", true),
            ("/a/%2", "", true),
            ("/a/b%00", "", false),
            ("/a", "x=1%00", false),
            ("/a/%ff", "", false),
            ("/a/%ed%a0%80", "", false),
        ] {
            assert_eq!(judge(path, query).is_ok(), passes, "{path}?{query}");
        }
        for (body, passes) in [
            (json!({"a": [{"b": "c"}], "d": 1e300}), true),
            (json!({"a": [{"b": "c\0"}]}), false),
            (json!({"a": [{"b\0": "c"}]}), false),
        ] {
            assert_eq!(check_members(body.as_object().expect("an object")).is_ok(), passes, "{body}");
        }
    }
}
