//! What a call about sessions or messages asks for: members of the body, else parameters of the query.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::str::FromStr;

use serde_json::{Map, Value};

use crate::ApiError;
use crate::body::{Call, Query, number_of};

/// The parameters of a call, wherever they are.
pub(super) struct Parameters {
    body: Map<String, Value>,
    query: Query,
}

impl Parameters {
    pub(super) async fn read(call: &Call) -> Result<Self, ApiError> {
        Ok(Self { body: call.members().await?, query: call.query() })
    }

    /// The same, with these members of the body.
    pub(super) fn with_body(call: &Call, body: Map<String, Value>) -> Self {
        Self { body, query: call.query() }
    }

    /// A member of the body, as it came.
    pub(super) fn member(&self, name: &str) -> Option<&Value> {
        self.body.get(name)
    }

    /// A text with something in it. A number counts as its digits: identities of users are often numbers.
    ///
    /// What is neither is refused, not passed over: fewer conditions would list, or close, more than was meant.
    pub(super) fn text(&self, name: &str) -> Result<Option<String>, ApiError> {
        match self.body.get(name) {
            None | Some(Value::Null) => Ok(self.query.get(name).map(str::to_owned)),
            Some(Value::String(text)) if text.trim().is_empty() => Ok(self.query.get(name).map(str::to_owned)),
            Some(value) => plain_text(value).map(Some).ok_or_else(|| wrong(name, "must be a text")),
        }
    }

    /// The names of all parameters, in order.
    pub(super) fn names(&self) -> BTreeSet<&str> {
        self.body.keys().map(String::as_str).chain(self.query.all_names()).collect()
    }

    /// A filter of one text, or of a list of them; nothing where it is absent. One that is there says something, or the call
    /// is refused: an empty one would let everything through.
    pub(super) fn filter(&self, name: &str) -> Result<Vec<String>, ApiError> {
        let given = self.texts(name)?;
        if given.is_empty() {
            self.demand_absent(name)?
        }
        Ok(given)
    }

    /// As [`Self::filter`], of one text.
    pub(super) fn filter_of_one(&self, name: &str) -> Result<Option<String>, ApiError> {
        let given = self.text(name)?;
        if given.is_none() {
            self.demand_absent(name)?
        }
        Ok(given)
    }

    fn demand_absent(&self, name: &str) -> Result<(), ApiError> {
        if self.body.contains_key(name) || self.query.names(name) {
            return Err(wrong(name, "is there and says nothing: name what is meant, or leave it out"));
        }
        Ok(())
    }

    /// A list of texts, or one text.
    pub(super) fn texts(&self, name: &str) -> Result<Vec<String>, ApiError> {
        let Some(Value::Array(values)) = self.body.get(name) else {
            return Ok(self.text(name)?.into_iter().collect());
        };
        let texts: Option<Vec<String>> = values.iter().map(plain_text).collect();
        texts.ok_or_else(|| wrong(name, "must be a list of texts"))
    }

    /// The first of these numbers that is given, read leniently.
    pub(super) fn number(&self, names: &[&str], default: i64) -> i64 {
        for name in names {
            if self.body.contains_key(*name) {
                return number_of(self.body.get(*name), default);
            }
            if self.query.get(name).is_some() {
                return self.query.number(name, default);
            }
        }
        default
    }

    /// How many records to pass over.
    pub(super) fn offset(&self) -> i64 {
        self.number(&["skip", "offset"], 0).max(0)
    }

    /// How many records to give; 20 when not said.
    pub(super) fn limit(&self, most: i64) -> i64 {
        self.number(&["limit"], 20).clamp(1, most)
    }

    /// A switch: `true`, as a word or a text in any letter case.
    pub(super) fn flag(&self, name: &str) -> bool {
        match self.body.get(name) {
            Some(Value::Bool(set)) => *set,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => self.query.flag(name),
        }
    }

    /// A word of a closed set, or 412.
    pub(super) fn word<T>(&self, name: &str) -> Result<Option<T>, ApiError>
    where
        T: FromStr<Err: Display>,
    {
        let parsed = self.text(name)?.map(|text| text.parse()).transpose();
        parsed.map_err(|error: T::Err| ApiError::invalid_arguments(format!("`{name}`: {error}")).at(format!("/{name}")))
    }
}

fn wrong(name: &str, what: &str) -> ApiError {
    ApiError::invalid_arguments(format!("`{name}` {what}")).at(format!("/{name}"))
}

/// A text with something in it, or the digits of a number.
pub(super) fn plain_text(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}
