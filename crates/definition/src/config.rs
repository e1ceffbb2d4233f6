//! `config.json`: the bot's name and its environment variables.

use std::ops::Range;

use serde_json::{Map, Value};

use crate::document::{self, Document, string_value};
use crate::error::{ParseError, ShapeError};

/// A `config.json`, lossless like any [`Document`].
#[derive(Debug, Clone)]
pub struct Config {
    document: Document,
}

/// An environment variable of a bot.
#[derive(Debug, Clone, PartialEq)]
pub struct EnvVariable {
    /// Name under which scripts read it: `env.<key>`.
    pub key: String,
    /// Its value; empty in exports if the variable is secured.
    pub value: String,
    /// What the author says about it.
    pub hint: String,
    /// `prePopulated` or `hidden`.
    pub scope: String,
    /// Group in which the builder shows it.
    pub group: String,
    /// `env` in all known exports.
    pub variable_type: String,
    /// Whether linked bots see it; exports before 2023 do not say.
    pub propagate_value: Option<bool>,
    /// Reference ids of the namespaces that may use it.
    pub name_spaces: Vec<String>,
    /// Whether the value is a secret, which no export contains.
    pub is_secured: bool,
    /// Members this version does not know, as they were.
    pub other: Map<String, Value>,
}

impl Config {
    /// Reads a `config.json`. `file` is the name used in messages.
    ///
    /// # Errors
    /// The text is not a JSON object; see [`Document::parse`].
    pub fn parse(bytes: impl Into<Vec<u8>>, file: &str) -> Result<Self, ParseError> {
        Ok(Self { document: Document::parse(bytes, file)? })
    }

    /// The file as a document.
    pub fn document(&self) -> &Document {
        &self.document
    }

    /// The exact text of the file.
    pub fn text(&self) -> &str {
        self.document.text()
    }

    /// Name of the bot, if it is given as a string.
    pub fn name(&self) -> Option<String> {
        string_value(self.document.raw("name")?).map(|name| name.into_owned())
    }

    /// The variables in their order. A value that is not a string is taken as its JSON text.
    ///
    /// # Errors
    /// `envVariables` is not a list of objects, or one of them has no `key`.
    pub fn env_variables(&self) -> Result<Vec<EnvVariable>, ShapeError> {
        let mut variables = Vec::new();
        for (index, raw) in self.document.elements("envVariables")?.enumerate() {
            let pointer = format!("/envVariables/{index}");
            let members = self.document.decode_part(raw, &pointer)?;
            variables.push(env_variable(members).ok_or_else(|| {
                let message = String::from("the variable has no key; give it a name");
                self.document.shape_error_at(raw, pointer, message)
            })?);
        }
        Ok(variables)
    }

    /// Keys and values of the secured variables that have a value here.
    ///
    /// # Errors
    /// As [`Config::env_variables`].
    pub fn secured_values(&self) -> Result<Vec<(String, String)>, ShapeError> {
        let secured = self.env_variables()?.into_iter().filter(|variable| variable.is_secured);
        let with_value = secured.filter(|variable| !variable.value.is_empty());
        Ok(with_value.map(|variable| (variable.key, variable.value)).collect())
    }

    /// The text of the file with the values of secured variables emptied, and these values. Every other byte is as it
    /// was, so the text may be stored and exported while the values go where secrets are kept.
    ///
    /// # Errors
    /// As [`Config::env_variables`].
    pub fn without_secured_values(&self) -> Result<(String, Vec<(String, String)>), ShapeError> {
        let values = self.secured_values()?;
        let text = self.document.text();
        let mut result = String::with_capacity(text.len());
        let mut copied = 0;
        for raw in self.document.elements("envVariables")? {
            if let Some(value) = secured_value_range(&self.document, raw) {
                result.push_str(&text[copied..value.start]);
                result.push_str("\"\"");
                copied = value.end;
            }
        }
        result.push_str(&text[copied..]);
        Ok((result, values))
    }
}

/// Where the value of the variable `raw` stands, if it is secured and has one.
fn secured_value_range(document: &Document, raw: &str) -> Option<Range<usize>> {
    if !matches!(document::member(raw, "isSecured")?, "true" | "\"true\"") {
        return None;
    }
    let value = document::member(raw, "value")?;
    if matches!(value, "\"\"" | "null") { None } else { document.range_of(value) }
}

fn env_variable(mut members: Map<String, Value>) -> Option<EnvVariable> {
    let mut text = |name: &str| match members.shift_remove(name) {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => text,
        Some(other) => other.to_string(),
    };
    let key = text("key");
    let value = text("value");
    let hint = text("hint");
    let scope = text("scope");
    let group = text("group");
    let variable_type = text("variableType");
    let is_secured = text("isSecured") == "true";
    let propagate_value = members.shift_remove("propagateValue").and_then(|value| value.as_bool());
    let name_spaces = match members.shift_remove("vNameSpace") {
        Some(Value::Array(ids)) => ids.iter().filter_map(|id| id.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    let other = members;
    (!key.is_empty()).then_some(EnvVariable {
        key,
        value,
        hint,
        scope,
        group,
        variable_type,
        propagate_value,
        name_spaces,
        is_secured,
        other,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{ "name": "Demo", "extra": 1,
  "envVariables": [
    {"key": "URL", "value": "https://example.com", "hint": "h", "scope": "hidden", "vNameSpace": ["n1"], "new": 1.0},
    {"key": "TOKEN", "value": "s\"e}cret", "isSecured": true, "propagateValue": false},
    {"isSecured": true, "key": "EMPTY", "value": ""}, {"key": "RETRIES", "value": 3}, {"isSecured": "true", "value": 7, "key": "PIN"}
  ]}
"#;

    #[test]
    fn variables_are_read_and_secrets_taken_out() {
        let config = Config::parse(TEXT, "config.json").unwrap();
        assert_eq!(config.name().as_deref(), Some("Demo"));
        let variables = config.env_variables().unwrap();
        let url = &variables[0];
        assert_eq!((url.value.as_str(), url.scope.as_str(), url.is_secured), ("https://example.com", "hidden", false));
        assert_eq!((url.name_spaces.as_slice(), url.propagate_value), (["n1".to_owned()].as_slice(), None));
        assert_eq!(url.other.keys().collect::<Vec<_>>(), ["new"]);
        assert_eq!((variables[1].is_secured, variables[1].propagate_value), (true, Some(false)));
        assert_eq!(variables[3].value, "3");

        let secrets = [("TOKEN".to_owned(), "s\"e}cret".to_owned()), ("PIN".to_owned(), "7".to_owned())];
        let (text, values) = config.without_secured_values().unwrap();
        assert_eq!(values, secrets);
        let emptied = TEXT.replace(r#""s\"e}cret""#, "\"\"").replace("\"value\": 7", "\"value\": \"\"");
        assert_eq!(text, emptied);
        assert_eq!(Config::parse(text, "config.json").unwrap().secured_values().unwrap(), []);
    }

    #[test]
    fn wrong_shapes_name_the_place() {
        let table = [
            (r#"{"envVariables": {}}"#, "at /envVariables: expected a list but found an object"),
            (r#"{"envVariables": [{"value": "x"}]}"#, "at /envVariables/0: the variable has no key"),
            (r#"{"envVariables": ["x"]}"#, "at /envVariables/0: expected an object but found string \"x\""),
        ];
        for (text, expected) in table {
            let error = Config::parse(text, "config.json").unwrap().env_variables().unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
        assert_eq!(Config::parse("{}", "config.json").unwrap().env_variables().unwrap(), []);
    }
}
