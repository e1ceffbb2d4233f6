//! Texts made safe for pages: HTML of a few harmless kinds stays, everything else is shown as it was written.
//!
//! Texts of bots are HTML by habit: authors write `<b>` and `&nbsp;`, and clients put what they get into their pages. So
//! a text is read as HTML and written again, not escaped blindly:
//!
//! - Tags of a fixed list stay, with the attributes of a fixed list: `<a href title target>`, `<img src alt>`, others have
//!   none. An attribute that is not in the list is dropped (`onclick`), and so is an address that runs script
//!   (`javascript:`).
//! - A tag that is not in the list is text: `<script>` becomes `&lt;script&gt;`, and so does a placeholder `<name>`.
//! - In text, `"` `&` `'` `<` `>` become `&quot;` `&amp;` `&#39;` `&lt;` `&gt;`.
//! - A character reference stays: `&amp;` *is* an escaped `&`, so it is not escaped twice. In attributes and addresses names
//!   that are not in a list of common ones are text.
//!
//! Tags are not paired: an author's `<b>` without an end stays without one.

mod address;
mod reference;
mod tag;

/// A text with its harmless tags and character references kept and everything else escaped.
pub fn sanitise(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    push_safe(&mut safe, text, true);
    safe
}

/// A text with every special character escaped, tags and character references too; un-escaping gives the text back.
pub fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len() + text.len() / 8);
    for character in text.chars() {
        push_escaped(&mut safe, character);
    }
    safe
}

/// The characters that mean something to HTML.
const SPECIAL: [char; 5] = ['"', '&', '\'', '<', '>'];

/// Writes a text, or where tags mean nothing the value of an attribute, to stand between double quotes.
fn push_safe(safe: &mut String, text: &str, has_tags: bool) {
    let mut rest = text;
    while let Some(place) = rest.find(SPECIAL) {
        safe.push_str(&rest[..place]);
        rest = &rest[place..];
        if has_tags && let Some(tag) = tag::read(rest) {
            tag.push_to(safe);
            rest = &rest[tag.len..];
        } else if let Some(length) = if has_tags {
            reference::length_in_text(rest)
        } else {
            reference::read(rest).map(|reference| reference.len)
        } {
            safe.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            let mut characters = rest.chars();
            characters.next().into_iter().for_each(|special| push_escaped(safe, special));
            rest = characters.as_str();
        }
    }
    safe.push_str(rest);
}

/// Writes a character, as a reference if it is special.
fn push_escaped(safe: &mut String, character: char) {
    match character {
        '"' => safe.push_str("&quot;"),
        '&' => safe.push_str("&amp;"),
        '\'' => safe.push_str("&#39;"),
        '<' => safe.push_str("&lt;"),
        '>' => safe.push_str("&gt;"),
        other => safe.push(other),
    }
}
