//! Reads `multipart/form-data` as real clients send it.
//!
//! The vendor's own SDKs break the standard (a semicolon after the last parameter, base64 parts, boundaries made of
//! dashes, odd part types), and strict parsers silently lose every field of their forms. This parser takes bytes as they
//! arrive and gives [`Event`]s back; it holds one chunk and 16 KiB of headers at most, whatever the form's size.

mod base64_part;
mod error;
mod headers;

use base64_part::Base64Part;
use bytes::{Buf, Bytes, BytesMut};
pub use error::MultipartError;
pub use headers::PartHead;
use memchr::{memchr, memmem};

/// What the parser has recognised.
#[derive(Clone, PartialEq, Eq, Debug)]
pub enum Event {
    /// A part begins.
    Start(PartHead),
    /// The next bytes of the part's content, decoded; never empty.
    Data(Bytes),
    /// The part is complete.
    End,
}

/// The longest accepted block of part headers.
const MAX_HEADER_BYTES: usize = 16 * 1024;
/// The longest accepted text before the first part.
const MAX_PREAMBLE_BYTES: usize = 16 * 1024;
/// The longest accepted boundary; the standard allows 70.
const MAX_BOUNDARY_BYTES: usize = 256;
/// How many bytes may follow a boundary on its line: the closing dashes, trailing blanks, a carriage return.
const MAX_LINE_REST_BYTES: usize = 64;

/// An incremental parser of one form: call [`Parser::push`] for every chunk, then [`Parser::finish`].
#[derive(Debug)]
pub struct Parser {
    /// The boundary in the `Content-Type`, if there is one.
    announced: Option<String>,
    /// What every boundary line begins with, known from the first one on.
    delimiter: Vec<u8>,
    /// Whether the last boundary line ended with a bare line feed; then a carriage return before one is content.
    bare_line_feeds: bool,
    state: State,
    /// What has arrived and is not understood yet.
    buffer: BytesMut,
    /// How many bytes have arrived.
    received: u64,
    /// How many bytes the lines before the first boundary have.
    preamble_bytes: usize,
    /// How many parts have begun.
    parts: usize,
}

#[derive(Debug)]
enum State {
    Preamble,
    Headers,
    Body { name: String, base64: Option<Base64Part>, at_start: bool },
    Epilogue,
}

/// What a line that begins with the delimiter turns out to be.
enum BoundaryLine {
    /// Another part follows; the line ends before this position.
    Next(usize),
    /// The form ends.
    Last,
    /// It is content that looks similar.
    Content,
    /// The line is not complete yet.
    Undecided,
}

impl Parser {
    /// A parser for a form with this `Content-Type`; when that is absent or has no boundary, the first line of the form is
    /// taken as boundary.
    ///
    /// # Errors
    /// When the content type is not multipart, or its boundary is too long.
    pub fn new(content_type: Option<&str>) -> Result<Self, MultipartError> {
        let announced = content_type.map(announced_boundary).transpose()?.flatten();
        Ok(Self {
            announced,
            delimiter: Vec::new(),
            bare_line_feeds: false,
            state: State::Preamble,
            buffer: BytesMut::new(),
            received: 0,
            preamble_bytes: 0,
            parts: 0,
        })
    }

    /// Takes the next bytes of the form, as many as there are, and returns what they complete.
    ///
    /// # Errors
    /// As soon as the form cannot be understood; the parser must not be used further then.
    pub fn push(&mut self, bytes: &[u8]) -> Result<Vec<Event>, MultipartError> {
        self.received += bytes.len() as u64;
        let mut events = Vec::new();
        if matches!(self.state, State::Epilogue) {
            return Ok(events);
        }
        self.buffer.extend_from_slice(bytes);
        loop {
            let advanced = match self.state {
                State::Preamble => self.preamble()?,
                State::Headers => self.headers(&mut events)?,
                State::Body { .. } => self.body(&mut events)?,
                State::Epilogue => false,
            };
            if !advanced {
                return Ok(events);
            }
        }
    }

    /// Says that the form has ended, and returns what that completes.
    ///
    /// # Errors
    /// [`MultipartError::Empty`] or [`MultipartError::BoundaryNotFound`] without a first boundary,
    /// [`MultipartError::Truncated`] without a final one.
    pub fn finish(mut self) -> Result<Vec<Event>, MultipartError> {
        // The final boundary needs no line end after it; this one settles what it is.
        let received = self.received;
        let mut events = Vec::new();
        if !matches!(self.state, State::Epilogue) {
            let ends_in_line = self.buffer.last().is_some_and(|&byte| byte != b'\n');
            if ends_in_line && !matches!(self.state, State::Headers) {
                events = self.push(b"\n")?;
            }
        }
        let place = match self.state {
            State::Epilogue => return Ok(events),
            State::Preamble if received == 0 => return Err(MultipartError::Empty),
            State::Preamble => match self.announced {
                Some(boundary) => return Err(MultipartError::BoundaryNotFound { boundary }),
                None => return Err(MultipartError::NoBoundary { first_line: String::new() }),
            },
            State::Headers => format!("within the headers of part {}", self.parts + 1),
            State::Body { name, .. } => format!("within the part {name:?}"),
        };
        Err(MultipartError::Truncated { received, place })
    }

    /// Looks for the first boundary line.
    fn preamble(&mut self) -> Result<bool, MultipartError> {
        let line_end = memchr(b'\n', &self.buffer);
        let line_bytes = line_end.map_or(self.buffer.len(), |end| end + 1);
        if self.preamble_bytes + line_bytes > MAX_PREAMBLE_BYTES {
            return Err(match &self.announced {
                Some(boundary) => MultipartError::BoundaryNotFound { boundary: boundary.clone() },
                None => MultipartError::NoBoundary { first_line: error::excerpt(&self.buffer) },
            });
        }
        if line_end.is_none() {
            return Ok(false);
        }
        let line = self.buffer.split_to(line_bytes);
        self.preamble_bytes += line_bytes;
        self.bare_line_feeds = !line.ends_with(b"\r\n");
        let text = line.trim_ascii_end();
        match &self.announced {
            Some(boundary) => {
                let standard = format!("--{boundary}").into_bytes();
                let mut delimiters = vec![standard];
                // Some clients announce a boundary of dashes and then forget to put two more before it.
                if boundary.starts_with("--") {
                    delimiters.push(boundary.clone().into_bytes());
                }
                for delimiter in delimiters {
                    match text.strip_prefix(&delimiter[..]) {
                        Some(b"") => {
                            self.delimiter = delimiter;
                            self.state = State::Headers;
                            return Ok(true);
                        }
                        Some(b"--") => {
                            self.close();
                            return Ok(true);
                        }
                        _ => {}
                    }
                }
            }
            None if text.is_empty() => {}
            None => {
                if !text.starts_with(b"--") || text.len() < 3 || text.len() > MAX_BOUNDARY_BYTES + 2 {
                    return Err(MultipartError::NoBoundary { first_line: error::excerpt(text) });
                }
                self.delimiter = text.to_vec();
                self.state = State::Headers;
            }
        }
        Ok(true)
    }

    /// Reads the headers of a part once they are complete.
    fn headers(&mut self, events: &mut Vec<Event>) -> Result<bool, MultipartError> {
        let number = self.parts + 1;
        let block_end = headers::block_end(&self.buffer);
        if block_end.unwrap_or(self.buffer.len()) > MAX_HEADER_BYTES {
            return Err(MultipartError::HeadersTooLong { part: number, limit: MAX_HEADER_BYTES });
        }
        let Some(block_end) = block_end else {
            return Ok(false);
        };
        let block = self.buffer.split_to(block_end);
        let head = PartHead::parse(&block).ok_or(MultipartError::NoName { part: number })?;
        let base64 = match head.header("content-transfer-encoding").map(str::to_ascii_lowercase).as_deref() {
            Some("base64") => Some(Base64Part::default()),
            Some("quoted-printable") => return Err(MultipartError::QuotedPrintable { name: head.name }),
            _ => None,
        };
        self.parts = number;
        self.state = State::Body { name: head.name.clone(), base64, at_start: true };
        events.push(Event::Start(head));
        Ok(true)
    }

    /// Passes content on up to the next boundary line, or up to what could be the start of one.
    fn body(&mut self, events: &mut Vec<Event>) -> Result<bool, MultipartError> {
        let State::Body { at_start, .. } = self.state else {
            return Ok(false);
        };
        let finder = memmem::Finder::new(&self.delimiter);
        let mut search_from = 0;
        while let Some(found) = finder.find(&self.buffer[search_from..]) {
            let position = search_from + found;
            search_from = position + 1;
            let Some(content_end) = self.content_end(position, at_start) else { continue };
            match self.boundary_line(position + self.delimiter.len()) {
                BoundaryLine::Content => {}
                BoundaryLine::Undecided => {
                    self.content(content_end, events)?;
                    return Ok(false);
                }
                BoundaryLine::Next(line_end) => {
                    self.bare_line_feeds = !self.buffer[..line_end].ends_with(b"\r\n");
                    self.content(content_end, events)?;
                    self.buffer.advance(line_end - content_end);
                    self.end_part(events)?;
                    self.state = State::Headers;
                    return Ok(true);
                }
                BoundaryLine::Last => {
                    self.content(content_end, events)?;
                    self.end_part(events)?;
                    self.close();
                    return Ok(true);
                }
            }
        }
        // The last bytes may be a line end and all but one byte of the delimiter.
        let undecided = self.delimiter.len() + 1;
        let content_end = self.buffer.len().saturating_sub(undecided);
        self.content(content_end, events)?;
        Ok(false)
    }

    /// Where the content before a delimiter at this position ends; `None` when the delimiter does not begin a line.
    fn content_end(&self, position: usize, at_start: bool) -> Option<usize> {
        let before = &self.buffer[..position];
        if before.is_empty() && at_start {
            return Some(0);
        }
        if before.ends_with(b"\r\n") && !self.bare_line_feeds {
            return Some(position - 2);
        }
        before.ends_with(b"\n").then(|| position - 1)
    }

    /// Judges the rest of a line that begins with the delimiter.
    fn boundary_line(&self, rest_start: usize) -> BoundaryLine {
        let available = &self.buffer[rest_start..];
        let available = &available[..available.len().min(MAX_LINE_REST_BYTES + 1)];
        let line_end = memchr(b'\n', available);
        let rest = &available[..line_end.unwrap_or(available.len())];
        let after_dashes = rest.strip_prefix(b"--").unwrap_or(rest);
        let only_blanks = after_dashes.trim_ascii().is_empty();
        match line_end {
            Some(_) if only_blanks && rest.starts_with(b"--") => BoundaryLine::Last,
            Some(end) if only_blanks => BoundaryLine::Next(rest_start + end + 1),
            Some(_) => BoundaryLine::Content,
            None if rest.len() > MAX_LINE_REST_BYTES => BoundaryLine::Content,
            None if only_blanks || rest == b"-" => BoundaryLine::Undecided,
            None => BoundaryLine::Content,
        }
    }

    /// Passes on the first bytes of the buffer as content.
    fn content(&mut self, length: usize, events: &mut Vec<Event>) -> Result<(), MultipartError> {
        let State::Body { name, base64, at_start } = &mut self.state else {
            return Ok(());
        };
        if length == 0 {
            return Ok(());
        }
        *at_start = false;
        let raw = self.buffer.split_to(length).freeze();
        let decoded = match base64 {
            Some(decoder) => Bytes::from(decoder.decode(&raw).map_err(|invalid| invalid.within(name))?),
            None => raw,
        };
        if !decoded.is_empty() {
            events.push(Event::Data(decoded));
        }
        Ok(())
    }

    fn end_part(&mut self, events: &mut Vec<Event>) -> Result<(), MultipartError> {
        if let State::Body { name, base64: Some(decoder), .. } = &mut self.state {
            let last = decoder.finish().map_err(|invalid| invalid.within(name))?;
            if !last.is_empty() {
                events.push(Event::Data(Bytes::from(last)));
            }
        }
        events.push(Event::End);
        Ok(())
    }

    /// Ignores everything after the final boundary.
    fn close(&mut self) {
        self.state = State::Epilogue;
        self.buffer = BytesMut::new();
    }
}

/// The boundary in a `Content-Type`.
fn announced_boundary(content_type: &str) -> Result<Option<String>, MultipartError> {
    let (media_type, parameters) = headers::value_and_parameters(content_type);
    if !media_type.to_ascii_lowercase().starts_with("multipart/") {
        return Err(MultipartError::NotMultipart { content_type: error::excerpt(content_type.as_bytes()) });
    }
    let boundary = headers::parameter(&parameters, "boundary").filter(|boundary| !boundary.is_empty());
    match boundary {
        Some(boundary) if boundary.len() > MAX_BOUNDARY_BYTES => {
            Err(MultipartError::BoundaryTooLong { length: boundary.len(), limit: MAX_BOUNDARY_BYTES })
        }
        boundary => Ok(boundary.map(str::to_owned)),
    }
}
