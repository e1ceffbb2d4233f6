//! Texts as authors wrote them: undoing the encodings of an export, and finding `{{expression}}` templates.

use std::borrow::Cow;
use std::fmt::Write;
use std::ops::Range;

/// How a text was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encoding {
    /// As it is. Untouched defaults and imported texts are.
    Raw,
    /// With `encodeURIComponent`, as the vendor's builder saves messages and scripts.
    Percent,
    /// It looks percent-encoded, but does not decode to UTF-8; taken as it is.
    Undecodable,
}

/// Decodes a message, script, endpoint or payload (`export-format.md` §4): a text with a space, a line break, a double
/// quote, one of `<>{}` or a `%` without two hexadecimal digits after it cannot come from `encodeURIComponent` and is
/// raw; so is one that does not decode to UTF-8.
pub fn decode(text: &str) -> (Cow<'_, str>, Encoding) {
    let bytes = text.as_bytes();
    if !bytes.contains(&b'%') || bytes.iter().any(|byte| byte.is_ascii_control() || b" \"<>{}".contains(byte)) {
        return (Cow::Borrowed(text), Encoding::Raw);
    }
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        if *byte != b'%' {
            decoded.push(*byte);
            at += 1;
            continue;
        }
        let Some(value) = bytes.get(at + 1..at + 3).and_then(hex_byte) else {
            return (Cow::Borrowed(text), Encoding::Raw);
        };
        decoded.push(value);
        at += 3;
    }
    match String::from_utf8(decoded) {
        Ok(decoded) => (Cow::Owned(decoded), Encoding::Percent),
        Err(_) => (Cow::Borrowed(text), Encoding::Undecodable),
    }
}

fn hex_byte(digits: &[u8]) -> Option<u8> {
    let high = char::from(digits[0]).to_digit(16)?;
    let low = char::from(digits[1]).to_digit(16)?;
    u8::try_from(high * 16 + low).ok()
}

/// Undoes HTML escapes, which patterns, some FAQ labels and small-talk patterns have: every character reference that HTML
/// has. Unknown ones stay as they are. Only for texts of authors: what becomes an address or an attribute on a page knows a
/// short list on purpose (`channels::html`).
pub fn unescape_html(text: &str) -> Cow<'_, str> {
    html_escape::decode_html_entities(text)
}

/// A `{{expression}}` in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Template<'a> {
    /// The JavaScript expression, without white space around it.
    pub expression: &'a str,
    /// Bytes of the text that the template takes, braces included.
    pub range: Range<usize>,
}

/// The templates of a text, in their order. Braces and quotes inside an expression are understood; where they do not
/// balance, the expression ends at the next `}}`. An opening `{{` without any `}}` after it is plain text.
pub fn templates(text: &str) -> Vec<Template<'_>> {
    let mut found = Vec::new();
    let mut from = 0;
    while let Some(opening) = text[from..].find("{{") {
        let start = from + opening;
        let inner = &text[start + 2..];
        let Some(length) = expression_length(inner).or_else(|| inner.find("}}")) else {
            break;
        };
        let end = start + 2 + length + 2;
        found.push(Template { expression: inner[..length].trim(), range: start..end });
        from = end;
    }
    found
}

/// Length of the expression up to the `}}` that closes it; `None` if brackets or quotes do not balance before it.
fn expression_length(text: &str) -> Option<usize> {
    let bytes = text.as_bytes();
    let mut open_braces = 0usize;
    let mut at = 0;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' | b'\'' | b'`' => at = quoted_end(bytes, at)?,
            b'{' => {
                open_braces += 1;
                at += 1;
            }
            b'}' if open_braces > 0 => {
                open_braces -= 1;
                at += 1;
            }
            b'}' => return (bytes.get(at + 1) == Some(&b'}')).then_some(at),
            _ => at += 1,
        }
    }
    None
}

/// Position after the string literal that starts at `start`.
fn quoted_end(bytes: &[u8], start: usize) -> Option<usize> {
    let quote = bytes[start];
    let mut at = start + 1;
    loop {
        match *bytes.get(at)? {
            b'\\' => at += 2,
            b'\n' if quote != b'`' => return None,
            byte if byte == quote => return Some(at + 1),
            _ => at += 1,
        }
    }
}

/// The script that a text with `<% … %>` code stands for: text outside of the code is printed, `<%= … %>` prints a
/// value. `None` for a text without code.
pub fn response_script(text: &str) -> Option<String> {
    text.find("<%")?;
    let mut script = String::with_capacity(text.len() + 32);
    let mut rest = text;
    while let Some(start) = rest.find("<%") {
        push_print(&mut script, &rest[..start]);
        let code = &rest[start + 2..];
        let (code, after) = code.split_once("%>").unwrap_or((code, ""));
        match code.strip_prefix('=') {
            Some(value) => {
                write!(script, "print({value});").expect("writing into a String cannot fail");
            }
            // A line break ends a comment in the code.
            None => {
                script.push_str(code);
                script.push('\n');
            }
        }
        rest = after;
    }
    push_print(&mut script, rest);
    Some(script)
}

fn push_print(script: &mut String, text: &str) {
    if !text.trim().is_empty() {
        let quoted = serde_json::Value::from(text);
        write!(script, "print({quoted});").expect("writing into a String cannot fail");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_texts_are_decoded_by_the_rule() {
        let table = [
            ("Hello%20%7B%7Bcontext.name%7D%7D!", "Hello {{context.name}}!", Encoding::Percent),
            ("I'm%20here%2C%20%C3%A9", "I'm here, é", Encoding::Percent),
            ("/data/%7B%7Benv.KEY%7D%7D/", "/data/{{env.KEY}}/", Encoding::Percent),
            ("plain", "plain", Encoding::Raw),
            ("", "", Encoding::Raw),
            ("100%25 sure", "100%25 sure", Encoding::Raw),
            ("100%", "100%", Encoding::Raw),
            ("50%2", "50%2", Encoding::Raw),
            ("{{a}}%20", "{{a}}%20", Encoding::Raw),
            ("a%0Ab\n", "a%0Ab\n", Encoding::Raw),
            ("caf%E9", "caf%E9", Encoding::Undecodable),
        ];
        for (stored, text, encoding) in table {
            assert_eq!(decode(stored), (Cow::Borrowed(text), encoding), "{stored}");
        }
    }

    #[test]
    fn html_escapes_are_undone() {
        let table = [
            ("&lt; a [b c] &gt;", "< a [b c] >"),
            ("R&D &amp; &quot;x&quot; &#39;&#x1F600;&apos;", "R&D & \"x\" '😀'"),
            ("&bogus; &; &#xD800; & é&lt", "&bogus; &; &#xD800; & é&lt"),
            ("&amp;lt;", "&lt;"),
            ("Caf&eacute; &hellip;&rarr;&thinsp;&copy", "Café …→\u{2009}&copy"),
            ("&éééééééé;", "&éééééééé;"),
        ];
        for (escaped, text) in table {
            assert_eq!(unescape_html(escaped), text, "{escaped}");
        }
    }

    #[test]
    fn templates_are_found_despite_braces_and_quotes() {
        let table: [(&str, &[&str]); 9] = [
            ("Hi {{ context.name }}, {{env.X}}{{b}}", &["context.name", "env.X", "b"]),
            ("{{JSON.stringify({a:{b:1}})}}.", &["JSON.stringify({a:{b:1}})"]),
            ("{{x[\"}}\"]}} {{y['{{']}}", &["x[\"}}\"]", "y['{{']"]),
            ("{{`${a}`}}'s", &["`${a}`"]),
            ("{{it's}} fine {{ok}}", &["it's", "ok"]),
            ("{{{a:1}.a}}", &["{a:1}.a"]),
            ("{{a} b {{c}}", &["a} b {{c"]),
            ("open {{ only", &[]),
            ("{ { a } } }}", &[]),
        ];
        for (text, expected) in table {
            let found: Vec<&str> = templates(text).iter().map(|template| template.expression).collect();
            assert_eq!(found, expected, "{text}");
        }
        assert_eq!(templates("a {{ x }}")[0].range, 2..9);
    }
}
