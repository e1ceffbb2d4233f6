//! Reading a file of utterances.

use serde_json::Value;
use thiserror::Error;

use super::{DIALOG_INTENT, Row};
use crate::links::text;

/// Why a file of utterances cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum FileError {
    /// Not a text.
    #[error("the file is not UTF-8 text; save it as UTF-8")]
    NotUtf8,
    /// The first line is not a header. The vendor's text for a bad CSV is `CSV format is incorrect`.
    #[error("line 1: the CSV has no columns taskName and sentence; start it with taskName,sentence,type,language")]
    NoHeader,
    /// The file starts like JSON but is none.
    #[error("line {line}, column {column}: {problem}; correct the JSON text")]
    BadJson {
        /// Line, counted from 1.
        line: usize,
        /// Column, counted from 1.
        column: usize,
        /// What the parser says.
        problem: String,
    },
    /// JSON, but not a list of objects.
    #[error("the JSON text is not a list of rows like {{\"taskName\": …, \"sentence\": …}}")]
    NotRows,
}

/// Reads the rows of a JSON or CSV file. What it is, is told by its first character, not by a name: clients send one
/// under the name of the other. A byte-order mark, any line ends, any order of columns, further columns, semicolons or
/// tabs for commas and blank lines do not matter. A row that lacks its task or sentence is read all the same; the
/// import reports it.
///
/// # Errors
/// [`FileError`].
pub fn read_rows(bytes: &[u8]) -> Result<Vec<Row>, FileError> {
    let content = std::str::from_utf8(bytes).map_err(|_| FileError::NotUtf8)?;
    let content = content.trim_start_matches('\u{feff}');
    if content.trim_start().starts_with(['[', '{']) { json_rows(content) } else { csv_rows(content) }
}

fn json_rows(content: &str) -> Result<Vec<Row>, FileError> {
    let value = serde_json::from_str::<Value>(content).map_err(|error| FileError::BadJson {
        line: error.line(),
        column: error.column(),
        problem: error.to_string().split(" at line ").next().unwrap_or_default().to_string(),
    })?;
    let Value::Array(elements) = value else { return Err(FileError::NotRows) };
    let mut rows = Vec::new();
    for (index, element) in elements.iter().enumerate() {
        if !element.is_object() {
            return Err(FileError::NotRows);
        }
        let member = |key: &str| text(element, key).unwrap_or_default().trim().to_string();
        // What is there and is no text is read as its JSON, so that it is found as unknown and not passed over.
        let word = |key: &str| match element.get(key) {
            None | Some(Value::Null) => String::new(),
            Some(Value::String(word)) => word.trim().to_string(),
            Some(other) => other.to_string(),
        };
        let kind = Some(word("type")).filter(|kind| !kind.is_empty());
        rows.push(Row {
            line: index + 1,
            task_name: member("taskName"),
            sentence: member("sentence"),
            kind: kind.unwrap_or_else(|| DIALOG_INTENT.to_string()),
            entities: match element.get("entities") {
                None | Some(Value::Null) => Vec::new(),
                Some(Value::Array(marks)) => marks.clone(),
                Some(other) => vec![other.clone()],
            },
            language: word("language"),
        });
    }
    Ok(rows)
}

fn csv_rows(content: &str) -> Result<Vec<Row>, FileError> {
    let header = content.lines().next().unwrap_or_default();
    let delimiter = [b',', b';', b'\t'].into_iter().find(|delimiter| header.as_bytes().contains(delimiter));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(delimiter.unwrap_or(b','))
        .from_reader(content.as_bytes());
    let mut records = reader.records();
    let header = records.next().and_then(Result::ok).ok_or(FileError::NoHeader)?;
    let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let (Some(task_name), Some(sentence)) = (column("taskName"), column("sentence")) else {
        return Err(FileError::NoHeader);
    };
    let (kind, language) = (column("type"), column("language"));
    let mut rows = Vec::new();
    let bytes = content.as_bytes();
    let (mut line, mut counted) = (1, 0);
    for record in records {
        // The text is UTF-8 and the number of cells is free, so no record is bad.
        let Ok(record) = record else { continue };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cell = |column: Option<usize>| column.and_then(|column| record.get(column)).unwrap_or_default().trim();
        let kind = cell(kind);
        // The reader's own line numbers are one short after CR LF. A record may start with the LF of the line before.
        let mut start = record.position().map_or(counted, |position| position.byte() as usize);
        while matches!(bytes.get(start), Some(b'\r' | b'\n')) {
            start += 1;
        }
        line += bytes.get(counted..start).unwrap_or_default().iter().filter(|byte| **byte == b'\n').count();
        counted = start;
        rows.push(Row {
            line,
            task_name: cell(Some(task_name)).to_string(),
            sentence: cell(Some(sentence)).to_string(),
            kind: if kind.is_empty() { DIALOG_INTENT } else { kind }.to_string(),
            entities: Vec::new(),
            language: cell(language).to_string(),
        });
    }
    Ok(rows)
}
