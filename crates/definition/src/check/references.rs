//! References from outside the dialogs: events, questions, training data.

use serde::Deserialize;

use crate::check::{Findings, Index, ResourceName, Severity};
use crate::document::{self, Document, string_member, string_value};
use crate::flow::or_default;

type Rule = (&'static str, &'static str);

const UNKNOWN_DIALOG: Rule = ("unknown-dialog", "add the dialog, choose another one, or export again with all tasks");
const UNKNOWN_INTENT: Rule =
    ("unknown-intent", "remove it, or add the intent it belongs to; it is not used for training");
const UNKNOWN_ENTITY: Rule = ("unknown-entity", "remove the mark-up, or add the entity; it is not used for training");

pub(super) fn check(definition: &Document, index: &Index, findings: &mut Findings) {
    check_events(definition, index, findings);
    check_questions(definition, index, findings);
    check_training_data(definition, index, findings);
}

/// Reports a `refId` that is no dialog's.
fn expect_dialog(
    ref_id: &str,
    pointer: String,
    resource: Option<&ResourceName>,
    index: &Index,
    findings: &mut Findings,
) {
    if ref_id.is_empty() || index.dialog_refs.contains(ref_id) {
        return;
    }
    let message = format!("there is no dialog with the reference id {ref_id:?}");
    findings.add(Severity::Warning, UNKNOWN_DIALOG, pointer, resource, message);
}

fn check_events(definition: &Document, index: &Index, findings: &mut Findings) {
    if let Some(default) = definition.raw("defaultDialogId").and_then(string_value) {
        expect_dialog(&default, String::from("/defaultDialogId"), None, index, findings);
    }
    let events = definition.raw("botEvents").and_then(document::members);
    for (name, event) in events.into_iter().flatten() {
        let starts_dialog = string_member(event, "action").is_some_and(|action| action == "triggerDialog");
        if let Some(task) = string_member(event, "task").filter(|_| starts_dialog) {
            let resource = ResourceName { kind: "event", id: name.to_string(), name: name.to_string() };
            expect_dialog(&task, format!("/botEvents/{name}/task"), Some(&resource), index, findings);
        }
    }
    for (at, event) in super::elements(definition, "botSentimentEvents").enumerate() {
        if let Some(task) = string_member(event, "task") {
            let name = string_member(event, "name").unwrap_or_default();
            let resource = ResourceName { kind: "event", id: name.clone(), name };
            expect_dialog(&task, format!("/botSentimentEvents/{at}/task"), Some(&resource), index, findings);
        }
    }
}

fn check_questions(definition: &Document, index: &Index, findings: &mut Findings) {
    for (at, task) in super::elements(definition, "knowledgeTasks").enumerate() {
        let questions = document::member(task, "faqs").and_then(|faqs| document::member(faqs, "faqs"));
        for (question_at, question) in questions.and_then(document::elements).into_iter().flatten().enumerate() {
            if let Some(dialog) = string_member(question, "dialogRefId") {
                let pointer = format!("/knowledgeTasks/{at}/faqs/faqs/{question_at}/dialogRefId");
                let resource = ResourceName {
                    kind: "question",
                    id: string_member(question, "refId").unwrap_or_default(),
                    name: string_member(question, "question").unwrap_or_default(),
                };
                expect_dialog(&dialog, pointer, Some(&resource), index, findings);
            }
        }
    }
}

/// An element of `sentences`.
#[derive(Deserialize)]
struct Sentence {
    #[serde(rename = "taskId", default, deserialize_with = "or_default")]
    task_id: String,
    #[serde(default, deserialize_with = "or_default")]
    sentence: String,
    #[serde(default, deserialize_with = "or_default")]
    entities: Vec<MarkedEntity>,
}

/// An entity marked in a sentence.
#[derive(Deserialize)]
struct MarkedEntity {
    #[serde(rename = "entityId", default, deserialize_with = "or_default")]
    entity_id: String,
}

/// An element of `patterns`.
#[derive(Deserialize)]
struct Pattern {
    #[serde(rename = "refId", default, deserialize_with = "or_default")]
    ref_id: String,
    #[serde(rename = "taskName", default, deserialize_with = "or_default")]
    task_name: String,
}

/// Training data of an unknown intent is warned about only: it is useless, but harms nothing, and there can be
/// thousands of it.
fn check_training_data(definition: &Document, index: &Index, findings: &mut Findings) {
    let sentences: Vec<(usize, Sentence)> = findings.decoded(definition, "sentences");
    for (at, sentence) in sentences {
        if !index.components.contains_key(&sentence.task_id) && !index.other_tasks.contains(&sentence.task_id) {
            let message =
                format!("the utterance {:?} belongs to the unknown intent {:?}", sentence.sentence, sentence.task_id);
            findings.add(Severity::Warning, UNKNOWN_INTENT, format!("/sentences/{at}/taskId"), None, message);
        }
        for (mark, entity) in sentence.entities.iter().enumerate() {
            if !index.components.contains_key(&entity.entity_id) {
                let pointer = format!("/sentences/{at}/entities/{mark}/entityId");
                let message =
                    format!("the utterance {:?} marks the unknown entity {:?}", sentence.sentence, entity.entity_id);
                findings.add(Severity::Warning, UNKNOWN_ENTITY, pointer, None, message);
            }
        }
    }
    let patterns: Vec<(usize, Pattern)> = findings.decoded(definition, "patterns");
    for (at, pattern) in patterns {
        if !index.component_refs.contains(&pattern.ref_id) && !index.other_tasks.contains(&pattern.ref_id) {
            let message =
                format!("the patterns of {:?} belong to nothing with the id {:?}", pattern.task_name, pattern.ref_id);
            findings.add(Severity::Warning, UNKNOWN_INTENT, format!("/patterns/{at}/refId"), None, message);
        }
    }
    for (at, network) in super::elements(definition, "mlParams").enumerate() {
        let intents = document::member(network, "dialogIntents").and_then(document::elements);
        for (intent_at, intent) in intents.into_iter().flatten().enumerate() {
            let known = string_value(intent).is_some_and(|ref_id| index.dialog_refs.contains(ref_id.as_ref()));
            if !known {
                let pointer = format!("/mlParams/{at}/dialogIntents/{intent_at}");
                let message = format!("the network lists the unknown dialog {intent}");
                findings.add(Severity::Warning, UNKNOWN_INTENT, pointer, None, message);
            }
        }
    }
}
