//! Walking through the raw text of JSON values without decoding them.
//!
//! All texts must be parts of a [`Document`](crate::Document), so they are known to be valid and without white space
//! around them.

use std::borrow::Cow;

use crate::json_string::decode;
use crate::scan::string_end;

/// Iterator over the elements of a list; see [`elements`].
#[derive(Debug, Clone)]
pub struct Elements<'a> {
    rest: &'a str,
}

impl Elements<'_> {
    /// No elements.
    pub(crate) fn none() -> Self {
        Self { rest: "" }
    }
}

/// The elements of `raw`, the text of a JSON list taken from a document; `None` if it is another kind of value.
pub fn elements(raw: &str) -> Option<Elements<'_>> {
    let inner = raw.strip_prefix('[')?.strip_suffix(']')?;
    Some(Elements { rest: inner.trim_start_matches(SPACE) })
}

impl<'a> Iterator for Elements<'a> {
    type Item = &'a str;

    fn next(&mut self) -> Option<&'a str> {
        if self.rest.is_empty() {
            return None;
        }
        let length = value_end(self.rest);
        // Only a text that is not JSON has an empty value; stopping beats going round for ever.
        if length == 0 {
            return None;
        }
        let (element, rest) = self.rest.split_at(length);
        self.rest = rest.trim_start_matches(SPACE);
        self.rest = self.rest.strip_prefix(',').unwrap_or(self.rest).trim_start_matches(SPACE);
        Some(element)
    }
}

/// Iterator over the members of an object; see [`members`].
#[derive(Debug, Clone)]
pub struct Members<'a> {
    rest: &'a str,
}

/// The members of `raw`, the text of a JSON object taken from a document, as names and raw values; `None` if it is
/// another kind of value.
pub fn members(raw: &str) -> Option<Members<'_>> {
    let inner = raw.strip_prefix('{')?.strip_suffix('}')?;
    Some(Members { rest: inner.trim_start_matches(SPACE) })
}

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, &'a str);

    fn next(&mut self) -> Option<Self::Item> {
        if self.rest.is_empty() {
            return None;
        }
        let (quoted, rest) = self.rest.split_at(value_end(self.rest));
        let rest = rest.trim_start_matches(SPACE).trim_start_matches(':').trim_start_matches(SPACE);
        let (value, rest) = rest.split_at(value_end(rest));
        let rest = rest.trim_start_matches(SPACE);
        self.rest = rest.strip_prefix(',').unwrap_or(rest).trim_start_matches(SPACE);
        Some((string_value(quoted)?, value))
    }
}

/// The raw value of one member of `raw`, the text of a JSON object taken from a document.
pub fn member<'a>(raw: &'a str, key: &str) -> Option<&'a str> {
    members(raw)?.find(|(name, _)| name == key).map(|(_, value)| value)
}

/// The text of `raw` if it is a JSON string; half surrogate pairs become U+FFFD.
pub fn string_value(raw: &str) -> Option<Cow<'_, str>> {
    Some(decode(raw.strip_prefix('"')?.strip_suffix('"')?))
}

/// The text of one member of `raw`, the text of a JSON object; `None` if there is no such member or it is no string.
pub fn string_member(raw: &str, key: &str) -> Option<String> {
    string_value(member(raw, key)?).map(Cow::into_owned)
}

/// White space of JSON.
const SPACE: [char; 4] = [' ', '\n', '\r', '\t'];

/// Bytes that begin or end something inside of an object or a list; all others are passed over.
const STRUCTURAL: [bool; 256] = {
    let mut table = [false; 256];
    let mut at = 0;
    while at < b"\"{}[]".len() {
        table[b"\"{}[]"[at] as usize] = true;
        at += 1;
    }
    table
};

/// Indentation is a third of a document as the vendor writes it, so it is passed over in steps of this.
const INDENTATION: &[u8; 8] = b"        ";

/// Length of the valid JSON value at the start of `text`.
fn value_end(text: &str) -> usize {
    let bytes = text.as_bytes();
    let mut depth = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => {
                at = string_end(bytes, at).min(bytes.len());
                if depth == 0 {
                    return at;
                }
            }
            b'{' | b'[' => {
                depth += 1;
                at += 1;
            }
            b'}' | b']' => {
                depth = depth.saturating_sub(1);
                at += 1;
                if depth == 0 {
                    return at;
                }
            }
            b',' | b':' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return at,
            _ if depth == 0 => at += 1,
            _ => {
                at += 1;
                while bytes[at..].starts_with(INDENTATION) {
                    at += INDENTATION.len();
                }
                while bytes.get(at).is_some_and(|byte| !STRUCTURAL[usize::from(*byte)]) {
                    at += 1;
                }
            }
        }
    }
    bytes.len()
}

/// The kind of a raw JSON value, in words.
pub(crate) fn kind_of(raw: &str) -> &'static str {
    match raw.as_bytes().first() {
        Some(b'{') => "an object",
        Some(b'[') => "a list",
        Some(b'"') => "a string",
        Some(b't' | b'f') => "a boolean",
        Some(b'n') => "null",
        _ => "a number",
    }
}
