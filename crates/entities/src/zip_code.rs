//! Postal codes.

use serde_json::Value;

use crate::extractor::{Extractor, Found, Surroundings};

/// Countries and how their codes look: `9` a digit, `A` a letter, a blank may be missing, the rest stands for itself.
/// The first ones win where the country is not known.
const FORMATS: &[(&str, &[&str])] = &[
    ("US", &["99999-9999", "99999"]),
    ("GB", &["AA99 9AA", "AA9A 9AA", "A99 9AA", "A9A 9AA", "AA9 9AA", "A9 9AA"]),
    ("CA", &["A9A 9A9"]),
    ("IN", &["999 999"]),
    ("JP", &["999-9999"]),
    ("BR", &["99999-999"]),
    ("NL", &["9999 AA"]),
    ("DE", &["99999"]),
    ("FR", &["99999"]),
    ("IT", &["99999"]),
    ("ES", &["99999"]),
    ("MX", &["99999"]),
    ("AU", &["9999"]),
    ("AT", &["9999"]),
    ("CH", &["9999"]),
];

/// Finds postal codes; the value is the code as it stands.
#[derive(Clone, Debug, Default)]
pub struct ZipCodes {
    /// ISO 3166-1 alpha-2 code of the country whose codes are meant; empty for any. `UK` is `GB`.
    pub country: String,
}

impl ZipCodes {
    fn length_at(&self, text: &str) -> Option<usize> {
        let country = match self.country.to_ascii_uppercase() {
            code if code == "UK" => "GB".to_owned(),
            code => code,
        };
        let any = !FORMATS.iter().any(|(code, _)| *code == country);
        // Four digits alone are a year as often as a code.
        let fitting =
            FORMATS.iter().filter(|(code, formats)| if any { formats != &["9999"] } else { *code == country });
        fitting.flat_map(|(_, formats)| formats.iter()).filter_map(|format| fits(format, text)).max()
    }
}

/// How many bytes at the beginning of a text fit a format.
fn fits(format: &str, text: &str) -> Option<usize> {
    let mut rest = text.bytes().peekable();
    let mut length = 0;
    for sign in format.bytes() {
        let next = rest.peek().copied();
        let ok = match sign {
            b'9' => next.is_some_and(|b| b.is_ascii_digit()),
            b'A' => next.is_some_and(|b| b.is_ascii_alphabetic()),
            b' ' if next != Some(b' ') => continue,
            sign => next == Some(sign),
        };
        if !ok {
            return None;
        }
        rest.next();
        length += 1;
    }
    Some(length)
}

impl Extractor for ZipCodes {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let joined = |c: char| c.is_alphanumeric() || c == '-';
        let mut found: Vec<Found> = Vec::new();
        let mut before = None;
        for (at, c) in text.char_indices() {
            let begins = c.is_ascii_alphanumeric() && !before.is_some_and(joined);
            before = Some(c);
            if !begins || found.last().is_some_and(|last| last.range.end > at) {
                continue;
            }
            let Some(length) = self.length_at(&text[at..]) else { continue };
            let end = at + length;
            if text[end..].chars().next().is_some_and(joined) {
                continue;
            }
            let value = Value::from(&text[at..end]);
            found.push(Found { range: at..end, value, others: Vec::new(), incomplete: false });
        }
        found
    }
}
