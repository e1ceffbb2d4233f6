//! Ways out of a node (`export-format.md` §5).

use std::collections::HashMap;

use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, items, printed, text};
use crate::bot::Text;
use crate::condition::{Condition, Left, Operator, Transition};

/// The nodes of a graph by `nodeId`: the name and the store id of their components.
pub(super) type Named = HashMap<String, (String, String)>;

/// The transitions of a node, the default last. Ways to nodes that are not there are kept, so that the task fails there.
pub(super) fn read(node: &Value, nodes: &Named, findings: &mut Findings) -> Vec<Transition> {
    let mut transitions = Vec::new();
    let mut default = None;
    for element in items(&node["transitions"]) {
        let condition = Some(&element["if"]).filter(|condition| !condition.is_null());
        match condition {
            Some(condition) => {
                let condition = Some(read_condition(condition, nodes, findings));
                transitions.push(way(condition, &element["then"], nodes, findings));
            }
            None => {
                let named = if element["default"].is_string() { &element["default"] } else { &element["then"] };
                let found = way(None, named, nodes, findings);
                default.get_or_insert(found);
            }
        }
    }
    transitions.extend(default);
    transitions
}

fn way(condition: Option<Condition>, named: &Value, nodes: &Named, findings: &mut Findings) -> Transition {
    let returns = id(named).is_some_and(|target| target.eq_ignore_ascii_case(definition::RETURN_TO_FLOW));
    Transition { condition, target: target(named, nodes, findings), returns }
}

/// The node that is gone to; `None` where the dialog ends, as it does where the node is not there. A node that is called
/// like an end is a node.
fn target(named: &Value, nodes: &Named, findings: &mut Findings) -> Option<String> {
    let target = id(named).filter(|target| nodes.contains_key(*target) || !definition::is_end(target))?;
    if !nodes.contains_key(target) {
        findings.add(format!("a way leads to the node {target}, which is not there: the dialog ends on it"));
        return None;
    }
    Some(target.to_owned())
}

/// A condition that is never met.
fn never() -> Condition {
    Condition::Any(Vec::new())
}

fn read_condition(written: &Value, nodes: &Named, findings: &mut Findings) -> Condition {
    if let Some(conjunction) = id(&written["conjoin"]) {
        let tests = items(&written["tests"]).iter().map(|test| read_condition(test, nodes, findings)).collect();
        return if conjunction.eq_ignore_ascii_case("or") { Condition::Any(tests) } else { Condition::All(tests) };
    }
    if let Some(answer) = written["dialogAct"].as_str() {
        return match answer {
            "yes" => Condition::Answer { yes: true },
            "no" => Condition::Answer { yes: false },
            _ => {
                findings.add(format!("a condition asks for the answer '{answer}', not yes or no: it is never met"));
                never()
            }
        };
    }
    if let Some(intent) = written["intent"].as_str() {
        return Condition::Intent(intent.to_owned());
    }
    let Some(left) = left_side(written, nodes, findings) else { return never() };
    let op = text(&written["op"]).trim();
    let Some(op) = operator(op) else {
        findings.add(format!("a condition compares with '{op}', which is not known: it is never met"));
        return never();
    };
    Condition::Value { left, op, right: Text::plain(&printed(&written["value"])) }
}

fn left_side(written: &Value, nodes: &Named, findings: &mut Findings) -> Option<Left> {
    if let Some(field) = id(&written["field"]) {
        let found = nodes.get(field).map(|(name, component)| Left::Entity(name.clone(), component.clone()));
        if found.is_none() {
            findings.add(format!("a condition looks at the node {field}, which is not there: it is never met"));
        }
        return found;
    }
    let path = id(&written["context"]);
    if path.is_none() {
        findings.add("a condition does not say what it looks at: it is never met");
    }
    path.map(|path| Left::Path(path.to_owned()))
}

fn operator(written: &str) -> Option<Operator> {
    Some(match written.to_ascii_lowercase().as_str() {
        "" => Operator::Exists,
        "dne" => Operator::Missing,
        "eq" => Operator::Equal,
        "neq" => Operator::NotEqual,
        "gt" => Operator::Greater,
        "gte" => Operator::GreaterOrEqual,
        "lt" => Operator::Less,
        "lte" => Operator::LessOrEqual,
        "cnt" => Operator::Contains,
        _ => return None,
    })
}
