//! JSON in bodies: read, or refused with what is wrong and where.

use serde_json::Value;

use crate::ApiError;
use crate::sizes::segment;

/// Why a body cannot be read.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct BadJson {
    /// What is wrong, and what to do.
    detail: String,
    /// The text it is in, where that can be told.
    pointer: Option<String>,
}

impl BadJson {
    /// An error of a call with what is known.
    pub(crate) fn into_error(self, error: ApiError) -> ApiError {
        let error = error.with_detail(self.detail);
        match self.pointer {
            Some(pointer) => error.at(pointer),
            None => error,
        }
    }
}

/// Reads JSON. How deep it may nest is judged before.
pub(crate) fn read_json(bytes: &[u8]) -> Result<Value, BadJson> {
    serde_json::from_slice(bytes).map_err(|error| {
        lone_half_of(bytes, &error)
            .unwrap_or_else(|| BadJson { detail: format!("the body is not JSON: {error}"), pointer: None })
    })
}

/// An escape such as `\ud800`.
const ESCAPE_BYTES: usize = 6;

/// Half of a character, if that is what reading stopped at: an escape of a surrogate without the other one. Programs that cut
/// texts by their UTF-16 units send such, and the words for it say nothing to who reads them.
fn lone_half_of(bytes: &[u8], error: &serde_json::Error) -> Option<BadJson> {
    let halves = lone_halves(bytes);
    let first = *halves.first()?;
    // What comes before is the fault, then, and is told as it is.
    let (line, column) = place_of(bytes, first);
    if (error.line(), error.column()) < (line, column) {
        return None;
    }
    let escape = String::from_utf8_lossy(&bytes[first..first + ESCAPE_BYTES]).into_owned();
    let detail = format!(
        "the body is not JSON: at line {line}, column {column} stands `{escape}`, which is half of a character. Write both halves \
         (`\\ud83d\\ude00`) or the character itself; a text that was cut has to be cut between characters"
    );
    Some(BadJson { detail, pointer: pointer_to(bytes, &halves) })
}

/// Where escapes begin that are halves of characters without the other half.
fn lone_halves(bytes: &[u8]) -> Vec<usize> {
    let mut halves = Vec::new();
    let mut at = 0;
    while at < bytes.len() {
        if bytes[at] != b'\\' {
            at += 1;
            continue;
        }
        match (unit(bytes, at), unit(bytes, at + ESCAPE_BYTES)) {
            (Some(0xd800..=0xdbff), Some(0xdc00..=0xdfff)) => at += 2 * ESCAPE_BYTES,
            (Some(0xd800..=0xdfff), _) => {
                halves.push(at);
                at += ESCAPE_BYTES;
            }
            // Any other escape, of which a second backslash may be the other character.
            _ => at += 2,
        }
    }
    halves
}

/// The unit of UTF-16 that an escape stands for.
fn unit(bytes: &[u8], at: usize) -> Option<u32> {
    let digits = bytes.get(at..at + ESCAPE_BYTES)?.strip_prefix(br"\u")?;
    let text = std::str::from_utf8(digits).ok().filter(|text| text.bytes().all(|byte| byte.is_ascii_hexdigit()))?;
    u32::from_str_radix(text, 16).ok()
}

/// Line and column, both from 1.
fn place_of(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at];
    let line = before.iter().filter(|byte| **byte == b'\n').count();
    let start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |at| at + 1);
    (line + 1, at - start + 1)
}

/// The text that has the first of these halves: read with a character in its place that stands nowhere else.
fn pointer_to(bytes: &[u8], halves: &[usize]) -> Option<String> {
    const PRIVATE: std::ops::RangeInclusive<u32> = 0xf700..=0xf8ff;
    let body = String::from_utf8_lossy(bytes).to_lowercase();
    let is_nowhere = |mark: &u32| {
        char::from_u32(*mark).is_some_and(|mark| !body.contains(mark)) && !body.contains(&format!("\\u{mark:04x}"))
    };
    let mark = PRIVATE.into_iter().find(is_nowhere)?;
    let mut mended = bytes.to_vec();
    for (n, half) in halves.iter().enumerate() {
        let unit = if n == 0 { mark } else { u32::from(char::REPLACEMENT_CHARACTER) };
        mended[*half..half + ESCAPE_BYTES].copy_from_slice(format!("\\u{unit:04x}").as_bytes());
    }
    let body: Value = serde_json::from_slice(&mended).ok()?;
    let mark = char::from_u32(mark)?;
    let mut left = vec![(String::new(), &body)];
    while let Some((pointer, value)) = left.pop() {
        match value {
            Value::String(text) if text.contains(mark) => return Some(pointer),
            Value::Array(items) => {
                left.extend(items.iter().enumerate().map(|(at, item)| (format!("{pointer}/{at}"), item)))
            }
            // A name that is no text has no place of its own, so that the object it is in is named.
            Value::Object(members) if members.keys().any(|name| name.contains(mark)) => return Some(pointer),
            Value::Object(members) => {
                left.extend(members.iter().map(|(name, member)| (format!("{pointer}/{}", segment(name)), member)))
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn half_of_a_character_is_told_with_its_place() {
        for (body, place, pointer) in [
            (r#"{"a": "x\ud800"}"#, Some((1, 9)), Some("/a")),
            ("{\n \"a\": [\"\\ud83d\\ude00\", {\"b/c\": \"\\uDE00 \\ud800\"}]}", Some((2, 33)), Some("/a/1/b~1c")),
            (r#"{"a": {"\udc00": 1}}"#, Some((1, 9)), Some("/a")),
            (r#"["\ud800\u0041"]"#, Some((1, 3)), Some("/0")),
            (r#"["\ud800"#, Some((1, 3)), None),
            (r#"["\\ud800", ]"#, None, None),
            (r#"[1, , "\ud800"]"#, None, None),
            (r#"["\ud8"]"#, None, None),
        ] {
            let bad = read_json(body.as_bytes()).unwrap_err();
            let told = place.map(|(line, column)| format!("at line {line}, column {column} stands `"));
            assert_eq!(bad.detail.contains("half of a character"), told.is_some(), "{bad:?}");
            assert!(told.is_none_or(|told| bad.detail.contains(&told)), "{body}: {bad:?}");
            assert_eq!(bad.pointer.as_deref(), pointer, "{body}");
        }
        assert_eq!(read_json(br#"["\ud83d\ude00"]"#), Ok(serde_json::json!(["\u{1f600}"])));
    }
}
