//! Experience flows of apps: `experienceFlows[]`, each `{callflowDefinition, config {cfId, name}, files}`.

use serde_json::Value;

use crate::catalogue::is_named;
use crate::links::{same_name, text};

/// What the flow is made of: its ids, name, steps and messages.
pub(crate) fn content(flow: &Value) -> &Value {
    flow.get("callflowDefinition").unwrap_or(flow)
}

/// Whether a flow is meant by `word`: its `cf-…` id, as a draft or published, its `refId` or its name.
pub(crate) fn is_flow_named(flow: &Value, word: &str) -> bool {
    let config = flow.get("config").unwrap_or(&Value::Null);
    is_named(content(flow), word)
        || text(content(flow), "publishedCfId") == Some(word)
        || text(config, "cfId") == Some(word)
        || text(config, "name").is_some_and(|name| same_name(name, word))
}

/// The `cf-…` id of a flow, else its `refId`.
pub(crate) fn flow_id(flow: &Value) -> Option<&str> {
    let config = flow.get("config").unwrap_or(&Value::Null);
    text(content(flow), "_id").or_else(|| text(config, "cfId")).or_else(|| text(content(flow), "refId"))
}

/// The name of a flow.
pub(crate) fn flow_name(flow: &Value) -> Option<&str> {
    let config = flow.get("config").unwrap_or(&Value::Null);
    text(content(flow), "name").or_else(|| text(config, "name"))
}

/// For every incoming flow the current one that it is a version of: by `refId`, else by name. No current flow is paired
/// twice.
pub(crate) fn paired_flows(current: &[Value], incoming: &[Value]) -> Vec<Option<usize>> {
    let mut pairs = vec![None; incoming.len()];
    pair_up(&mut pairs, current, incoming, |one, other| {
        let ref_id = text(content(one), "refId");
        ref_id.is_some() && ref_id == text(content(other), "refId")
    });
    pair_up(&mut pairs, current, incoming, |one, other| {
        let names = flow_name(one).zip(flow_name(other));
        names.is_some_and(|(one, other)| same_name(one, other))
    });
    pairs
}

/// Pairs what has no pair yet and is the same.
fn pair_up(
    pairs: &mut [Option<usize>],
    current: &[Value],
    incoming: &[Value],
    is_same: impl Fn(&Value, &Value) -> bool,
) {
    for (index, flow) in incoming.iter().enumerate() {
        if pairs[index].is_none() {
            let free = |at: &usize| !pairs.contains(&Some(*at));
            pairs[index] = (0..current.len()).filter(free).find(|at| is_same(&current[*at], flow));
        }
    }
}
