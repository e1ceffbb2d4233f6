//! Dialogs.

use std::collections::HashMap;

use serde_json::Value;

use super::events;
use super::findings::Findings;
use super::interruption;
use super::lenient::{id, is_on, items, members, per_language, text, words};
use super::nodes::{self, Around, START};
use super::parts::Parts;
use super::texts::{messages, single, stored};
use crate::bot::{Dialog, Group, Text, Texts};

/// All dialogs, in document order.
pub(super) fn read(parts: &Parts, findings: &mut Findings) -> Vec<Dialog> {
    parts.dialogs.iter().map(|dialog| read_dialog(dialog, parts, findings)).collect()
}

fn read_dialog(written: &Value, parts: &Parts, findings: &mut Findings) -> Dialog {
    let dialog_id = text(&written["_id"]);
    findings.enter_dialog(dialog_id);
    let nodes = items(&written["nodes"]);
    let start = start_of(nodes, dialog_id, parts);
    let named = nodes::named(nodes, parts);
    let around = Around { parts, nodes: &named, dialog: dialog_id, start: start.unwrap_or(0) };
    let read = nodes.iter().enumerate().map(|(place, node)| nodes::read(place, node, &around, findings)).collect();
    findings.enter_node("");
    let names = per_language(&written["localeData"], "name");
    let lower_name = match id(&written["lname"]) {
        Some(name) => name.to_owned(),
        None => names.first().map(|(_, name)| name.to_lowercase()).unwrap_or_default(),
    };
    let mut node_places = HashMap::new();
    for (place, node) in nodes.iter().enumerate() {
        node_places.entry(text(&node["nodeId"]).to_owned()).or_insert(place);
    }
    Dialog {
        id: dialog_id.to_owned(),
        ref_id: text(&written["refId"]).to_owned(),
        names,
        lower_name,
        intent: intent_of(nodes, start, written, parts),
        hidden: is_on(&written["isHidden"]),
        follow_up: is_on(&written["isFollowUp"]),
        nodes: read,
        node_places,
        start,
        groups: items(&written["groups"]).iter().map(group).collect(),
        interruption: interruption::own(&written["interruptOptions"], &["bot"]),
        on_failure: events::enabled(&written["onTaskFailure"], "onTaskFailure", parts, findings),
        lists_follow_ups: follow_ups(&written["followupTaskOptions"], parts),
        namespaces: words(&written["vNameSpace"]),
    }
}

/// The node that starts the dialog: the one that is always called so, else the one with the dialog's own intent, else the
/// first.
fn start_of(nodes: &[Value], dialog: &str, parts: &Parts) -> Option<usize> {
    let called = nodes.iter().position(|node| text(&node["nodeId"]) == START);
    let is_own = |node: &Value| {
        text(&node["type"]) == "intent"
            && id(&node["flowTaskId"]).is_none()
            && id(&parts.component_of(node)["dialogId"]) == Some(dialog)
    };
    let first = (!nodes.is_empty()).then_some(0);
    called.or_else(|| nodes.iter().position(is_own)).or(first)
}

/// Name of the intent that starts the dialog. Intents of stubs do not say which dialog they start: they have its name.
fn intent_of(nodes: &[Value], start: Option<usize>, dialog: &Value, parts: &Parts) -> String {
    let dialog_id = id(&dialog["_id"]);
    let started =
        start.map(|start| parts.component_of(&nodes[start])).filter(|component| component["type"] == "intent");
    let own = || parts.of_kind("intent").find(|it| dialog_id.is_some() && id(&it["dialogId"]) == dialog_id);
    let mut called = vec![folded(&dialog["lname"])];
    called.extend(members(&dialog["localeData"]).map(|(_, locale)| folded(&locale["name"])));
    let is_called = |it: &&Value| id(&it["dialogId"]).is_none() && called.contains(&folded(&it["name"]));
    let intent = started.or_else(own).or_else(|| parts.of_kind("intent").find(is_called));
    intent.map(|intent| text(&intent["name"]).to_owned()).unwrap_or_default()
}

/// The form under which names of tasks are compared: `Book_Cab ` and `book cab` are one.
fn folded(name: &Value) -> String {
    text(name).trim().replace('_', " ").to_lowercase()
}

fn group(group: &Value) -> Group {
    let ids = |list: &Value| -> Vec<String> {
        let of_object = |element: &Value| {
            [&element["nodeId"], &element["componentId"], &element["_id"]].into_iter().find_map(id).map(str::to_owned)
        };
        items(list).iter().filter_map(|element| id(element).map(str::to_owned).or_else(|| of_object(element))).collect()
    };
    Group { name: text(&group["name"]).to_owned(), nodes: ids(&group["nodes"]), sub_intents: ids(&group["subIntents"]) }
}

/// Whether follow-up tasks are listed at the end: a text for all languages, or a message.
fn follow_ups(options: &Value, parts: &Parts) -> Option<Texts> {
    is_on(&options["isFollowUp"]).then(|| match &options["message"] {
        message @ Value::String(_) => single(&parts.default_language, Text::plain(&stored(message))),
        message => messages(message),
    })
}
