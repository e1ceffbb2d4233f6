//! What a publish has to look at: for every part of the bot, its scripts and what is wrong with it.
//!
//! This crate runs no JavaScript. It lists the texts that have to be readable as JavaScript, each with the place an
//! author would look for it, and whoever publishes has them checked. A syntax error in a script is a warning: the bot
//! works but for that script. A broken structure is an error.

mod scripts;

use std::collections::HashMap;

use serde_json::Value;

use crate::check::{Finding, ResourceName, check, elements};
use crate::config::Config;
use crate::document::{self, Document, string_member};
use crate::places;
use crate::tasks::{Kind, Resource, placed_resources};
use scripts::add_scripts;
pub use scripts::{Script, ScriptKind};

/// The parts of a bot as a publish reports on them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Compiled {
    /// Settings, languages, extensions and natural language, then every task in the order of
    /// [`resources`](crate::tasks::resources).
    pub parts: Vec<Part>,
}

/// One part of a bot.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Part {
    /// Which part it is.
    pub subject: Subject,
    /// Texts that must be readable as JavaScript.
    pub scripts: Vec<Script>,
    /// Broken structure: the part cannot be published.
    pub errors: Vec<Finding>,
    /// What its author should look at.
    pub warnings: Vec<Finding>,
}

/// What a part is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Subject {
    /// General settings, variables, the custom script and the file of bot functions.
    Settings,
    /// Languages the bot speaks.
    Languages,
    /// Events.
    Extensions,
    /// Training data, questions, small talk, standard responses.
    NaturalLanguage,
    /// A dialog, a form and so on.
    Task(Resource),
}

/// Positions of the parts that every bot has.
const SETTINGS: usize = 0;
const LANGUAGES: usize = 1;
const EXTENSIONS: usize = 2;
const NATURAL_LANGUAGE: usize = 3;

/// Lists the parts of a bot with their scripts and what [`check`] finds in them.
///
/// `functions` are the uploaded files of bot functions: name and source. Components that no dialog uses never run, so
/// their scripts are left out.
pub fn compile(definition: &Document, config: &Config, functions: &[(String, String)]) -> Compiled {
    let mut layout = Layout::of(definition);
    add_settings_scripts(definition, functions, &mut layout);
    add_dialog_scripts(definition, &mut layout);
    add_component_scripts(definition, &mut layout);
    add_event_scripts(definition, &mut layout);
    add_language_scripts(definition, &mut layout);
    let report = check(definition, config);
    for error in report.errors {
        let part = layout.part_of(&error);
        layout.parts[part].errors.push(error);
    }
    for warning in report.warnings {
        let part = layout.part_of(&warning);
        layout.parts[part].warnings.push(warning);
    }
    Compiled { parts: layout.parts }
}

/// Which part of a bot a place belongs to.
struct Layout {
    parts: Vec<Part>,
    /// Positions of tasks by the pointer of their element, such as `/dialogs/3`.
    by_pointer: HashMap<String, usize>,
    /// Part of the first dialog that uses a component, by the component's `_id`.
    by_component: HashMap<String, usize>,
}

impl Layout {
    fn of(definition: &Document) -> Self {
        let part = |subject| Part { subject, scripts: Vec::new(), errors: Vec::new(), warnings: Vec::new() };
        // In the order of the constants above.
        let fixed = [Subject::Settings, Subject::Languages, Subject::Extensions, Subject::NaturalLanguage];
        let mut parts: Vec<Part> = fixed.into_iter().map(part).collect();
        let mut by_pointer = HashMap::new();
        for (pointer, resource) in placed_resources(definition) {
            by_pointer.insert(pointer, parts.len());
            parts.push(part(Subject::Task(resource)));
        }
        let mut layout = Self { parts, by_pointer, by_component: HashMap::new() };
        layout.find_owners(definition);
        layout
    }

    fn find_owners(&mut self, definition: &Document) {
        for (at, raw) in elements(definition, "dialogs").enumerate() {
            let pointer = format!("/dialogs/{at}");
            let Some(part) = self.by_pointer.get(&pointer).copied() else { continue };
            if document::member(raw, "nodes").is_none_or(|nodes| nodes == "null") {
                self.warn_of_stub(part, definition.file(), pointer);
                continue;
            }
            for node in nodes_of(raw) {
                self.claim(node, part);
                nodes_of(node).for_each(|child| self.claim(child, part));
            }
        }
        for action in elements(definition, "dialogComponents") {
            let id = string_member(action, "_id").unwrap_or_default();
            if let Some(part) = self.by_component.get(&id).copied() {
                nodes_of(action).for_each(|child| self.claim(child, part));
            }
        }
    }

    /// Gives the component of a node to a part, unless another part has it.
    fn claim(&mut self, node: &str, part: usize) {
        if let Some(component) = string_member(node, "componentId") {
            self.by_component.entry(component).or_insert(part);
        }
    }

    fn warn_of_stub(&mut self, part: usize, file: &str, pointer: String) {
        let Part { subject: Subject::Task(resource), warnings, .. } = &mut self.parts[part] else {
            return;
        };
        warnings.push(Finding {
            rule: "stub-dialog",
            file: file.to_owned(),
            pointer,
            resource: Some(ResourceName { kind: "dialog", id: resource.id.clone(), name: resource.name.clone() }),
            message: String::from("the dialog came from an export without tasks and has no content"),
            advice: "import an export that contains the tasks, otherwise the dialog ends as it starts",
        });
    }

    /// Position of the part a finding belongs to, by its pointer and the component it names.
    fn part_of(&self, finding: &Finding) -> usize {
        if let Some(ResourceName { kind: "component", id, .. }) = &finding.resource {
            return self.by_component.get(id).copied().unwrap_or(SETTINGS);
        }
        let mut segments = finding.pointer.splitn(4, '/').skip(1);
        let list = segments.next().unwrap_or_default();
        let element = format!("/{list}/{}", segments.next().unwrap_or_default());
        if let Some(part) = self.by_pointer.get(&element) {
            return *part;
        }
        match list {
            "botEvents" | "botSentimentEvents" => EXTENSIONS,
            "localeData" | "supportedLanguages" | "defaultLanguage" | "languageConfigurations" => LANGUAGES,
            "sentences" | "patterns" | "knowledgeTasks" | "smallTalk" | "traits" | "koraResponses" | "mlParams"
            | "defaultDialogId" | "advancedNLSettings" => NATURAL_LANGUAGE,
            _ => SETTINGS,
        }
    }

    fn scripts_of(&mut self, part: usize) -> &mut Vec<Script> {
        &mut self.parts[part].scripts
    }
}

/// The `nodes` of a dialog, a node or a bot action.
fn nodes_of(raw: &str) -> impl Iterator<Item = &str> {
    document::member(raw, "nodes").and_then(document::elements).into_iter().flatten()
}

fn add_settings_scripts(definition: &Document, functions: &[(String, String)], layout: &mut Layout) {
    let scripts = layout.scripts_of(SETTINGS);
    for (name, source) in functions {
        let place = format!("bot functions file '{name}'");
        let source = source.clone();
        scripts.push(Script { pointer: String::new(), place, kind: ScriptKind::File, source });
    }
    places::in_settings(definition, &mut |written| add_scripts(scripts, "settings", written));
}

/// Messages that a node says in place of its component's.
fn add_dialog_scripts(definition: &Document, layout: &mut Layout) {
    for (at, raw) in elements(definition, "dialogs").enumerate() {
        let pointer = format!("/dialogs/{at}");
        let Some(part) = layout.by_pointer.get(&pointer).copied() else { continue };
        let owner = layout.owner(part);
        for (node_at, node) in nodes_of(raw).enumerate() {
            let Some(options) = document::member(node, "nodeOptions") else { continue };
            let owner = format!("{owner} node '{}'", string_member(node, "nodeId").unwrap_or_default());
            for member in ["message", "errorMessage"] {
                let pointer = format!("{pointer}/nodes/{node_at}/nodeOptions/{member}");
                let messages = document::member(options, member).filter(|raw| *raw != "[]");
                let Some(Ok(messages)) = messages.map(|raw| definition.decode_part::<Value>(raw, &pointer)) else {
                    continue;
                };
                let scripts = layout.scripts_of(part);
                places::in_messages(&messages, &pointer, member, &mut |written| add_scripts(scripts, &owner, written));
            }
        }
    }
}

fn add_component_scripts(definition: &Document, layout: &mut Layout) {
    for (at, raw) in elements(definition, "dialogComponents").enumerate() {
        let id = string_member(raw, "_id").unwrap_or_default();
        let Some(part) = layout.by_component.get(&id).copied() else { continue };
        let pointer = format!("/dialogComponents/{at}");
        let Ok(component) = definition.decode_part::<Value>(raw, &pointer) else { continue };
        let owner = format!("{} node '{}'", layout.owner(part), component["name"].as_str().unwrap_or_default());
        let scripts = layout.scripts_of(part);
        places::in_component(&component, &pointer, &mut |written| add_scripts(scripts, &owner, written));
    }
}

impl Layout {
    /// How people would name the part.
    fn owner(&self, part: usize) -> String {
        match &self.parts[part].subject {
            Subject::Task(resource) => {
                let kind = if resource.kind == Kind::Dialog { "dialog" } else { resource.kind.resource_type() };
                format!("{kind} '{}'", resource.name)
            }
            Subject::Settings => String::from("settings"),
            Subject::Languages => String::from("languages"),
            Subject::Extensions => String::from("events"),
            Subject::NaturalLanguage => String::from("natural language"),
        }
    }
}

fn add_event_scripts(definition: &Document, layout: &mut Layout) {
    let scripts = layout.scripts_of(EXTENSIONS);
    let events = definition.raw("botEvents").and_then(document::members);
    for (name, raw) in events.into_iter().flatten() {
        let pointer = format!("/botEvents/{name}");
        if let Ok(event) = definition.decode_part::<Value>(raw, &pointer) {
            let owner = format!("event '{name}'");
            places::in_event(&event, &pointer, &mut |written| add_scripts(scripts, &owner, written));
        }
    }
}

/// Answers to questions and standard responses.
fn add_language_scripts(definition: &Document, layout: &mut Layout) {
    let scripts = layout.scripts_of(NATURAL_LANGUAGE);
    for (at, task) in elements(definition, "knowledgeTasks").enumerate() {
        let questions = document::member(task, "faqs").and_then(|faqs| document::member(faqs, "faqs"));
        for (question_at, raw) in questions.and_then(document::elements).into_iter().flatten().enumerate() {
            let pointer = format!("/knowledgeTasks/{at}/faqs/faqs/{question_at}");
            if let Ok(question) = definition.decode_part::<Value>(raw, &pointer) {
                let owner = format!("question '{}'", question["question"].as_str().unwrap_or_default());
                places::in_question(&question, &pointer, &mut |written| add_scripts(scripts, &owner, written));
            }
        }
    }
    for (at, raw) in elements(definition, "koraResponses").enumerate() {
        let pointer = format!("/koraResponses/{at}");
        if let Ok(response) = definition.decode_part::<Value>(raw, &pointer) {
            let owner = format!("standard response '{}'", response["Key"].as_str().unwrap_or_default());
            places::in_standard_response(&response, &pointer, &mut |written| add_scripts(scripts, &owner, written));
        }
    }
}
