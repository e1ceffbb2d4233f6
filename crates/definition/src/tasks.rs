//! The tasks of a bot by name: what an import logs one by one, and what a publish reports on.

use serde_json::Value;

use crate::catalogue::{is_named, is_unnamed_form_list};
use crate::document::{self, Document, string_member};
use crate::experience_flows::is_flow_named;
use crate::select::SubTasks;
use crate::summary::default_language;

/// What a task is. The wire name is the `taskType` of an import's status log.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Kind {
    /// An element of `dialogs`.
    Dialog,
    /// An element of `forms`.
    Form,
    /// An element of `widgets`.
    Widget,
    /// An element of `panels`.
    Panel,
    /// An element of `alerts`.
    Alert,
    /// An element of `actions`.
    Action,
    /// A member of `botEvents`.
    Event,
    /// An element of `experienceFlows`.
    Flow,
}

impl Kind {
    /// `Dialog`, `Form`, … as the status log spells it.
    pub fn wire_name(self) -> &'static str {
        match self {
            Kind::Dialog => "Dialog",
            Kind::Form => "Form",
            Kind::Widget => "Widget",
            Kind::Panel => "Panel",
            Kind::Alert => "Alert",
            Kind::Action => "Action",
            Kind::Event => "Event",
            Kind::Flow => "ExperienceFlow",
        }
    }

    /// `dialog`, `form`, … as the `resourceType` of a publish status spells it.
    pub fn resource_type(self) -> &'static str {
        match self {
            Kind::Dialog => "dialog",
            Kind::Form => "form",
            Kind::Widget => "widget",
            Kind::Panel => "panel",
            Kind::Alert => "alert",
            Kind::Action => "action",
            Kind::Event => "event",
            Kind::Flow => "experienceFlow",
        }
    }
}

/// Top-level lists that hold tasks, in the order in which [`tasks`] goes through them.
const LISTS: [(Kind, &str); 6] = [
    (Kind::Dialog, "dialogs"),
    (Kind::Form, "forms"),
    (Kind::Widget, "widgets"),
    (Kind::Panel, "panels"),
    (Kind::Alert, "alerts"),
    (Kind::Action, "actions"),
];

/// One line of an import's status log.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What it is.
    pub kind: Kind,
    /// Its name in the default language; for events the name of the event.
    pub name: String,
}

/// The tasks an import goes through, in the order it logs them.
///
/// The vendor logs tasks as their concurrent imports end: its sample mixes widgets, dialogs and forms, with all events
/// after them. Here the order is fixed: dialogs, forms, widgets, panels, alerts, actions, then events and the
/// flows of apps, each in the order of the document.
pub fn tasks(definition: &Document) -> Vec<Task> {
    named_tasks(definition, &SubTasks::default())
}

/// The same, but of a kind of which `named` names some only these.
pub fn named_tasks(definition: &Document, named: &SubTasks) -> Vec<Task> {
    let language = default_language(definition);
    let mut tasks = Vec::new();
    for (kind, key) in LISTS {
        let words: &[String] = match kind {
            Kind::Dialog => &named.dialogs,
            Kind::Form if !is_unnamed_form_list(&named.forms) => &named.forms,
            Kind::Alert => &named.alerts,
            Kind::Action => &named.actions,
            _ => &[],
        };
        let elements = definition.elements(key).into_iter().flatten().filter(|raw| raw.starts_with('{'));
        for raw in elements.filter(|raw| is_meant(raw, words, is_named)) {
            tasks.push(Task { kind, name: display_name(raw, &language) });
        }
    }
    let events = definition.raw("botEvents").and_then(document::members);
    for (name, _) in events.into_iter().flatten() {
        tasks.push(Task { kind: Kind::Event, name: name.into_owned() });
    }
    let flows = definition.elements("experienceFlows").into_iter().flatten();
    for flow in flows.filter(|raw| is_meant(raw, &named.experience_flows, is_flow_named)) {
        let holders = ["callflowDefinition", "config"].map(|key| document::member(flow, key));
        let name = holders.into_iter().flatten().find_map(|holder| string_member(holder, "name"));
        tasks.push(Task { kind: Kind::Flow, name: name.unwrap_or_default() });
    }
    tasks
}

/// Whether one of the words means the task; without any all are meant.
fn is_meant(raw: &str, words: &[String], is_named: fn(&Value, &str) -> bool) -> bool {
    let named = |task: Value| words.iter().any(|word| is_named(&task, word));
    words.is_empty() || serde_json::from_str(raw).is_ok_and(named)
}

/// Something that is published on its own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Resource {
    /// What it is; never an event or a flow, which are published with the bot.
    pub kind: Kind,
    /// Store id, `dg-…` for a dialog; empty where the export has none, as for forms and widgets.
    pub id: String,
    /// Id that survives export and import.
    pub ref_id: String,
    /// Name in the default language, else any name it has.
    pub name: String,
    /// Languages it has content for, in the order of the document.
    pub languages: Vec<String>,
    /// Version as shown in a publish status; exports rarely carry one, the vendor then shows `1.0`.
    pub version: String,
}

/// All tasks that are published on their own, in the order of [`tasks`]. Elements that are not objects are left out;
/// [`check`](crate::check::check) reports them.
pub fn resources(definition: &Document) -> Vec<Resource> {
    placed_resources(definition).into_iter().map(|(_, resource)| resource).collect()
}

/// The same with the JSON pointer of each, such as `/dialogs/3`.
pub(crate) fn placed_resources(definition: &Document) -> Vec<(String, Resource)> {
    let language = default_language(definition);
    let mut resources = Vec::new();
    for (kind, key) in LISTS {
        let Ok(elements) = definition.elements(key) else {
            continue;
        };
        for (index, raw) in elements.enumerate().filter(|(_, raw)| raw.starts_with('{')) {
            resources.push((format!("/{key}/{index}"), resource(kind, raw, &language)));
        }
    }
    resources
}

fn resource(kind: Kind, raw: &str, default_language: &str) -> Resource {
    let locales = document::member(raw, "localeData").and_then(document::members);
    let languages: Vec<String> = locales.into_iter().flatten().map(|(language, _)| language.into_owned()).collect();
    let text = |key: &str| string_member(raw, key);
    Resource {
        kind,
        id: text("_id").unwrap_or_default(),
        ref_id: text("refId").unwrap_or_default(),
        name: display_name(raw, default_language),
        languages: if languages.is_empty() { vec![default_language.to_owned()] } else { languages },
        version: text("version").unwrap_or_else(|| String::from("1.0")),
    }
}

/// The name a person would know the task by: localised name, plain name, localised title, then any id.
pub(crate) fn display_name(raw: &str, default_language: &str) -> String {
    let locales = document::member(raw, "localeData");
    let locale = locales.and_then(|locales| document::member(locales, default_language));
    let any_locale = locales.and_then(document::members).and_then(|mut members| members.next());
    let candidates = [
        locale.and_then(|locale| string_member(locale, "name")),
        any_locale.and_then(|(_, locale)| string_member(locale, "name")),
        string_member(raw, "name"),
        locale.and_then(|locale| string_member(locale, "title")),
        string_member(raw, "lname"),
        string_member(raw, "refId"),
        string_member(raw, "_id"),
    ];
    candidates.into_iter().flatten().find(|name| !name.is_empty()).unwrap_or_default()
}
