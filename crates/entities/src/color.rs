//! Colours.

use std::sync::OnceLock;

use serde_json::Value;

use crate::data;
use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{Gazetteer, pieces, span};

/// Finds colours; the value is the name in lower case ("dark blue").
pub struct Colors;

impl Extractor for Colors {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        static NAMES: OnceLock<Gazetteer> = OnceLock::new();
        let names = NAMES.get_or_init(|| Gazetteer::new(data::colors().zip(0u32..)));
        let words = pieces(text);
        let found = names.spots(&words, &|_| true).into_iter().map(|spot| Found {
            range: span(&words, &spot.words),
            value: Value::from(data::colors().nth(spot.numbers[0] as usize).unwrap_or_default()),
            others: Vec::new(),
            incomplete: false,
        });
        found.collect()
    }
}
