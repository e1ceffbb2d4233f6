//! Which language model an author chose.

use serde_json::Value;

use super::lenient::{count, id, number};
use crate::node::ModelChoice;

/// How long anything may take at most. Seconds.
const LONGEST_TIMEOUT_S: u32 = 60;

/// The model that `settings` name; the answer may take as long as `component` says, else `otherwise_s` seconds. Settings of
/// the whole app name the same members otherwise than nodes do.
pub(super) fn choice(settings: &Value, component: &Value, otherwise_s: u32) -> ModelChoice {
    let named = |members: [&str; 2]| members.into_iter().find_map(|member| id(&settings[member])).unwrap_or_default();
    ModelChoice {
        name: named(["model", "defaultModel"]).to_owned(),
        integration: named(["integrationName", "integration"]).to_owned(),
        temperature: number(&settings["temperature"]),
        max_tokens: count(&settings["max_tokens"]).or_else(|| count(&settings["maxTokens"])),
        timeout_s: timeout(component, otherwise_s),
    }
}

/// How long a component may take. Seconds.
pub(super) fn timeout(component: &Value, otherwise_s: u32) -> u32 {
    count(&component["serviceAPITimeout"]).filter(|s| *s > 0).unwrap_or(otherwise_s).min(LONGEST_TIMEOUT_S)
}
