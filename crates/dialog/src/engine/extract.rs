//! Values in what the user said before, and the choices of lists.

use serde_json::Value;

use entities::{Entity as Ready, Found, list};
use nlu::Earlier;

use super::Engine;
use crate::host::Host;
use crate::node::{Entity, Kind, Node, Reuse};
use crate::path;
use crate::reply::Choice;
use crate::scope::shown;

impl<'a, H: Host> Engine<'a, H> {
    /// Does something with an entity as the model knows it, its choices taken from the context where they are there.
    pub(crate) fn with_entity<T>(
        &mut self,
        node: &'a Node,
        entity: &'a Entity,
        work: impl FnOnce(&Self, &Ready) -> T,
    ) -> Option<T> {
        match self.made_entity(node, entity) {
            Some(made) => Some(work(self, &made)),
            None => {
                let model = self.model;
                model.entity(&node.component_id).or_else(|| model.entity(&node.component_ref)).map(|it| work(self, it))
            }
        }
    }

    /// An entity that depends on the context: a list that a script made, rules that one set.
    fn made_entity(&mut self, node: &'a Node, entity: &'a Entity) -> Option<Ready> {
        let rules = self.context_rules(&node.name);
        if entity.choices_from.is_none() && rules.is_empty() {
            return None;
        }
        let choices = entity.choices_from.is_some().then(|| self.context_choices(entity));
        self.model
            .entity_changed(&node.component_id, choices.clone(), &rules)
            .or_else(|| self.model.entity_changed(&node.component_ref, choices, &rules))
    }

    /// The rules of an entity that a script set (`context.entityRules.<name>`): name, and value as JSON text.
    fn context_rules(&self, name: &str) -> Vec<(String, String)> {
        let rules = self.context().get("entityRules").and_then(|all| all.get(name)).and_then(Value::as_object);
        rules.into_iter().flatten().map(|(rule, value)| (rule.clone(), value.to_string())).collect()
    }

    /// The items of a list in the context.
    fn context_choices(&mut self, entity: &'a Entity) -> Vec<list::Choice> {
        let Some(from) = &entity.choices_from else { return Vec::new() };
        self.see_variables();
        let variable = from.variable.trim().trim_start_matches("{{").trim_end_matches("}}").trim();
        let found = self.scope().condition_path(variable);
        let items = match found {
            Some(Value::Array(items)) => items,
            Some(Value::String(text)) => serde_json::from_str(&text).unwrap_or_default(),
            _ => Vec::new(),
        };
        let field = |item: &Value, key: &str, or: &str| -> Option<String> {
            let key = if key.trim().is_empty() { or } else { key.trim() };
            let steps = path::parse(key).unwrap_or_else(|| vec![path::Step::Key(key.to_owned())]);
            Some(shown(Some(&path::get(item, &steps)?.to_value())).into_owned())
        };
        let choices = items.iter().map(|item| {
            if !item.is_object() {
                let text = shown(Some(item)).into_owned();
                return list::Choice { title: text.clone(), value: text, synonyms: Vec::new() };
            }
            let title = field(item, &from.title_key, "title");
            let value = field(item, &from.value_key, "value");
            let key = if from.synonyms_key.is_empty() { "synonyms" } else { &from.synonyms_key };
            let synonyms = match item.get(key) {
                Some(Value::Array(words)) => words.iter().map(|word| shown(Some(word)).into_owned()).collect(),
                Some(Value::String(words)) => words.split(',').map(|word| word.trim().to_owned()).collect(),
                _ => Vec::new(),
            };
            let title = title.or_else(|| value.clone()).unwrap_or_default();
            let value = value.unwrap_or_else(|| title.clone());
            list::Choice { value, title: definition::texts::unescape_html(&title).into_owned(), synonyms }
        });
        choices.filter(|choice| !choice.title.trim().is_empty()).collect()
    }

    /// What there is to choose at an entity.
    pub(crate) fn choices_of(&mut self, node: &'a Node, entity: &'a Entity) -> Vec<Choice> {
        let choices = self.with_entity(node, entity, |_, ready| {
            let items = ready.list().map_or(&[][..], |list| list.items());
            items
                .iter()
                .map(|item| {
                    let value = if item.value.is_empty() { &item.title } else { &item.value };
                    Choice { title: item.title.clone(), value: value.clone() }
                })
                .collect()
        });
        choices.unwrap_or_default()
    }

    /// How many things there are to choose at an entity.
    pub(crate) fn choice_count(&mut self, node: &'a Node, entity: &'a Entity) -> usize {
        let count = self.with_entity(node, entity, |_, ready| ready.list().map_or(0, |list| list.items().len()));
        count.unwrap_or_default()
    }

    /// The title of a list's value.
    pub(crate) fn title_of(&self, component: &str, value: &Value) -> Option<String> {
        let value = shown(Some(value));
        let list = self.model.entity(component)?.list()?;
        let item = list.items().iter().find(|item| item.value == value || item.title == value)?;
        Some(item.title.clone())
    }

    /// The value of an entity in what was said while its dialog ran, the newest first. The other entities of the dialog
    /// that are still open get their share of the words.
    pub(crate) fn earlier_value(&mut self, node: &'a Node, entity: &'a Entity) -> Option<Vec<Found>> {
        if entity.reuse == Reuse::None || entity.asking == crate::node::Asking::Always {
            return None;
        }
        let met = |tag: &String| {
            let tags = self.context().get("traits").and_then(Value::as_array);
            self.state.tags.contains(tag) || tags.is_some_and(|tags| tags.iter().any(|it| it.as_str() == Some(tag)))
        };
        if !node.preconditions.iter().all(met) {
            return None;
        }
        let (dialog, _) = self.place()?;
        let mut open: Vec<(&'a Node, &'a Entity)> = Vec::new();
        for other in &dialog.nodes {
            let Kind::Entity(described) = &other.kind else { continue };
            let is_new = open.iter().all(|(seen, _)| seen.component_id != other.component_id);
            if is_new && (other.id == node.id || !self.is_filled(&other.name)) {
                open.push((other, described));
            }
        }
        let mine = open.iter().position(|(other, _)| other.component_id == node.component_id)?;
        let made: Vec<Option<Ready>> = open.iter().map(|(node, entity)| self.made_entity(node, entity)).collect();
        let model = self.model;
        let mut wanted: Vec<(&str, &Ready)> = Vec::new();
        let mut places = Vec::new();
        for (place, (other, _)) in open.iter().enumerate() {
            let ready = made[place].as_ref().or_else(|| model.entity(&other.component_id));
            if let Some(ready) = ready.or_else(|| model.entity(&other.component_ref)) {
                places.push(place);
                wanted.push((&other.component_id, ready));
            }
        }
        let frame = self.state.stack.last_mut()?;
        for input in frame.inputs.iter_mut().rev() {
            let used = if entity.reuse == Reuse::All { &input.kept } else { &input.used };
            let (earlier, now) = (Earlier { text: &input.text, used }, &self.at.now);
            let allocated = self.host.think(input.text.len(), || model.values(&wanted, earlier, now));
            let found = allocated.into_iter().find(|allocated| places[allocated.entity] == mine);
            if let Some(found) = found {
                let ranges = found.found.iter().map(|found| found.range.clone());
                input.used.extend(ranges.clone());
                if entity.keeps_words {
                    input.kept.extend(ranges);
                }
                return Some(found.found);
            }
        }
        None
    }

    /// Notes what the user said in the dialog that runs; `used` when none of it is left for entities.
    pub(crate) fn hear(&mut self, text: &str, used: bool) {
        if let Some(frame) = self.state.stack.last_mut() {
            let all = 0..text.len();
            let used = if used { vec![all] } else { Vec::new() };
            frame.inputs.push(crate::state::Input { text: text.to_owned(), used, kept: Vec::new() });
        }
    }
}
