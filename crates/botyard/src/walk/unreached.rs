//! Why nodes did not run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use dialog::Bot;
use dialog::bot::Dialog;
use dialog::condition::{Condition, Left, Operator};
use dialog::node::{Kind as NodeKind, Node};

use super::ledger::Ledger;

/// The nodes that did not run, by the reason: dialog and node, by their names.
pub(super) fn unreached(bot: &Bot, ledger: &Ledger) -> BTreeMap<String, Vec<String>> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for dialog in &bot.dialogs {
        for node in dialog.nodes.iter().filter(|node| !ledger.has_reached(&dialog.id, &node.id)) {
            let reason = reason(bot, ledger, dialog, node);
            reasons.entry(reason).or_default().push(format!("{} / {}", dialog.lower_name, node.name));
        }
    }
    reasons
}

fn reason(bot: &Bot, ledger: &Ledger, dialog: &Dialog, node: &Node) -> String {
    if let Some(why) = ledger.unentered.get(&dialog.id).filter(|_| !ledger.entered.contains(&dialog.id)) {
        return format!("no walk enters the dialog '{}': {why}", dialog.lower_name);
    }
    if !ledger.entered.contains(&dialog.id) {
        return format!("no walk enters the dialog '{}'", dialog.lower_name);
    }
    // Back to what ran last on the way there.
    let mut looked: BTreeSet<&str> = BTreeSet::from([node.id.as_str()]);
    let mut open: VecDeque<&Node> = VecDeque::from([node]);
    while let Some(at) = open.pop_front() {
        for before in dialog.nodes.iter().filter(|before| leads_to(before, at)) {
            if ledger.has_reached(&dialog.id, &before.id) {
                return behind(bot, ledger, dialog, before, at);
            }
            if looked.insert(&before.id) {
                open.push_back(before);
            }
        }
    }
    match &node.kind {
        NodeKind::SubIntent { .. } => "what it means was not said where it waits".to_owned(),
        _ => "nothing that ran leads there".to_owned(),
    }
}

fn leads_to(node: &Node, target: &Node) -> bool {
    let is_target = |id: &Option<String>| id.as_deref() == Some(target.id.as_str());
    let by_kind = match &node.kind {
        NodeKind::Entity(entity) => is_target(&entity.retries_target),
        NodeKind::Service(service) => is_target(&service.timeout_target),
        NodeKind::SubIntent { group: Some(group), .. } => is_target(&group.target),
        _ => false,
    };
    by_kind || node.transitions.iter().any(|transition| is_target(&transition.target))
}

/// Why nothing went on from a node that ran.
fn behind(bot: &Bot, ledger: &Ledger, dialog: &Dialog, node: &Node, next: &Node) -> String {
    let place = (dialog.id.clone(), node.id.clone());
    let name = format!("'{} / {}'", dialog.lower_name, node.name);
    if let Some(cause) = ledger.failed.get(&place) {
        return format!("behind {name}, which failed: {cause}");
    }
    if let Some(cause) = ledger.skipped.get(&place).filter(|_| !ledger.worked.contains(&place)) {
        return format!("behind {name}, which was skipped: {cause}");
    }
    if let NodeKind::Dialog(call) = &node.kind
        && let Some(called) = call.dialog.and_then(|place| bot.dialogs.get(place))
        && let Some((_, cause)) = ledger.failed.iter().find(|((of, _), _)| *of == called.id)
    {
        return format!("behind {name}: the dialog that it calls failed: {cause}");
    }
    if let Some(cut) = ledger.cut.get(&dialog.id) {
        return format!("the walks of '{}' were cut off: {cut}", dialog.lower_name);
    }
    let way = node.transitions.iter().find(|transition| transition.target.as_deref() == Some(next.id.as_str()));
    match way.and_then(|way| way.condition.as_ref()) {
        Some(condition) => format!("behind {name}: no walk came there with {}", told(condition)),
        None => format!("behind {name}: no walk took its way there"),
    }
}

/// A condition, for people.
fn told(condition: &Condition) -> String {
    let joined = |parts: &[Condition], word: &str| parts.iter().map(told).collect::<Vec<_>>().join(word);
    match condition {
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Answer { yes } => format!("the answer {}", if *yes { "yes" } else { "no" }),
        Condition::Intent(node) => format!("the sub-intent '{node}'"),
        Condition::Value { left, op, right } => {
            let left = match left {
                Left::Entity(name, _) => format!("the entity '{name}'"),
                Left::Path(path) if path.trim().is_empty() => "nothing".to_owned(),
                Left::Path(path) => path.clone(),
            };
            let op = match op {
                Operator::Exists => return format!("a value in {left}"),
                Operator::Missing => return format!("no value in {left}"),
                Operator::Equal => "=",
                Operator::NotEqual => "≠",
                Operator::Greater => ">",
                Operator::GreaterOrEqual => "≥",
                Operator::Less => "<",
                Operator::LessOrEqual => "≤",
                Operator::Contains => "containing",
            };
            format!("{left} {op} '{}'", right.as_constant().unwrap_or("{{…}}"))
        }
    }
}
