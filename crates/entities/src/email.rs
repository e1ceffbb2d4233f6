//! E-mail addresses.

use serde_json::Value;

use crate::{Extractor, Found, Surroundings};

/// How long the part before the sign may be (RFC 5321), in bytes.
const MOST_LOCAL: usize = 64;
/// How long the part after the sign may be, in bytes.
const MOST_DOMAIN: usize = 255;

/// Finds e-mail addresses: `jane.doe+list@example.co.uk`; the value is the address as it was written.
///
/// Both parts may have letters of any script. Quoted parts and addresses of machines (`[192.0.2.1]`) are not read.
#[derive(Clone, Copy, Debug, Default)]
pub struct Emails;

impl Extractor for Emails {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        for (at, _) in text.match_indices('@') {
            let from = found.last().map_or(0, |found| found.range.end);
            if at < from {
                continue;
            }
            let Some(start) = local(text, from, at) else { continue };
            let Some(length) = domain(&text[at + 1..]) else { continue };
            let range = start..at + 1 + length;
            let value = Value::from(&text[range.clone()]);
            found.push(Found { range, value, others: Vec::new(), incomplete: false });
        }
        found
    }
}

/// Where the part before the sign begins.
fn local(text: &str, from: usize, at: usize) -> Option<usize> {
    let mut start = at;
    for (index, character) in text[from..at].char_indices().rev() {
        let allowed = character.is_alphanumeric() || ".!#$%&'*+/=?^_`{|}~-".contains(character);
        if !allowed || at - (from + index) > MOST_LOCAL {
            // One that is too long is none; its end is not one either.
            if allowed {
                return None;
            }
            break;
        }
        start = from + index;
    }
    // Quotes and signs around an address are not part of it.
    let trimmed = text[start..at].trim_start_matches(|first: char| !first.is_alphanumeric() && first != '_');
    let valid = !trimmed.is_empty() && !trimmed.ends_with('.') && !trimmed.contains("..");
    valid.then(|| at - trimmed.len())
}

/// The length of the domain at the beginning; at least two labels, the last one of letters.
pub(crate) fn domain(text: &str) -> Option<usize> {
    let run = text
        .char_indices()
        .find(|(index, character)| {
            *index > MOST_DOMAIN || !(character.is_alphanumeric() || matches!(character, '.' | '-'))
        })
        .map_or(text.len(), |(index, _)| index);
    let mut length = 0;
    let mut valid = None;
    for (count, label) in text[..run].split('.').enumerate() {
        if label.is_empty() || label.starts_with('-') || label.ends_with('-') || label.len() > 63 {
            break;
        }
        length += label.len() + usize::from(count > 0);
        let letters = label.chars().filter(|letter| letter.is_alphabetic()).count();
        if count > 0 && letters >= 2 && (label.starts_with("xn--") || letters == label.chars().count()) {
            valid = Some(length);
        }
    }
    // "a@b.c1" has no such end; a cut-off label is none.
    valid.filter(|end| !text[*end..].starts_with(|next: char| next.is_alphanumeric() || matches!(next, '-' | '@')))
}
