//! Variables that a request leaves out: `options.botVariables {ignore, ignoreEnvironmentVariables,
//! ignoreContentVariables}` of exports and imports.

use std::collections::HashSet;

use serde_json::Value;

use crate::finding::{Code, Finding, below, find_unknown_members, find_wrong_type, shown};
use crate::links::text;
use crate::parts::{member, read_flag, read_names, unwrapped};

/// The variables that a request leaves out. The default leaves out none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct IgnoredVariables {
    /// Keys of variables of both kinds.
    pub keys: Vec<String>,
    /// Whether all environment variables are left out.
    pub environment: bool,
    /// Whether all content variables are left out.
    pub content: bool,
}

impl IgnoredVariables {
    /// Reads `botVariables` of an `options` object that stands at the pointer `at`.
    pub(crate) fn read(options: &Value, at: &str, findings: &mut Vec<Finding>) -> IgnoredVariables {
        let Some(variables) = member(options, "botVariables").map(unwrapped) else {
            return IgnoredVariables::default();
        };
        let at = below(at, "botVariables");
        if !variables.is_object() {
            find_wrong_type(&variables, &at, "an object", findings);
        }
        const KNOWN: [&str; 3] = ["ignore", "ignoreEnvironmentVariables", "ignoreContentVariables"];
        find_unknown_members(&variables, &at, &KNOWN, findings);
        let mut is_set = |key: &str| read_flag(member(&variables, key), &below(&at, key), findings) == Some(true);
        let (environment, content) = (is_set("ignoreEnvironmentVariables"), is_set("ignoreContentVariables"));
        let keys = read_names(member(&variables, "ignore"), &below(&at, "ignore"), findings);
        IgnoredVariables { keys, environment, content }
    }

    /// Whether nothing is left out.
    pub fn is_none(&self) -> bool {
        self.keys.is_empty() && !self.environment && !self.content
    }

    /// Whether an environment variable is left out.
    pub(crate) fn holds_environment(&self, variable: &Value) -> bool {
        self.environment || self.holds(variable)
    }

    /// Whether a content variable is left out.
    pub(crate) fn holds_content(&self, variable: &Value) -> bool {
        self.content || self.holds(variable)
    }

    fn holds(&self, variable: &Value) -> bool {
        text(variable, "key").is_some_and(|key| self.keys.iter().any(|ignored| ignored == key))
    }

    /// Finds the keys that none of `variables` has. `at` is the pointer of the `options` object.
    pub(crate) fn find_unknown<'v>(
        &self,
        variables: impl IntoIterator<Item = &'v Value>,
        at: &str,
        findings: &mut Vec<Finding>,
    ) {
        let known: HashSet<&str> = variables.into_iter().filter_map(|variable| text(variable, "key")).collect();
        for (index, key) in self.keys.iter().enumerate().filter(|(_, key)| !known.contains(key.as_str())) {
            let text = format!("There is no variable {}, so none was left out; correct or remove the key.", shown(key));
            findings.push(Finding::new(format!("{at}/botVariables/ignore/{index}"), Code::UnknownVariable, text));
        }
    }
}
