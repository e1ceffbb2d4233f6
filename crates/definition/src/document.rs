//! A JSON object file kept as its exact text, with an index of its top-level members.

use std::borrow::Cow;
use std::ops::Range;

use serde::de::DeserializeOwned;

use crate::error::{ParseError, Problem, ShapeError, in_json_words, push_segment};
use crate::json_string::{canonical, decode, push_quoted, without_lone_surrogates};
use crate::raw::kind_of;
pub use crate::raw::{Elements, Members, elements, member, members, string_member, string_value};
use crate::scan::{Failure, Member, Segment, scan};

/// Brackets that may be open at once. Deeper texts are refused, so that every reader of a part may recurse.
pub const MAX_DEPTH: usize = 128;

/// A JSON object file, verbatim, and where its top-level members are.
///
/// The text is the only copy of the content: an index entry takes 32 bytes per top-level member, of which a definition
/// has 45 to 80. Parts are decoded when somebody asks for them.
#[derive(Debug, Clone)]
pub struct Document {
    file: String,
    text: String,
    members: Vec<Member>,
    lone_surrogates: bool,
}

impl Document {
    /// Reads `bytes` as a JSON object and keeps them as they are. `file` is the name used in messages.
    ///
    /// # Errors
    /// The whole text is checked: UTF-8 (a byte-order mark is kept), one object with nothing after it, every nested
    /// value valid, no name twice in one object, at most [`MAX_DEPTH`] levels. Escapes of half a surrogate pair are
    /// accepted, because JavaScript writes them.
    pub fn parse(bytes: impl Into<Vec<u8>>, file: &str) -> Result<Self, ParseError> {
        let bytes = bytes.into();
        if let Some(problem) = foreign_format(&bytes) {
            return Err(whole_file(file, problem));
        }
        let text = String::from_utf8(bytes).map_err(|error| not_utf8(error.as_bytes(), file))?;
        let start = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
        match scan(&text, start) {
            Ok(found) => {
                Ok(Self { file: file.to_owned(), text, members: found.members, lone_surrogates: found.lone_surrogates })
            }
            Err(failure) => Err(parse_error(&text, file, *failure)),
        }
    }

    /// Name of the file, as given to [`Document::parse`].
    pub fn file(&self) -> &str {
        &self.file
    }

    /// The exact text that was parsed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The text again, without a copy.
    pub fn into_text(self) -> String {
        self.text
    }

    /// Size of the text in bytes.
    #[expect(clippy::len_without_is_empty, reason = "a document is never empty: it has at least its two brackets")]
    pub fn len(&self) -> usize {
        self.text.len()
    }

    /// The top-level members in their order: name and raw JSON text.
    pub fn members(&self) -> impl Iterator<Item = (Cow<'_, str>, &str)> {
        self.members.iter().map(|member| (decode(&self.text[member.key.clone()]), &self.text[member.value.clone()]))
    }

    /// Raw JSON text of a top-level member.
    pub fn raw(&self, key: &str) -> Option<&str> {
        Some(&self.text[self.member(key)?.value.clone()])
    }

    /// Decodes a top-level member; `None` if it is absent or `null`.
    ///
    /// # Errors
    /// The member is not of the shape `T`.
    pub fn decode<T: DeserializeOwned>(&self, key: &str) -> Result<Option<T>, ShapeError> {
        match self.raw(key) {
            None | Some("null") => Ok(None),
            Some(raw) => self.decode_part(raw, &pointer_to(key)).map(Some),
        }
    }

    /// Decodes any part of this document that [`raw`](Document::raw), [`members`](Document::members) or
    /// [`elements`](Document::elements) returned; `pointer` is its JSON pointer, for messages.
    ///
    /// Half surrogate pairs are decoded as U+FFFD.
    ///
    /// # Errors
    /// The part is not of the shape `T`.
    pub fn decode_part<T: DeserializeOwned>(&self, raw: &str, pointer: &str) -> Result<T, ShapeError> {
        let json = if self.lone_surrogates { without_lone_surrogates(raw) } else { Cow::Borrowed(raw) };
        let mut reader = serde_json::Deserializer::from_str(&json);
        serde_path_to_error::deserialize(&mut reader).map_err(|error| self.shape_error(raw, pointer, &error))
    }

    /// The elements of a top-level list as raw JSON texts, one after the other; none if the member is absent or
    /// `null`.
    ///
    /// # Errors
    /// The member is there, but is not a list.
    pub fn elements(&self, key: &str) -> Result<Elements<'_>, ShapeError> {
        let raw = self.raw(key).unwrap_or("null");
        if raw == "null" {
            return Ok(Elements::none());
        }
        elements(raw).ok_or_else(|| {
            self.shape_error_at(raw, pointer_to(key), format!("expected a list but found {}", kind_of(raw)))
        })
    }

    /// The bot's own id: the top-level `_id`, if it is a string.
    pub fn id(&self) -> Option<Cow<'_, str>> {
        string_value(self.raw("_id")?)
    }

    /// The text with another top-level `_id`, as three pieces to be written one after the other. Nothing but the id
    /// changes. Where the document has no `_id`, it becomes the first member, in the indentation of the others.
    pub fn with_id(&self, id: &str) -> WithId<'_> {
        let mut quoted = String::with_capacity(id.len() + 2);
        push_quoted(&mut quoted, id);
        if let Some(member) = self.member("_id") {
            let (before, after) = (&self.text[..member.value.start], &self.text[member.value.end..]);
            return WithId { before, id: quoted, after };
        }
        let opening = self.text.find('{').expect("a parsed document starts with a bracket") + 1;
        let indentation = match self.members.first() {
            Some(first) => &self.text[opening..first.key.start - 1],
            None => "\n    ",
        };
        let after_id = if self.members.is_empty() { "\n" } else { "," };
        let inserted = format!("{indentation}\"_id\": {quoted}{after_id}");
        WithId { before: &self.text[..opening], id: inserted, after: &self.text[opening..] }
    }

    /// Line and column, counted from 1, at which a part of this document starts. A text from elsewhere is reported at
    /// 1:1.
    pub fn position_of(&self, part: &str) -> (usize, usize) {
        self.range_of(part).map_or((1, 1), |range| position(self.text.as_bytes(), range.start))
    }

    /// Bytes of the text that `part` takes, if it is a part of this document and not an equal text from elsewhere.
    pub fn range_of(&self, part: &str) -> Option<Range<usize>> {
        // Addresses are only compared: their difference is used after the range check, never turned into a pointer.
        let start = (part.as_ptr() as usize).checked_sub(self.text.as_ptr() as usize)?;
        let range = start..start.checked_add(part.len())?;
        (range.end <= self.text.len()).then_some(range)
    }

    /// An error about a part of this document, for readers that judge more than its JSON type.
    pub fn shape_error_at(&self, part: &str, pointer: String, message: String) -> ShapeError {
        let (line, column) = self.position_of(part);
        ShapeError { file: self.file.clone(), line, column, pointer, message }
    }

    fn member(&self, key: &str) -> Option<&Member> {
        let mut quoted = String::with_capacity(key.len());
        push_quoted(&mut quoted, key);
        let wanted = &quoted[1..quoted.len() - 1];
        self.members.iter().find(|member| canonical(&self.text[member.key.clone()]) == wanted)
    }

    fn shape_error(
        &self,
        raw: &str,
        pointer: &str,
        error: &serde_path_to_error::Error<serde_json::Error>,
    ) -> ShapeError {
        let mut pointer = pointer.to_owned();
        for segment in error.path() {
            match segment {
                serde_path_to_error::Segment::Seq { index } => push_segment(&mut pointer, &index.to_string()),
                serde_path_to_error::Segment::Map { key } => push_segment(&mut pointer, key),
                serde_path_to_error::Segment::Enum { variant } => push_segment(&mut pointer, variant),
                serde_path_to_error::Segment::Unknown => {}
            }
        }
        let (start_line, start_column) = self.position_of(raw);
        let inner = error.inner();
        let line = start_line + inner.line().saturating_sub(1);
        let column = if inner.line() <= 1 { start_column + inner.column() } else { inner.column() };
        // serde_json appends its own position, which counts from the start of the part and would mislead.
        let text = inner.to_string();
        let message = in_json_words(text.split(" at line ").next().unwrap_or(&text));
        ShapeError { file: self.file.clone(), line, column, pointer, message }
    }
}

/// As [`Document::with_id`], for the text of a document that was parsed before: it is read no further than its `_id`.
/// `None` when it has none.
pub fn with_id<'a>(text: &'a str, id: &str) -> Option<WithId<'a>> {
    let object = text.trim_start_matches('\u{feff}').trim();
    let value = member(object, "_id")?;
    // The value is a slice of the text, so the difference of their addresses is its place.
    let start = value.as_ptr() as usize - text.as_ptr() as usize;
    let mut quoted = String::with_capacity(id.len() + 2);
    push_quoted(&mut quoted, id);
    Some(WithId { before: &text[..start], id: quoted, after: &text[start + value.len()..] })
}

/// A document with another id: write `before`, `id` and `after`, in this order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WithId<'a> {
    /// Everything before the value of `_id`.
    pub before: &'a str,
    /// The new id in quotes, or the whole new member where the document had none.
    pub id: String,
    /// Everything after it.
    pub after: &'a str,
}

impl WithId<'_> {
    /// The pieces in the order they are written.
    pub fn pieces(&self) -> [&str; 3] {
        [self.before, &self.id, self.after]
    }
}

fn pointer_to(key: &str) -> String {
    let mut pointer = String::new();
    push_segment(&mut pointer, key);
    pointer
}

/// Recognises files that were uploaded in place of the definition.
fn foreign_format(bytes: &[u8]) -> Option<Problem> {
    let advice_zip = "unpack it and upload the botDefinition.json in it, or import with uploadMode ZIP";
    let advice = "upload the JSON file that the platform exported";
    let table: [(&[u8], &'static str, &'static str); 6] = [
        (b"PK\x03\x04", "a ZIP archive", advice_zip),
        (b"\x1f\x8b", "a gzip archive", advice),
        (b"\x89PNG", "a PNG image", advice),
        (b"%PDF", "a PDF document", advice),
        (b"\xff\xfe", "UTF-16 text", "save it as UTF-8"),
        (b"\xfe\xff", "UTF-16 text", "save it as UTF-8"),
    ];
    for (magic, name, advice) in table {
        if bytes.starts_with(magic) {
            return Some(Problem::OtherFormat(name, advice));
        }
    }
    if u32::try_from(bytes.len()).is_err() {
        return Some(Problem::TooLarge);
    }
    let start = bytes.trim_ascii_start();
    if start.is_empty() {
        return Some(Problem::Empty);
    }
    if start[0] == b'<' && !start.starts_with(b"<<<<<<<") {
        let advice = "a sign-in or error page was probably saved in its place, download the export again";
        return Some(Problem::OtherFormat("a web page or XML", advice));
    }
    None
}

fn whole_file(file: &str, problem: Problem) -> ParseError {
    ParseError { file: file.to_owned(), line: 1, column: 1, pointer: String::new(), problem }
}

fn not_utf8(bytes: &[u8], file: &str) -> ParseError {
    let valid = std::str::from_utf8(bytes).map_or_else(|error| error.valid_up_to(), str::len);
    // Binary files usually have a NUL before the first byte that is not UTF-8; that says more about them.
    let (at, problem) = match bytes[..valid].iter().position(|byte| *byte == 0) {
        Some(nul) => (nul, Problem::Nul),
        None => (valid, Problem::NotUtf8),
    };
    let (line, column) = position(bytes, at);
    ParseError { file: file.to_owned(), line, column, pointer: String::new(), problem }
}

fn parse_error(text: &str, file: &str, failure: Failure) -> ParseError {
    let (line, column) = position(text.as_bytes(), failure.at);
    let mut pointer = String::new();
    for segment in failure.path.iter().rev() {
        match segment {
            Segment::Key(range) => push_segment(&mut pointer, &decode(&text[range.clone()])),
            Segment::Index(index) => push_segment(&mut pointer, &index.to_string()),
        }
    }
    ParseError { file: file.to_owned(), line, column, pointer, problem: failure.problem }
}

/// Line and column (in characters) of a byte offset, both counted from 1.
fn position(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = &bytes[..at.min(bytes.len())];
    let line_start = before.iter().rposition(|byte| *byte == b'\n').map_or(0, |newline| newline + 1);
    let line = before.iter().filter(|byte| **byte == b'\n').count() + 1;
    // Continuation bytes of UTF-8 do not start a character.
    let characters = before[line_start..].iter().filter(|byte| (**byte & 0xc0) != 0x80).count();
    (line, characters + 1)
}
