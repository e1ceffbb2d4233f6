//! What a call carries: headers, query and body, read as tolerantly as the original reads them.

use std::collections::HashMap;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use bytes::Bytes;
use definition::finding::shown;
use domain::Limits;
use http::{HeaderMap, Method, Uri, header};
use serde_json::{Map, Value};
use tokio::sync::OnceCell;

use crate::bodies::{Bodies, Received};
use crate::json::read_json;
use crate::{ApiError, Platform, door, sizes};

/// The largest body that is read before the caller is known, because it is what names the caller. Bytes.
const MAX_CREDENTIALS_BYTES: usize = 64 << 10;

/// A call. Its body stays on the wire until the handler asks for it, which is after the credentials were found good: who
/// may not call costs no memory. Once read it is kept.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) uri: Uri,
    pub(crate) headers: HeaderMap,
    /// The body as long as nobody asked for it.
    arriving: Mutex<Option<Body>>,
    received: OnceCell<Received>,
    bodies: Bodies,
    /// How large what it carries may be.
    pub(crate) limits: Limits,
}

impl FromRequest<Platform> for Call {
    type Rejection = ApiError;

    async fn from_request(request: Request, platform: &Platform) -> Result<Self, ApiError> {
        Ok(Self::new(request, platform.bodies().clone(), *platform.store().limits()))
    }
}

impl Call {
    /// The call that a request makes.
    pub(crate) fn new(request: Request, bodies: Bodies, limits: Limits) -> Self {
        let (parts, body) = request.into_parts();
        Self {
            method: parts.method,
            uri: parts.uri,
            headers: parts.headers,
            arriving: Mutex::new(Some(body)),
            received: OnceCell::new(),
            bodies,
            limits,
        }
    }

    /// The body as it arrives, for handlers that keep no more than a piece of it. Empty when it was taken before.
    pub(crate) fn take_body(&self) -> Body {
        self.arriving.lock().unwrap_or_else(PoisonError::into_inner).take().unwrap_or_default()
    }

    /// The whole body. 413 when it is too large, 408 when it does not come, 503 when too much is held of others.
    pub(crate) async fn body(&self) -> Result<&Bytes, ApiError> {
        self.body_within(self.bodies.largest()).await
    }

    async fn body_within(&self, limit: usize) -> Result<&Bytes, ApiError> {
        let receive = || self.bodies.receive(&self.headers, self.take_body(), limit);
        self.received.get_or_try_init(receive).await.map(Received::bytes)
    }

    /// A header's value, if it is text.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// The token: the `auth` header, else a bearer token.
    pub(crate) fn token(&self) -> Option<&str> {
        self.header("auth").map(str::trim).filter(|token| !token.is_empty()).or_else(|| self.bearer())
    }

    /// The token in `Authorization: bearer …`, the word in any letter case.
    pub(crate) fn bearer(&self) -> Option<&str> {
        let (scheme, token) = self.header(header::AUTHORIZATION.as_str())?.trim().split_once(' ')?;
        let token = token.trim();
        (scheme.eq_ignore_ascii_case("bearer") && !token.is_empty()).then_some(token)
    }

    /// The parameters of the query; the last one wins.
    pub(crate) fn query(&self) -> Query {
        let pairs = self.uri.query().and_then(|query| serde_urlencoded::from_str::<Vec<(String, String)>>(query).ok());
        Query(pairs.unwrap_or_default().into_iter().collect())
    }

    /// The body as a JSON value.
    pub(crate) async fn json(&self) -> Result<Value, ApiError> {
        self.json_of(self.body().await?)
    }

    fn json_of(&self, body: &[u8]) -> Result<Value, ApiError> {
        sizes::judge_depth(body, &self.limits)?;
        let value = read_json(body).map_err(|bad| bad.into_error(ApiError::invalid_arguments("")))?;
        sizes::judge_members(&value, &self.limits)?;
        Ok(value)
    }

    /// The members of a JSON body, or the fields of a form. An empty body has none.
    ///
    /// A form has texts only; one that is itself a JSON object or list stands for that. Members are parameters, which a
    /// character that cannot be kept makes bad.
    pub(crate) async fn members(&self) -> Result<Map<String, Value>, ApiError> {
        let members = self.members_with_texts().await?;
        door::check_members(&members)?;
        Ok(members)
    }

    /// As [`Self::members`], with texts in them that people wrote, which may have any character.
    pub(crate) async fn members_with_texts(&self) -> Result<Map<String, Value>, ApiError> {
        self.members_of(self.body().await?)
    }

    /// [`Call::members`] of a body that says who calls, so that it has to be read before that is known. It is small, or
    /// refused.
    pub(crate) async fn credentials(&self) -> Result<Map<String, Value>, ApiError> {
        let members = self.members_of(self.body_within(MAX_CREDENTIALS_BYTES).await?)?;
        door::check_members(&members)?;
        Ok(members)
    }

    fn members_of(&self, body: &[u8]) -> Result<Map<String, Value>, ApiError> {
        if body.iter().all(u8::is_ascii_whitespace) {
            return Ok(Map::new());
        }
        if self.is_form(body) {
            let fields: Vec<(String, String)> = serde_urlencoded::from_bytes(body)
                .map_err(|error| ApiError::invalid_arguments(format!("the form cannot be read: {error}")))?;
            let mut members = Map::new();
            for (name, text) in fields {
                sizes::judge_depth(text.as_bytes(), &self.limits)?;
                add_field(&mut members, name, field_value(text));
            }
            let members = Value::Object(members);
            sizes::judge_members(&members, &self.limits)?;
            let Value::Object(members) = members else { return Ok(Map::new()) };
            return Ok(members);
        }
        match self.json_of(body)? {
            Value::Object(members) => Ok(members),
            // Clients that have nothing to say send this (BotKit with every GET).
            Value::Null => Ok(Map::new()),
            _ => Err(ApiError::invalid_arguments("the body must be a JSON object")),
        }
    }

    fn is_form(&self, body: &[u8]) -> bool {
        self.header(header::CONTENT_TYPE.as_str())
            .is_some_and(|value| value.to_ascii_lowercase().starts_with("application/x-www-form-urlencoded"))
            && !body.trim_ascii_start().starts_with(b"{")
    }
}

/// A field that comes more than once is a list, as form encoders write lists.
fn add_field(members: &mut Map<String, Value>, name: String, value: Value) {
    match members.get_mut(&name) {
        None => {
            members.insert(name, value);
        }
        Some(Value::Array(values)) => values.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

fn field_value(text: String) -> Value {
    if text.trim_start().starts_with(['{', '[']) {
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    } else {
        Value::String(text)
    }
}

/// The parameters of a query.
#[derive(Debug)]
pub(crate) struct Query(HashMap<String, String>);

impl Query {
    /// A parameter that is not empty.
    pub(crate) fn get(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|value| !value.is_empty())
    }

    /// Whether a parameter is there at all, be it empty.
    pub(crate) fn names(&self, name: &str) -> bool {
        self.0.contains_key(name)
    }

    /// The names of all parameters, be they empty.
    pub(crate) fn all_names(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }

    /// A number, read leniently: the digits it begins with, else the default (`limit==&offset==` and `50s` occur).
    pub(crate) fn number(&self, name: &str, default: i64) -> i64 {
        self.get(name).and_then(leading_number).unwrap_or(default)
    }

    /// A switch: `true` in any letter case or `1`.
    pub(crate) fn flag(&self, name: &str) -> bool {
        self.get(name).is_some_and(|value| value.eq_ignore_ascii_case("true") || value == "1")
    }

    /// As [`Self::flag`], where a word that was misread would do what was not wanted: one that is neither yes nor no is 412.
    pub(crate) fn switch(&self, name: &str) -> Result<bool, ApiError> {
        match self.get(name) {
            Some(word) if !word.eq_ignore_ascii_case("false") && word != "0" && !self.flag(name) => {
                let detail = format!("the parameter `{name}` is {}: give `true` or `false`", shown(word));
                Err(ApiError::invalid_arguments(detail))
            }
            _ => Ok(self.flag(name)),
        }
    }

    /// A word of a closed set, or 412.
    pub(crate) fn word<T>(&self, name: &str) -> Result<Option<T>, ApiError>
    where
        T: FromStr<Err: std::fmt::Display>,
    {
        let parsed = self.get(name).map(str::parse).transpose();
        parsed.map_err(|error: T::Err| ApiError::invalid_arguments(format!("`{name}`: {error}")))
    }
}

/// The number a text begins with.
pub(crate) fn leading_number(text: &str) -> Option<i64> {
    let text = text.trim();
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    text[..digits].parse().ok()
}

/// A number in a JSON body, given as a number or as text; lenient like [`Query::number`].
pub(crate) fn number_of(value: Option<&Value>, default: i64) -> i64 {
    match value {
        Some(Value::Number(number)) => number.as_i64().unwrap_or(default),
        Some(Value::String(text)) => leading_number(text).unwrap_or(default),
        _ => default,
    }
}

/// A member of a body that must be a text with something in it, or 412.
pub(crate) fn required_text(members: &Map<String, Value>, name: &str) -> Result<String, ApiError> {
    match members.get(name) {
        Some(Value::String(text)) if !text.trim().is_empty() => Ok(text.trim().to_owned()),
        Some(Value::String(_)) => Err(ApiError::invalid_arguments(format!("`{name}` is empty")).at(format!("/{name}"))),
        Some(_) => Err(ApiError::invalid_arguments(format!("`{name}` must be a text")).at(format!("/{name}"))),
        None => Err(ApiError::invalid_arguments(format!("`{name}` is missing")).at(format!("/{name}"))),
    }
}

/// A member of a body that is a text with something in it; anything else counts as absent.
pub(crate) fn optional_text(members: &Map<String, Value>, name: &str) -> Option<String> {
    members.get(name).and_then(Value::as_str).map(str::trim).filter(|text| !text.is_empty()).map(str::to_owned)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn call(content_type: &str, body: &'static str) -> Call {
        let request = Request::post("/x?limit==&offset=50s&forward=TRUE&type=&to=2");
        let request = request.header(header::CONTENT_TYPE, content_type).body(body.into()).expect("a request");
        Call::new(request, Bodies::default(), Limits::default())
    }

    #[tokio::test]
    async fn json_and_forms_have_the_same_members() {
        let form = "application/x-www-form-urlencoded";
        for (content_type, body, expected) in [
            ("application/json", r#"{"a":"1","b":["x","y"]}"#, Some(r#"{"a":"1","b":["x","y"]}"#)),
            ("text/plain", r#"{"a":"1"}"#, Some(r#"{"a":"1"}"#)),
            (form, "a=1&b=x&b=y", Some(r#"{"a":"1","b":["x","y"]}"#)),
            (form, "a=%7B%22k%22%3A%5B1%5D%7D", Some(r#"{"a":{"k":[1]}}"#)),
            (form, r#"{"a":"1"}"#, Some(r#"{"a":"1"}"#)),
            ("application/json", " ", Some("{}")),
            ("application/json", r#"{"a":1,}"#, None),
            ("application/json", "[1]", None),
        ] {
            let members = call(content_type, body).members().await.ok();
            assert_eq!(members.map(|members| Value::Object(members).to_string()).as_deref(), expected, "{body}");
        }
    }

    #[test]
    fn odd_queries_are_read_leniently() {
        let query = call("application/json", "").query();
        assert_eq!(query.number("limit", 20), 20);
        assert_eq!(query.number("offset", 0), 50);
        assert_eq!(query.number("none", 7), 7);
        assert!(query.flag("forward") && !query.flag("to"));
        assert_eq!((query.get("type"), query.get("to")), (None, Some("2")));
    }
}
