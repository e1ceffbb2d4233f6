//! The cases of a batch test: what is said, and what should be understood. Read from the files the original reads.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// One case of a batch test.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TestCase {
    /// What is said.
    pub input: String,
    /// The intent, question or dialog it means, by any of its names; empty for nothing the bot knows.
    pub intent: String,
    /// The dialog that runs when it is said; empty for none.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub parent_intent: String,
    /// The linked bot of a universal bot that is to understand it; empty where none is named.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub bot_name: String,
    /// The entity values in it: name of the entity, and the value as text.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub entities: Vec<(String, String)>,
}

/// The most utterances of a suite. (api-families-2.md §5.)
pub const MAX_UTTERANCES: usize = 1_000;
/// The longest utterance of a suite. Characters.
pub const MAX_UTTERANCE_CHARACTERS: usize = 3_000;

/// Why a file holds no cases.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum TestFileError {
    /// Not a text.
    #[error("the file is not UTF-8 text; save it as UTF-8")]
    NotUtf8,
    /// The first line is not a header.
    #[error("line 1: the CSV has no columns input and intent; start it with input,intent")]
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
    /// JSON, but not a list of cases.
    #[error(
        "the JSON text is neither a list of cases like {{\"input\": …, \"intent\": …}} nor an object with such a list as `testCases`"
    )]
    NotCases,
    /// A case says nothing.
    #[error("{place} has no `input`; write what is said there, or take it out")]
    NoInput {
        /// Line of a CSV, or position in a JSON list.
        place: String,
    },
    /// Nothing to test.
    #[error("the file has no case; a case is a line `input,intent`")]
    Empty,
    /// Too many.
    #[error("the file has {0} utterances, a suite has at most {MAX_UTTERANCES}; split it")]
    TooMany(usize),
    /// Too long.
    #[error(
        "{place}: the utterance has {characters} characters, one of a suite has at most {MAX_UTTERANCE_CHARACTERS}; shorten it, \
         or take it out"
    )]
    TooLong {
        /// Line of a CSV, or position in a JSON list.
        place: String,
        /// How many it has.
        characters: usize,
    },
}

/// Reads cases from a CSV (`input,intent[,parentIntent,entityName,entityValue]`, or further columns named like entities)
/// or a JSON list. What it is, is told by its first character. A CSV row without `input` but with an entity belongs to
/// the case above it, as the original writes cases with several entities.
///
/// # Errors
/// [`TestFileError`], with the line.
pub fn read_test_cases(bytes: &[u8], delimiter: Option<char>) -> Result<Vec<TestCase>, TestFileError> {
    let text = std::str::from_utf8(bytes).map_err(|_| TestFileError::NotUtf8)?;
    let text = text.trim_start_matches('\u{feff}');
    let cases = if text.trim_start().starts_with(['[', '{']) { json_cases(text)? } else { csv_cases(text, delimiter)? };
    // Rows one after the other that say the same are one utterance, for which more than one thing is expected.
    let utterances = cases.chunk_by(|one, next| one.input == next.input).count();
    match utterances {
        0 => Err(TestFileError::Empty),
        count if count > MAX_UTTERANCES => Err(TestFileError::TooMany(count)),
        _ => Ok(cases),
    }
}

/// Refuses what is no utterance of a suite. `place` is where it stands in the file.
fn judge(utterance: &str, place: impl FnOnce() -> String) -> Result<(), TestFileError> {
    if utterance.is_empty() {
        return Err(TestFileError::NoInput { place: place() });
    }
    let characters = utterance.chars().count();
    if characters > MAX_UTTERANCE_CHARACTERS {
        return Err(TestFileError::TooLong { place: place(), characters });
    }
    Ok(())
}

fn json_cases(text: &str) -> Result<Vec<TestCase>, TestFileError> {
    let value = serde_json::from_str::<Value>(text).map_err(|error| TestFileError::BadJson {
        line: error.line(),
        column: error.column(),
        problem: error.to_string().split(" at line ").next().unwrap_or_default().to_owned(),
    })?;
    let list = if value.is_array() { &value } else { &value["testCases"] };
    let list = list.as_array().ok_or(TestFileError::NotCases)?;
    let mut cases = Vec::new();
    for (at, element) in list.iter().enumerate() {
        if !element.is_object() {
            return Err(TestFileError::NotCases);
        }
        let member = |key: &str| element[key].as_str().unwrap_or_default().trim().to_owned();
        let entities = element["entities"].as_array().into_iter().flatten();
        let case = TestCase {
            input: member("input"),
            intent: expected(&member("intent")),
            parent_intent: member("parentIntent"),
            bot_name: member("botName"),
            entities: entities.map(json_entity).collect(),
        };
        judge(&case.input, || format!("case {}", at + 1))?;
        cases.push(case);
    }
    Ok(cases)
}

/// A value that is expected. One that says of no entity is kept with an empty name, so that it is told of.
fn json_entity(element: &Value) -> (String, String) {
    let name = element["entityName"].as_str().unwrap_or_default();
    (name.trim().to_owned(), as_text(&element["entityValue"]))
}

/// A value as the text a file would have: texts without quotes, everything else as JSON.
pub(crate) fn as_text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), |text| text.trim().to_owned())
}

fn csv_cases(text: &str, delimiter: Option<char>) -> Result<Vec<TestCase>, TestFileError> {
    let first_line = text.lines().next().unwrap_or_default();
    let named = delimiter.filter(char::is_ascii).and_then(|it| u8::try_from(it).ok());
    let found = [b',', b';', b'\t', b'|'].into_iter().find(|delimiter| first_line.as_bytes().contains(delimiter));
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .delimiter(named.or(found).unwrap_or(b','))
        .from_reader(text.as_bytes());
    let mut records = reader.records();
    let header = records.next().and_then(Result::ok).ok_or(TestFileError::NoHeader)?;
    let column = |name: &str| header.iter().position(|cell| cell.trim().eq_ignore_ascii_case(name));
    let (Some(input), Some(intent)) = (column("input"), column("intent")) else { return Err(TestFileError::NoHeader) };
    let (parent, bot_name) = (column("parentIntent"), column("botName"));
    let entity = column("entityName").zip(column("entityValue"));
    let entity_columns = ["entityOrder", "entityName", "entityValue"].map(column);
    let known = [[Some(input), Some(intent), parent].as_slice(), &[bot_name], &entity_columns].concat();
    let mut cases: Vec<TestCase> = Vec::new();
    for (number, record) in records.enumerate() {
        // The text is UTF-8 and the number of cells is free, so no record is bad.
        let Ok(record) = record else { continue };
        if record.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        let cell = |at: usize| record.get(at).unwrap_or_default().trim().to_owned();
        let mut entities: Vec<(String, String)> = Vec::new();
        if let Some((name, value)) = entity {
            entities.push((cell(name), cell(value)));
        }
        for (at, name) in header.iter().enumerate().filter(|(at, _)| !known.contains(&Some(*at))) {
            entities.push((name.trim().to_owned(), cell(at)));
        }
        entities.retain(|(_, value)| !value.is_empty());
        let said = cell(input);
        match cases.last_mut() {
            Some(case) if said.is_empty() && !entities.is_empty() => case.entities.extend(entities),
            _ => {
                judge(&said, || format!("line {}", record.position().map_or(number as u64 + 2, csv::Position::line)))?;
                cases.push(TestCase {
                    input: said,
                    intent: expected(&cell(intent)),
                    parent_intent: parent.map(cell).unwrap_or_default(),
                    bot_name: bot_name.map(cell).unwrap_or_default(),
                    entities,
                });
            }
        }
    }
    Ok(cases)
}

/// `None` is the original's word for nothing the bot knows.
fn expected(intent: &str) -> String {
    if intent.eq_ignore_ascii_case("none") { String::new() } else { intent.to_owned() }
}

/// Cases as a CSV file, which [`read_test_cases`] reads again. An entity more takes a line of its own.
pub fn test_cases_csv(cases: &[TestCase]) -> String {
    let mut writer = csv::Writer::from_writer(Vec::new());
    // Only universal bots have files with the column.
    let columns = if cases.iter().any(|case| !case.bot_name.is_empty()) { 6 } else { 5 };
    let mut write =
        |cells: [&str; 6]| writer.write_record(&cells[..columns]).expect("a vector takes all that is written");
    write(["input", "intent", "parentIntent", "entityName", "entityValue", "botName"]);
    for case in cases {
        let intent = if case.intent.is_empty() { "None" } else { &case.intent };
        let mut entities = case.entities.iter();
        let (name, value) = entities.next().map_or(("", ""), |(name, value)| (name, value));
        write([&case.input, intent, &case.parent_intent, name, value, &case.bot_name]);
        for (name, value) in entities {
            write(["", "", "", name, value, ""]);
        }
    }
    let bytes = writer.into_inner().expect("a vector takes all that is written");
    String::from_utf8(bytes).expect("cells are UTF-8, and so are the commas between them")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(input: &str, intent: &str, entities: &[(&str, &str)]) -> TestCase {
        let entities = entities.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        TestCase { input: input.into(), intent: intent.into(), entities, ..TestCase::default() }
    }

    #[test]
    fn files_of_all_forms_hold_cases() {
        let two = vec![case("two teas", "Order", &[("count", "2"), ("drink", "tea")]), case("asdf", "", &[])];
        for text in [
            "input,intent,entityName,entityValue\ntwo teas,Order,count,2\n,,drink,tea\nasdf,None,,\n",
            "\u{feff}Input;Intent;count;drink\r\ntwo teas;Order;2;tea\r\n\r\nasdf;;;\r\n",
            r#"[{"input":"two teas","intent":"Order","entities":[{"entityName":"count","entityValue":2},{"entityName":"drink","entityValue":"tea"}]},{"input":"asdf","intent":"none"}]"#,
            r#"{"testCases":[{"input":" two teas ","intent":"Order","entities":[{"entityName":"count","entityValue":"2"},{"entityName":"drink","entityValue":"tea"}]},{"input":"asdf"}]}"#,
        ] {
            assert_eq!(read_test_cases(text.as_bytes(), None).as_ref(), Ok(&two), "{text}");
        }
        assert_eq!(read_test_cases(test_cases_csv(&two).as_bytes(), None), Ok(two));
        let linked = vec![TestCase { bot_name: "Bar".into(), ..case("two teas", "Order", &[]) }, case("asdf", "", &[])];
        let text = "input,intent,botName\ntwo teas,Order,Bar\nasdf,None,\n";
        assert_eq!(read_test_cases(text.as_bytes(), None).as_ref(), Ok(&linked));
        assert_eq!(read_test_cases(test_cases_csv(&linked).as_bytes(), None), Ok(linked));
    }

    #[test]
    fn what_holds_none_says_where_it_goes_wrong() {
        for (text, expected) in [
            ("a,b\n1,2", "line 1: the CSV has no columns"),
            ("input,intent\n,Order\n", "line 2 has no `input`"),
            ("input,intent\n", "the file has no case"),
            ("[{\"input\":1}]", "case 1 has no `input`"),
            ("[1]", "neither a list of cases"),
            ("{}", "neither a list of cases"),
            ("[{\n]", "line 2, column 1"),
        ] {
            let error = read_test_cases(text.as_bytes(), None).unwrap_err().to_string();
            assert!(error.contains(expected), "{text}: {error}");
        }
        let rows = |count: usize| {
            let rows = (0..count).map(|n| format!("say {n},One\nsay {n},Two\n"));
            format!("input,intent\n{}", rows.collect::<String>())
        };
        let said = |letters: usize| format!("input,intent\nhi,One\n{},One\n", "ü".repeat(letters));
        for (text, expected) in [
            (rows(1000), None),
            (rows(1001), Some("has 1001 utterances, a suite has at most 1000")),
            (said(3000), None),
            (said(3001), Some("line 3: the utterance has 3001 characters, one of a suite has at most 3000")),
        ] {
            let read = read_test_cases(text.as_bytes(), None);
            let error = read.err().map(|error| error.to_string());
            assert_eq!(error.is_some(), expected.is_some(), "{error:?}");
            assert!(expected.is_none_or(|expected| error.unwrap_or_default().contains(expected)), "{expected:?}");
        }
        assert_eq!(read_test_cases(b"\xff", None), Err(TestFileError::NotUtf8));
    }
}
