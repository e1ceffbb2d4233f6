//! Reads the headers of a part, as tolerantly as they are written.

/// The head of a part.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct PartHead {
    /// The form field.
    pub name: String,
    /// The file name without folders, when the part is a file that has one.
    pub file_name: Option<String>,
    /// All headers, with names in lower case.
    pub headers: Vec<(String, String)>,
}

impl PartHead {
    /// The first header of this name, which must be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// Reads a block of headers; `None` when they do not name the part.
    pub(super) fn parse(block: &[u8]) -> Option<Self> {
        let headers = header_lines(&decode(block));
        let (_, disposition) = headers.iter().find(|(key, _)| key == "content-disposition")?;
        let (_, parameters) = value_and_parameters(disposition);
        let name = parameter(&parameters, "name").filter(|name| !name.is_empty())?.to_owned();
        // The extended form wins, as it says which encoding the name has.
        let file_name = parameter(&parameters, "filename*")
            .and_then(extended_value)
            .or_else(|| parameter(&parameters, "filename").map(str::to_owned))
            .map(|path| without_folders(&path).to_owned())
            .filter(|file_name| !file_name.is_empty());
        Some(Self { name, file_name, headers })
    }
}

/// The position after the empty line that ends the headers.
pub(super) fn block_end(bytes: &[u8]) -> Option<usize> {
    let mut line_start = 0;
    for position in memchr::memchr_iter(b'\n', bytes) {
        if matches!(&bytes[line_start..position], b"" | b"\r") {
            return Some(position + 1);
        }
        line_start = position + 1;
    }
    None
}

/// Splits a header value like `form-data; name="a"; filename="b"` into what stands before the first semicolon and the
/// parameters, with keys in lower case.
///
/// Values may be in double quotes, single quotes or none; parameters without a value and empty ones are skipped.
pub(super) fn value_and_parameters(header: &str) -> (&str, Vec<(String, String)>) {
    let (value, mut rest) = header.split_once(';').unwrap_or((header, ""));
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_start_matches(|c: char| c == ';' || c.is_whitespace());
        let Some(key_end) = rest.find(['=', ';']) else {
            return (value.trim(), parameters);
        };
        let key = rest[..key_end].trim().to_ascii_lowercase();
        if rest[key_end..].starts_with(';') {
            rest = &rest[key_end..];
            continue;
        }
        let (text, after) = parameter_value(rest[key_end + 1..].trim_start());
        parameters.push((key, text));
        rest = after;
    }
}

/// The first parameter with this key.
pub(super) fn parameter<'a>(parameters: &'a [(String, String)], key: &str) -> Option<&'a str> {
    parameters.iter().find(|(found, _)| found == key).map(|(_, value)| value.as_str())
}

/// Takes one value off the text and returns it with what follows.
fn parameter_value(text: &str) -> (String, &str) {
    if let Some(quoted) = text.strip_prefix('"') {
        return quoted_value(quoted);
    }
    let single_quoted = text.strip_prefix('\'').and_then(|rest| rest.split_once('\''));
    if let Some((value, after)) = single_quoted
        && (after.trim_start().is_empty() || after.trim_start().starts_with(';'))
    {
        return (value.to_owned(), after);
    }
    let (value, after) = text.split_at(text.find(';').unwrap_or(text.len()));
    (value.trim().to_owned(), after)
}

/// Reads up to the closing quote, which may be missing.
///
/// A backslash escapes only a quote, and not the last one: old browsers send `C:\folder\file` unescaped.
fn quoted_value(text: &str) -> (String, &str) {
    let mut value = String::new();
    let mut rest = text;
    while let Some(quote) = rest.find('"') {
        let (before, after) = (&rest[..quote], &rest[quote + 1..]);
        match before.strip_suffix('\\') {
            Some(escaped) if after.contains('"') => {
                value.push_str(escaped);
                value.push('"');
                rest = after;
            }
            _ => {
                value.push_str(before);
                return (value, after);
            }
        }
    }
    value.push_str(rest.trim_end());
    (value, "")
}

/// Decodes a value like `UTF-8''na%C3%AFve.zip` (RFC 8187); `None` when it is not of that form.
fn extended_value(value: &str) -> Option<String> {
    let (charset, rest) = value.split_once('\'')?;
    let (_language, encoded) = rest.split_once('\'')?;
    let mut bytes = Vec::new();
    let mut remaining = encoded.as_bytes();
    while let Some((&byte, after)) = remaining.split_first() {
        let escaped = match byte {
            b'%' => Some(after.get(..2).and_then(hexadecimal)?),
            _ => None,
        };
        bytes.push(escaped.unwrap_or(byte));
        remaining = if escaped.is_some() { &after[2..] } else { after };
    }
    if charset.eq_ignore_ascii_case("utf-8") { String::from_utf8(bytes).ok() } else { Some(decode(&bytes)) }
}

/// The byte that two hexadecimal digits stand for.
fn hexadecimal(digits: &[u8]) -> Option<u8> {
    let text = std::str::from_utf8(digits).ok().filter(|text| !text.starts_with('+'))?;
    u8::from_str_radix(text, 16).ok()
}

fn without_folders(path: &str) -> &str {
    path.rsplit(['/', '\\']).next().unwrap_or(path)
}

/// The headers of a block; lines that begin with a blank continue the line before, and lines without a colon are skipped.
fn header_lines(block: &str) -> Vec<(String, String)> {
    let mut headers: Vec<(String, String)> = Vec::new();
    for line in block.lines() {
        if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = headers.last_mut() {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let Some((key, value)) = line.split_once(':') {
            headers.push((key.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    headers
}

/// The text of bytes that are UTF-8, or else Latin-1.
fn decode(bytes: &[u8]) -> String {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.to_owned(),
        Err(_) => bytes.iter().map(|&byte| char::from(byte)).collect(),
    }
}
