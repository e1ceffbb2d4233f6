//! Why nodes did not run.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use dialog::Bot;
use dialog::bot::Dialog;
use dialog::condition::{Condition, Left, Operator};
use dialog::node::{Kind as NodeKind, Node};

use super::fault::Blame;
use super::ledger::Ledger;
use super::walker::is_for_want_of_model;

/// The nodes that did not run, by the reason: dialog and node, by their names.
pub(super) fn unreached(bot: &Bot, ledger: &Ledger) -> BTreeMap<String, Vec<String>> {
    let mut reasons: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for dialog in &bot.dialogs {
        for node in dialog.nodes.iter().filter(|node| !ledger.has_reached(&dialog.id, &node.id)) {
            let (reason, _) = reason(bot, ledger, dialog, node);
            reasons.entry(reason).or_default().push(format!("{} / {}", dialog.lower_name, node.name));
        }
    }
    reasons
}

/// Finds out which dialogs no walk entered because of what is not in the export: a way to a call of them ends there.
pub(super) fn explain(bot: &Bot, ledger: &mut Ledger) {
    loop {
        let mut found = Vec::new();
        for (place, dialog) in bot.dialogs.iter().enumerate() {
            if ledger.entered.contains(&dialog.id) || ledger.explained.contains(&dialog.id) {
                continue;
            }
            let calls = |node: &Node| match &node.kind {
                NodeKind::Dialog(call) => call.dialog == Some(place),
                _ => false,
            };
            let others = bot.dialogs.iter().filter(|other| other.id != dialog.id);
            let mut calling = others.flat_map(|other| other.nodes.iter().map(move |node| (other, node)));
            if calling.any(|(other, node)| calls(node) && reason(bot, ledger, other, node).1 == Some(Blame::World)) {
                found.push(dialog.id.clone());
            }
        }
        if found.is_empty() {
            return;
        }
        ledger.explained.extend(found);
    }
}

/// Why a node did not run, and whose that is where something failed.
fn reason(bot: &Bot, ledger: &Ledger, dialog: &Dialog, node: &Node) -> (String, Option<Blame>) {
    if !ledger.entered.contains(&dialog.id) {
        let why = ledger.unentered.get(&dialog.id).map_or_else(String::new, |why| format!(": {why}"));
        let blame = ledger.explained.contains(&dialog.id).then_some(Blame::World);
        return (format!("no walk enters the dialog '{}'{why}", dialog.lower_name), blame);
    }
    // Back to what ran last on the way there; and where no walk took the way from there, further back to what failed.
    let mut looked: BTreeSet<&str> = BTreeSet::from([node.id.as_str()]);
    let mut open: VecDeque<&Node> = VecDeque::from([node]);
    let mut nearest = None;
    while let Some(at) = open.pop_front() {
        for before in dialog.nodes.iter().filter(|before| leads_to(before, at)) {
            if !looked.insert(&before.id) {
                continue;
            }
            open.push_back(before);
            if ledger.has_reached(&dialog.id, &before.id) {
                if let Some(found) = stopped(bot, ledger, dialog, before) {
                    return found;
                }
                nearest.get_or_insert((before, at));
            }
        }
    }
    if let Some((before, at)) = nearest {
        return not_taken(ledger, dialog, before, at);
    }
    let told = match &node.kind {
        NodeKind::SubIntent { .. } => "what it means was not said where it waits",
        _ => "nothing that ran leads there",
    };
    (told.to_owned(), None)
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

/// Why nothing went on from a node that ran and failed, or did nothing.
fn stopped(bot: &Bot, ledger: &Ledger, dialog: &Dialog, node: &Node) -> Option<(String, Option<Blame>)> {
    let place = (dialog.id.clone(), node.id.clone());
    let name = format!("'{} / {}'", dialog.lower_name, node.name);
    if let Some((blame, cause)) = ledger.failed.get(&place) {
        return Some((format!("behind {name}, which failed: {cause}"), Some(*blame)));
    }
    if let Some(cause) = ledger.skipped.get(&place).filter(|_| !ledger.worked.contains(&place)) {
        let blame = is_for_want_of_model(cause).then_some(Blame::World);
        return Some((format!("behind {name}, which was skipped: {cause}"), blame));
    }
    let NodeKind::Dialog(call) = &node.kind else { return None };
    let called = bot.dialogs.get(call.dialog?)?;
    let (blame, cause) = failure_in(bot, ledger, called, &mut BTreeSet::new())?;
    Some((format!("behind {name}: the dialog that it calls failed: {cause}"), Some(blame)))
}

/// What failed in a dialog, or in one that it calls.
fn failure_in(bot: &Bot, ledger: &Ledger, dialog: &Dialog, looked: &mut BTreeSet<String>) -> Option<(Blame, String)> {
    if !looked.insert(dialog.id.clone()) {
        return None;
    }
    if let Some((_, failed)) = ledger.failed.iter().find(|((of, _), _)| *of == dialog.id) {
        return Some(failed.clone());
    }
    let called = dialog.nodes.iter().filter_map(|node| match &node.kind {
        NodeKind::Dialog(call) => bot.dialogs.get(call.dialog?),
        _ => None,
    });
    called.into_iter().find_map(|called| failure_in(bot, ledger, called, looked))
}

/// Why nothing went a way from a node that did its work.
fn not_taken(ledger: &Ledger, dialog: &Dialog, node: &Node, next: &Node) -> (String, Option<Blame>) {
    let name = format!("'{} / {}'", dialog.lower_name, node.name);
    if let Some(cut) = ledger.cut.get(&dialog.id) {
        return (format!("the walks of '{}' were cut off: {cut}", dialog.lower_name), None);
    }
    let way = node.transitions.iter().find(|transition| transition.target.as_deref() == Some(next.id.as_str()));
    let told = match way.and_then(|way| way.condition.as_ref()) {
        Some(condition) if asks_nothing(condition) => {
            format!("behind {name}: no walk took its way there, on which stands {}", told(condition))
        }
        Some(condition) => format!("behind {name}: no walk came there with {}", told(condition)),
        None => {
            let others = node.transitions.iter().filter_map(|transition| transition.condition.as_ref()).map(told);
            match others.collect::<Vec<_>>() {
                others if others.is_empty() => format!("behind {name}: no walk took its way there"),
                others => format!("behind {name}: all walks came there with {}", others.join(" or ")),
            }
        }
    };
    (told, None)
}

/// Whether a condition holds no test, so that no walk can bring what it asks for.
fn asks_nothing(condition: &Condition) -> bool {
    match condition {
        Condition::All(parts) | Condition::Any(parts) => parts.iter().all(asks_nothing),
        Condition::Value { left: Left::Path(path), .. } => path.trim().is_empty(),
        _ => false,
    }
}

/// A condition, for people.
fn told(condition: &Condition) -> String {
    let joined = |parts: &[Condition], word: &str| parts.iter().map(told).collect::<Vec<_>>().join(word);
    match condition {
        // The engine takes no tests for none that is met.
        Condition::All(parts) | Condition::Any(parts) if parts.is_empty() => {
            "a condition without a test, which is never met".to_owned()
        }
        Condition::All(parts) => joined(parts, " and "),
        Condition::Any(parts) => joined(parts, " or "),
        Condition::Answer { yes } => format!("the answer {}", if *yes { "yes" } else { "no" }),
        Condition::Intent(node) => format!("the sub-intent '{node}'"),
        Condition::Value { left, op, right } => {
            let left = match left {
                Left::Entity(name, _) => format!("the entity '{name}'"),
                Left::Path(path) if path.trim().is_empty() => "(a condition about nothing)".to_owned(),
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
