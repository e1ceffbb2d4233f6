//! Web addresses.

use serde_json::Value;

use crate::email::domain;
use crate::{Extractor, Found, Surroundings};

/// Ends of addresses that are read without `http` and `www`: "example.com".
const COMMON_ENDS: &[&str] = &[
    "com", "org", "net", "edu", "gov", "int", "io", "ai", "app", "dev", "co", "info", "biz", "me", "tv", "us", "uk",
    "de", "fr", "es", "it", "nl", "eu", "in", "jp", "cn", "br", "au", "ca", "ch", "at", "be", "se", "dk", "pl", "ru",
    "mx", "tech", "xyz", "online", "site", "cloud", "store", "shop",
];
/// Ends that are words: they count only with a path, or after `http` and `www`.
const WORDS: &[&str] =
    &["in", "me", "at", "it", "is", "us", "be", "as", "so", "to", "no", "de", "es", "shop", "online", "store", "site"];

/// Finds web addresses: `https://example.com/a?b=c`, `www.example.com`, `example.com/path`; the value is as written.
///
/// A full stop, comma or bracket at its end belongs to the sentence.
#[derive(Clone, Copy, Debug, Default)]
pub struct Urls;

impl Extractor for Urls {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let mut found = Vec::new();
        let separator = |character: char| character.is_whitespace() || "<>\"`|{}^\\".contains(character);
        let mut start = 0;
        for piece in text.split_inclusive(separator) {
            let word = piece.trim_end_matches(separator);
            let opening = word.len() - word.trim_start_matches(|first: char| "('[,;:.!?“‘«".contains(first)).len();
            if let Some(length) = address(&word[opening..]) {
                let range = start + opening..start + opening + length;
                let value = Value::from(&text[range.clone()]);
                found.push(Found { range, value, others: Vec::new(), incomplete: false });
            }
            start += piece.len();
        }
        found
    }
}

/// The length of the address that the word begins with, or stands in after a label ("url:https://…").
fn address(word: &str) -> Option<usize> {
    let prefix = |prefix: &str| word.get(..prefix.len()).is_some_and(|start| start.eq_ignore_ascii_case(prefix));
    let scheme = ["https://", "http://", "ftp://"].into_iter().find(|scheme| prefix(scheme)).map_or(0, str::len);
    let rest = &word[scheme..];
    let host = match scheme {
        0 => domain(rest)?,
        _ => domain(rest).or_else(|| machine(rest))?,
    };
    let after = &rest[host..];
    if scheme == 0 && !prefix("www.") {
        let end = rest[..host].rsplit('.').next().unwrap_or("").to_ascii_lowercase();
        let path =
            after.starts_with('/') || (after.starts_with(':') && after[1..].starts_with(|c: char| c.is_ascii_digit()));
        if !COMMON_ENDS.contains(&end.as_str()) || (WORDS.contains(&end.as_str()) && !path) {
            return None;
        }
    }
    let tail = match after.chars().next() {
        Some('/' | '?' | '#') => after.len(),
        Some(':') => {
            let port = after[1..].bytes().take_while(u8::is_ascii_digit).count();
            match (port, after[1 + port..].chars().next()) {
                (0, _) => 0,
                (_, Some('/' | '?' | '#')) => after.len(),
                _ => 1 + port,
            }
        }
        _ => 0,
    };
    let whole = scheme + host + tail;
    Some(scheme + host + trim(&word[scheme + host..whole]))
}

/// "localhost", "192.0.2.1".
fn machine(text: &str) -> Option<usize> {
    let length = text.find(|c: char| !(c.is_ascii_alphanumeric() || matches!(c, '.' | '-'))).unwrap_or(text.len());
    let host = &text[..length];
    let number = host.split('.').count() == 4 && host.split('.').all(|part| part.parse::<u8>().is_ok());
    (host.eq_ignore_ascii_case("localhost") || number).then_some(length)
}

/// The length without the marks of the sentence.
fn trim(path: &str) -> usize {
    let mut length = path.len();
    while let Some(last) = path[..length].chars().next_back() {
        let opens = path[..length].matches('(').count();
        let unmatched = last == ')' && path[..length].matches(')').count() > opens;
        if !(unmatched || ".,;:!?'”’»]*".contains(last)) {
            break;
        }
        length -= last.len_utf8();
    }
    length
}
