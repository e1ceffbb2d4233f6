//! Training utterances.

use std::collections::HashMap;

use serde_json::Value;

use super::Locale;
use super::intents::{Components, Intents};
use super::tolerant::{items, list, number, object, text};
use crate::document::Document;
use crate::error::ShapeError;
use crate::links::folded_name;
use crate::nlp::{Intent, Mark, Utterance};

/// Adds the utterances to the intents they belong to, each text once.
pub(super) fn read(
    definition: &Document,
    locale: &Locale,
    components: &Components,
    intents: &mut Intents,
) -> Result<(), ShapeError> {
    let mut places = HashMap::new();
    for (place, component) in components.of_kind("intent") {
        let Some(intent) = intents.of_component(place) else { continue };
        let own = &component["localeData"][&locale.language];
        for row in items(&own["utterances"]).iter().chain(items(&own["sentences"])) {
            add(&mut intents.list, intent, row, components, &mut places);
        }
    }
    let names = names(components, intents);
    for row in &list(definition, "sentences")? {
        if !locale.is_of(&row["language"]) {
            continue;
        }
        // The name in a row is the one that the intent had when the row was written: another may have it by now.
        let intent = match components.find(text(&row["taskId"])) {
            Some(place) => intents.of_component(place),
            None => names.get(&folded_name(text(&row["taskName"]))).copied(),
        };
        if let Some(intent) = intent {
            add(&mut intents.list, intent, row, components, &mut places);
        }
    }
    Ok(())
}

/// Intents by name. Where two have one, the order of preference is: name of the component, label in any language, name
/// of the dialog.
fn names(components: &Components, intents: &Intents) -> HashMap<String, usize> {
    let mut names = HashMap::new();
    let mut add = |name: &str, intent: usize| {
        if !name.is_empty() {
            names.entry(folded_name(name)).or_insert(intent);
        }
    };
    for (at, intent) in intents.list.iter().enumerate() {
        add(&intent.name, at);
    }
    for (place, component) in components.of_kind("intent") {
        let Some(intent) = intents.of_component(place) else { continue };
        for (_, own) in object(&component["localeData"]) {
            add(text(&own["intent"]), intent);
        }
    }
    for (at, intent) in intents.list.iter().enumerate() {
        add(&intent.dialog_name, at);
    }
    names
}

/// Adds a row to an intent. `places` tells where the texts are that were added before.
fn add(
    intents: &mut [Intent],
    intent: usize,
    row: &Value,
    components: &Components,
    places: &mut HashMap<(usize, String), usize>,
) {
    let sentence = [row, &row["sentence"], &row["text"]].into_iter().find_map(Value::as_str).unwrap_or_default();
    if sentence.trim().is_empty() {
        return;
    }
    let utterances = &mut intents[intent].utterances;
    let place = *places.entry((intent, sentence.trim().to_owned())).or_insert(utterances.len());
    match utterances.get_mut(place) {
        // Said before; its marks may have been made in only one of the rows.
        Some(known) if known.marks.is_empty() && known.text == sentence => {
            known.marks = marks(row, sentence, components)
        }
        Some(_) => {}
        None => utterances.push(Utterance {
            text: sentence.to_owned(),
            marks: marks(row, sentence, components),
            id: text(&row["_id"]).to_owned(),
        }),
    }
}

/// The marks of a row that lie in its sentence, in the order of their places. Exports count UTF-16 code units, as
/// JavaScript does, and `endIndex` is the first one after the value.
fn marks(row: &Value, sentence: &str, components: &Components) -> Vec<Mark> {
    let rows = items(&row["entities"]);
    if rows.is_empty() {
        return Vec::new();
    }
    let bytes = byte_offsets(sentence);
    let mut marks: Vec<Mark> = rows.iter().filter_map(|row| mark(row, sentence, &bytes, components)).collect();
    marks.sort_by_key(|mark| (mark.range.start, mark.range.end));
    marks
}

fn mark(row: &Value, sentence: &str, bytes: &[Option<usize>], components: &Components) -> Option<Mark> {
    let offset = |key: &str| {
        let index = number(&row[key]).filter(|index| index.fract() == 0.0 && *index < bytes.len() as f64)?;
        bytes[index as usize]
    };
    let range = offset("startIndex")?..offset("endIndex")?;
    // Marks are made with the mouse, and often take the space after the value in.
    let value = sentence.get(range.clone())?;
    let start = range.start + (value.len() - value.trim_start().len());
    let range = start..start + value.trim().len();
    let named = Some(text(&row["entityId"])).filter(|id| !id.is_empty())?;
    let component = components.find(named).map(|place| text(&components.list[place]["_id"]));
    let entity_id = component.filter(|id| !id.is_empty()).unwrap_or(named).to_owned();
    (!range.is_empty()).then_some(Mark { entity_id, range })
}

/// The byte offset of each UTF-16 code unit of a text, and of its end; none inside of a surrogate pair.
fn byte_offsets(text: &str) -> Vec<Option<usize>> {
    let mut offsets = Vec::with_capacity(text.len() + 1);
    for (at, character) in text.char_indices() {
        offsets.push(Some(at));
        if character.len_utf16() == 2 {
            offsets.push(None);
        }
    }
    offsets.push(Some(text.len()));
    offsets
}
