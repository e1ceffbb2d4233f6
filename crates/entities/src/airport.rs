//! Airports.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::city;
use crate::data::{Airport, airport_records};
use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{Gazetteer, Spot, fold, pieces, span};

/// Finds airports by IATA code (in capitals, or alone), by name, and by the town they serve; the value is
/// `{IATA, AirportName, City, ICAO}`. A town with several airports means its international one first.
pub struct Airports;

fn names() -> &'static Gazetteer {
    static NAMES: OnceLock<Gazetteer> = OnceLock::new();
    NAMES.get_or_init(|| Gazetteer::new(airport_records().iter().map(|airport| airport.name).zip(0u32..)))
}

/// By code: unique, and the records are in its order.
fn by_code(code: &str) -> Option<&'static Airport> {
    let records = airport_records();
    records.binary_search_by(|airport| airport.iata.cmp(code)).ok().map(|place| &records[place])
}

fn of_city(name: &str, country: &str) -> Vec<&'static Airport> {
    static CITIES: OnceLock<Gazetteer> = OnceLock::new();
    let cities =
        CITIES.get_or_init(|| Gazetteer::new(airport_records().iter().map(|airport| airport.city).zip(0u32..)));
    let serving = cities.named(name).iter().map(|number| &airport_records()[*number as usize]);
    let mut airports: Vec<&Airport> = serving.filter(|airport| airport.country == country).collect();
    airports.sort_by_key(|airport| (!airport.name.contains("International"), airport.icao.is_empty(), airport.iata));
    airports
}

fn named(spot: &Spot<'_>) -> Vec<&'static Airport> {
    spot.numbers.iter().map(|number| &airport_records()[*number as usize]).collect()
}

fn value(airport: &Airport) -> Value {
    json!({"IATA": airport.iata, "AirportName": airport.name, "City": airport.city, "ICAO": airport.icao})
}

impl Extractor for Airports {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let words = pieces(text);
        let mut found: Vec<Found> = Vec::new();
        let mut add = |range: std::ops::Range<usize>, airports: Vec<&Airport>| {
            let free = found.iter().all(|found| found.range.end <= range.start || found.range.start >= range.end);
            let mut values = airports.into_iter().map(value);
            if let Some(value) = values.next().filter(|_| free) {
                found.push(Found { range, value, others: values.collect(), incomplete: false });
            }
        };
        // "Hyderabad airport" is that of the largest town of the name, not the one so named elsewhere.
        let particular = |spot: &Spot<'_>| spot.words.len() > 2;
        for spot in names().spots(&words, &particular) {
            add(span(&words, &spot.words), named(&spot));
        }
        for word in &words {
            let code = word.text.to_ascii_uppercase();
            if code.len() == 3 && (code == word.text || words.len() == 1) {
                add(word.range.clone(), by_code(&code).into_iter().collect());
            }
        }
        for place in city::places(&words) {
            let mut range = span(&words, &place.words);
            if words.get(place.words.end).is_some_and(|next| fold(next.text) == "airport") {
                range.end = words[place.words.end].range.end;
            }
            add(range, of_city(place.city.name, place.city.country));
        }
        for spot in names().spots(&words, &|spot| spot.words.len() > 1) {
            add(span(&words, &spot.words), named(&spot));
        }
        found.sort_by_key(|found| found.range.start);
        found
    }
}
