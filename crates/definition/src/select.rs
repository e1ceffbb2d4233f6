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
//!
//! The rows of `koraResponses`, `knowledgeTasks` and `customDashboards` are ours: no export shows them either way.
//!
//! Without settings the vendor writes `localeData`, `isNLEnabled` and `multiLingualConfigurations` in this order, which
//! is not that of a full export.
//!
//! The `encryptedHash` of a file is kept only where the text is. A changed file has none: nobody can compute it, and
//! eight real exports have none either.

pub mod options;
mod tasks;

use serde::Serialize;
use serde_json::{Value, json};

pub use self::options::{ExportOptions, ExportOptionsError, SubTasks};
use self::tasks::{Choice, choose};
use crate::catalogue::{Catalogue, display_name, is_named, list, named};
use crate::config::Config;
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::links::{text, written_alike};
use crate::parts::{Family, Part, PartList, is_settings_member};

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
    /// Words of `subTasks` that name no task of this bot.
    pub unknown_tasks: Vec<String>,
}

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
/// A member that has to be looked into is not of the expected shape.
pub fn select(definition: &Document, config: &Config, options: &ExportOptions) -> Result<Selected, ShapeError> {
    if options.is_full() {
        return Ok(Selected {
            definition: definition.text().to_string(),
            config: config.text().to_string(),
            anchors: Vec::new(),
            unknown_tasks: Vec::new(),
        });
    }
    let parts = options.parts.clone().unwrap_or_else(PartList::full);
    let catalogue = Catalogue::of(definition)?;
    let mut members = Vec::new();
    for (key, raw) in definition.members() {
        if key == "encryptedHash" || !is_member_exported(&key, &parts) {
            continue;
        }
        let emptied = emptied_member(&key, &parts, options);
        members.push((key.into_owned(), emptied.map_or_else(|| raw.to_string(), str::to_string)));
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
    let echo = options.echo(&parts, &resolved_sub_tasks(definition, &catalogue, options)?);
    set_if_changed(&mut edit, "exportOptions", &echo);

    let definition_text = if holds_the_same(&edit, definition) { definition.text().to_string() } else { edit.write() };
    Ok(Selected {
        definition: definition_text,
        config: select_config(config, &parts),
        anchors: choice.anchors.iter().map(|index| anchor(&catalogue.dialogs[*index])).collect(),
        unknown_tasks: unknown_tasks(definition, &catalogue, options)?,
    })
}

/// Whether the member itself is in the file.
fn is_member_exported(key: &str, parts: &PartList) -> bool {
    match key {
        "botSentimentEvents" | "enableNegativePatterns" => parts.has(Part::NlpSettings),
        "forms" => parts.has(Part::Forms),
        "widgets" | "panels" => parts.has_any(Family::Tasks),
        _ => parts.has_any(Family::Settings) || !is_settings_member(key),
    }
}

/// The text in place of a member that is in the file without its content; `None` if the content is exported.
fn emptied_member(key: &str, parts: &PartList, options: &ExportOptions) -> Option<&'static str> {
    let has_content = match key {
        "namespaces" => parts.has_any(Family::Settings),
        "botEvents" => parts.has(Part::NlpSettings),
        "sentences" => parts.has(Part::Utterances) || parts.has(Part::TrainingData),
        "patterns" => parts.has(Part::Patterns) || parts.has(Part::TrainingData),
        "koraResponses" => parts.has(Part::StandardResponses),
        "smallTalk" => parts.has(Part::SmallTalk),
        "knowledgeTasks" => parts.has(Part::KnowledgeGraph),
        "customDashboards" => options.custom_dashboards != Some(false),
        _ => true,
    };
    match (has_content, key) {
        (true, _) => None,
        (false, "botEvents") => Some("{}"),
        (false, _) => Some("[]"),
    }
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
    let original = definition.members().filter(|(key, _)| key != "encryptedHash");
    let mut keys = edit.keys();
    for (key, raw) in original {
        if keys.next() != Some(key.as_ref()) || edit.raw(&key) != Some(raw) {
            return false;
        }
    }
    keys.next().is_none()
}

/// The config with its environment variables, or without any.
fn select_config(config: &Config, parts: &PartList) -> String {
    let has_none = config.document().raw("envVariables").is_none_or(|raw| raw == "[]");
    if has_none || parts.has(Part::BotVariables) {
        return config.text().to_string();
    }
    let mut edit = Edit::of(config.document());
    edit.set("envVariables", &json!([]));
    edit.write()
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
    Ok(SubTasks {
        dialogs: resolve(&catalogue.dialogs, &asked.dialogs),
        alerts: resolve(&list(definition, "alerts")?, &asked.alerts),
        actions: resolve(&list(definition, "actions")?, &asked.actions),
        forms: resolve(&catalogue.forms, &asked.forms),
        experience_flows: asked.experience_flows.clone(),
    })
}

fn task_id(task: &Value) -> Option<&str> {
    text(task, "_id").or_else(|| text(task, "refId"))
}

/// Words of `subTasks` that name nothing.
fn unknown_tasks(
    definition: &Document,
    catalogue: &Catalogue,
    options: &ExportOptions,
) -> Result<Vec<String>, ShapeError> {
    let asked = &options.sub_tasks;
    let alerts = list(definition, "alerts")?;
    let actions = list(definition, "actions")?;
    let kinds: [(&[Value], &Vec<String>); 4] = [
        (&catalogue.dialogs, &asked.dialogs),
        (&alerts, &asked.alerts),
        (&actions, &asked.actions),
        (&catalogue.forms, &asked.forms),
    ];
    let mut unknown = Vec::new();
    for (tasks, words) in kinds {
        for word in words {
            if !tasks.iter().any(|task| is_named(task, word)) {
                unknown.push(word.clone());
            }
        }
    }
    Ok(unknown)
}
