//! Partial export: the projection of a definition to the parts a request selects.
//!
//! The rules were read from one bot that its owner exported four ways, and hold on every other export seen:
//!
//! | members | exported when |
//! |---|---|
//! | identity, languages, most of language understanding, task lists | always (a list may be empty) |
//! | settings (see `parts::is_settings_member`); elements of `namespaces` | any setting is selected |
//! | `envVariables` of `config.json` | `botVariables` |
//! | elements of `sentences`; of `patterns`; of `koraResponses` | `utterances`; `patterns`; `standardResponses` |
//! | content of `botEvents`; `botSentimentEvents` and `enableNegativePatterns` themselves | `nlpSettings` |
//! | elements of `smallTalk`; of `knowledgeTasks`; `forms` itself | `smallTalk`; `knowledgeGraph`; `forms` |
//! | `widgets`, `panels` themselves | any task is selected |
//! | elements of `customDashboards` | unless the request says `customDashboards: false` |
//! | whole dialogs and components | `botTask`; else stubs, so that training data keeps its anchors |
//! | elements of `experienceFlows` | `flows`; of those the ones `subTasks` names |
//! | `agentAssistExport` itself | `AgentAssist` with `rules` or `playbooks`: one text holds both |
//! | content of `contentVariables`, `envVariables` | unless `options.botVariables` ignores it |
//!
//! Of apps, and of apps only, the lists of language models (`llmConfiguration`, `promptLibraries`, `dialogGPTSettings`,
//! `tools`) are empty and `answers` is absent unless `genAIandLLMSettings` is selected, and an event whose dialog is not
//! exported whole is exported disabled. No partial export of an app is known; these rows are read from documentation.
//!
//! What a request names and no row holds, or this bot has not, is told ([`Selected::findings`]). A request whose names
//! are all unknown is refused: it would export an empty bot as a success.
//!
//! The rows of `koraResponses`, `knowledgeTasks` and `customDashboards` are ours: no export shows them either way.
//!
//! Without settings the vendor writes `localeData`, `isNLEnabled` and `multiLingualConfigurations` in this order, which
//! is not that of a full export.
//!
//! The hashes of a file (`encryptedHash`, `latestEncryptedHash`) are kept only where the text is. A changed file has none: nobody
//! can compute them, and eight real exports have none either.

pub mod options;
mod tasks;
mod unmet;

use serde::Serialize;
use serde_json::{Value, json};
use thiserror::Error;

pub use self::options::{ExportOptions, ExportOptionsError, SubTasks};
use self::tasks::{Choice, choose};
use self::unmet::unmet;
use crate::catalogue::{Catalogue, display_name, is_named, list, named};
use crate::config::Config;
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::experience_flows::{flow_id, is_flow_named};
use crate::finding::{Code, Finding, below};
use crate::links::{text, written_alike};
use crate::parts::{AGENT_ASSIST, Family, GEN_AI_OF_APPS, GEN_AI_SETTINGS, Part, PartList, is_settings_member};
use crate::summary::is_app;

/// An export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Selected {
    /// Text of `botDefinition.json`.
    pub definition: String,
    /// Text of `config.json`.
    pub config: String,
    /// Dialogs that were not selected, but are mentioned by what was. They are exported as stubs without nodes, which
    /// keep references valid and which an import never writes over a dialog.
    pub anchors: Vec<Anchor>,
    /// What the request names and this bot has not, or no export holds. Pointers are into the body of the request, in the
    /// usual spelling, but for those of events, which are into the definition.
    pub findings: Vec<Finding>,
}

/// Why a selection cannot be exported.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum SelectError {
    /// A member that has to be looked into is not of the expected shape.
    #[error(transparent)]
    Shape(#[from] ShapeError),
    /// Nothing that the request names is there.
    #[error("nothing would be exported: {text}")]
    NothingLeft {
        /// The JSON pointer into the request.
        pointer: String,
        /// What is not there, and what to do.
        text: String,
    },
}

/// The hashes of a definition's content, which a changed one has not.
pub(crate) const HASHES: [&str; 2] = ["latestEncryptedHash", "encryptedHash"];

/// A dialog that is exported as a stub.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Anchor {
    /// Its `_id`.
    pub id: String,
    /// Its name.
    pub name: String,
}

/// Members that are tasks, belong to tasks one by one, or repeat their ids without needing them.
const NOT_REFERRING: &[&str] = &[
    "dialogs",
    "dialogComponents",
    "forms",
    "sentences",
    "patterns",
    "mlParams",
    "scenes",
    "sceneComponents",
    "exportOptions",
    "unexportedTasks",
];

/// Exports `definition` and `config` as `options` ask. A request for everything returns both texts as they are; so does
/// one whose selection changes nothing.
///
/// # Errors
/// [`SelectError`].
pub fn select(definition: &Document, config: &Config, options: &ExportOptions) -> Result<Selected, SelectError> {
    if options.is_full() {
        return Ok(Selected {
            definition: definition.text().to_string(),
            config: config.text().to_string(),
            anchors: Vec::new(),
            findings: Vec::new(),
        });
    }
    let is_app = is_app(definition);
    let full = if is_app { PartList::full_of_app } else { PartList::full };
    let parts = options.parts.clone().unwrap_or_else(full);
    let catalogue = Catalogue::of(definition)?;
    let flows = list(definition, "experienceFlows")?;
    let mut findings = unmet(definition, config, &catalogue, &flows, &parts, options)?;
    let mut members = Vec::new();
    for (key, raw) in definition.members() {
        if HASHES.contains(&key.as_ref()) || !is_member_exported(&key, &parts, is_app) {
            continue;
        }
        let text = match emptied_member(&key, &parts, options, is_app) {
            Some(emptied) => emptied.to_string(),
            None if key == "experienceFlows" => named_flows(definition, &flows, &options.sub_tasks.experience_flows)?,
            None => raw.to_string(),
        };
        members.push((key.into_owned(), text));
    }
    if !parts.has_any(Family::Settings) {
        reorder_without_settings(&mut members);
    }

    let mut others = Vec::new();
    for (key, raw) in &members {
        if !NOT_REFERRING.contains(&key.as_str()) {
            others.push(definition.decode_part(raw, &format!("/{key}"))?);
        }
    }
    let with_dialogs = parts.has(Part::BotTask);
    let choice = choose(&catalogue, options, with_dialogs, parts.has(Part::Forms), &others);

    let mut edit = Edit::empty();
    for (key, raw) in members {
        edit.set_text(&key, raw);
    }
    project_tasks(&mut edit, definition, &catalogue, &choice, &parts, options)?;
    if is_app {
        disable_events(
            &mut edit,
            definition,
            &catalogue,
            |dialog| choice.is_whole(dialog, with_dialogs),
            &mut findings,
        )?;
    }
    let ignored = &options.ignored_variables;
    if !ignored.is_none() {
        let mut variables = list(definition, "contentVariables")?;
        variables.retain(|variable| !ignored.holds_content(variable));
        set_if_there(&mut edit, "contentVariables", &Value::Array(variables));
    }
    let echo = options.echo(&parts, &resolved_sub_tasks(definition, &catalogue, &flows, &parts, options)?, is_app);
    set_if_changed(&mut edit, "exportOptions", &echo);

    let definition_text = if holds_the_same(&edit, definition) { definition.text().to_string() } else { edit.write() };
    Ok(Selected {
        definition: definition_text,
        config: select_config(config, &parts, options)?,
        anchors: choice.anchors.iter().map(|index| anchor(&catalogue.dialogs[*index])).collect(),
        findings,
    })
}

/// Whether the member itself is in the file.
fn is_member_exported(key: &str, parts: &PartList, is_app: bool) -> bool {
    match key {
        "botSentimentEvents" | "enableNegativePatterns" => parts.has(Part::NlpSettings),
        "forms" => parts.has(Part::Forms),
        "widgets" | "panels" => parts.has_any(Family::Tasks),
        "answers" if is_app => parts.has(Part::GenAiAndLlmSettings),
        AGENT_ASSIST => parts.has(Part::AgentRules) || parts.has(Part::Playbooks),
        _ => parts.has_any(Family::Settings) || !is_settings_member(key),
    }
}

/// The text in place of a member that is in the file without its content; `None` if the content is exported.
fn emptied_member(key: &str, parts: &PartList, options: &ExportOptions, is_app: bool) -> Option<&'static str> {
    let has_content = match key {
        "namespaces" => parts.has_any(Family::Settings),
        "botEvents" => parts.has(Part::NlpSettings),
        "sentences" => parts.has(Part::Utterances) || parts.has(Part::TrainingData),
        "patterns" => parts.has(Part::Patterns) || parts.has(Part::TrainingData),
        "koraResponses" => parts.has(Part::StandardResponses),
        "smallTalk" => parts.has(Part::SmallTalk),
        "knowledgeTasks" => parts.has(Part::KnowledgeGraph),
        "customDashboards" => options.custom_dashboards != Some(false),
        "experienceFlows" => parts.has(Part::Flows),
        _ if is_app && (GEN_AI_SETTINGS.contains(&key) || GEN_AI_OF_APPS.contains(&key)) => {
            parts.has(Part::GenAiAndLlmSettings)
        }
        _ => true,
    };
    match (has_content, key) {
        (true, _) => None,
        (false, "botEvents") => Some("{}"),
        (false, _) => Some("[]"),
    }
}

/// The text of the flows that `words` name; all of them if there are no words.
fn named_flows(definition: &Document, flows: &[Value], words: &[String]) -> Result<String, ShapeError> {
    let is_wanted = |flow: &Value| words.is_empty() || words.iter().any(|word| is_flow_named(flow, word));
    if flows.iter().all(is_wanted) {
        return Ok(definition.raw("experienceFlows").unwrap_or("[]").to_string());
    }
    let wanted = definition.elements("experienceFlows")?.zip(flows).filter(|(_, flow)| is_wanted(flow));
    Ok(format!("[{}]", wanted.map(|(raw, _)| raw).collect::<Vec<_>>().join(",")))
}

/// Disables the events whose dialog is not exported whole.
fn disable_events(
    edit: &mut Edit<'_>,
    definition: &Document,
    catalogue: &Catalogue,
    is_whole: impl Fn(usize) -> bool,
    findings: &mut Vec<Finding>,
) -> Result<(), ShapeError> {
    let Some(raw) = edit.raw("botEvents") else { return Ok(()) };
    let mut events = definition.decode_part::<Value>(raw, "/botEvents")?;
    for (name, event) in events.as_object_mut().into_iter().flatten() {
        let Some(dialog) = text(event, "task").and_then(|task| catalogue.dialog(task)) else { continue };
        if event.get("enabled") == Some(&Value::Bool(true)) && !is_whole(dialog) {
            event["enabled"] = json!(false);
            let text = format!(
                "In the definition the event {name} is exported disabled, because its dialog {} is not exported; select \
                 the dialog too, or enable the event after the import.",
                display_name(&catalogue.dialogs[dialog])
            );
            findings.push(Finding::new(below("/botEvents", name), Code::EventDisabled, text));
        }
    }
    set_if_changed(edit, "botEvents", &events);
    Ok(())
}

/// Gives three members the order they have in files without settings.
fn reorder_without_settings(members: &mut [(String, String)]) {
    let mut places = Vec::new();
    let mut moved = Vec::new();
    for key in ["localeData", "isNLEnabled", "multiLingualConfigurations"] {
        if let Some(place) = members.iter().position(|(name, _)| name == key) {
            places.push(place);
            moved.push(std::mem::take(&mut members[place]));
        }
    }
    places.sort_unstable();
    for (place, member) in places.into_iter().zip(moved) {
        members[place] = member;
    }
}

/// Writes the chosen tasks, and what belongs to them, over the complete lists.
fn project_tasks(
    edit: &mut Edit<'_>,
    definition: &Document,
    catalogue: &Catalogue,
    choice: &Choice,
    parts: &PartList,
    options: &ExportOptions,
) -> Result<(), ShapeError> {
    let with_dialogs = parts.has(Part::BotTask);
    let all_dialogs = choice.whole.dialogs.len() == catalogue.dialogs.len();
    if !with_dialogs || !all_dialogs {
        set_if_there(edit, "dialogs", &choice.dialogs(catalogue, with_dialogs));
        set_if_there(edit, "dialogComponents", &choice.components(catalogue, with_dialogs));
    }
    if choice.whole.forms.len() < catalogue.forms.len() {
        set_if_there(edit, "forms", &choice.forms(catalogue));
    }
    if !with_dialogs {
        let mut ml_params = list(definition, "mlParams")?;
        for row in ml_params.iter_mut().filter_map(Value::as_object_mut) {
            row.shift_remove("dialogIntents");
        }
        set_if_there(edit, "mlParams", &Value::Array(ml_params));
    }
    for (key, words) in [("actions", &options.sub_tasks.actions), ("alerts", &options.sub_tasks.alerts)] {
        if !words.is_empty() {
            let tasks = list(definition, key)?;
            let chosen = named(&tasks, words).into_iter().map(|index| tasks[index].clone()).collect();
            set_if_there(edit, key, &chosen);
        }
    }
    if all_dialogs {
        return Ok(());
    }

    if edit.raw("sentences").is_some_and(|raw| raw != "[]") {
        let mut sentences = list(definition, "sentences")?;
        choice.keep_sentences(catalogue, &mut sentences);
        set_if_there(edit, "sentences", &Value::Array(sentences));
    }
    if edit.raw("patterns").is_some_and(|raw| raw != "[]") {
        let mut patterns = list(definition, "patterns")?;
        choice.keep_patterns(catalogue, &mut patterns);
        set_if_there(edit, "patterns", &Value::Array(patterns));
    }
    if with_dialogs {
        let mut ml_params = list(definition, "mlParams")?;
        choice.keep_dialog_intents(catalogue, &mut ml_params);
        set_if_there(edit, "mlParams", &Value::Array(ml_params));
    }
    let mut scenes = list(definition, "scenes")?;
    let dropped = choice.drop_scenes(catalogue, &mut scenes);
    if !dropped.is_empty() {
        set_if_there(edit, "scenes", &Value::Array(scenes));
        let mut scene_components = list(definition, "sceneComponents")?;
        scene_components.retain(|component| text(component, "sceneId").is_none_or(|id| !dropped.contains(id)));
        set_if_there(edit, "sceneComponents", &Value::Array(scene_components));
    }
    Ok(())
}

/// Replaces a member that the file has.
fn set_if_there(edit: &mut Edit<'_>, key: &str, value: &Value) {
    if edit.raw(key).is_some() {
        set_if_changed(edit, key, value);
    }
}

/// Writes a member unless it already has this content, to keep the text of what does not change.
fn set_if_changed(edit: &mut Edit<'_>, key: &str, value: &Value) {
    let current = edit.raw(key).and_then(|raw| serde_json::from_str::<Value>(raw).ok());
    if current.is_none_or(|current| !written_alike(&current, value)) {
        edit.set(key, value);
    }
}

/// Whether the edit holds the members of the document, all of them in its order and letter by letter.
fn holds_the_same(edit: &Edit<'_>, definition: &Document) -> bool {
    let original = definition.members().filter(|(key, _)| !HASHES.contains(&key.as_ref()));
    let mut keys = edit.keys();
    for (key, raw) in original {
        if keys.next() != Some(key.as_ref()) || edit.raw(&key) != Some(raw) {
            return false;
        }
    }
    keys.next().is_none()
}

/// The config with its environment variables, or without any, or without some.
fn select_config(config: &Config, parts: &PartList, options: &ExportOptions) -> Result<String, ShapeError> {
    let ignored = &options.ignored_variables;
    let has_none = config.document().raw("envVariables").is_none_or(|raw| raw == "[]");
    if has_none || (parts.has(Part::BotVariables) && ignored.is_none()) {
        return Ok(config.text().to_string());
    }
    let mut variables = list(config.document(), "envVariables")?;
    let before = variables.len();
    variables.retain(|variable| parts.has(Part::BotVariables) && !ignored.holds_environment(variable));
    if variables.len() == before {
        return Ok(config.text().to_string());
    }
    let mut edit = Edit::of(config.document());
    edit.set("envVariables", &Value::Array(variables));
    Ok(edit.write())
}

fn anchor(dialog: &Value) -> Anchor {
    Anchor { id: text(dialog, "_id").unwrap_or_default().to_string(), name: display_name(dialog).to_string() }
}

/// The `subTasks` of the file: the words of the request, those that name a task as its id. Without any the file lists
/// all tasks.
///
/// A word that names nothing is kept: the vendor lists two ids per task, that of its draft and that of its published
/// state, and a file holds only one of them.
fn resolved_sub_tasks(
    definition: &Document,
    catalogue: &Catalogue,
    flows: &[Value],
    parts: &PartList,
    options: &ExportOptions,
) -> Result<SubTasks, ShapeError> {
    let asked = &options.sub_tasks;
    let resolve = |tasks: &[Value], words: &[String]| -> Vec<String> {
        if words.is_empty() {
            return tasks.iter().filter_map(task_id).map(str::to_string).collect();
        }
        let resolved = words.iter().map(|word| {
            let task = tasks.iter().find(|task| is_named(task, word));
            task.and_then(task_id).unwrap_or(word).to_string()
        });
        resolved.collect()
    };
    let experience_flows = if asked.experience_flows.is_empty() && parts.has(Part::Flows) {
        flows.iter().filter_map(flow_id).map(str::to_string).collect()
    } else {
        let resolved = asked.experience_flows.iter().map(|word| {
            let flow = flows.iter().find(|flow| is_flow_named(flow, word));
            flow.and_then(flow_id).unwrap_or(word).to_string()
        });
        resolved.collect()
    };
    Ok(SubTasks {
        dialogs: resolve(&catalogue.dialogs, &asked.dialogs),
        alerts: resolve(&list(definition, "alerts")?, &asked.alerts),
        actions: resolve(&list(definition, "actions")?, &asked.actions),
        forms: resolve(&catalogue.forms, &asked.forms),
        experience_flows,
    })
}

fn task_id(task: &Value) -> Option<&str> {
    text(task, "_id").or_else(|| text(task, "refId"))
}
