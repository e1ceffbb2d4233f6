//! What can be wrong with the text or the shape of a definition.

use thiserror::Error;

/// A file that is not a readable JSON object. Its text says which file, where in it, what is wrong and what to do.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {}{problem}", location(.pointer))]
pub struct ParseError {
    /// Name of the file as the caller gave it, for example `botDefinition.json`.
    pub file: String,
    /// Line of the problem, counted from 1.
    pub line: usize,
    /// Column of the problem in characters, counted from 1.
    pub column: usize,
    /// JSON pointer (RFC 6901) of the value in which the problem was met; empty for the whole document.
    pub pointer: String,
    /// What is wrong.
    pub problem: Problem,
}

/// What makes a text unreadable as a definition.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// No bytes, or only white space.
    #[error("the file is empty; export the bot again and upload the complete file")]
    Empty,
    /// The bytes are of another kind of file.
    #[error("the file is {0}, not JSON text; {1}")]
    OtherFormat(&'static str, &'static str),
    /// Positions are kept in 32 bits.
    #[error("the file is larger than 4 GiB")]
    TooLarge,
    /// A byte sequence that is not UTF-8.
    #[error("the text is not valid UTF-8 here; save the file as UTF-8")]
    NotUtf8,
    /// A NUL byte, which no JSON text contains.
    #[error("a NUL byte stands here; the file is binary or was damaged, export the bot again")]
    Nul,
    /// A line that `git merge` left behind.
    #[error("a Git merge-conflict marker stands on this line; resolve the merge conflict and upload the file again")]
    MergeConflict,
    /// The text is valid so far, but stops.
    #[error("the file ends inside {0}; it is incomplete, export the bot again and upload the complete file")]
    Truncated(&'static str),
    /// The top level is a list, a string and so on.
    #[error("the top level must be an object, but it is {0}; upload the file as the platform exported it")]
    NotAnObject(&'static str),
    /// `[1, 2, ]` or `{"a": 1, }`.
    #[error("a comma stands before the closing {0:?}; remove the comma")]
    TrailingComma(char),
    /// Two values, or two members, without a comma between them.
    #[error("expected a comma or {closing:?} but found {found}; separate the values with a comma")]
    MissingComma {
        /// The bracket that would have closed the list or object.
        closing: char,
        /// What stands there instead, in words.
        found: String,
    },
    /// Something that cannot start a member name.
    #[error("expected a member name in double quotes but found {0}")]
    NotAKey(String),
    /// No `:` after a member name.
    #[error("expected a colon after the member name but found {0}")]
    MissingColon(String),
    /// Something that cannot start a value.
    #[error("expected a value but found {0}")]
    NotAValue(String),
    /// A number that JSON does not allow, such as `01` or `1.`.
    #[error("this is not a JSON number; write it as digits with an optional fraction and exponent")]
    BadNumber,
    /// A line break or another control character inside a string.
    #[error("a string contains the control character U+{0:04X}; write it as an escape such as \\n")]
    ControlCharacter(u8),
    /// A backslash that starts no escape.
    #[error("a string contains an unknown escape; write a backslash as \\\\")]
    BadEscape,
    /// More than [`MAX_DEPTH`](crate::document::MAX_DEPTH) brackets open at once.
    #[error("values are nested more than {0} levels deep")]
    TooDeep(usize),
    /// An object that names one member twice. Readers disagree which of the two counts, so neither is guessed.
    #[error("the member {key:?} is written twice in one object, first on line {first_line}; remove one of them")]
    DuplicateKey {
        /// The name of the member.
        key: String,
        /// Line of the earlier one.
        first_line: usize,
    },
    /// Text after the end of the document.
    #[error("the document is complete, but {0} follows it; remove what stands after the last bracket")]
    TrailingText(String),
}

/// A part of a document that is valid JSON, but not of the shape the reader needs.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{file}:{line}:{column}: {}{message}", location(.pointer))]
pub struct ShapeError {
    /// Name of the file.
    pub file: String,
    /// Line of the value, counted from 1.
    pub line: usize,
    /// Column of the value in characters, counted from 1.
    pub column: usize,
    /// JSON pointer of the value of the wrong shape.
    pub pointer: String,
    /// What was found and what was expected.
    pub message: String,
}

/// How much of a value of the wrong type is shown. Characters.
const SHOWN_CHARACTERS: usize = 60;

/// What serde says about a value of the wrong type, in the words of JSON: its own are those of Rust, and name types of
/// this crate.
pub(crate) fn in_json_words(message: &str) -> String {
    let parts = message.strip_prefix("invalid type: ").and_then(|rest| rest.rsplit_once(", expected "));
    let Some((found, expected)) = parts else { return message.to_owned() };
    let expected = match expected {
        "a sequence" => "a list",
        "a map" => "an object",
        named if named.starts_with("struct ") => "an object",
        other => other,
    };
    let found = match (found, found.char_indices().nth(SHOWN_CHARACTERS)) {
        ("map", _) => "an object".to_owned(),
        ("sequence", _) => "a list".to_owned(),
        (short, None) => short.to_owned(),
        (long, Some((end, _))) => format!("{}…", &long[..end]),
    };
    format!("expected {expected} but found {found}")
}

/// `at /dialogs/3: `, or nothing for the whole document.
fn location(pointer: &str) -> String {
    if pointer.is_empty() { String::new() } else { format!("at {pointer}: ") }
}

/// Appends one segment to a JSON pointer, escaped as RFC 6901 asks.
pub(crate) fn push_segment(pointer: &mut String, segment: &str) {
    pointer.push('/');
    for character in segment.chars() {
        match character {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            other => pointer.push(other),
        }
    }
}
