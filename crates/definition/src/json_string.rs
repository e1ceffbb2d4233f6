//! The content of JSON strings: decoding it, and writing it the way `JSON.stringify` does.
//!
//! All functions take the raw text between the quotes of a string that the scanner accepted. On other text they do
//! not panic, but their results mean nothing.

use std::borrow::Cow;
use std::fmt::Write;

/// The text that the string stands for. A surrogate without its other half, which JavaScript allows and UTF-8 cannot
/// hold, becomes U+FFFD.
pub(crate) fn decode(content: &str) -> Cow<'_, str> {
    translate(content, |text, unit| match unit {
        Unit::Character(character) => text.push(character),
        Unit::LoneSurrogate(_) => text.push(char::REPLACEMENT_CHARACTER),
    })
}

/// The same string with the escapes `JSON.stringify` would have chosen: only quote, backslash and control characters
/// are escaped, and lone surrogates. Two strings are equal for JavaScript exactly when their canonical forms are.
pub(crate) fn canonical(content: &str) -> Cow<'_, str> {
    translate(content, |text, unit| match unit {
        Unit::Character(character) => push_escaped(text, character),
        Unit::LoneSurrogate(surrogate) => {
            write!(text, "\\u{surrogate:04x}").expect("writing into a String cannot fail");
        }
    })
}

/// Appends `value` as a JSON string with its quotes.
pub(crate) fn push_quoted(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        push_escaped(text, character);
    }
    text.push('"');
}

/// Replaces the escapes of lone surrogates in a JSON text by `\ufffd`, so that strict decoders accept it. The length
/// of the text and all positions in it stay as they are.
pub(crate) fn without_lone_surrogates(json: &str) -> Cow<'_, str> {
    let mut result = String::new();
    let mut copied = 0;
    let mut rest = 0;
    while let Some(found) = json[rest..].find('\\') {
        let start = rest + found;
        let (unit, length) = escape_at(&json[start..]);
        if matches!(unit, Unit::LoneSurrogate(_)) {
            result.push_str(&json[copied..start]);
            result.push_str("\\ufffd");
            copied = start + length;
        }
        rest = start + length;
    }
    if copied == 0 {
        return Cow::Borrowed(json);
    }
    result.push_str(&json[copied..]);
    Cow::Owned(result)
}

/// What one escape stands for.
enum Unit {
    Character(char),
    LoneSurrogate(u16),
}

/// Copies plain runs and hands every escape to `append`.
fn translate(content: &str, append: impl Fn(&mut String, Unit)) -> Cow<'_, str> {
    let Some(first) = content.find('\\') else {
        return Cow::Borrowed(content);
    };
    let mut text = String::with_capacity(content.len());
    text.push_str(&content[..first]);
    let mut rest = &content[first..];
    while !rest.is_empty() {
        let (unit, length) = escape_at(rest);
        append(&mut text, unit);
        rest = &rest[length..];
        let plain = rest.find('\\').unwrap_or(rest.len());
        text.push_str(&rest[..plain]);
        rest = &rest[plain..];
    }
    Cow::Owned(text)
}

/// Reads the escape at the start of `text`; returns its meaning and its length in bytes.
fn escape_at(text: &str) -> (Unit, usize) {
    let simple = match text.as_bytes().get(1) {
        Some(b'u') => return unicode_escape_at(text),
        Some(b'b') => '\u{8}',
        Some(b'f') => '\u{c}',
        Some(b'n') => '\n',
        Some(b'r') => '\r',
        Some(b't') => '\t',
        Some(b'"') => '"',
        Some(b'/') => '/',
        _ => '\\',
    };
    // The scanner only lets the ASCII escapes above through, so the escape is two bytes long.
    let length = if text.is_char_boundary(2) { 2 } else { 1 };
    (Unit::Character(simple), length.min(text.len()))
}

fn unicode_escape_at(text: &str) -> (Unit, usize) {
    let Some(first) = hex_at(text, 2) else {
        return (Unit::Character('\\'), 1);
    };
    if let Some(character) = char::from_u32(u32::from(first)) {
        return (Unit::Character(character), 6);
    }
    if text.get(6..8) == Some("\\u")
        && let Some(second) = hex_at(text, 8)
        && let Some(Ok(character)) = char::decode_utf16([first, second]).next()
    {
        return (Unit::Character(character), 12);
    }
    (Unit::LoneSurrogate(first), 6)
}

fn hex_at(text: &str, at: usize) -> Option<u16> {
    u16::from_str_radix(text.get(at..at + 4)?, 16).ok()
}

fn push_escaped(text: &mut String, character: char) {
    match character {
        '"' => text.push_str("\\\""),
        '\\' => text.push_str("\\\\"),
        '\n' => text.push_str("\\n"),
        '\r' => text.push_str("\\r"),
        '\t' => text.push_str("\\t"),
        '\u{8}' => text.push_str("\\b"),
        '\u{c}' => text.push_str("\\f"),
        control if control < ' ' => {
            write!(text, "\\u{:04x}", u32::from(control)).expect("writing into a String cannot fail");
        }
        other => text.push(other),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_are_decoded_and_rewritten_as_json_stringify_does() {
        // content, decoded, canonical
        let table = [
            ("plain é", "plain é", "plain é"),
            (r"a\/b", "a/b", "a/b"),
            (r"\u0041\u00e9", "Aé", "Aé"),
            (r#"\"\\\b\f\n\r\t"#, "\"\\\u{8}\u{c}\n\r\t", r#"\"\\\b\f\n\r\t"#),
            (r"\u000A\u001F\u007f", "\n\u{1f}\u{7f}", "\\n\\u001f\u{7f}"),
            (r"\ud83d\uDE00!", "😀!", "😀!"),
            (r"\uD83D", "\u{fffd}", r"\ud83d"),
            (r"\uDE00\ud83d\ud83d\ude00", "\u{fffd}\u{fffd}😀", r"\ude00\ud83d😀"),
            (r"\\ud83d", "\\ud83d", r"\\ud83d"),
        ];
        for (content, decoded, rewritten) in table {
            assert_eq!(decode(content), decoded, "decode {content}");
            assert_eq!(canonical(content), rewritten, "canonical {content}");
        }
    }

    #[test]
    fn only_lone_surrogates_are_replaced() {
        let json = r#"["\ud83d\ude00","\ud83d","\\ud83d","\udc00x"]"#;
        let expected = r#"["\ud83d\ude00","\ufffd","\\ud83d","\ufffdx"]"#;
        assert_eq!(without_lone_surrogates(json), expected);
    }
}
