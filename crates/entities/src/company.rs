//! Names of companies.

use serde_json::Value;

use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{pieces, span};
use crate::stop::is_small;

/// What the name of a company ends with, folded.
const ENDINGS: &[&str] = &[
    "inc",
    "ltd",
    "llc",
    "llp",
    "plc",
    "corp",
    "corporation",
    "company",
    "co",
    "limited",
    "gmbh",
    "ag",
    "kg",
    "se",
    "sa",
    "sarl",
    "srl",
    "spa",
    "bv",
    "nv",
    "ab",
    "oy",
    "pte",
    "pvt",
    "group",
    "holdings",
    "industries",
    "technologies",
    "bank",
    "airlines",
    "pt",
    "tbk",
];
/// What is said before one, the last words, folded.
const CUES: &[&str] = &[
    "work for",
    "work at",
    "works for",
    "works at",
    "working for",
    "working at",
    "company is",
    "company called",
    "employer is",
    "employed by",
];
/// Most words of a name.
const LONGEST: usize = 6;

/// Finds companies: capitalised words before "Inc", "Ltd", "GmbH" …, or after "I work for". No list of companies is used.
pub struct Companies;

impl Extractor for Companies {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let words = pieces(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let cued = at >= 2 && CUES.contains(&format!("{} {}", words[at - 2].folded, words[at - 1].folded).as_str());
            let mut length = 0;
            while let Some(word) = words.get(at + length).filter(|_| length < LONGEST) {
                let first = length == 0;
                let joined = first || {
                    let between = text[words[at + length - 1].range.end..word.range.start].trim();
                    matches!(between, "" | "&" | "-") || (between == "," && ENDINGS.contains(&word.folded.as_str()))
                };
                let number = word.text.chars().all(char::is_numeric);
                if !joined || !(word.is_capital() || number) || (first && is_small("en", &word.folded)) {
                    break;
                }
                length += 1;
            }
            let ending = (2..=length).rev().find(|length| ENDINGS.contains(&words[at + length - 1].folded.as_str()));
            let alone = at == 0 && length == words.len() && length <= 4;
            let Some(length) = ending.or_else(|| (length > 0 && (cued || alone)).then_some(length)) else {
                at += 1;
                continue;
            };
            let range = span(&words, &(at..at + length));
            let value = Value::from(&text[range.clone()]);
            found.push(Found { range, value, others: Vec::new(), incomplete: false });
            at += length;
        }
        found
    }
}
