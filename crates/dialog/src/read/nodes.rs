//! Nodes of dialogs and of bot actions.

use serde_json::Value;

use super::findings::Findings;
use super::lenient::{id, is_on, items, text};
use super::parts::Parts;
use super::texts::{messages, own_or, reports, script};
use super::transitions::{self, Named};
use super::{agent, asking, assignments, options, service};
use crate::bot::{Text, Texts};
use crate::node::{Assignment, Call, Dynamic, FormNode, GroupIntent, Kind, Message, Node};

/// The node with which every dialog starts.
pub(super) const START: &str = "intent0";

/// What a node of a dialog is read with.
pub(super) struct Around<'a> {
    /// The rest of the bot.
    pub(super) parts: &'a Parts,
    /// The nodes of the dialog.
    pub(super) nodes: &'a Named,
    /// `_id` of the dialog.
    pub(super) dialog: &'a str,
    /// Place of the node that starts it.
    pub(super) start: usize,
}

/// The nodes of a list by their ids, for conditions that look at them.
pub(super) fn named(nodes: &[Value], parts: &Parts) -> Named {
    let named = nodes.iter().filter_map(|node| {
        let component = parts.component_of(node);
        let (name, component_id) = (text(&component["name"]).to_owned(), text(&component["_id"]).to_owned());
        Some((id(&node["nodeId"])?.to_owned(), (name, component_id)))
    });
    named.collect()
}

/// A node of a dialog, at its place.
pub(super) fn read(place: usize, node: &Value, around: &Around<'_>, findings: &mut Findings) -> Node {
    findings.enter_node(text(&node["nodeId"]));
    let component = around.parts.component_of(node);
    // A dialog without an intent of its own starts with whatever stands first; that is done, not passed over.
    let starts = place == around.start && matches!(kind_of(node, component), "intent");
    let kind = if starts { Kind::Start } else { kind(node, component, around, findings) };
    let said = match &kind {
        Kind::Message(message) => Some(&message.texts),
        Kind::Entity(entity) => Some(&entity.prompt),
        Kind::Confirmation(confirmation) => Some(&confirmation.prompt),
        _ => None,
    };
    let channels = said.map(Texts::only_channels).unwrap_or_default();
    if !channels.is_empty() {
        findings.add(format!("the node has texts for {} only: on other channels it says nothing", channels.join(", ")));
    }
    built(node, component, kind, around.nodes, findings)
}

pub(super) fn built(node: &Value, component: &Value, kind: Kind, nodes: &Named, findings: &mut Findings) -> Node {
    Node {
        id: text(&node["nodeId"]).to_owned(),
        name: text(&component["name"]).to_owned(),
        component_id: text(&component["_id"]).to_owned(),
        component_ref: text(&component["refId"]).to_owned(),
        kind,
        transitions: transitions::read(node, nodes, findings),
        options: options::read(&node["nodeOptions"]),
        preconditions: options::preconditions(node, component),
        namespaces: options::namespaces(node, component),
    }
}

/// What a node does: as its component says, whatever its own type (export-format-xo11.md §8).
fn kind_of<'v>(node: &'v Value, component: &'v Value) -> &'v str {
    id(&component["type"]).unwrap_or_else(|| text(&node["type"]))
}

/// A node that is not run: it is told at publish, and in the debug log when a dialog comes to it.
fn skipped(kind: &str, cause: String, findings: &mut Findings) -> Kind {
    findings.add(format!("{cause}: the node is skipped, and its default way is taken"));
    Kind::Unknown { kind: kind.to_owned(), cause }
}

fn kind(node: &Value, component: &Value, around: &Around<'_>, findings: &mut Findings) -> Kind {
    if component.is_null() {
        let cause = "the component of the node is not in the bot".to_owned();
        return skipped(text(&node["type"]), cause, findings);
    }
    match kind_of(node, component) {
        "intent" => intent(node, component, around, findings),
        "message" => Kind::Message(Message {
            texts: own_or(&node["nodeOptions"]["message"], &component["message"]),
            waits: text(&node["nodeOptions"]["transitionType"]) == "onInput",
            reports: reports(node, component),
        }),
        "entity" => Kind::Entity(Box::new(asking::entity(node, component, around.parts))),
        "dialogAct" => Kind::Confirmation(asking::confirmation(node, component)),
        "botAction" => action(node, component, around, findings),
        "form" => form(node, component, around.parts, findings),
        "agentTransfer" => Kind::AgentTransfer,
        "webhook" | "hook" => Kind::Webhook,
        "aiassist" => agent::agent(node, component, around, findings),
        "dynamicIntent" => Kind::Dynamic(Box::new(dynamic(node, component, findings))),
        _ => step(node, component, around, findings),
    }
}

/// Kinds that also stand inside of bot actions.
pub(super) fn step(node: &Value, component: &Value, around: &Around<'_>, findings: &mut Findings) -> Kind {
    if component.is_null() {
        let cause = "the component of the node is not in the bot".to_owned();
        return skipped(text(&node["type"]), cause, findings);
    }
    match kind_of(node, component) {
        "script" => Kind::Script(script(&component["script"]).unwrap_or_else(|| Text::script(""))),
        "service" => service::service(component, around.nodes, around.parts, findings),
        "logic" => Kind::Logic(logic(node, component, findings)),
        "generativeai" => {
            findings.add("the node asks a language model: where none is configured, it is skipped");
            Kind::Generative(Box::new(service::generative(component)))
        }
        "searchai" => service::search(component, findings),
        other => skipped(other, format!("nodes of the type '{other}' are not run here"), findings),
    }
}

/// An intent inside of a dialog: a call of another one, or something the user may say meanwhile.
fn intent(node: &Value, component: &Value, around: &Around<'_>, findings: &mut Findings) -> Kind {
    let (flow, owner) = (&node["flowTaskId"], &component["dialogId"]);
    let name = text(&component["name"]).to_owned();
    let of_other = id(owner).filter(|owner| *owner != around.dialog);
    let Some(reference) = id(flow).or(of_other) else {
        return Kind::SubIntent { intent: name, group: group_intent(node, around, findings) };
    };
    let dialog = around.parts.dialog(flow).or_else(|| around.parts.dialog(owner).filter(|_| of_other.is_some()));
    let named = if name.is_empty() { reference.to_owned() } else { name.clone() };
    match dialog {
        None => findings.add(format!("the dialog '{named}' is not in the bot: the task fails when it is called")),
        Some(place) if around.parts.is_stub(place) => {
            findings.add(format!("the dialog '{named}' has no nodes: calling it does nothing"));
        }
        Some(_) => {}
    }
    let mut before = Vec::new();
    for member in ["contextMap", "preContextMap"] {
        before.extend(assignments::read(&node[member], member, findings));
    }
    Kind::Dialog(Call {
        dialog,
        named,
        replaces: text(&node["nodeOptions"]["transitionMode"]) == "endCurrentTask",
        before,
        after: assignments::read(&node["postContextMap"], "postContextMap", findings),
        intent: name,
    })
}

/// What a sub-intent of a group does; `None` for any other.
fn group_intent(node: &Value, around: &Around<'_>, findings: &mut Findings) -> Option<Box<GroupIntent>> {
    if !is_on(&node["groupNodeIntent"]) {
        return None;
    }
    let target = &node["targetNode"];
    let named = id(&target["node"]).or_else(|| id(&target["nodeId"]));
    let is_end = |value: &Value| text(value).eq_ignore_ascii_case("end");
    let ends = is_end(&target["node"]) || is_end(&target["nodeId"]);
    let known = named.filter(|node| around.nodes.contains_key(*node));
    if !ends && let (Some(named), None) = (named, known) {
        findings.add(format!(
            "the node {named}, where the sub-intent jumps to, is not in the dialog: what waited asks again"
        ));
    }
    Some(Box::new(GroupIntent {
        sets: assignments::read(&node["contextMap"], "contextMap", findings),
        says: messages(&node["nodeOptions"]["message"]),
        target: known.map(str::to_owned),
        ends,
    }))
}

/// What the context names.
fn dynamic(node: &Value, component: &Value, findings: &mut Findings) -> Dynamic {
    let mut read = |member: &str| {
        let mut all = assignments::read(&node[member], member, findings);
        all.extend(assignments::read(&component[member], member, findings));
        all
    };
    Dynamic {
        named: Text::plain(text(&component["intentPath"])),
        replaces: text(&node["nodeOptions"]["transitionMode"]) == "endCurrentTask",
        before: read("contextMap"),
        after: read("postContextMap"),
    }
}

/// A bot action runs the graph of its component, which its node repeats in short.
fn action(node: &Value, component: &Value, around: &Around<'_>, findings: &mut Findings) -> Kind {
    let of_component = items(&component["nodes"]);
    let inner = if of_component.is_empty() { items(&node["nodes"]) } else { of_component };
    let mut nodes = named(inner, around.parts);
    nodes
        .extend(around.nodes.iter().filter(|(_, (name, _))| !name.is_empty()).map(|(id, it)| (id.clone(), it.clone())));
    let around = Around { nodes: &nodes, ..*around };
    let read = inner.iter().map(|inner| {
        let component = around.parts.component_of(inner);
        let kind = step(inner, component, &around, findings);
        built(inner, component, kind, &nodes, findings)
    });
    let read = read.collect();
    let root = inner.iter().position(|inner| text(&inner["level"]) == "root");
    Kind::Action(read, root.or(if inner.is_empty() { None } else { Some(0) }))
}

/// No known export has assignments in its logic nodes; these are the members that hold them elsewhere.
fn logic(node: &Value, component: &Value, findings: &mut Findings) -> Vec<Assignment> {
    let mut assigned = Vec::new();
    for holder in [node, &node["nodeOptions"], component] {
        for member in ["contextMap", "assignments"] {
            assigned.extend(assignments::read(&holder[member], member, findings));
        }
    }
    // The builder of today leaves keys of other things in the map.
    assigned.retain(|it| it.path.starts_with("context."));
    assigned
}

fn form(node: &Value, component: &Value, parts: &Parts, findings: &mut Findings) -> Kind {
    let form = text(&component["resourceId"]).to_owned();
    if !parts.forms.contains(&form) {
        findings.add(format!("the form '{form}' is not in the bot: the task fails at this node"));
    }
    Kind::Form(FormNode {
        form,
        prompt: own_or(&node["nodeOptions"]["message"], &component["message"]),
        error: own_or(&node["nodeOptions"]["errorMessage"], &component["errorMessage"]),
        submitted: messages(&component["submitMessage"]),
        render: id(&component["rtmRenderType"]).unwrap_or("inline").to_owned(),
    })
}
