//! Utterances that stand under several intents, and marks where no dialog asks for the value.

use std::collections::{HashMap, HashSet};

use super::Finding;
use crate::nlp::{Intent, NlpData, Utterance};

/// Utterances that several intents have, which can be in scope together. Same ones first, then those that hardly differ.
///
/// Utterances are compared by what is left of them after normalising, so nothing is compared in pairs.
pub(super) fn shared(data: &NlpData) -> Vec<Finding> {
    let mut found = Vec::new();
    // Sets of utterances that were reported as the same need not be reported again.
    let mut reported = HashSet::new();
    for same in [true, false] {
        let key_of = |utterance: &Utterance| if same { words(&utterance.text) } else { bag(utterance) };
        for group in groups(data, key_of) {
            let group = conflicting(data, group);
            if group.len() > 1 && reported.insert(group.clone()) {
                let one = |(intent, place): (usize, usize)| {
                    let intent = &data.intents[intent];
                    (intent.name.clone(), intent.utterances[place].text.clone())
                };
                found.push(Finding::SharedUtterance { utterances: group.into_iter().map(one).collect(), same });
            }
        }
    }
    found
}

/// Utterances with the same key, the first of each intent, as places of the intent and of the utterance in it; groups in
/// the order of their first utterance.
fn groups(data: &NlpData, key_of: impl Fn(&Utterance) -> Vec<String>) -> Vec<Vec<(usize, usize)>> {
    let mut places: HashMap<Vec<String>, usize> = HashMap::new();
    let mut groups: Vec<Vec<(usize, usize)>> = Vec::new();
    for (intent, of_intent) in data.intents.iter().enumerate() {
        for (place, utterance) in of_intent.utterances.iter().enumerate() {
            let key = key_of(utterance);
            if key.is_empty() {
                continue;
            }
            let group = *places.entry(key).or_insert(groups.len());
            if group == groups.len() {
                groups.push(Vec::new());
            }
            // Intents come one after the other, so only the last one of a group can be this one.
            if groups[group].last().is_none_or(|(last, _)| *last != intent) {
                groups[group].push((intent, place));
            }
        }
    }
    groups
}

/// Those of a group that are in scope together with another of it: a root intent always is, a sub-intent in its dialogs.
fn conflicting(data: &NlpData, mut group: Vec<(usize, usize)>) -> Vec<(usize, usize)> {
    let scopes = |place: usize| data.intents[place].scopes.as_slice();
    if group.len() < 2 || group.iter().any(|(intent, _)| scopes(*intent).is_empty()) {
        return group;
    }
    let mut intents_in: HashMap<&str, usize> = HashMap::new();
    for scope in group.iter().flat_map(|(intent, _)| scopes(*intent)) {
        *intents_in.entry(scope).or_default() += 1;
    }
    group.retain(|(intent, _)| scopes(*intent).iter().any(|scope| intents_in[scope.as_str()] > 1));
    group
}

/// The words of a text in small letters: what it is but for letter case and punctuation.
pub(super) fn words(text: &str) -> Vec<String> {
    let words = text.split(|character: char| !character.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_lowercase).collect()
}

/// The words in alphabetical order, each once, with the name of the entity in the place of each marked value: what an
/// utterance is for a model that counts words.
fn bag(utterance: &Utterance) -> Vec<String> {
    let mut bag = Vec::new();
    let mut from = 0;
    for mark in &utterance.marks {
        if let Some(before) = utterance.text.get(from..mark.range.start) {
            bag.extend(words(before));
            // No word has a blank in it.
            bag.push(format!("value of {}", mark.entity_id));
            from = mark.range.end;
        }
    }
    bag.extend(words(utterance.text.get(from..).unwrap_or_default()));
    // An utterance that is nothing but a value tells of the entity, not of the intent.
    if bag.iter().all(|word| word.contains(' ')) {
        return Vec::new();
    }
    bag.sort_unstable();
    bag.dedup();
    bag
}

/// Marks of entities that the intent's dialog, or for a sub-intent the dialogs it is in scope of, do not ask for: one
/// finding for each intent and entity.
pub(super) fn foreign_marks(data: &NlpData) -> Vec<Finding> {
    let entities: HashMap<&str, usize> =
        data.entities.iter().enumerate().rev().map(|(place, entity)| (entity.component_id.as_str(), place)).collect();
    let mut found = Vec::new();
    for intent in &data.intents {
        let asked = asked_for(intent, data, &entities);
        let mut places: HashMap<&str, usize> = HashMap::new();
        for utterance in &intent.utterances {
            let mut seen = HashSet::new();
            for id in utterance.marks.iter().map(|mark| mark.entity_id.as_str()) {
                let entity = entities.get(id).map(|place| &data.entities[*place]);
                // Exports without tasks do not say what a dialog asks for.
                let is_stub = entity.is_some_and(|entity| entity.entity_type.is_empty());
                if asked.contains(id) || is_stub || !seen.insert(id) {
                    continue;
                }
                let place = *places.entry(id).or_insert(found.len());
                if let Some(Finding::ForeignMark { count, .. }) = found.get_mut(place) {
                    *count += 1;
                    continue;
                }
                found.push(Finding::ForeignMark {
                    intent: intent.name.clone(),
                    entity: entity.map_or(id, |entity| &entity.name).to_owned(),
                    utterance: utterance.text.clone(),
                    count: 1,
                });
            }
        }
    }
    found
}

/// Ids of the entities that are asked for where the intent is understood.
fn asked_for<'a>(intent: &'a Intent, data: &'a NlpData, entities: &HashMap<&'a str, usize>) -> HashSet<&'a str> {
    let mut asked: HashSet<&str> = intent.entities.iter().map(String::as_str).collect();
    if intent.scopes.is_empty() {
        return asked;
    }
    let scopes: HashSet<&String> = intent.scopes.iter().collect();
    let marked = intent.utterances.iter().flat_map(|utterance| &utterance.marks).map(|mark| mark.entity_id.as_str());
    for id in marked {
        let dialogs = entities.get(id).map(|place| &data.entities[*place].dialogs);
        if dialogs.into_iter().flatten().any(|dialog| scopes.contains(dialog)) {
            asked.insert(id);
        }
    }
    asked
}
