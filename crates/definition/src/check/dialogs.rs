//! Dialogs and their components: ids, types, and the references between them.

use std::collections::{HashMap, HashSet};

use crate::check::{Findings, Index, ResourceName, Severity, elements};
use crate::document::Document;
use crate::flow::{ActionNode, Component, Dialog, Node, START, is_end};

/// Node types the platform knows.
const NODE_TYPES: [&str; 16] = [
    "intent",
    "entity",
    "message",
    "dialogAct",
    "script",
    "service",
    "botAction",
    "logic",
    "form",
    "agentTransfer",
    "generativeai",
    "webhook",
    "dynamicIntent",
    "searchai",
    "aiassist",
    "process",
];

/// Entity types seen in exports, and the further ones of the vendor's list.
const ENTITY_TYPES: [&str; 32] = [
    "label",
    "number",
    "list_of_values",
    "list_of_items_enumerated",
    "list_of_items_lookup",
    "date",
    "dateperiod",
    "datetime",
    "time",
    "phone_number",
    "email",
    "regex",
    "description",
    "person_name",
    "zipcode",
    "location",
    "city",
    "country",
    "address",
    "airport",
    "quantity",
    "quantityv2",
    "currency",
    "currencyv2",
    "color",
    "attachment",
    "url",
    "percentage",
    "company_name",
    "composite",
    "strings",
    "time_zone",
];

type Rule = (&'static str, &'static str);

const MISSING_ID: Rule = ("missing-id", "give it the id it has in the export it came from");
const DUPLICATE_ID: Rule = ("duplicate-id", "remove one of the two, or give it an id of its own");
const UNKNOWN_COMPONENT: Rule = (
    "unknown-component",
    "the node does nothing and goes on; add the component to dialogComponents, or remove the node",
);
const COMPONENT_TYPE: Rule = (
    "component-type",
    "the type of the component decides what happens; give both the same type where that is not meant",
);
const MISSING_START: Rule = (
    "missing-start",
    "the dialog starts with its first node; add a node with the id intent0 that refers to the dialog's intent",
);
const START_COMPONENT: Rule =
    ("start-of-another-dialog", "let intent0 refer to the intent whose dialogId is this dialog");
const UNKNOWN_NODE: Rule =
    ("unknown-node", "the dialog ends there; connect it to a node of the same dialog, or to \"end\"");
const UNKNOWN_DIALOG: Rule = ("unknown-dialog", "add the dialog, or export again with dependent tasks");
const UNKNOWN_FORM: Rule = ("unknown-form", "add the form, or export again with forms");
const UNREACHABLE: Rule = ("unreachable-node", "connect the node, or delete it");
const NO_DEFAULT: Rule = ("missing-default", "add a default transition, at least to the end of the dialog");
const DEFAULT_NOT_LAST: Rule = ("default-not-last", "move the default transition behind the conditions");
const UNKNOWN_NODE_TYPE: Rule =
    ("unknown-node-type", "this platform cannot run nodes of this type; replace it by one of a known type");
const UNKNOWN_ENTITY_TYPE: Rule =
    ("unknown-entity-type", "this platform does not recognise such values; choose a known type");
const EMPTY_DIALOG: Rule = ("empty-dialog", "add nodes, or delete the dialog");
const CONTEXT_MAP: Rule =
    ("unreadable-context-map", "write the map as JSON text such as {\"context.entities.x\": \"…\"}");
const UNUSED: Rule = ("unused-component", "delete the component if nothing needs it");

pub(super) fn check(definition: &Document, index: &Index, findings: &mut Findings) {
    let dialogs: Vec<(usize, Dialog)> = findings.decoded(definition, "dialogs");
    let components: Vec<(usize, Component)> = findings.decoded(definition, "dialogComponents");
    check_ids("dialogs", dialogs.iter().map(|(at, dialog)| (*at, &dialog.id, &dialog.ref_id)), findings);
    let component_ids = components.iter().map(|(at, component)| (*at, &component.id, &component.ref_id));
    check_ids("dialogComponents", component_ids, findings);

    // An unreadable component is reported where it stands; whoever refers to it is not to blame.
    let by_id: HashMap<&str, &Component> = components.iter().map(|(_, found)| (found.id.as_str(), found)).collect();
    let mut used = HashSet::new();
    for (at, dialog) in &dialogs {
        check_dialog(*at, dialog, &by_id, index, findings, &mut used);
    }
    let holds_tasks = dialogs.iter().any(|(_, dialog)| dialog.nodes.is_some());
    for (at, component) in &components {
        check_component(*at, component, index, findings);
        used.extend(component.nodes.iter().map(|node| node.component_id.as_str()));
    }
    if holds_tasks && dialogs.len() == elements(definition, "dialogs").count() {
        report_unused(&components, &used, findings);
    }
}

fn check_ids<'a>(list: &str, ids: impl Iterator<Item = (usize, &'a String, &'a String)>, findings: &mut Findings) {
    let mut seen: [HashMap<&str, usize>; 2] = [HashMap::new(), HashMap::new()];
    for (at, id, ref_id) in ids {
        for ((member, value), seen) in [("_id", id), ("refId", ref_id)].into_iter().zip(&mut seen) {
            let pointer = format!("/{list}/{at}/{member}");
            if value.is_empty() {
                findings.add(severity_of(member), MISSING_ID, pointer, None, format!("the element has no {member}"));
            } else if let Some(first) = seen.insert(value, at) {
                let message = format!("{member} {value:?} is already used by /{list}/{first}");
                findings.add(severity_of(member), DUPLICATE_ID, pointer, None, message);
            }
        }
    }
}

/// Nodes refer to components, and components to dialogs, by `_id`: without it, or with two of one, nobody can tell what
/// is meant. The platform itself writes elements of one `refId`, and what refers to it means the first.
fn severity_of(member: &str) -> Severity {
    if member == "_id" { Severity::Error } else { Severity::Warning }
}

fn check_dialog<'a>(
    at: usize,
    dialog: &'a Dialog,
    components: &HashMap<&str, &Component>,
    index: &Index,
    findings: &mut Findings,
    used: &mut HashSet<&'a str>,
) {
    // A stub: exports without tasks keep dialogs only as anchors for NLP data.
    let Some(nodes) = &dialog.nodes else { return };
    let resource = index.dialogs.get(&dialog.id);
    let pointer = format!("/dialogs/{at}/nodes");
    if nodes.is_empty() {
        findings.add(Severity::Warning, EMPTY_DIALOG, pointer, resource, String::from("the dialog has no nodes"));
        return;
    }
    let mut ids = HashSet::new();
    for (at, node) in nodes.iter().enumerate() {
        if node.id.is_empty() {
            let message = String::from("the node has no nodeId");
            findings.add(Severity::Error, MISSING_ID, format!("{pointer}/{at}/nodeId"), resource, message);
        } else if !ids.insert(node.id.as_str()) {
            let message = format!("the node id {:?} occurs twice in the dialog", node.id);
            findings.add(Severity::Error, DUPLICATE_ID, format!("{pointer}/{at}/nodeId"), resource, message);
        }
    }
    if !ids.contains(START) {
        let message = String::from("the dialog has no node intent0 to start with");
        findings.add(Severity::Warning, MISSING_START, pointer.clone(), resource, message);
    }
    let mut place = Place { dialog, resource, index, ids: &ids, findings };
    for (at, node) in nodes.iter().enumerate() {
        let pointer = format!("{pointer}/{at}");
        place.check_component_of(&pointer, node, components);
        place.check_transitions(&pointer, node);
        for (at, child) in node.nodes.iter().enumerate() {
            place.expect_component(format!("{pointer}/nodes/{at}/componentId"), &child.component_id);
        }
        used.insert(&node.component_id);
        used.extend(node.nodes.iter().map(|child| child.component_id.as_str()));
        used.extend(node.tool_components());
    }
    report_unreachable(&pointer, nodes, components, resource, findings);
}

/// The dialog whose nodes are being checked.
struct Place<'a> {
    dialog: &'a Dialog,
    resource: Option<&'a ResourceName>,
    index: &'a Index,
    ids: &'a HashSet<&'a str>,
    findings: &'a mut Findings,
}

impl Place<'_> {
    fn add(&mut self, severity: Severity, rule: Rule, pointer: String, message: String) {
        self.findings.add(severity, rule, pointer, self.resource, message);
    }

    fn expect_component(&mut self, pointer: String, id: &str) {
        if !self.index.components.contains_key(id) {
            let message = format!("there is no component {id:?}");
            self.add(Severity::Warning, UNKNOWN_COMPONENT, pointer, message);
        }
    }

    fn check_component_of(&mut self, pointer: &str, node: &Node, components: &HashMap<&str, &Component>) {
        if !NODE_TYPES.contains(&node.kind.as_str()) {
            let message = format!("node {:?} has the unknown type {:?}", node.id, node.kind);
            self.add(Severity::Warning, UNKNOWN_NODE_TYPE, format!("{pointer}/type"), message);
        }
        self.expect_component(format!("{pointer}/componentId"), &node.component_id);
        if !node.flow_task_id.is_empty() && !self.index.dialog_refs.contains(&node.flow_task_id) {
            let message = format!("there is no dialog with the reference id {:?}", node.flow_task_id);
            self.add(Severity::Warning, UNKNOWN_DIALOG, format!("{pointer}/flowTaskId"), message);
        }
        for (member, map) in [("contextMap", &node.context_map), ("postContextMap", &node.post_context_map)] {
            let readable = match map.as_str() {
                Some(text) => text.trim().is_empty() || serde_json::from_str::<serde_json::Value>(text).is_ok(),
                None => map.is_null() || map.is_object(),
            };
            if !readable {
                let message = format!("the {member} of node {:?} is not JSON text", node.id);
                self.add(Severity::Warning, CONTEXT_MAP, format!("{pointer}/{member}"), message);
            }
        }
        let Some(component) = components.get(node.component_id.as_str()) else {
            return;
        };
        if component.kind != node.kind {
            let message = format!(
                "node {:?} has type {:?}, but its component {:?} has type {:?}",
                node.id, node.kind, component.name, component.kind
            );
            self.add(Severity::Warning, COMPONENT_TYPE, format!("{pointer}/type"), message);
        } else if node.id == START && component.dialog_id != self.dialog.id {
            let message =
                format!("intent0 refers to {:?}, which starts the dialog {:?}", component.name, component.dialog_id);
            self.add(Severity::Warning, START_COMPONENT, format!("{pointer}/componentId"), message);
        }
    }

    fn check_transitions(&mut self, pointer: &str, node: &Node) {
        for (at, transition) in node.transitions.iter().enumerate() {
            if let Some(target) = transition.target()
                && !self.ids.contains(target)
            {
                let pointer = format!("{pointer}/transitions/{at}/{}", transition.target_member());
                let message = format!("node {:?} leads to {target:?}, which is no node of the dialog", node.id);
                self.add(Severity::Warning, UNKNOWN_NODE, pointer, message);
            }
            let field = transition.condition.as_ref().and_then(|condition| condition.get("field")?.as_str());
            if let Some(field) = field.filter(|field| !field.is_empty() && !self.ids.contains(field)) {
                let pointer = format!("{pointer}/transitions/{at}/if/field");
                let message =
                    format!("node {:?} tests the value of {field:?}, which is no node of the dialog", node.id);
                self.add(Severity::Warning, UNKNOWN_NODE, pointer, message);
            }
        }
        if let Some(target) = node.retry_target().filter(|target| !is_end(target) && !self.ids.contains(target)) {
            let pointer = format!("{pointer}/nodeOptions/eventOptions/defaultMaxRetry/ref");
            let message =
                format!("after the last retry node {:?} leads to {target:?}, which is no node of the dialog", node.id);
            self.add(Severity::Warning, UNKNOWN_NODE, pointer, message);
        }
        let default = node.transitions.iter().position(|transition| transition.is_default());
        match default {
            // A confirmation may have only its yes and no; then other answers are asked again.
            None if node.kind != "dialogAct" => {
                let message = format!("node {:?} has no default transition", node.id);
                self.add(Severity::Warning, NO_DEFAULT, format!("{pointer}/transitions"), message);
            }
            Some(at) if at + 1 < node.transitions.len() => {
                let message = format!("the transitions of node {:?} behind its default are never taken", node.id);
                self.add(Severity::Warning, DEFAULT_NOT_LAST, format!("{pointer}/transitions/{at}"), message);
            }
            _ => {}
        }
    }
}

fn report_unreachable(
    pointer: &str,
    nodes: &[Node],
    components: &HashMap<&str, &Component>,
    resource: Option<&ResourceName>,
    findings: &mut Findings,
) {
    let by_id: HashMap<&str, &Node> = nodes.iter().map(|node| (node.id.as_str(), node)).collect();
    // Sub-intents are entered by what the user says, from anywhere in the dialog.
    let sub_intents = nodes.iter().filter(|node| node.kind == "intent" && node.flow_task_id.is_empty());
    let mut open: Vec<&str> = sub_intents.map(|node| node.id.as_str()).chain([START]).collect();
    let mut reached = HashSet::new();
    while let Some(id) = open.pop() {
        let Some(node) = by_id.get(id) else { continue };
        if reached.insert(id) {
            open.extend(node.transitions.iter().filter_map(|transition| transition.written()));
            open.extend(node.retry_target());
        }
    }
    for (at, node) in nodes.iter().enumerate() {
        if !reached.contains(node.id.as_str()) {
            let name = components.get(node.component_id.as_str()).map_or(node.id.as_str(), |found| &found.name);
            let message = format!("no transition leads to the {} node {name:?}", node.kind);
            findings.add(Severity::Warning, UNREACHABLE, format!("{pointer}/{at}"), resource, message);
        }
    }
}

fn check_component(at: usize, component: &Component, index: &Index, findings: &mut Findings) {
    let resource = ResourceName { kind: "component", id: component.id.clone(), name: component.name.clone() };
    let resource = Some(&resource);
    let pointer = format!("/dialogComponents/{at}");
    if !component.dialog_id.is_empty() && !index.dialogs.contains_key(&component.dialog_id) {
        let message = format!("the component starts the dialog {:?}, which does not exist", component.dialog_id);
        findings.add(Severity::Warning, UNKNOWN_DIALOG, format!("{pointer}/dialogId"), resource, message);
    }
    if component.kind == "form" && !component.resource_id.is_empty() && !index.forms.contains(&component.resource_id) {
        let message = format!("there is no form with the reference id {:?}", component.resource_id);
        findings.add(Severity::Warning, UNKNOWN_FORM, format!("{pointer}/resourceId"), resource, message);
    }
    let known_type = component.entity_type.is_empty() || ENTITY_TYPES.contains(&component.entity_type.as_str());
    if component.kind == "entity" && !known_type {
        let message = format!("the entity has the unknown type {:?}", component.entity_type);
        findings.add(Severity::Warning, UNKNOWN_ENTITY_TYPE, format!("{pointer}/entityType"), resource, message);
    }
    let ids: HashSet<&str> = component.nodes.iter().map(|node| node.id.as_str()).collect();
    for (at, node) in component.nodes.iter().enumerate() {
        check_action_node(&format!("{pointer}/nodes/{at}"), node, &ids, index, resource, findings);
    }
}

fn check_action_node(
    pointer: &str,
    node: &ActionNode,
    ids: &HashSet<&str>,
    index: &Index,
    resource: Option<&ResourceName>,
    findings: &mut Findings,
) {
    if !index.components.contains_key(&node.component_id) {
        let message = format!("there is no component {:?}", node.component_id);
        findings.add(Severity::Warning, UNKNOWN_COMPONENT, format!("{pointer}/componentId"), resource, message);
    }
    for (at, transition) in node.transitions.iter().enumerate() {
        if let Some(target) = transition.target().filter(|target| !ids.contains(target)) {
            let pointer = format!("{pointer}/transitions/{at}/{}", transition.target_member());
            let message = format!("the action's node {:?} leads to {target:?}, which is none of its nodes", node.id);
            findings.add(Severity::Warning, UNKNOWN_NODE, pointer, resource, message);
        }
    }
}

fn report_unused(components: &[(usize, Component)], used: &HashSet<&str>, findings: &mut Findings) {
    for (at, component) in components {
        // Intents are used by what users say, whether or not a node shows them.
        if component.kind != "intent" && !used.contains(component.id.as_str()) {
            let resource = ResourceName { kind: "component", id: component.id.clone(), name: component.name.clone() };
            let message = format!("no node uses the {} component", component.kind);
            findings.add(Severity::Warning, UNUSED, format!("/dialogComponents/{at}"), Some(&resource), message);
        }
    }
}
