//! Postal addresses, approximately.

use serde_json::Value;

use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{Piece, pieces, span};

/// Words that streets end or begin with, folded.
const STREETS: &[&str] = &[
    "street",
    "st",
    "road",
    "rd",
    "avenue",
    "ave",
    "lane",
    "ln",
    "drive",
    "dr",
    "boulevard",
    "blvd",
    "way",
    "court",
    "ct",
    "place",
    "pl",
    "square",
    "sq",
    "highway",
    "hwy",
    "parkway",
    "terrace",
    "close",
    "crescent",
    "alley",
    "nagar",
    "marg",
    "colony",
    "rue",
    "via",
    "calle",
    "avenida",
    "rua",
    "plaza",
    "platz",
    "jalan",
    "jl",
];
/// Endings of German and Dutch streets, written together.
const ENDINGS: &[&str] = &["strasse", "straße", "str", "weg", "gasse", "allee", "platz", "straat", "laan"];
/// Most words between the number and the street.
const LONGEST: usize = 5;
/// Most words after the street.
const TAIL: usize = 8;

/// Finds addresses: a number with a street, and the town, region and code that follow after commas. The value is the text.
pub struct Addresses;

fn is_street(piece: &Piece<'_>) -> bool {
    let word = piece.folded.as_str();
    STREETS.contains(&word) || ENDINGS.iter().any(|ending| word.len() > ending.len() + 2 && word.ends_with(ending))
}

fn is_number(piece: &Piece<'_>) -> bool {
    piece.text.len() <= 8 && piece.text.starts_with(|c: char| c.is_ascii_digit())
}

/// The words of the house and the street that begin at a place.
fn street(words: &[Piece<'_>], at: usize) -> Option<usize> {
    if is_number(&words[at]) {
        let until = words.len().min(at + LONGEST + 2);
        let last = (at + 1..until).rev().find(|place| is_street(&words[*place]))?;
        return (!words[at + 1..=last].iter().any(|word| word.first)).then_some(last + 1);
    }
    let numbered = |place: usize| words.get(place).is_some_and(is_number);
    if is_street(&words[at]) {
        // "Hauptstraße 5", "rue de Rivoli 5"
        return (1..=4).find(|after| numbered(at + after)).map(|after| at + after + 1);
    }
    None
}

impl Extractor for Addresses {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let words = pieces(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < words.len() {
            let Some(mut end) = street(&words, at) else {
                at += 1;
                continue;
            };
            let mut comma = false;
            let street = end;
            for place in street..words.len().min(street + TAIL) {
                let between = &text[words[place - 1].range.end..words[place].range.start];
                comma |= between.contains([',', '\n']);
                let name = words[place].is_capital() || words[place].text.contains(|c: char| c.is_ascii_digit());
                if (words[place].first && !between.contains('\n')) || !(comma || name) {
                    break;
                }
                end = place + 1;
            }
            let range = span(&words, &(at..end));
            let value = Value::from(&text[range.clone()]);
            found.push(Found { range, value, others: Vec::new(), incomplete: false });
            at = end;
        }
        found
    }
}
