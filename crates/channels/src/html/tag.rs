//! Tags that may stay.

use super::{address, push_safe};

/// The tags that stay, with the attributes they may have.
const ALLOWED: [(&str, &[&str]); 19] = [
    ("a", &["href", "title", "target"]),
    ("b", &[]),
    ("br", &[]),
    ("em", &[]),
    ("h1", &[]),
    ("h2", &[]),
    ("h3", &[]),
    ("h4", &[]),
    ("h5", &[]),
    ("h6", &[]),
    ("i", &[]),
    ("img", &["src", "alt"]),
    ("li", &[]),
    ("ol", &[]),
    ("p", &[]),
    ("span", &[]),
    ("strong", &[]),
    ("u", &[]),
    ("ul", &[]),
];

/// The longest tag, in bytes. A longer one is text; so a text full of beginnings of tags takes no longer to read.
const MAX_BYTES: usize = 4096;

/// An allowed tag at the start of a text.
pub(super) struct Tag<'a> {
    /// Its length in bytes, from `<` to `>`.
    pub(super) len: usize,
    is_end: bool,
    /// As written: `BR` stays `BR`.
    name: &'a str,
    /// The allowed attributes, with their values as written.
    attributes: Vec<(&'a str, Option<&'a str>)>,
    /// What closes it, as written: `>`, `/>` or ` />`.
    closing: &'a str,
}

/// The tag that a text begins with, if it does and the tag is allowed.
pub(super) fn read(text: &str) -> Option<Tag<'_>> {
    let mut end = text.len().min(MAX_BYTES);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text[..end];
    let inside = text.strip_prefix('<')?;
    let (is_end, inside) = inside.strip_prefix('/').map_or((false, inside), |inside| (true, inside));
    let (name, mut rest) = split_where(inside, |character| !character.is_ascii_alphanumeric());
    let (_, allowed) = ALLOWED.iter().find(|(known, _)| known.eq_ignore_ascii_case(name))?;
    let mut attributes = Vec::new();
    loop {
        let after_blanks = rest.trim_start_matches(is_blank);
        for closing in ["/>", ">"] {
            if let Some(after) = after_blanks.strip_prefix(closing) {
                let closing = &rest[..rest.len() - after.len()];
                return Some(Tag { len: text.len() - after.len(), is_end, name, attributes, closing });
            }
        }
        // An attribute follows; a blank stands before it.
        if after_blanks.len() == rest.len() {
            return None;
        }
        let attribute;
        (attribute, rest) = read_attribute(after_blanks)?;
        let known = allowed.iter().find(|known| known.eq_ignore_ascii_case(attribute.0));
        if let Some(known) = known.filter(|_| !is_end) {
            let is_address = matches!(*known, "href" | "src");
            if !is_address || attribute.1.is_none_or(address::is_safe) {
                attributes.push(attribute);
            }
        }
    }
}

impl Tag<'_> {
    /// Writes the tag, values in double quotes.
    pub(super) fn push_to(&self, safe: &mut String) {
        safe.push_str(if self.is_end { "</" } else { "<" });
        safe.push_str(self.name);
        for (name, value) in &self.attributes {
            safe.push(' ');
            safe.push_str(name);
            if let Some(value) = value {
                safe.push_str("=\"");
                push_safe(safe, value, false);
                safe.push('"');
            }
        }
        safe.push_str(self.closing);
    }
}

/// An attribute, the value without its quotes, and what follows. `None` where no attribute can be read.
fn read_attribute(text: &str) -> Option<((&str, Option<&str>), &str)> {
    let (name, rest) = split_where(text, |it| is_blank(it) || matches!(it, '=' | '>' | '/' | '<' | '"' | '\''));
    if name.is_empty() {
        return None;
    }
    let Some(value) = rest.trim_start_matches(is_blank).strip_prefix('=') else {
        return Some(((name, None), rest));
    };
    let value = value.trim_start_matches(is_blank);
    let quote = value.chars().next().filter(|first| matches!(first, '"' | '\''));
    if let Some(quote) = quote {
        let (value, rest) = value[1..].split_once(quote)?;
        return Some(((name, Some(value)), rest));
    }
    let (value, rest) = split_where(value, |it| is_blank(it) || matches!(it, '>' | '<' | '"' | '\''));
    Some(((name, Some(value)), rest))
}

/// A text up to the first character of a kind, and from there.
fn split_where(text: &str, is_end: impl Fn(char) -> bool) -> (&str, &str) {
    text.split_at(text.find(is_end).unwrap_or(text.len()))
}

/// What HTML takes for a blank.
const fn is_blank(character: char) -> bool {
    matches!(character, ' ' | '\t' | '\n' | '\r' | '\u{c}')
}
