//! The answer of a service.

use std::collections::BTreeMap;

use reqwest::header::HeaderMap;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::xml;

/// The answer of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Response {
    /// HTTP status.
    pub status: u16,
    /// Headers: names in lower case, sorted; values are texts, those of a repeated header joined with `, `.
    #[serde(default)]
    pub headers: Map<String, Value>,
    /// Body: the value of JSON, XML as objects (attributes under `$`, text under `_`, children as arrays), else a text.
    pub body: Value,
}

impl Response {
    /// An answer as it was received.
    pub(crate) fn received(status: u16, headers: &HeaderMap, body: &[u8]) -> Self {
        let mut joined: BTreeMap<&str, String> = BTreeMap::new();
        for (name, value) in headers {
            let value = latin1(value.as_bytes());
            joined
                .entry(name.as_str())
                .and_modify(|before| {
                    before.push_str(", ");
                    before.push_str(&value);
                })
                .or_insert(value);
        }
        let headers: Map<_, _> =
            joined.into_iter().map(|(name, value)| (name.to_owned(), Value::String(value))).collect();
        let kind = headers.get("content-type").and_then(Value::as_str).unwrap_or_default().to_ascii_lowercase();
        let body = read_body(&decode(body, &kind), &kind);
        Self { status, headers, body }
    }
}

/// Bytes as a text: by the charset that the content type names, else UTF-8, with U+FFFD for what is none.
fn decode(body: &[u8], kind: &str) -> String {
    let charset = kind.split(';').filter_map(|part| part.trim().strip_prefix("charset=")).next();
    match charset.map(|name| name.trim_matches('"')) {
        Some("iso-8859-1" | "latin1" | "windows-1252") if str::from_utf8(body).is_err() => latin1(body),
        _ => String::from_utf8_lossy(body.strip_prefix(b"\xef\xbb\xbf").unwrap_or(body)).into_owned(),
    }
}

fn latin1(bytes: &[u8]) -> String {
    match str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|byte| char::from(*byte)).collect(),
    }
}

/// The value of a body. Services often send JSON under the type of a text, and texts under that of JSON; so what can be
/// read as an object or array is, and only the type decides about bare numbers and the like.
fn read_body(text: &str, kind: &str) -> Value {
    let start = text.trim_start();
    let may_be_json = kind.contains("json") || start.starts_with(['{', '[']);
    if may_be_json && let Ok(value) = serde_json::from_str(text) {
        return value;
    }
    let may_be_xml = (kind.contains("xml") && !kind.contains("xhtml")) || start.starts_with("<?xml");
    if may_be_xml && let Some(value) = xml::parse(start) {
        return value;
    }
    Value::String(text.to_owned())
}
