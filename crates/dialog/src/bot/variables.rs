//! Content and environment variables, as far as a dialog sees them.

use serde_json::{Map, Value};

use super::in_language;

/// All variables of a bot.
#[derive(Clone, Debug, Default)]
pub struct Variables {
    /// `content.…`: texts per language.
    pub content: Vec<Variable>,
    /// `env.…`: one text each, under the language "".
    pub env: Vec<Variable>,
    /// Namespaces (`refId`) that every dialog sees: the default one of the bot.
    pub shared: Vec<String>,
}

/// A variable.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Variable {
    /// Key.
    pub key: String,
    /// Value per language.
    pub values: Vec<(String, String)>,
    /// Namespaces it is in (`refId`); seen everywhere when empty.
    pub namespaces: Vec<String>,
}

impl Variables {
    /// `content` as a dialog with these namespaces sees it.
    pub fn content(&self, namespaces: &[String], language: &str, default_language: &str) -> Value {
        self.seen(&self.content, namespaces, language, default_language)
    }

    /// `env` as a dialog with these namespaces sees it.
    pub fn env(&self, namespaces: &[String]) -> Value {
        self.seen(&self.env, namespaces, "", "")
    }

    fn seen(&self, variables: &[Variable], namespaces: &[String], language: &str, default_language: &str) -> Value {
        let visible = |variable: &&Variable| {
            let mut of = variable.namespaces.iter();
            variable.namespaces.is_empty() || of.any(|it| self.shared.contains(it) || namespaces.contains(it))
        };
        let mut object = Map::new();
        for variable in variables.iter().filter(visible) {
            let value = in_language(&variable.values, language, default_language).cloned().unwrap_or_default();
            object.insert(variable.key.clone(), Value::String(value));
        }
        Value::Object(object)
    }
}
