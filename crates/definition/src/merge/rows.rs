//! Utterances and patterns: rows that belong to components.

use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet, VecDeque};

use serde_json::Value;

use super::options::RowMode;
use crate::links::text;

/// Drops utterances whose intent is gone and entity marks whose entity is gone. Returns the number of dropped rows.
pub(super) fn drop_orphan_sentences(rows: &mut Vec<Value>, is_gone: impl Fn(&str) -> bool) -> usize {
    let before = rows.len();
    rows.retain(|row| !text(row, "taskId").is_some_and(&is_gone));
    for row in rows.iter_mut() {
        if let Some(marks) = row.get_mut("entities").and_then(Value::as_array_mut) {
            marks.retain(|mark| !text(mark, "entityId").is_some_and(&is_gone));
        }
    }
    before - rows.len()
}

/// Drops patterns whose intent or entity is gone. Returns the number of dropped rows.
pub(super) fn drop_orphan_patterns(rows: &mut Vec<Value>, is_gone: impl Fn(&str) -> bool) -> usize {
    let before = rows.len();
    rows.retain(|row| !text(row, "refId").is_some_and(&is_gone));
    before - rows.len()
}

/// Brings incoming utterances in. `known` holds the ids, after the import, of the intents that the incoming bot has (and
/// the request selects): in replace mode they lose the rows they have.
pub(super) fn merge_sentences(rows: &mut Vec<Value>, incoming: Vec<Value>, known: &HashSet<String>, mode: RowMode) {
    if mode != RowMode::Append {
        return replace_rows(rows, incoming, known, "taskId");
    }
    let mut present = rows.iter().map(sentence_key).collect::<HashSet<_>>();
    let mut ids = rows.iter().filter_map(|row| text(row, "_id").map(str::to_string)).collect::<HashSet<_>>();
    for mut row in incoming {
        if !present.insert(sentence_key(&row)) {
            continue;
        }
        let id_is_free = text(&row, "_id").is_none_or(|id| ids.insert(id.to_string()));
        if !id_is_free && let Some(members) = row.as_object_mut() {
            // The same row with another sentence: both stay, so one of them needs another id. It gets none here.
            members.shift_remove("_id");
        }
        rows.push(row);
    }
}

/// Puts incoming rows in the places of those that `known` owners have, owner by owner, and what is left over at the end:
/// so an import of what is there already changes nothing. `owner` is the member that names the owner of a row.
fn replace_rows(rows: &mut Vec<Value>, incoming: Vec<Value>, known: &HashSet<String>, owner: &str) {
    let owner_of = |row: &Value| text(row, owner).map(str::to_string);
    let mut waiting: HashMap<Option<String>, VecDeque<usize>> = HashMap::new();
    for (place, row) in incoming.iter().enumerate() {
        waiting.entry(owner_of(row)).or_default().push_back(place);
    }
    let mut incoming: Vec<Option<Value>> = incoming.into_iter().map(Some).collect();
    let mut after = Vec::with_capacity(rows.len());
    for row in rows.drain(..) {
        let owner = owner_of(&row);
        if owner.as_ref().is_some_and(|owner| !known.contains(owner)) {
            after.push(row);
        } else if let Some(place) = waiting.get_mut(&owner).and_then(VecDeque::pop_front) {
            after.extend(incoming[place].take());
        }
    }
    after.extend(incoming.into_iter().flatten());
    *rows = after;
}

/// Two utterances are the same if this is: intent, sentence, language. The intent by its id, because `taskName` keeps
/// names that intents have lost since.
fn sentence_key(row: &Value) -> [String; 3] {
    ["taskId", "sentence", "language"].map(|key| text(row, key).unwrap_or_default().to_string())
}

/// Brings incoming patterns in. `known` holds the ids, after the import, of the intents and entities that the incoming
/// bot has (and the request selects): in replace mode they lose the rows they have.
pub(super) fn merge_patterns(rows: &mut Vec<Value>, incoming: Vec<Value>, known: &HashSet<String>, mode: RowMode) {
    if mode != RowMode::Append {
        return replace_rows(rows, incoming, known, "refId");
    }
    let mut places = HashMap::new();
    for (place, row) in rows.iter().enumerate() {
        places.entry(text(row, "refId").map(str::to_string)).or_insert(place);
    }
    for row in incoming {
        match places.entry(text(&row, "refId").map(str::to_string)) {
            Entry::Occupied(place) => append_patterns(&mut rows[*place.get()], &row),
            Entry::Vacant(free) => {
                free.insert(rows.len());
                rows.push(row);
            }
        }
    }
}

/// Adds the patterns of one row to another, language by language and list by list, without repeating any.
fn append_patterns(present: &mut Value, row: &Value) {
    let Some(languages) = row.get("localeData").and_then(Value::as_object) else { return };
    let Some(own_languages) = present.get_mut("localeData").and_then(Value::as_object_mut) else { return };
    for (language, lists) in languages {
        let own = own_languages.entry(language.as_str()).or_insert_with(|| Value::Object(serde_json::Map::new()));
        let (Some(lists), Some(own)) = (lists.as_object(), own.as_object_mut()) else { continue };
        for (name, list) in lists {
            let own_list = own.entry(name.as_str()).or_insert_with(|| Value::Array(Vec::new()));
            let (Some(list), Some(own_list)) = (list.as_array(), own_list.as_array_mut()) else { continue };
            for pattern in list {
                if !own_list.iter().any(|other| pattern_text(other) == pattern_text(pattern)) {
                    own_list.push(pattern.clone());
                }
            }
        }
    }
}

/// What makes a pattern itself: its value, or all of it in formats where it is a plain string.
fn pattern_text(pattern: &Value) -> &Value {
    pattern.get("value").unwrap_or(pattern)
}
