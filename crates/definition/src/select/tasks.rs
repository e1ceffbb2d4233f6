//! Which tasks a partial export holds: whole, as anchors, or not at all.

use std::collections::{BTreeSet, HashSet};

use serde_json::{Map, Value};

use super::options::ExportOptions;
use crate::catalogue::{Catalogue, Tasks, named, named_forms};
use crate::links::text;

/// Members of a dialog stub, in the vendor's order.
const DIALOG_STUB: &[&str] = &["_id", "refId", "lname", "localeData", "amendConfig", "vNameSpace"];

/// Members of a component stub, in the vendor's order.
const COMPONENT_STUB: &[&str] = &["_id", "refId", "name", "type", "localeData", "idp", "useTaskLevelNs", "vNameSpace"];

/// The tasks of a partial export.
#[derive(Debug)]
pub(super) struct Choice {
    /// Tasks that were selected, or are needed by selected ones when the request asks for those.
    pub(super) whole: Tasks,
    /// Dialogs that are not selected but mentioned by what is exported. They are exported as stubs, so that no
    /// reference dangles.
    pub(super) anchors: BTreeSet<usize>,
    /// Positions of the components that stay.
    pub(super) components: BTreeSet<usize>,
}

/// Chooses the tasks. `others` are the exported members that are not tasks but may mention some (events, FAQs …).
pub(super) fn choose(
    catalogue: &Catalogue,
    options: &ExportOptions,
    with_dialogs: bool,
    with_forms: bool,
    others: &[Value],
) -> Choice {
    let names = &options.sub_tasks;
    let mut whole = Tasks { dialogs: named(&catalogue.dialogs, &names.dialogs), forms: BTreeSet::new() };
    if with_forms {
        whole.forms = named_forms(&catalogue.forms, &names.forms);
    }
    let mut mentioned_elsewhere = Tasks::default();
    for value in others {
        mentioned_elsewhere.add(catalogue.tasks_in(value));
    }
    let with_dependents = options.include_dependent_tasks == Some(true);
    let with_form_dependents = with_dependents || options.include_form_dependent_tasks == Some(true);

    let mut mentioned;
    loop {
        let by_dialogs = mentioned_by_dialogs(catalogue, &whole);
        let by_forms = mentioned_by_forms(catalogue, &whole);
        let before = whole.clone();
        if with_forms {
            // A form has no stub, so the forms of exported dialogs always come along.
            whole.forms.extend(&by_dialogs.forms);
        }
        if with_dependents {
            whole.dialogs.extend(&by_dialogs.dialogs);
            whole.dialogs.extend(&mentioned_elsewhere.dialogs);
        }
        if with_form_dependents {
            whole.dialogs.extend(&by_forms.dialogs);
        }
        mentioned = mentioned_elsewhere.dialogs.clone();
        mentioned.extend(by_forms.dialogs);
        if with_dialogs {
            mentioned.extend(by_dialogs.dialogs);
        }
        if whole == before {
            break;
        }
    }
    let anchors = mentioned.difference(&whole.dialogs).copied().collect();
    let components = components_that_stay(catalogue, &whole);
    Choice { whole, anchors, components }
}

fn mentioned_by_dialogs(catalogue: &Catalogue, whole: &Tasks) -> Tasks {
    let mut mentioned = Tasks::default();
    for dialog in &whole.dialogs {
        mentioned.add(catalogue.tasks_used_by(*dialog));
    }
    mentioned
}

fn mentioned_by_forms(catalogue: &Catalogue, whole: &Tasks) -> Tasks {
    let mut mentioned = Tasks::default();
    for form in &whole.forms {
        mentioned.add(catalogue.tasks_in(&catalogue.forms[*form]));
    }
    mentioned
}

/// The components of the whole dialogs, and those of no dialog at all.
fn components_that_stay(catalogue: &Catalogue, whole: &Tasks) -> BTreeSet<usize> {
    let mut stay = BTreeSet::new();
    let mut leave = BTreeSet::new();
    for dialog in 0..catalogue.dialogs.len() {
        let components = catalogue.components_of(dialog);
        if whole.dialogs.contains(&dialog) { stay.extend(components) } else { leave.extend(components) }
    }
    (0..catalogue.components.len()).filter(|index| stay.contains(index) || !leave.contains(index)).collect()
}

impl Choice {
    /// Whether a dialog is exported with its content.
    pub(super) fn is_whole(&self, dialog: usize, with_dialogs: bool) -> bool {
        with_dialogs && self.whole.dialogs.contains(&dialog)
    }

    /// The dialogs of the export, in the order of the document. Without `botTask` all are stubs.
    pub(super) fn dialogs(&self, catalogue: &Catalogue, with_dialogs: bool) -> Value {
        let mut dialogs = Vec::new();
        for (index, dialog) in catalogue.dialogs.iter().enumerate() {
            if self.is_whole(index, with_dialogs) {
                dialogs.push(dialog.clone());
            } else if self.whole.dialogs.contains(&index) || self.anchors.contains(&index) {
                dialogs.push(stub(dialog, DIALOG_STUB));
            }
        }
        Value::Array(dialogs)
    }

    /// The components of the export. Without `botTask` all are stubs.
    pub(super) fn components(&self, catalogue: &Catalogue, with_dialogs: bool) -> Value {
        let kept = self.components.iter().map(|index| &catalogue.components[*index]);
        if with_dialogs {
            kept.cloned().collect()
        } else {
            kept.map(|component| stub(component, COMPONENT_STUB)).collect()
        }
    }

    /// The forms of the export.
    pub(super) fn forms(&self, catalogue: &Catalogue) -> Value {
        self.whole.forms.iter().map(|index| catalogue.forms[*index].clone()).collect()
    }

    /// Keeps the utterances of exported intents, with the entity marks whose entity is exported.
    pub(super) fn keep_sentences(&self, catalogue: &Catalogue, sentences: &mut Vec<Value>) {
        let ids = self.component_ids(catalogue, "_id");
        sentences.retain(|row| {
            let intent = text(row, "taskId").and_then(|id| catalogue.component(id));
            intent.is_none_or(|index| self.has_own(catalogue, index))
        });
        for row in sentences {
            if let Some(marks) = row.get_mut("entities").and_then(Value::as_array_mut) {
                marks.retain(|mark| text(mark, "entityId").is_none_or(|id| ids.contains(id)));
            }
        }
    }

    /// Keeps the patterns of exported intents and entities.
    pub(super) fn keep_patterns(&self, catalogue: &Catalogue, patterns: &mut Vec<Value>) {
        patterns.retain(|row| {
            let component = text(row, "refId").and_then(|id| catalogue.component_by_ref(id));
            component.is_none_or(|index| self.has_own(catalogue, index))
        });
    }

    /// Keeps the references to whole dialogs in `mlParams[].dialogIntents`.
    pub(super) fn keep_dialog_intents(&self, catalogue: &Catalogue, ml_params: &mut [Value]) {
        for row in ml_params {
            if let Some(intents) = row.get_mut("dialogIntents").and_then(Value::as_array_mut) {
                intents.retain(|intent| {
                    let dialog = intent.as_str().and_then(|id| catalogue.dialog(id));
                    dialog.is_none_or(|index| self.whole.dialogs.contains(&index))
                });
            }
        }
    }

    /// Drops the storyboard scenes of dialogs that are not exported whole; returns the ids of the dropped ones.
    pub(super) fn drop_scenes(&self, catalogue: &Catalogue, scenes: &mut Vec<Value>) -> HashSet<String> {
        let mut dropped = HashSet::new();
        scenes.retain(|scene| {
            let dialog = text(scene, "dialogRefId").and_then(|id| catalogue.dialog(id));
            let stays = dialog.is_none_or(|index| self.whole.dialogs.contains(&index));
            if !stays {
                dropped.extend(text(scene, "_id").map(str::to_string));
            }
            stays
        });
        dropped
    }

    /// Whether a component is exported as a part of a whole dialog. The intent of another dialog, exported because a
    /// node calls that dialog, is not: its training data stays away.
    fn has_own(&self, catalogue: &Catalogue, component: usize) -> bool {
        let starts = catalogue.dialog_of_intent(&catalogue.components[component]);
        self.components.contains(&component) && starts.is_none_or(|dialog| self.whole.dialogs.contains(&dialog))
    }

    fn component_ids(&self, catalogue: &Catalogue, key: &str) -> HashSet<String> {
        let kept = self.components.iter().map(|index| &catalogue.components[*index]);
        kept.filter_map(|component| text(component, key)).map(str::to_string).collect()
    }
}

/// The members of `value` that `keys` names, in the order of `keys`.
fn stub(value: &Value, keys: &[&str]) -> Value {
    let mut members = Map::new();
    for key in keys {
        if let Some(member) = value.get(key) {
            members.insert((*key).to_string(), member.clone());
        }
    }
    Value::Object(members)
}
