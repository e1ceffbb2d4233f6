//! Countries.

use std::ops::Range;
use std::sync::OnceLock;

use serde_json::json;

use crate::data::{Country, country_records, listed};
use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{Gazetteer, Piece, pieces, span};

/// Finds countries; the value is `{alpha2, alpha3, localName, shortName, numericalCode}`.
///
/// Codes of two letters count where they are the whole text, and `US` in capitals; codes of three letters in capitals.
pub struct Countries;

pub(crate) fn names() -> &'static Gazetteer {
    static NAMES: OnceLock<Gazetteer> = OnceLock::new();
    NAMES.get_or_init(|| {
        Gazetteer::new(country_records().iter().zip(0u32..).flat_map(|(country, number)| {
            let names = [country.name, country.local_name].into_iter().chain(listed(country.others));
            names.map(move |name| (name, number))
        }))
    })
}

fn by_code(word: &str, alone: bool) -> Option<&'static Country> {
    let upper = word.to_ascii_uppercase();
    let written = alone || upper == word;
    country_records().iter().find(|country| match upper.len() {
        2 => (alone || upper == "US") && written && country.alpha2 == upper,
        3 => written && country.alpha3 == upper,
        _ => false,
    })
}

/// The countries of a text and where they stand.
pub(crate) fn places(words: &[Piece<'_>]) -> Vec<(Range<usize>, &'static Country)> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < words.len() {
        if let Some(spot) = names().at(words, at) {
            found.push((span(words, &spot.words), &country_records()[spot.numbers[0] as usize]));
            at = spot.words.end;
            continue;
        }
        if let Some(country) = by_code(words[at].text, words.len() == 1) {
            found.push((words[at].range.clone(), country));
        }
        at += 1;
    }
    found
}

impl Extractor for Countries {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let found = |(range, country): (Range<usize>, &Country)| Found {
            range,
            value: json!({
                "alpha2": country.alpha2,
                "alpha3": country.alpha3,
                "localName": country.local_name,
                "shortName": country.name,
                "numericalCode": country.numeric,
            }),
            others: Vec::new(),
            incomplete: false,
        };
        places(&pieces(text)).into_iter().map(found).collect()
    }
}
