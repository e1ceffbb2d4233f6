//! Dialogs, components and forms of a definition, found by their ids, and which of them belong together.

use std::collections::{BTreeSet, HashMap};

use serde_json::Value;

use crate::document::Document;
use crate::error::ShapeError;
use crate::links::{each_string, same_name, text};

/// The decoded tasks of a definition. Positions are those of the lists in the document.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    pub(crate) dialogs: Vec<Value>,
    pub(crate) components: Vec<Value>,
    pub(crate) forms: Vec<Value>,
    /// Dialogs by `_id` and by `refId`.
    dialog_by_id: HashMap<String, usize>,
    /// Components by `_id`.
    component_by_id: HashMap<String, usize>,
    /// Components by `refId`.
    component_by_ref: HashMap<String, usize>,
    /// Forms by `refId`.
    form_by_id: HashMap<String, usize>,
    /// The intent components of each dialog.
    intents: Vec<Vec<usize>>,
}

/// Positions of dialogs and forms.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Tasks {
    pub(crate) dialogs: BTreeSet<usize>,
    pub(crate) forms: BTreeSet<usize>,
}

/// A top-level list of any elements; empty if the member is absent.
pub(crate) fn list(document: &Document, key: &str) -> Result<Vec<Value>, ShapeError> {
    Ok(document.decode(key)?.unwrap_or_default())
}

impl Catalogue {
    /// Decodes the tasks of `document`.
    pub(crate) fn of(document: &Document) -> Result<Catalogue, ShapeError> {
        let dialogs = list(document, "dialogs")?;
        let components = list(document, "dialogComponents")?;
        let forms = list(document, "forms")?;
        let mut dialog_by_id = positions(&dialogs, "_id");
        dialog_by_id.extend(positions(&dialogs, "refId"));
        let mut catalogue = Catalogue {
            dialog_by_id,
            component_by_id: positions(&components, "_id"),
            component_by_ref: positions(&components, "refId"),
            form_by_id: positions(&forms, "refId"),
            intents: vec![Vec::new(); dialogs.len()],
            dialogs,
            components,
            forms,
        };
        for index in 0..catalogue.components.len() {
            if let Some(dialog) = catalogue.dialog_of_intent(&catalogue.components[index]) {
                catalogue.intents[dialog].push(index);
            }
        }
        Ok(catalogue)
    }

    /// The dialog with this `_id` or `refId`.
    pub(crate) fn dialog(&self, id: &str) -> Option<usize> {
        self.dialog_by_id.get(id).copied()
    }

    /// The component with this `_id`.
    pub(crate) fn component(&self, id: &str) -> Option<usize> {
        self.component_by_id.get(id).copied()
    }

    /// The component with this `refId`.
    pub(crate) fn component_by_ref(&self, ref_id: &str) -> Option<usize> {
        self.component_by_ref.get(ref_id).copied()
    }

    /// The form with this `refId`.
    pub(crate) fn form(&self, ref_id: &str) -> Option<usize> {
        self.form_by_id.get(ref_id).copied()
    }

    /// The dialog that an intent component starts.
    pub(crate) fn dialog_of_intent(&self, component: &Value) -> Option<usize> {
        text(component, "dialogId").and_then(|id| self.dialog(id))
    }

    /// The components that a dialog is made of: those its nodes name, those inside bot actions among them, and the
    /// intents that start it. The intent component of another dialog is among them when a node calls that dialog.
    pub(crate) fn components_of(&self, dialog: usize) -> BTreeSet<usize> {
        let value = &self.dialogs[dialog];
        let mut found = BTreeSet::new();
        let mut open = self.intents[dialog].clone();
        if let Some(nodes) = value.get("nodes") {
            each_string(nodes, &mut |string| open.extend(self.component(string)));
        }
        while let Some(index) = open.pop() {
            if found.insert(index)
                && let Some(nodes) = self.components[index].get("nodes")
            {
                each_string(nodes, &mut |string| open.extend(self.component(string)));
            }
        }
        found
    }

    /// The dialogs and forms that `value` refers to.
    pub(crate) fn tasks_in(&self, value: &Value) -> Tasks {
        let mut tasks = Tasks::default();
        each_string(value, &mut |string| {
            tasks.dialogs.extend(self.dialog(string));
            tasks.forms.extend(self.form(string));
        });
        tasks
    }

    /// The dialogs and forms that a dialog and its components refer to, without the dialog itself.
    pub(crate) fn tasks_used_by(&self, dialog: usize) -> Tasks {
        let mut tasks = self.tasks_in(&self.dialogs[dialog]);
        for component in self.components_of(dialog) {
            tasks.add(self.tasks_in(&self.components[component]));
        }
        tasks.dialogs.remove(&dialog);
        tasks
    }
}

impl Tasks {
    /// Adds the tasks of `other`.
    pub(crate) fn add(&mut self, other: Tasks) {
        self.dialogs.extend(other.dialogs);
        self.forms.extend(other.forms);
    }
}

/// Whether a task (a dialog, form, action or alert) is meant by `word`: its `_id`, `refId` or one of its names.
pub(crate) fn is_named(task: &Value, word: &str) -> bool {
    if text(task, "_id") == Some(word) || text(task, "refId") == Some(word) {
        return true;
    }
    let mut names = vec![text(task, "lname"), text(task, "name"), text(task, "displayName")];
    if let Some(languages) = task.get("localeData").and_then(Value::as_object) {
        names.extend(languages.values().map(|language| text(language, "name")));
    }
    names.into_iter().flatten().any(|name| same_name(name, word))
}

/// Positions of the tasks that `words` name; all of them if there are no words.
pub(crate) fn named(tasks: &[Value], words: &[String]) -> BTreeSet<usize> {
    let is_wanted = |task: &Value| words.is_empty() || words.iter().any(|word| is_named(task, word));
    tasks.iter().enumerate().filter(|(_, task)| is_wanted(task)).map(|(index, _)| index).collect()
}

/// Whether a list of forms cannot select, and counts as absent: the vendor lists forms by an id (`frm-…`) that is not in
/// the file.
pub(crate) fn is_unnamed_form_list(words: &[String]) -> bool {
    words.iter().all(|word| word.starts_with("frm-"))
}

/// Like [`named`], for forms.
pub(crate) fn named_forms(forms: &[Value], words: &[String]) -> BTreeSet<usize> {
    if is_unnamed_form_list(words) {
        return (0..forms.len()).collect();
    }
    named(forms, words)
}

/// The name a person knows a task by: the one in its own language if there is one, else the internal one, else its id.
pub(crate) fn display_name(task: &Value) -> &str {
    let languages = task.get("localeData").and_then(Value::as_object);
    let localised = languages.into_iter().flatten().find_map(|(_, language)| text(language, "name"));
    let fallbacks = ["displayName", "name", "lname", "refId", "_id"];
    localised.or_else(|| fallbacks.iter().find_map(|key| text(task, key))).unwrap_or_default()
}

/// Positions of the elements of a list by the string member `key`.
fn positions(elements: &[Value], key: &str) -> HashMap<String, usize> {
    let mut positions = HashMap::new();
    for (index, element) in elements.iter().enumerate() {
        if let Some(id) = text(element, key) {
            positions.entry(id.to_string()).or_insert(index);
        }
    }
    positions
}
