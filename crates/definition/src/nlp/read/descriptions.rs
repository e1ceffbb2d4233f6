//! What apps say of their tasks besides utterances: descriptions, and the choices that lead to them. Their platform finds
//! tasks by these (export-format-xo11.md §6).

use std::collections::HashSet;

use serde_json::Value;

use super::intents::Components;
use super::tolerant::{flag, items, localised, object, text, texts};
use super::{Locale, part};
use crate::document::Document;
use crate::nlp::Intent;

/// A description longer than this says too much. Characters.
const LONGEST: usize = 300;
/// A description shorter than this says nothing. Characters.
const SHORTEST: usize = 3;

/// Whether tasks are found by what is said of them: the app has a language model for that switched on.
pub(super) fn are_in_use(definition: &Document, locale: &Locale) -> bool {
    let settings = part(definition, "dialogGPTSettings");
    let of_language = items(&settings).iter().find(|it| locale.is_of(&it["language"]));
    of_language
        .or_else(|| items(&settings).first())
        .is_some_and(|it| flag(&it["dialogGPTLLMConfig"]["enable"]) != Some(false))
}

/// Adds what the app says of its tasks, and marks those that users do not ask for: what events and the flow start, and
/// what is hidden. Sentences of those are dropped: what they were made from says nothing of them (§6.3).
pub(super) fn read(
    definition: &Document,
    dialogs: &[Value],
    components: &Components,
    locale: &Locale,
    intents: &mut [Intent],
) {
    let internal = internal_dialogs(definition);
    for intent in intents.iter_mut().filter(|intent| !intent.dialog_id.is_empty()) {
        let is_internal = internal.contains(&intent.dialog_ref) || internal.contains(&intent.dialog_id);
        intent.internal = intent.hidden || is_internal;
        if intent.internal {
            intent.utterances.clear();
        }
        let dialog = dialogs.iter().find(|dialog| text(&dialog["_id"]) == intent.dialog_id);
        let component = components.find(&intent.component_id).map(|place| &components.list[place]);
        let told = [
            dialog.map(|dialog| localised(&dialog["localeData"], "shortDesc", locale)),
            component.map(|component| localised(&component["localeData"], "desc", locale)),
        ];
        for described in told.into_iter().flatten() {
            intent.descriptions.extend(descriptions(text(described), &intent.dialog_name));
        }
        intent.descriptions.dedup();
        if let Some(dialog) = dialog {
            intent.asks = asks(dialog, components, locale);
        }
    }
    for dialog in dialogs {
        add_choices(dialog, dialogs, components, locale, intents);
    }
}

/// The parts of a description that say something.
fn descriptions(written: &str, name: &str) -> Vec<String> {
    let parts = written.split("|$|").map(|part| part.trim().chars().take(LONGEST).collect::<String>());
    let says = |part: &String| {
        part.chars().filter(|letter| letter.is_alphabetic()).count() >= SHORTEST && !part.eq_ignore_ascii_case(name)
    };
    parts.filter(says).collect()
}

/// What a dialog asks for: names of its values, of those its agents collect, and what there is to choose.
fn asks(dialog: &Value, components: &Components, locale: &Locale) -> Vec<String> {
    let mut asks = Vec::new();
    for node in items(&dialog["nodes"]).iter().filter(|node| node["type"] == "entity") {
        let Some(place) = components.find(text(&node["componentId"])) else { continue };
        let component = &components.list[place];
        asks.push(text(&component["name"]).to_owned());
        let choices = localised(&component["localeData"], "allowedValues", locale);
        asks.extend(items(&choices["values"]).iter().map(|choice| text(&choice["title"]).trim().to_owned()));
    }
    asks.retain(|asked| !asked.is_empty());
    asks.dedup();
    asks
}

/// `refId`s and `_id`s of the dialogs that events and flows start.
fn internal_dialogs(definition: &Document) -> HashSet<String> {
    let mut internal = HashSet::new();
    for (_, event) in object(&part(definition, "botEvents")) {
        internal.insert(text(&event["task"]).to_owned());
    }
    for flow in items(&part(definition, "experienceFlows")) {
        for step in items(&flow["callflowDefinition"]["steps"]) {
            let automation = &step["taskDefinition"]["uxoautomation"];
            for member in ["refId", "taskRefId"] {
                internal.insert(text(&automation[member]).to_owned());
            }
        }
    }
    internal.insert(text(&part(definition, "defaultDialogId")).to_owned());
    internal.remove("");
    internal
}

/// What is compared with an answer before a dialog is called, and the titles and synonyms of that choice.
fn add_choices(dialog: &Value, dialogs: &[Value], components: &Components, locale: &Locale, intents: &mut [Intent]) {
    let nodes = items(&dialog["nodes"]);
    let node = |id: &Value| nodes.iter().find(|node| node["nodeId"] == *id);
    for transition in nodes.iter().flat_map(|node| items(&node["transitions"])) {
        let condition = &transition["if"];
        if text(&condition["op"]) != "eq" {
            continue;
        }
        let (Some(target), Some(value)) = (node(&transition["then"]), condition["value"].as_str()) else { continue };
        let called = called(target, dialogs, components);
        let Some(intent) = called.and_then(|id| intents.iter_mut().find(|intent| intent.dialog_id == id)) else {
            continue;
        };
        let mut words = vec![value.trim().to_owned()];
        let asked = node(&condition["field"]).and_then(|node| components.find(text(&node["componentId"])));
        if let Some(asked) = asked {
            let choices = localised(&components.list[asked]["localeData"], "allowedValues", locale);
            for choice in items(&choices["values"]) {
                if text(&choice["value"]).trim() == value.trim() {
                    words.push(text(&choice["title"]).trim().to_owned());
                    words.extend(texts(&choice["synonyms"]));
                }
            }
        }
        for word in words.into_iter().filter(|word| !word.is_empty()) {
            if !intent.choices.contains(&word) {
                intent.choices.push(word);
            }
        }
    }
}

/// `_id` of the dialog that a node calls.
fn called<'a>(node: &Value, dialogs: &'a [Value], components: &Components) -> Option<&'a str> {
    if node["type"] != "intent" {
        return None;
    }
    let owner = components.find(text(&node["componentId"])).map(|place| text(&components.list[place]["dialogId"]));
    let named = [text(&node["flowTaskId"]), owner.unwrap_or_default()];
    let is = |dialog: &&Value, id: &str| dialog["refId"] == *id || dialog["_id"] == *id;
    let id = named.into_iter().find(|id| !id.is_empty())?;
    dialogs.iter().find(|dialog| is(dialog, id)).map(|dialog| text(&dialog["_id"]))
}
