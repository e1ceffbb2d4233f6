//! What a new definition changes in a bot, task by task: for dry runs and change logs.

use std::collections::{HashMap, HashSet, VecDeque};

use serde::Serialize;
use serde_json::Value;

use crate::catalogue::{Catalogue, display_name, list};
use crate::config::Config;
use crate::document::Document;
use crate::error::ShapeError;
use crate::experience_flows::{content, flow_name};
use crate::links::{folded_name, text};
use crate::raw::members;

/// The difference between two states of a bot.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Changes {
    /// What only the later state has.
    pub created: Vec<Change>,
    /// What both have, with another content.
    pub replaced: Vec<Change>,
    /// What both have with the same content. Settings are not listed here.
    pub kept: Vec<Change>,
    /// What only the earlier state has.
    pub removed: Vec<Change>,
    /// Numbers of utterances.
    pub utterances: Counts,
    /// Numbers of pattern rows.
    pub patterns: Counts,
}

/// One thing that is created, replaced, kept or removed, as the later state names it (the earlier one if removed).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Change {
    /// What it is.
    pub kind: Kind,
    /// Its `_id`, else its `refId`, else what distinguishes it from others of its kind.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Kinds of things that change logs name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// A dialog with its components.
    Dialog,
    /// A digital form.
    Form,
    /// A widget.
    Widget,
    /// A panel.
    Panel,
    /// An alert task.
    Alert,
    /// An action task.
    Action,
    /// A bot event.
    Event,
    /// An experience flow.
    Flow,
    /// The knowledge graph of one language.
    KnowledgeGraph,
    /// A small talk group of one language.
    SmallTalk,
    /// A trait group of one language.
    Trait,
    /// A content variable or an environment variable.
    Variable,
    /// Any other top-level member.
    Setting,
}

/// How many rows there were and are.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// In the earlier state.
    pub before: usize,
    /// In the later state.
    pub after: usize,
}

/// A thing with what it is recognised by and what it consists of.
struct Item {
    change: Change,
    /// The `refId`, or another key that is unique within its kind.
    key: String,
    content: String,
}

/// Members that are compared in another way, or say nothing about the bot.
const NOT_SETTINGS: &[&str] = &[
    "_id",
    "dialogs",
    "dialogComponents",
    "forms",
    "widgets",
    "panels",
    "alerts",
    "actions",
    "botEvents",
    "experienceFlows",
    "knowledgeTasks",
    "smallTalk",
    "traits",
    "contentVariables",
    "sentences",
    "patterns",
    "exportOptions",
    "latestEncryptedHash",
    "encryptedHash",
];

/// Compares two states of a bot; without a `current` one everything is created.
///
/// # Errors
/// A list of either document is not a list.
pub fn changes(current: Option<&Document>, after: &Document) -> Result<Changes, ShapeError> {
    let mut changes = match current {
        Some(current) => compare(items(current, dialogs(current)?)?, items(after, dialogs(after)?)?),
        // Nothing is compared, so what dialogs consist of is not looked at.
        None => compare(Vec::new(), items(after, names_of_dialogs(after)?)?),
    };
    let count = |document: Option<&Document>, key: &str| match document {
        Some(document) => document.elements(key).map(Iterator::count),
        None => Ok(0),
    };
    changes.utterances = Counts { before: count(current, "sentences")?, after: count(Some(after), "sentences")? };
    changes.patterns = Counts { before: count(current, "patterns")?, after: count(Some(after), "patterns")? };
    Ok(changes)
}

/// Compares the environment variables of two states of a bot; without a `current` one all are created.
///
/// # Errors
/// `envVariables` of either config is not a list.
pub fn config_changes(current: Option<&Config>, after: &Config) -> Result<Changes, ShapeError> {
    let variables = |config: &Config| -> Result<Vec<Item>, ShapeError> {
        Ok(list(config.document(), "envVariables")?.iter().map(variable).collect())
    };
    Ok(compare(current.map(variables).transpose()?.unwrap_or_default(), variables(after)?))
}

/// Pairs things of one kind by their key, then those left over by their name. Where one key or name occurs twice, the
/// first meets the first and so on.
fn compare(earlier: Vec<Item>, later: Vec<Item>) -> Changes {
    let mut by_key: HashMap<_, VecDeque<usize>> = HashMap::new();
    for (index, item) in earlier.iter().enumerate() {
        by_key.entry((item.change.kind, item.key.clone())).or_default().push_back(index);
    }
    let mut pairs = Vec::new();
    for item in &later {
        let same_key = by_key.get_mut(&(item.change.kind, item.key.clone()));
        pairs.push(same_key.and_then(VecDeque::pop_front));
    }
    let paired = pairs.iter().flatten().copied().collect::<HashSet<_>>();
    let mut by_name: HashMap<_, VecDeque<usize>> = HashMap::new();
    for (index, item) in earlier.iter().enumerate().filter(|(index, _)| !paired.contains(index)) {
        by_name.entry((item.change.kind, folded_name(&item.change.name))).or_default().push_back(index);
    }

    let mut changes = Changes::default();
    for (item, same_key) in later.into_iter().zip(pairs) {
        let pair = same_key.or_else(|| {
            let same_name = by_name.get_mut(&(item.change.kind, folded_name(&item.change.name)));
            same_name.and_then(VecDeque::pop_front)
        });
        match pair {
            None => changes.created.push(item.change),
            Some(index) if earlier[index].content != item.content => changes.replaced.push(item.change),
            Some(_) if item.change.kind == Kind::Setting => {}
            Some(_) => changes.kept.push(item.change),
        }
    }
    let mut removed = by_name.into_values().flatten().collect::<Vec<_>>();
    removed.sort_unstable();
    changes.removed = removed.into_iter().map(|index| earlier[index].change.clone()).collect();
    changes
}

/// The dialogs, each with its components as content.
fn dialogs(document: &Document) -> Result<Vec<Item>, ShapeError> {
    let mut items = Vec::new();
    let catalogue = Catalogue::of(document)?;
    for (index, dialog) in catalogue.dialogs.iter().enumerate() {
        let mut item = task(Kind::Dialog, dialog);
        for component in catalogue.components_of(index) {
            // The intent of a dialog that this one calls belongs to that dialog.
            let component = &catalogue.components[component];
            if catalogue.dialog_of_intent(component).is_none_or(|dialog| dialog == index) {
                item.content.push_str(&component.to_string());
            }
        }
        items.push(item);
    }
    Ok(items)
}

/// The dialogs without their content, decoded one after the other.
fn names_of_dialogs(document: &Document) -> Result<Vec<Item>, ShapeError> {
    let mut items = Vec::new();
    for (index, raw) in document.elements("dialogs")?.enumerate() {
        let mut outline = serde_json::Map::new();
        for (key, value) in members(raw).into_iter().flatten().filter(|(key, _)| key != "nodes") {
            let value = document.decode_part::<Value>(value, &format!("/dialogs/{index}/{key}"))?;
            outline.insert(key.into_owned(), value);
        }
        items.push(task(Kind::Dialog, &Value::Object(outline)));
    }
    Ok(items)
}

/// Everything in a definition that has a name in a change log, the given dialogs first.
fn items(document: &Document, dialogs: Vec<Item>) -> Result<Vec<Item>, ShapeError> {
    let mut items = dialogs;
    let lists = [
        ("forms", Kind::Form),
        ("widgets", Kind::Widget),
        ("panels", Kind::Panel),
        ("alerts", Kind::Alert),
        ("actions", Kind::Action),
    ];
    for (key, kind) in lists {
        items.extend(list(document, key)?.iter().map(|element| task(kind, element)));
    }
    let events = document.decode::<serde_json::Map<String, Value>>("botEvents")?.unwrap_or_default();
    items.extend(events.iter().map(|(name, event)| item(Kind::Event, name, name, event.to_string())));
    for flow in list(document, "experienceFlows")? {
        let mut of_flow = task(Kind::Flow, content(&flow));
        of_flow.change.name = flow_name(&flow).unwrap_or_default().to_string();
        of_flow.content = flow.to_string();
        items.push(of_flow);
    }
    for graph in list(document, "knowledgeTasks")? {
        items.push(in_language(Kind::KnowledgeGraph, text(&graph, "name"), &graph, &graph));
    }
    for talk in list(document, "smallTalk")? {
        for group in talk.get("groups").and_then(Value::as_array).into_iter().flatten() {
            items.push(in_language(Kind::SmallTalk, text(group, "groupName"), &talk, group));
        }
    }
    for group in list(document, "traits")? {
        items.push(in_language(Kind::Trait, text(&group, "groupName"), &group, &group));
    }
    items.extend(list(document, "contentVariables")?.iter().map(variable));
    for (key, raw) in document.members() {
        if !NOT_SETTINGS.contains(&key.as_ref()) {
            let value = document.decode_part::<Value>(raw, &format!("/{key}"))?;
            items.push(item(Kind::Setting, &key, &key, value.to_string()));
        }
    }
    Ok(items)
}

fn task(kind: Kind, task: &Value) -> Item {
    let id = text(task, "_id").or_else(|| text(task, "refId"));
    let mut item = item(kind, id.unwrap_or_default(), display_name(task), task.to_string());
    if let Some(ref_id) = text(task, "refId") {
        item.key = ref_id.to_string();
    }
    item
}

fn variable(variable: &Value) -> Item {
    let key = text(variable, "key").unwrap_or_default();
    item(Kind::Variable, key, key, variable.to_string())
}

/// A thing of which there is one per language: `holder` knows the language.
fn in_language(kind: Kind, name: Option<&str>, holder: &Value, content: &Value) -> Item {
    let name = name.unwrap_or_default();
    let language = text(holder, "language").unwrap_or_default();
    item(kind, &format!("{name} ({language})"), &format!("{name} ({language})"), content.to_string())
}

fn item(kind: Kind, id: &str, name: &str, content: String) -> Item {
    Item { change: Change { kind, id: id.to_string(), name: name.to_string() }, key: id.to_string(), content }
}
