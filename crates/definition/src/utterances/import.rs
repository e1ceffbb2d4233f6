//! Writing rows of a file into the `sentences` of a definition.

use std::collections::{HashMap, HashSet};

use serde::Serialize;
use serde_json::{Value, json};

use super::{DIALOG_INTENT, IntentNames, Row};
use crate::catalogue::{Catalogue, list};
use crate::document::Document;
use crate::edit::Edit;
use crate::error::ShapeError;
use crate::finding::{Code, Finding, shown};
use crate::links::{folded_name, text};
use crate::select::HASHES;
use crate::summary::{default_language, supported_languages};

/// What happens to the utterances that the bot has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ImportMode {
    /// They stay; rows that are new are added.
    Add,
    /// Those that the file does not list go.
    Replace,
}

/// The result of an import of utterances.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ImportedRows {
    /// Text of `botDefinition.json`; as it was if nothing changed.
    pub text: String,
    /// Rows that were accepted, duplicates included, for the reply's
    /// `"File imported completed. N utterances copied successfully"`.
    pub count: usize,
    /// Accepted rows that the bot did not have.
    pub added: usize,
    /// Rows that were not accepted.
    pub rejected: Vec<RejectedRow>,
    /// Marks of entities that the bot has not, which were left out: place of the row, see [`Row::line`], and id; an empty one
    /// where a mark says of no entity.
    pub unknown_marks: Vec<(usize, String)>,
    /// Languages of accepted rows that the bot does not speak: place of the row, and what it says.
    pub unknown_languages: Vec<(usize, String)>,
    /// Types of accepted rows that are none of an utterance: place of the row, and what it says.
    pub unknown_kinds: Vec<(usize, String)>,
}

impl ImportedRows {
    /// What the file names and the bot has not, and what of it was of no use: one finding for each name, at `pointer`,
    /// which leads to the file in the body of the request.
    pub fn findings(&self, pointer: &str) -> Vec<Finding> {
        let mut findings = Vec::new();
        let unknown = self.rejected.iter().filter(|row| row.reason == Rejection::UnknownTask);
        for (name, places) in by_name(unknown.map(|row| (row.line, row.task_name.as_str()))) {
            let text = format!(
                "No task of the bot is called {}, so {} not taken; correct the name, or bring the task into the bot.",
                shown(name),
                rows_at(&places)
            );
            findings.push(Finding::new(pointer, Code::UnknownTask, text));
        }
        for (id, places) in by_name(self.unknown_marks.iter().map(|(line, id)| (*line, id.as_str()))) {
            let rows = rows_at(&places);
            let (code, text) = if id.is_empty() {
                let text = format!(
                    "Marks in the utterances have no `entityId`, so nobody can tell of which entity they are: {rows} taken \
                     without them. Give each mark the `_id` of an entity of the bot, or take it out."
                );
                (Code::NotApplied, text)
            } else {
                let text = format!(
                    "The bot has no entity {}, so its marks in the utterances are left out: {rows} taken without them.",
                    shown(id)
                );
                (Code::UnknownEntity, text)
            };
            findings.push(Finding::new(pointer, code, text));
        }
        for (language, places) in by_name(self.unknown_languages.iter().map(|(line, word)| (*line, word.as_str()))) {
            let text = format!(
                "The bot does not speak the language {}, so {} taken and nothing is learned from such rows; correct the \
                 `language`, or give the bot the language.",
                shown(language),
                rows_at(&places)
            );
            findings.push(Finding::new(pointer, Code::UnknownLanguage, text));
        }
        for (kind, places) in by_name(self.unknown_kinds.iter().map(|(line, word)| (*line, word.as_str()))) {
            let text = format!(
                "{} is no `type` of an utterance that is known here, so {} taken like those of the type `{DIALOG_INTENT}`; \
                 give that, or leave it out.",
                shown(kind),
                rows_at(&places)
            );
            findings.push(Finding::new(pointer, Code::UnknownWord, text));
        }
        let silent = self.rejected.iter().filter(|row| row.reason == Rejection::NoSentence);
        let places: Vec<usize> = silent.map(|row| row.line).collect();
        if !places.is_empty() {
            let text =
                format!("Rows have no utterance, so {} not taken; write one, or take them out.", rows_at(&places));
            findings.push(Finding::new(pointer, Code::NotApplied, text));
        }
        findings
    }
}

/// The places of each name, in the order the names come first. Names are compared as the import compares them.
fn by_name<'a>(named: impl Iterator<Item = (usize, &'a str)>) -> Vec<(&'a str, Vec<usize>)> {
    let mut groups: Vec<(&str, Vec<usize>)> = Vec::new();
    let mut known = HashMap::new();
    for (line, name) in named {
        let at = *known.entry(folded_name(name)).or_insert(groups.len());
        match groups.get_mut(at) {
            Some((_, places)) => places.push(line),
            None => groups.push((name, vec![line])),
        }
    }
    groups
}

/// Rows in words, by their lines in a CSV or their positions in a list.
fn rows_at(places: &[usize]) -> String {
    match places {
        [one] => format!("row {one} was"),
        [first, ..] => format!("{} rows, the first of them row {first}, were", places.len()),
        [] => "no rows were".to_owned(),
    }
}

/// A row that was not imported.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RejectedRow {
    /// Its place in the file, see [`Row::line`].
    pub line: usize,
    /// The task it names.
    pub task_name: String,
    /// Why.
    pub reason: Rejection,
}

/// Why a row was not imported.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Rejection {
    /// No intent of the bot has this name.
    UnknownTask,
    /// The row has no sentence.
    NoSentence,
}

/// Imports rows. Two rows are the same if intent, sentence and language are; a row that the bot has keeps its id and,
/// unless the file marks entities, its marks. Marks of entities that the bot has not are left out. `new_id` gives ids
/// (24 hexadecimal digits) to new rows.
///
/// # Errors
/// A member that has to be looked into is not of the expected shape.
pub fn import_rows(
    definition: &Document,
    rows: &[Row],
    mode: ImportMode,
    new_id: &mut impl FnMut() -> String,
) -> Result<ImportedRows, ShapeError> {
    let catalogue = Catalogue::of(definition)?;
    let stored = list(definition, "sentences")?;
    let intents = IntentNames::of(&catalogue, &stored);
    let language = default_language(definition);
    let spoken = supported_languages(definition, &language);

    let mut sentences = stored.clone();
    let mut places = HashMap::new();
    for (place, sentence) in sentences.iter().enumerate() {
        let [task, words, language] = ["taskId", "sentence", "language"].map(|key| text(sentence, key).unwrap_or(""));
        places.entry((task.to_string(), words.to_string(), language.to_string())).or_insert(place);
    }
    let mut listed = HashSet::new();
    let mut imported = ImportedRows {
        text: String::new(),
        count: 0,
        added: 0,
        rejected: Vec::new(),
        unknown_marks: Vec::new(),
        unknown_languages: Vec::new(),
        unknown_kinds: Vec::new(),
    };
    for row in rows {
        let reject = |reason| RejectedRow { line: row.line, task_name: row.task_name.clone(), reason };
        if row.sentence.is_empty() {
            imported.rejected.push(reject(Rejection::NoSentence));
            continue;
        }
        let Some((task, name)) = intents.find(&row.task_name) else {
            imported.rejected.push(reject(Rejection::UnknownTask));
            continue;
        };
        imported.count += 1;
        let said = if row.language.is_empty() { &language } else { &row.language };
        // Training knows a language only as the bot spells it.
        let known = spoken.iter().chain([&language]).find(|known| known.eq_ignore_ascii_case(said));
        if known.is_none() {
            imported.unknown_languages.push((row.line, said.clone()));
        }
        let language = known.unwrap_or(said);
        if !row.kind.eq_ignore_ascii_case(DIALOG_INTENT) {
            imported.unknown_kinds.push((row.line, row.kind.clone()));
        }
        let (marks, unknown) = known_marks(&row.entities, &catalogue);
        imported.unknown_marks.extend(unknown.into_iter().map(|id| (row.line, id)));
        let key = (task.clone(), row.sentence.clone(), language.clone());
        let place = places.get(&key).copied().unwrap_or(sentences.len());
        if place == sentences.len() {
            imported.added += 1;
            places.insert(key, place);
            sentences.push(json!({
                "_id": new_id(), "taskId": task, "taskName": name, "type": row.kind, "sentence": row.sentence,
                "entities": marks, "language": language,
            }));
        } else if !marks.is_empty() {
            sentences[place]["entities"] = Value::Array(marks);
        }
        listed.insert(place);
    }
    if mode == ImportMode::Replace {
        let mut place = 0..;
        sentences.retain(|_| place.next().is_some_and(|place| listed.contains(&place)));
    }
    imported.text = definition.text().to_string();
    if sentences != stored {
        let mut edit = Edit::of(definition);
        for hash in HASHES {
            edit.remove(hash);
        }
        edit.set("sentences", &Value::Array(sentences));
        imported.text = edit.write();
    }
    Ok(imported)
}

/// The marks whose entity the bot has, and the entities that it has not.
fn known_marks(marks: &[Value], catalogue: &Catalogue) -> (Vec<Value>, Vec<String>) {
    let (mut known, mut unknown) = (Vec::new(), Vec::new());
    for mark in marks {
        match text(mark, "entityId") {
            Some(id) if catalogue.component(id).is_some() => known.push(mark.clone()),
            id => unknown.push(id.unwrap_or_default().to_owned()),
        }
    }
    (known, unknown)
}
