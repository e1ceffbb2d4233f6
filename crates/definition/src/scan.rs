//! One pass over a JSON text that checks all of it and notes where the top-level members are.

mod scalars;

use std::ops::Range;

use crate::document::MAX_DEPTH;
use crate::error::Problem;
use crate::json_string::canonical;

/// What a scan learned about a valid text.
pub(crate) struct Scan {
    /// The members of the top-level object in their order.
    pub(crate) members: Vec<Member>,
    /// Whether some string escapes half of a surrogate pair.
    pub(crate) lone_surrogates: bool,
}

/// A top-level member as byte ranges of the text.
#[derive(Debug, Clone)]
pub(crate) struct Member {
    /// The name between its quotes, escapes not decoded.
    pub(crate) key: Range<usize>,
    /// The value, without white space around it.
    pub(crate) value: Range<usize>,
}

/// Why and where a scan stopped.
pub(crate) struct Failure {
    pub(crate) at: usize,
    pub(crate) problem: Problem,
    /// From the innermost value outwards: collected while the scan unwinds, so a successful scan pays nothing for it.
    pub(crate) path: Vec<Segment>,
}

/// One step of the way to a value.
pub(crate) enum Segment {
    /// A member, by the byte range of its name.
    Key(Range<usize>),
    /// An element of a list.
    Index(usize),
}

type Scanned<T> = Result<T, Box<Failure>>;

/// Checks `text`, which starts at the first bracket or white space (a byte-order mark is skipped by `start`).
pub(crate) fn scan(text: &str, start: usize) -> Scanned<Scan> {
    let mut scanner = Scanner {
        text,
        bytes: text.as_bytes(),
        at: start,
        depth: 0,
        keys: Vec::new(),
        members: Vec::new(),
        lone_surrogates: false,
    };
    scanner.document()?;
    Ok(Scan { members: scanner.members, lone_surrogates: scanner.lone_surrogates })
}

/// Byte position after the string whose opening quote is at `start`. The text must be valid JSON.
pub(crate) fn string_end(bytes: &[u8], start: usize) -> usize {
    let mut at = start + 1;
    loop {
        match bytes.get(at) {
            None => return bytes.len(),
            Some(b'"') => return at + 1,
            Some(b'\\') => at += 2,
            Some(_) => {
                at += 1;
                while bytes.get(at).is_some_and(|byte| !matches!(byte, b'"' | b'\\')) {
                    at += 1;
                }
            }
        }
    }
}

/// The name of a member of an object that is still open. Offsets fit 32 bits because larger texts are refused.
struct Key {
    hash: u32,
    start: u32,
    end: u32,
}

struct Scanner<'a> {
    text: &'a str,
    bytes: &'a [u8],
    at: usize,
    depth: usize,
    /// Names met in all open objects; each object looks for duplicates among its own and drops them when it closes.
    keys: Vec<Key>,
    members: Vec<Member>,
    lone_surrogates: bool,
}

impl Scanner<'_> {
    fn document(&mut self) -> Scanned<()> {
        self.skip_space();
        match self.peek() {
            Some(b'{') => self.object()?,
            None => return self.fail(Problem::Empty),
            Some(b'[') => return self.fail(Problem::NotAnObject("a list")),
            Some(b'"') => return self.fail(Problem::NotAnObject("a string")),
            Some(b'-' | b'0'..=b'9') => return self.fail(Problem::NotAnObject("a number")),
            Some(_) => match self.literal() {
                Ok(()) => return self.fail(Problem::NotAnObject("a single value")),
                Err(failure) => return Err(failure),
            },
        }
        self.skip_space();
        match self.peek() {
            None => Ok(()),
            Some(0) => self.fail(Problem::Nul),
            Some(_) => {
                let found = self.found();
                self.fail(Problem::TrailingText(found))
            }
        }
    }

    fn value(&mut self) -> Scanned<()> {
        match self.peek() {
            Some(b'"') => self.string().map(|_| ()),
            Some(b'{') => self.object(),
            Some(b'[') => self.list(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => self.literal(),
        }
    }

    fn object(&mut self) -> Scanned<()> {
        self.enter()?;
        let own_keys = self.keys.len();
        self.skip_space();
        if self.peek() == Some(b'}') {
            self.leave();
            return Ok(());
        }
        loop {
            let key = self.key()?;
            self.skip_space();
            match self.peek() {
                Some(b':') => self.at += 1,
                None => return self.fail(Problem::Truncated("an object")),
                Some(_) => {
                    let found = self.found();
                    return self.fail(Problem::MissingColon(found));
                }
            }
            self.skip_space();
            let start = self.at;
            if let Err(mut failure) = self.value() {
                failure.path.push(Segment::Key(key));
                return Err(failure);
            }
            if self.depth == 1 {
                self.members.push(Member { key, value: start..self.at });
            }
            if self.ends(b'}', "an object")? {
                break;
            }
        }
        self.refuse_duplicates(own_keys)?;
        self.keys.truncate(own_keys);
        self.leave();
        Ok(())
    }

    fn list(&mut self) -> Scanned<()> {
        self.enter()?;
        self.skip_space();
        if self.peek() == Some(b']') {
            self.leave();
            return Ok(());
        }
        let mut index = 0;
        loop {
            if let Err(mut failure) = self.value() {
                failure.path.push(Segment::Index(index));
                return Err(failure);
            }
            index += 1;
            if self.ends(b']', "a list")? {
                break;
            }
        }
        self.leave();
        Ok(())
    }

    /// After a value: true at the closing bracket; false after a comma, with the next value in front.
    fn ends(&mut self, closing: u8, container: &'static str) -> Scanned<bool> {
        self.skip_space();
        match self.peek() {
            Some(byte) if byte == closing => Ok(true),
            Some(b',') => {
                let comma = self.at;
                self.at += 1;
                self.skip_space();
                if self.peek() == Some(closing) {
                    self.at = comma;
                    return self.fail(Problem::TrailingComma(char::from(closing)));
                }
                Ok(false)
            }
            None => self.fail(Problem::Truncated(container)),
            Some(_) => {
                let found = self.found();
                self.fail(Problem::MissingComma { closing: char::from(closing), found })
            }
        }
    }

    fn enter(&mut self) -> Scanned<()> {
        if self.depth == MAX_DEPTH {
            return self.fail(Problem::TooDeep(MAX_DEPTH));
        }
        self.depth += 1;
        self.at += 1;
        Ok(())
    }

    fn leave(&mut self) {
        self.depth -= 1;
        self.at += 1;
    }

    /// A member name. Returns the range between its quotes and remembers it for the duplicate check.
    fn key(&mut self) -> Scanned<Range<usize>> {
        match self.peek() {
            Some(b'"') => {}
            None => return self.fail(Problem::Truncated("an object")),
            Some(_) => {
                let found = self.found();
                return self.fail(Problem::NotAKey(found));
            }
        }
        let start = self.at + 1;
        let has_escapes = self.string()?;
        let end = self.at - 1;
        let hash = if has_escapes {
            hash(canonical(&self.text[start..end]).as_bytes())
        } else {
            hash(&self.bytes[start..end])
        };
        self.keys.push(Key { hash, start: start as u32, end: end as u32 });
        Ok(start..end)
    }

    /// Two members of the object that just ended must not have one name. Sorting keeps this fast for objects with
    /// many thousand members, whatever their names.
    fn refuse_duplicates(&mut self, own_keys: usize) -> Scanned<()> {
        let text = self.text;
        let name = |key: &Key| canonical(&text[key.start as usize..key.end as usize]);
        let own = &mut self.keys[own_keys..];
        own.sort_unstable_by(|a, b| {
            a.hash.cmp(&b.hash).then_with(|| name(a).cmp(&name(b))).then(a.start.cmp(&b.start))
        });
        for pair in own.windows(2) {
            if pair[0].hash == pair[1].hash && name(&pair[0]) == name(&pair[1]) {
                let first_line = line_of(text, pair[0].start as usize);
                let problem = Problem::DuplicateKey { key: name(&pair[1]).into_owned(), first_line };
                self.at = pair[1].start as usize - 1;
                return self.fail(problem);
            }
        }
        Ok(())
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn skip_space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    /// The word or character at the current position, for messages.
    fn found(&self) -> String {
        let rest = &self.text[self.at..];
        if rest.starts_with("//") || rest.starts_with("/*") {
            return String::from("a comment, which JSON does not have");
        }
        let word: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').take(40).collect();
        match rest.chars().next() {
            _ if !word.is_empty() => format!("`{word}`"),
            Some('"') => String::from("a string"),
            Some(character) => format!("{character:?}"),
            None => String::from("the end of the file"),
        }
    }

    fn fail<T>(&self, problem: Problem) -> Scanned<T> {
        let line_start = self.text[..self.at.min(self.text.len())].rfind('\n').map_or(0, |newline| newline + 1);
        let markers = ["<<<<<<<", "=======", ">>>>>>>", "|||||||"];
        if markers.iter().any(|marker| self.text[line_start..].starts_with(marker)) {
            return Err(Box::new(Failure { at: line_start, problem: Problem::MergeConflict, path: Vec::new() }));
        }
        let problem = if self.peek() == Some(0) { Problem::Nul } else { problem };
        Err(Box::new(Failure { at: self.at, problem, path: Vec::new() }))
    }
}

/// FNV-1a: quick for short names. Collisions only cost a comparison.
fn hash(name: &[u8]) -> u32 {
    name.iter().fold(0x811c_9dc5, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

fn line_of(text: &str, at: usize) -> usize {
    text.as_bytes()[..at].iter().filter(|byte| **byte == b'\n').count() + 1
}
