//! Intents: the root intent of each dialog, then the intents inside dialogs.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::Locale;
use super::tolerant::{alternatives, flag, items, list, localised, text, texts};
use crate::document::{Document, string_member};
use crate::error::ShapeError;
use crate::flow::START;
use crate::links::{each_string, folded_name};
use crate::nlp::Intent;
use crate::texts::unescape_html;

/// The intent and entity components of a definition. The others, which hold most of its text, are not decoded.
pub(super) struct Components {
    pub(super) list: Vec<Value>,
    by_id: HashMap<String, usize>,
    by_ref: HashMap<String, usize>,
}

impl Components {
    pub(super) fn of(definition: &Document) -> Result<Components, ShapeError> {
        let mut components = Components { list: Vec::new(), by_id: HashMap::new(), by_ref: HashMap::new() };
        for raw in definition.elements("dialogComponents")? {
            let kind = string_member(raw, "type");
            if !matches!(kind.as_deref(), Some("intent" | "entity")) {
                continue;
            }
            let Ok(component) = definition.decode_part::<Value>(raw, "") else { continue };
            let place = components.list.len();
            components.by_id.entry(text(&component["_id"]).to_owned()).or_insert(place);
            components.by_ref.entry(text(&component["refId"]).to_owned()).or_insert(place);
            components.list.push(component);
        }
        // Elements without an id are reached by their place in the list only.
        components.by_id.remove("");
        components.by_ref.remove("");
        Ok(components)
    }

    /// Place of the component with this `_id` or `refId`.
    pub(super) fn find(&self, id: &str) -> Option<usize> {
        self.by_id.get(id).or_else(|| self.by_ref.get(id)).copied()
    }

    /// Places of the components of a kind, in their order.
    pub(super) fn of_kind<'a>(&'a self, kind: &'a str) -> impl Iterator<Item = (usize, &'a Value)> {
        self.list.iter().enumerate().filter(move |(_, component)| component["type"] == kind)
    }

    /// Place of the intent component with this `_id` or `refId`.
    fn intent(&self, id: &str) -> Option<usize> {
        self.find(id).filter(|place| self.list[*place]["type"] == "intent")
    }
}

/// The dialogs of a definition.
pub(super) fn dialogs(definition: &Document) -> Result<Vec<Value>, ShapeError> {
    let mut dialogs = list(definition, "dialogs")?;
    dialogs.retain(Value::is_object);
    Ok(dialogs)
}

/// Places of the components that the entity nodes of a dialog ask with, in the order of the nodes, each once.
pub(super) fn asked_in(dialog: &Value, components: &Components) -> Vec<usize> {
    let mut seen = HashSet::new();
    let nodes = items(&dialog["nodes"]).iter().filter(|node| node["type"] == "entity");
    let asked = nodes.filter_map(|node| components.find(text(&node["componentId"])));
    asked.filter(|place| components.list[*place]["type"] == "entity" && seen.insert(*place)).collect()
}

/// The intents that were read, and which component means which of them.
pub(super) struct Intents {
    pub(super) list: Vec<Intent>,
    /// Places in `list` by the place of the component.
    by_component: HashMap<usize, usize>,
}

impl Intents {
    /// Place of the intent that the component at this place means.
    pub(super) fn of_component(&self, component: usize) -> Option<usize> {
        self.by_component.get(&component).copied()
    }
}

pub(super) fn read(dialogs: &[Value], components: &Components, locale: &Locale) -> Intents {
    let mut intents = Intents { list: Vec::new(), by_component: HashMap::new() };
    let owners = owners(dialogs, components);
    for (at, dialog) in dialogs.iter().enumerate() {
        let node = items(&dialog["nodes"]).iter().find(|node| node["nodeId"] == START);
        let started = node.and_then(|node| components.intent(text(&node["componentId"])));
        // Several components may name one dialog; what people say to any of them starts it.
        let Some(root) = started.or_else(|| owners[at].first().copied()) else { continue };
        if intents.by_component.contains_key(&root) {
            continue;
        }
        let mut intent = intent(&components.list[root], locale);
        intent.dialog_id = text(&dialog["_id"]).to_owned();
        intent.dialog_ref = text(&dialog["refId"]).to_owned();
        intent.dialog_name = unescape_html(text(localised(&dialog["localeData"], "name", locale))).into_owned();
        if intent.dialog_name.is_empty() {
            intent.dialog_name = text(&dialog["lname"]).to_owned();
        }
        if intent.label.is_empty() {
            intent.label.clone_from(&intent.dialog_name);
        }
        intent.hidden = flag(&dialog["isHidden"]) == Some(true);
        intent.follow_up = flag(&dialog["isFollowUp"]) == Some(true);
        let own_conditions = node.map(|node| texts(&node["preConditions"])).unwrap_or_default();
        add_conditions(&mut intent, own_conditions);
        let asked = asked_in(dialog, components);
        intent.entities = asked.into_iter().map(|place| text(&components.list[place]["_id"]).to_owned()).collect();
        for component in owners[at].iter().copied().chain([root]) {
            intents.by_component.insert(component, intents.list.len());
        }
        intents.list.push(intent);
    }
    for dialog in dialogs {
        read_inner(dialog, components, locale, &mut intents);
    }
    for intent in &mut intents.list {
        if intent.label.is_empty() {
            intent.label.clone_from(&intent.name);
        }
    }
    intents
}

/// The intent components that start each dialog, as places, in the order of the components.
///
/// A full export says so in `dialogId`. In an export without tasks neither the dialogs have nodes nor the components
/// that member; there the two have the same name, up to letter case and underscores.
fn owners(dialogs: &[Value], components: &Components) -> Vec<Vec<usize>> {
    let mut by_id = HashMap::new();
    let mut stubs = HashMap::new();
    for (at, dialog) in dialogs.iter().enumerate() {
        by_id.entry(text(&dialog["_id"])).or_insert(at);
        by_id.entry(text(&dialog["refId"])).or_insert(at);
        if dialog.get("nodes").is_none() {
            stubs.entry(folded_name(text(&dialog["lname"]))).or_insert(at);
        }
    }
    by_id.remove("");
    stubs.remove("");
    let dialog_of = |component: &Value| match text(&component["dialogId"]) {
        "" => stubs.get(&folded_name(text(&component["name"]))).copied(),
        id => by_id.get(id).copied(),
    };
    let mut owners = vec![Vec::new(); dialogs.len()];
    for (place, component) in components.of_kind("intent") {
        if let Some(dialog) = dialog_of(component) {
            owners[dialog].push(place);
        }
    }
    owners
}

/// Intents inside a dialog: intent nodes that start no dialog of their own, and those that its groups and nodes name.
fn read_inner(dialog: &Value, components: &Components, locale: &Locale, intents: &mut Intents) {
    let scope = text(&dialog["_id"]);
    let mut component_of = HashMap::new();
    let mut named = Vec::new();
    for node in items(&dialog["nodes"]) {
        component_of.insert(text(&node["nodeId"]), text(&node["componentId"]));
        if node["type"] == "intent" && node["nodeId"] != START && text(&node["flowTaskId"]).is_empty() {
            named.push((text(&node["componentId"]), texts(&node["preConditions"])));
        }
        each_string(&node["groupNodeIntent"], &mut |id| named.push((id, Vec::new())));
    }
    for group in items(&dialog["groups"]) {
        each_string(&group["subIntents"], &mut |id| named.push((id, Vec::new())));
    }
    for (id, conditions) in named {
        // Groups may name the node instead of its component.
        let component = components.intent(id).or_else(|| components.intent(component_of.get(id)?));
        let Some(component) = component else { continue };
        let place = *intents.by_component.entry(component).or_insert(intents.list.len());
        if place == intents.list.len() {
            intents.list.push(intent(&components.list[component], locale));
        }
        let intent = &mut intents.list[place];
        // A link to another dialog: its root intent is in scope everywhere.
        if !intent.dialog_id.is_empty() {
            continue;
        }
        add_conditions(intent, conditions);
        if intent.scopes.last().is_none_or(|known| known != scope) {
            intent.scopes.push(scope.to_owned());
        }
    }
}

/// What the component itself says of an intent.
fn intent(component: &Value, locale: &Locale) -> Intent {
    let mut intent = Intent {
        component_id: text(&component["_id"]).to_owned(),
        component_ref: text(&component["refId"]).to_owned(),
        name: text(&component["name"]).to_owned(),
        label: unescape_html(text(localised(&component["localeData"], "intent", locale))).into_owned(),
        trait_rules: alternatives(&component["localeData"][&locale.language]["traitRules"]),
        ..Intent::default()
    };
    add_conditions(&mut intent, texts(&component["preConditions"]));
    intent
}

fn add_conditions(intent: &mut Intent, conditions: Vec<String>) {
    for condition in conditions {
        if !intent.preconditions.contains(&condition) {
            intent.preconditions.push(condition);
        }
    }
}
