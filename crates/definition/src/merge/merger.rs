//! Carrying a merge out, one kind of content after the other.

use std::collections::{BTreeSet, HashSet};

use serde_json::Value;

use super::flows::Flows;
use super::integrations::keep_integrations;
use super::is_carried;
use super::members::{Manner, Sameness, keep, merge_list, merge_locales, replace, replace_ml_params};
use super::options::{ImportOptions, RowMode};
use super::pairs::{Pairs, Renames, Taken, is_whole};
use super::rows::{drop_orphan_patterns, drop_orphan_sentences, merge_patterns, merge_sentences};
use crate::catalogue::{is_named, list, named};
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::links::{rename, text, written_alike};
use crate::parts::{Part, PartList};
use crate::select::HASHES;
use crate::summary::is_app;

/// Lists whose elements have utterances or patterns.
const ROW_OWNERS: [&str; 3] = ["dialogComponents", "actions", "alerts"];

/// A merge in progress.
pub(super) struct Merger<'a> {
    pub(super) current: &'a Document,
    pub(super) incoming: &'a Document,
    pub(super) options: &'a ImportOptions,
    pub(super) pairs: &'a Pairs<'a>,
    pub(super) taken: &'a Taken,
    pub(super) renames: Renames,
    pub(super) edit: Edit<'a>,
}

impl Merger<'_> {
    /// Dialogs, components and forms.
    pub(super) fn take_tasks(&mut self) {
        let (ours, theirs) = (self.pairs.current, self.pairs.incoming);
        let dialogs = self.interleaved(&ours.dialogs, &theirs.dialogs, &self.pairs.dialogs, &self.taken.tasks.dialogs);
        let forms = self.interleaved(&ours.forms, &theirs.forms, &self.pairs.forms, &self.taken.tasks.forms);
        let mut components =
            self.interleaved(&ours.components, &theirs.components, &self.pairs.components, &self.taken.components);
        for index in self.abandoned_components() {
            components[index] = None;
        }
        self.set_list("dialogs", dialogs.into_iter().flatten().collect());
        self.set_list("dialogComponents", components.into_iter().flatten().collect());
        self.set_list("forms", forms.into_iter().flatten().collect());
    }

    /// The current list with taken elements in the place of their pairs and the new ones behind. The first elements are
    /// those of the current list, at their positions.
    fn interleaved(
        &self,
        current: &[Value],
        incoming: &[Value],
        pairs: &[Option<usize>],
        taken: &BTreeSet<usize>,
    ) -> Vec<Option<Value>> {
        let mut elements = current.iter().cloned().map(Some).collect::<Vec<_>>();
        for element in elements.iter_mut().flatten() {
            rename(element, &self.renames.current);
        }
        for index in taken {
            let mut element = incoming[*index].clone();
            rename(&mut element, &self.renames.incoming);
            match pairs[*index] {
                Some(pair) => elements[pair] = Some(element),
                None => elements.push(Some(element)),
            }
        }
        elements
    }

    /// Current components that only replaced dialogs used and that nothing replaces.
    fn abandoned_components(&self) -> Vec<usize> {
        let ours = self.pairs.current;
        let pair_of = |index: &usize| self.pairs.dialogs[*index];
        let replaced = self.taken.tasks.dialogs.iter().filter_map(pair_of).collect::<BTreeSet<_>>();
        let mut abandoned = BTreeSet::new();
        let mut needed = self.taken.components.iter().filter_map(|index| self.pairs.components[*index]).collect();
        for dialog in 0..ours.dialogs.len() {
            let components = ours.components_of(dialog);
            if replaced.contains(&dialog) { &mut abandoned } else { &mut needed }.extend(components);
        }
        // A taken dialog may use a component that is not taken but stays, as the intent of a dialog it calls.
        for dialog in &self.taken.tasks.dialogs {
            let components = self.pairs.incoming.components_of(*dialog);
            needed.extend(components.into_iter().filter_map(|index| self.pairs.components[index]));
        }
        abandoned.difference(&needed).copied().collect()
    }

    /// Storyboard scenes: those of taken dialogs, or all.
    pub(super) fn take_scenes(&mut self, parts: &PartList) -> Result<(), ShapeError> {
        let takes_all = self.options.story_board_scenes;
        if !takes_all && !parts.has(Part::BotTask) {
            return Ok(());
        }
        let theirs = self.pairs.incoming;
        let mut taken = list(self.incoming, "scenes")?;
        taken.retain(|scene| {
            let dialog = text(scene, "dialogRefId").and_then(|id| theirs.dialog(id));
            takes_all || dialog.is_some_and(|dialog| self.taken.tasks.dialogs.contains(&dialog))
        });
        let mut scenes = list(self.current, "scenes")?;
        let is_replaced = |scene: &Value| taken.iter().any(|new| Sameness::Task.holds(scene, new));
        let mut gone = scenes.iter().filter(|scene| is_replaced(scene)).filter_map(scene_id).collect::<HashSet<_>>();
        let ids = taken.iter().filter_map(scene_id).collect::<HashSet<_>>();
        gone.extend(ids.iter().cloned());
        let mut components = list(self.current, "sceneComponents")?;
        components.retain(|component| text(component, "sceneId").is_none_or(|id| !gone.contains(id)));
        let mut incoming_components = list(self.incoming, "sceneComponents")?;
        incoming_components.retain(|component| text(component, "sceneId").is_some_and(|id| ids.contains(id)));
        for element in taken.iter_mut().chain(&mut incoming_components) {
            rename(element, &self.renames.incoming);
        }
        for element in scenes.iter_mut().chain(&mut components) {
            rename(element, &self.renames.current);
        }
        merge_list(&mut scenes, taken, Sameness::Task, replace);
        components.extend(incoming_components);
        self.set_list("scenes", scenes);
        self.set_list("sceneComponents", components);
        Ok(())
    }

    /// Experience flows.
    pub(super) fn take_flows(&mut self, flows: &Flows) {
        if flows.taken().next().is_some() {
            self.set_list("experienceFlows", flows.merged(&self.renames));
        }
    }

    /// Gives incoming events that a partial export disabled, because it left their dialog out, the state they have in the
    /// current bot.
    fn enable_as_before(&self, events: &mut Value) -> Result<(), ShapeError> {
        let own = self.current.decode::<Value>("botEvents")?.unwrap_or_default();
        for (name, event) in events.as_object_mut().into_iter().flatten() {
            let dialog = text(event, "task").and_then(|task| self.pairs.incoming.dialog(task));
            let is_left_out = dialog.is_some_and(|dialog| !is_whole(&self.pairs.incoming.dialogs[dialog]));
            let is_enabled = own.get(name).and_then(|event| event.get("enabled"));
            if let (true, Some(is_enabled), Some(state)) = (is_left_out, is_enabled, event.get_mut("enabled")) {
                *state = is_enabled.clone();
            }
        }
        Ok(())
    }

    /// A member outside the tasks.
    pub(super) fn take_member(&mut self, key: &str, manner: Manner) -> Result<(), ShapeError> {
        if manner == Manner::Replace {
            let mut value = self.incoming.decode::<Value>(key)?.unwrap_or_default();
            match key {
                "botEvents" => self.enable_as_before(&mut value)?,
                "llmConfiguration" => {
                    let own = self.current.decode::<Value>(key)?.unwrap_or_default();
                    keep_integrations(&own, &mut value);
                }
                _ => {}
            }
            rename(&mut value, &self.renames.incoming);
            self.set(key, value);
            return Ok(());
        }
        let mut incoming = list(self.incoming, key)?;
        let words = match key {
            "actions" => &self.options.sub_tasks.actions,
            "alerts" => &self.options.sub_tasks.alerts,
            _ => &Vec::new(),
        };
        incoming.retain(|task| words.is_empty() || words.iter().any(|word| is_named(task, word)));
        if key == "contentVariables" {
            incoming.retain(|variable| !self.options.ignored_variables.holds_content(variable));
        }
        if manner == Manner::MlParams {
            self.drop_unknown_dialog_intents(&mut incoming);
        }
        let mut elements = list(self.current, key)?;
        elements.iter_mut().for_each(|element| rename(element, &self.renames.current));
        incoming.iter_mut().for_each(|element| rename(element, &self.renames.incoming));
        match manner {
            Manner::Merge(sameness) => merge_list(&mut elements, incoming, sameness, replace),
            Manner::Add(sameness) => merge_list(&mut elements, incoming, sameness, keep),
            Manner::MlParams => merge_list(&mut elements, incoming, Sameness::Model, replace_ml_params),
            Manner::Replace => {}
        }
        self.set_list(key, elements);
        Ok(())
    }

    /// `mlParams[].dialogIntents` lists dialogs; those that the merged bot will not have are left out.
    fn drop_unknown_dialog_intents(&self, ml_params: &mut [Value]) {
        let is_known = |id: &str| match self.pairs.incoming.dialog(id) {
            Some(dialog) => self.taken.tasks.dialogs.contains(&dialog) || self.pairs.dialogs[dialog].is_some(),
            None => self.pairs.current.dialog(id).is_some(),
        };
        for row in ml_params {
            if let Some(intents) = row.get_mut("dialogIntents").and_then(Value::as_array_mut) {
                intents.retain(|intent| intent.as_str().is_none_or(is_known));
            }
        }
    }

    /// The selected members of `localeData`.
    pub(super) fn take_locales(&mut self) -> Result<(), ShapeError> {
        let Some(incoming) = self.incoming.decode::<Value>("localeData")? else { return Ok(()) };
        let mut locales = self.current.decode::<Value>("localeData")?.unwrap_or_default();
        merge_locales(&mut locales, &incoming, self.options);
        self.set("localeData", locales);
        Ok(())
    }

    /// Utterances and patterns. Returns how many of each were dropped.
    pub(super) fn take_rows(&mut self, parts: &PartList) -> Result<(usize, usize), ShapeError> {
        let abandoned = self.abandoned_components();
        let gone = ids_of(abandoned.iter().map(|index| &self.pairs.current.components[*index]));
        let is_gone = |id: &str| gone.contains(id);
        let owners = self.owners()?;
        let has_no_owner = |id: &str| !owners.contains(id);
        let known = self.known_to_incoming()?;
        let is_selected = |part: Part| parts.has(part) || parts.has(Part::TrainingData);

        let mut sentences = list(self.current, "sentences")?;
        let mut dropped_sentences = drop_orphan_sentences(&mut sentences, is_gone);
        sentences.iter_mut().for_each(|row| rename(row, &self.renames.current));
        if is_selected(Part::Utterances) && is_carried(self.incoming, "sentences") {
            let mut incoming = list(self.incoming, "sentences")?;
            incoming.iter_mut().for_each(|row| rename(row, &self.renames.incoming));
            incoming.retain(|row| text(row, "taskId").is_some_and(|id| known.contains(id)));
            dropped_sentences += drop_orphan_sentences(&mut incoming, has_no_owner);
            let mode = match self.options.utterances {
                RowMode::Usual if is_app(self.current) => RowMode::Append,
                mode => mode,
            };
            merge_sentences(&mut sentences, incoming, &known, mode);
        }
        self.set_list("sentences", sentences);

        let mut patterns = list(self.current, "patterns")?;
        let mut dropped_patterns = drop_orphan_patterns(&mut patterns, is_gone);
        patterns.iter_mut().for_each(|row| rename(row, &self.renames.current));
        if is_selected(Part::Patterns) && is_carried(self.incoming, "patterns") {
            let mut incoming = list(self.incoming, "patterns")?;
            incoming.iter_mut().for_each(|row| rename(row, &self.renames.incoming));
            incoming.retain(|row| text(row, "refId").is_some_and(|id| known.contains(id)));
            dropped_patterns += drop_orphan_patterns(&mut incoming, has_no_owner);
            merge_patterns(&mut patterns, incoming, &known, self.options.patterns);
        }
        self.set_list("patterns", patterns);
        Ok((dropped_sentences, dropped_patterns))
    }

    /// Ids of everything in the merged bot that rows may belong to.
    fn owners(&self) -> Result<HashSet<String>, ShapeError> {
        let mut owners = HashSet::new();
        for key in ROW_OWNERS {
            let elements = match self.edit.raw(key) {
                Some(raw) => self.current.decode_part::<Vec<Value>>(raw, &format!("/{key}"))?,
                None => Vec::new(),
            };
            owners.extend(ids_of(&elements));
        }
        Ok(owners)
    }

    /// Ids, after the import, of everything in the incoming bot that rows may belong to, without tasks that `subTasks`
    /// leaves out.
    fn known_to_incoming(&self) -> Result<HashSet<String>, ShapeError> {
        let theirs = self.pairs.incoming;
        let mut selected = named(&theirs.dialogs, &self.options.sub_tasks.dialogs);
        selected.extend(&self.taken.tasks.dialogs);
        let mut left_out = BTreeSet::new();
        for dialog in (0..theirs.dialogs.len()).filter(|dialog| !selected.contains(dialog)) {
            left_out.extend(theirs.components_of(dialog));
        }
        for dialog in &selected {
            for component in theirs.components_of(*dialog) {
                let starts = theirs.dialog_of_intent(&theirs.components[component]);
                if starts.is_none_or(|dialog| selected.contains(&dialog)) {
                    left_out.remove(&component);
                }
            }
        }
        let components = theirs.components.iter().enumerate().filter(|(index, _)| !left_out.contains(index));
        let mut known = ids_of(components.map(|(_, component)| component));
        let other_tasks = [("actions", &self.options.sub_tasks.actions), ("alerts", &self.options.sub_tasks.alerts)];
        for (key, words) in other_tasks {
            let tasks = list(self.incoming, key)?;
            known.extend(ids_of(named(&tasks, words).into_iter().map(|index| &tasks[index])));
        }
        let renamed = known.into_iter().map(|id| self.renames.incoming.get(&id).cloned().unwrap_or(id));
        Ok(renamed.collect())
    }

    /// Writes new ids into members that are not taken.
    pub(super) fn rename_what_stays(&mut self) -> Result<(), ShapeError> {
        if self.renames.current.is_empty() {
            return Ok(());
        }
        for (key, raw) in self.current.members() {
            if key == "exportOptions" || self.edit.raw(&key) != Some(raw) {
                continue;
            }
            let mut value = self.current.decode_part::<Value>(raw, &format!("/{key}"))?;
            rename(&mut value, &self.renames.current);
            self.set(&key, value);
        }
        Ok(())
    }

    /// Writes a list, unless it would be a new member without content.
    fn set_list(&mut self, key: &str, elements: Vec<Value>) {
        if !elements.is_empty() || self.edit.raw(key).is_some() {
            self.set(key, Value::Array(elements));
        }
    }

    /// Writes a member where its content changes, a new one where the incoming file has it.
    fn set(&mut self, key: &str, value: Value) {
        let Some(raw) = self.edit.raw(key) else {
            let incoming_keys = self.incoming.members().map(|(key, _)| key.into_owned()).collect::<Vec<_>>();
            let before = incoming_keys.iter().take_while(|other| *other != key);
            let neighbour = before.filter(|other| self.edit.raw(other).is_some()).last();
            self.edit.insert_after(neighbour.map(String::as_str), key, &value);
            return;
        };
        let present = self.current.decode_part::<Value>(raw, &format!("/{key}"));
        if present.map_or(true, |present| !written_alike(&present, &value)) {
            self.edit.set(key, &value);
        }
    }

    /// The text of the merged bot: the current one if nothing changed, else one without hashes, which nobody can
    /// compute.
    pub(super) fn text(&mut self) -> String {
        let is_unchanged = self.edit.keys().count() == self.current.members().count()
            && self.current.members().all(|(key, raw)| self.edit.raw(&key) == Some(raw));
        if is_unchanged {
            return self.current.text().to_string();
        }
        for hash in HASHES {
            self.edit.remove(hash);
        }
        self.edit.write()
    }
}

/// `_id`s and `refId`s of some elements.
fn ids_of<'v>(elements: impl IntoIterator<Item = &'v Value>) -> HashSet<String> {
    let mut ids = HashSet::new();
    for element in elements {
        ids.extend(["_id", "refId"].iter().filter_map(|key| text(element, key)).map(str::to_string));
    }
    ids
}

fn scene_id(scene: &Value) -> Option<String> {
    text(scene, "_id").map(str::to_string)
}
