//! Content and environment variables.

use std::collections::HashMap;

use definition::config::EnvVariable;
use definition::texts::templates;
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
        let value = resolved(&variable.key, &values, &mut Vec::new());
        Variable { key: variable.key, values: vec![(String::new(), value)], namespaces: variable.name_spaces }
    });
    read.collect()
}

/// The value of a variable with those of others in place of `{{env.…}}`; `env.…` alone is one, too. A variable that leads
/// back to itself has nothing in that place.
fn resolved<'a>(key: &'a str, values: &'a HashMap<String, String>, open: &mut Vec<&'a str>) -> String {
    let Some(value) = values.get(key) else { return String::new() };
    if open.contains(&key) || open.len() > MOST_HOPS {
        return String::new();
    }
    open.push(key);
    let known = |expression: &'a str| {
        let named = expression.trim().strip_prefix("env.").filter(|named| values.contains_key(*named));
        named.map(|named| resolved(named, values, &mut open.clone()))
    };
    let mut result = String::new();
    let mut copied = 0;
    if let Some(other) = known(value) {
        return other;
    }
    for template in templates(value) {
        if let Some(other) = known(template.expression) {
            result.push_str(&value[copied..template.range.start]);
            result.push_str(&other);
            copied = template.range.end;
        }
    }
    result + &value[copied..]
}

/// So many variables may lead to each other in a row.
const MOST_HOPS: usize = 10;
