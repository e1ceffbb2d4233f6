//! Which tasks of an incoming bot are taken, and what they are called in the current one.

use std::collections::{BTreeSet, HashMap, HashSet};

use serde_json::Value;

use super::options::ImportOptions;
use crate::catalogue::{Catalogue, Tasks, is_named};
use crate::links::text;

/// The tasks of both bots, side by side.
#[derive(Debug)]
pub(super) struct Pairs<'a> {
    pub(super) current: &'a Catalogue,
    pub(super) incoming: &'a Catalogue,
    /// For every incoming dialog the current one that it is a version of: by `refId`, else by name.
    pub(super) dialogs: Vec<Option<usize>>,
    /// The same for components: by `refId`, else by type and name within two paired dialogs.
    pub(super) components: Vec<Option<usize>>,
    /// The same for forms: by `refId`, else by name.
    pub(super) forms: Vec<Option<usize>>,
}

/// What is taken from the incoming bot, as positions there.
#[derive(Debug, Default)]
pub(super) struct Taken {
    pub(super) tasks: Tasks,
    pub(super) components: BTreeSet<usize>,
    /// Dialogs that were not selected, but are taken because taken parts refer to them and the current bot has none
    /// like them.
    pub(super) added_dialogs: BTreeSet<usize>,
    /// The first dialog that is needed, but is neither in the current bot nor whole in the incoming one.
    pub(super) missing_dialog: Option<usize>,
}

/// Ids that change their name when content of one bot comes into the other.
#[derive(Debug, Default)]
pub(super) struct Renames {
    /// Current ids of replaced tasks → the ids of what replaces them. For content that stays.
    pub(super) current: HashMap<String, String>,
    /// Incoming ids of tasks that are not taken → their ids in the current bot. For content that is taken.
    pub(super) incoming: HashMap<String, String>,
}

impl<'a> Pairs<'a> {
    /// Pairs the tasks of two bots.
    pub(super) fn of(current: &'a Catalogue, incoming: &'a Catalogue) -> Pairs<'a> {
        let dialogs = paired(&current.dialogs, &incoming.dialogs, |id| current.dialog(id));
        let forms = paired(&current.forms, &incoming.forms, |id| current.form(id));
        let components = paired_components(current, incoming, &dialogs);
        Pairs { current, incoming, dialogs, components, forms }
    }

    /// Chooses what is taken. `selected` are the tasks that the request names; `others` are taken members that may
    /// refer to tasks.
    pub(super) fn take(&self, selected: Tasks, options: &ImportOptions, others: &[Value]) -> Taken {
        let mut taken = Taken { tasks: selected, ..Taken::default() };
        let mut mentioned = Tasks::default();
        for value in others {
            mentioned.add(self.incoming.tasks_in(value));
        }
        loop {
            let before = taken.tasks.clone();
            let mut needed = mentioned.clone();
            for dialog in &before.dialogs {
                needed.add(self.incoming.tasks_used_by(*dialog));
            }
            for form in &before.forms {
                needed.add(self.incoming.tasks_in(&self.incoming.forms[*form]));
            }
            for dialog in needed.dialogs.difference(&before.dialogs) {
                let is_new = self.dialogs[*dialog].is_none();
                if is_whole(&self.incoming.dialogs[*dialog]) {
                    if is_new {
                        taken.added_dialogs.insert(*dialog);
                    }
                    if is_new || options.include_dependent_tasks {
                        taken.tasks.dialogs.insert(*dialog);
                    }
                } else if is_new {
                    taken.missing_dialog.get_or_insert(*dialog);
                }
            }
            for form in needed.forms {
                if self.forms[form].is_none() || options.include_dependent_tasks {
                    taken.tasks.forms.insert(form);
                }
            }
            if taken.tasks == before {
                break;
            }
        }
        taken.components = self.components_to_take(&taken.tasks);
        taken
    }

    /// The components of taken dialogs. The intent of a dialog that is not taken is left out if the current bot has
    /// it; if every whole dialog is taken, so are the components of no dialog.
    fn components_to_take(&self, tasks: &Tasks) -> BTreeSet<usize> {
        let mut components = BTreeSet::new();
        for dialog in &tasks.dialogs {
            for component in self.incoming.components_of(*dialog) {
                let starts = self.incoming.dialog_of_intent(&self.incoming.components[component]);
                let is_foreign = starts.is_some_and(|dialog| !tasks.dialogs.contains(&dialog));
                if !is_foreign || self.components[component].is_none() {
                    components.insert(component);
                }
            }
        }
        let takes_all = (0..self.incoming.dialogs.len()).all(|index| tasks.dialogs.contains(&index));
        if takes_all && !tasks.dialogs.is_empty() {
            components.extend(0..self.incoming.components.len());
        }
        components
    }

    /// The ids that change with these tasks taken.
    pub(super) fn renames(&self, taken: &Taken) -> Renames {
        let mut renames = Renames::default();
        let kinds = [
            (&self.incoming.dialogs, &self.current.dialogs, &self.dialogs, &taken.tasks.dialogs),
            (&self.incoming.components, &self.current.components, &self.components, &taken.components),
            (&self.incoming.forms, &self.current.forms, &self.forms, &taken.tasks.forms),
        ];
        for (incoming, current, pairs, taken) in kinds {
            for (index, pair) in pairs.iter().enumerate() {
                let Some(pair) = *pair else { continue };
                for key in ["_id", "refId"] {
                    let (Some(theirs), Some(ours)) = (text(&incoming[index], key), text(&current[pair], key)) else {
                        continue;
                    };
                    if theirs == ours {
                        continue;
                    }
                    if taken.contains(&index) {
                        renames.current.insert(ours.to_string(), theirs.to_string());
                    } else {
                        renames.incoming.insert(theirs.to_string(), ours.to_string());
                    }
                }
            }
        }
        renames
    }
}

/// Whether a dialog has content. A stub of a partial export has not, and is never taken.
pub(super) fn is_whole(dialog: &Value) -> bool {
    dialog.get("nodes").is_some()
}

/// Pairs tasks by `refId`, then those left over by name. No current task is paired twice.
fn paired(current: &[Value], incoming: &[Value], find: impl Fn(&str) -> Option<usize>) -> Vec<Option<usize>> {
    let mut pairs: Vec<Option<usize>> = Vec::new();
    let mut used = HashSet::new();
    for task in incoming {
        let pair = text(task, "refId").and_then(&find).filter(|pair| used.insert(*pair));
        pairs.push(pair);
    }
    for (index, task) in incoming.iter().enumerate() {
        if pairs[index].is_some() {
            continue;
        }
        let Some(name) = text(task, "lname").or_else(|| text(task, "name")) else { continue };
        let pair = current.iter().enumerate().position(|(at, other)| !used.contains(&at) && is_named(other, name));
        pairs[index] = pair.filter(|pair| used.insert(*pair));
    }
    pairs
}

fn paired_components(current: &Catalogue, incoming: &Catalogue, dialogs: &[Option<usize>]) -> Vec<Option<usize>> {
    let mut used = HashSet::new();
    let mut pairs: Vec<Option<usize>> = Vec::new();
    for component in &incoming.components {
        let pair = text(component, "refId").and_then(|id| current.component_by_ref(id));
        pairs.push(pair.filter(|pair| used.insert(*pair)));
    }
    for (theirs, ours) in dialogs.iter().enumerate() {
        let Some(ours) = *ours else { continue };
        let candidates = current.components_of(ours);
        for index in incoming.components_of(theirs) {
            if pairs[index].is_some() {
                continue;
            }
            let component = &incoming.components[index];
            let starts_theirs = incoming.dialog_of_intent(component) == Some(theirs);
            let pair = candidates.iter().copied().find(|candidate| {
                let other = &current.components[*candidate];
                let starts_ours = current.dialog_of_intent(other) == Some(ours);
                let same_thing = text(component, "type") == text(other, "type")
                    && text(component, "name") == text(other, "name")
                    && starts_theirs == starts_ours;
                !used.contains(candidate) && (same_thing || (starts_theirs && starts_ours))
            });
            pairs[index] = pair.filter(|pair| used.insert(*pair));
        }
    }
    pairs
}
