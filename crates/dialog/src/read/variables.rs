//! Content and environment variables.

use std::collections::HashMap;

use definition::config::EnvVariable;
use definition::{Config, Document, ShapeError};

use super::lenient::{id, members, printed, text, words};
use super::parts::list;
use crate::bot::{Variable, Variables};

/// All variables of the bot. `secured` holds the values of secured ones, which no export contains.
///
/// # Errors
/// A list of variables or namespaces is not a list, or an environment variable has no key.
pub(super) fn read(
    definition: &Document,
    config: &Config,
    secured: &[(String, String)],
) -> Result<Variables, ShapeError> {
    let content = list(definition, "contentVariables")?;
    let content = content.iter().filter_map(|variable| {
        let values =
            members(&variable["localeData"]).map(|(language, locale)| (language.clone(), printed(&locale["value"])));
        Some(Variable {
            key: id(&variable["key"])?.to_owned(),
            values: values.collect(),
            namespaces: words(&variable["vNameSpace"]),
        })
    });
    let shared = list(definition, "namespaces")?;
    let shared = shared.iter().filter(|it| text(&it["type"]) == "system" || text(&it["name"]) == "default");
    Ok(Variables {
        content: content.collect(),
        env: env(config.env_variables()?, secured),
        shared: shared.filter_map(|it| id(&it["refId"])).map(str::to_owned).collect(),
    })
}

fn env(variables: Vec<EnvVariable>, secured: &[(String, String)]) -> Vec<Variable> {
    let value_of = |variable: &EnvVariable| {
        let secret = secured.iter().find(|(key, _)| variable.is_secured && *key == variable.key);
        secret.map_or_else(|| variable.value.clone(), |(_, value)| value.clone())
    };
    let values: HashMap<String, String> =
        variables.iter().map(|variable| (variable.key.clone(), value_of(variable))).collect();
    let read = variables.into_iter().map(|variable| {
        let value = resolved(&variable.key, &values);
        Variable { key: variable.key, values: vec![(String::new(), value)], namespaces: variable.name_spaces }
    });
    read.collect()
}

/// The value of a variable; that of another one where it is nothing but `env.…` or `{{env.…}}`. Variables that lead back to
/// themselves have no value.
fn resolved(key: &str, values: &HashMap<String, String>) -> String {
    let mut key = key;
    // No way through the variables is longer than there are variables, unless it goes in a circle.
    for _ in 0..values.len() {
        let Some(value) = values.get(key) else { break };
        match other(value).filter(|other| values.contains_key(*other)) {
            Some(other) => key = other,
            None => return value.clone(),
        }
    }
    String::new()
}

/// The variable that is all there is in a value.
fn other(value: &str) -> Option<&str> {
    let value = value.trim();
    let inner = value.strip_prefix("{{").and_then(|value| value.strip_suffix("}}"));
    inner.unwrap_or(value).trim().strip_prefix("env.")
}
