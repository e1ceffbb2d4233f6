//! Towns and locations.

use std::sync::OnceLock;

use serde_json::{Value, json};

use crate::country::names as country_names;
use crate::data::{self, City, city_records, country, listed};
use crate::extractor::{Extractor, Found, Surroundings};
use crate::gazetteer::{Gazetteer, Piece, Spot, fold, pieces, span};
use crate::stop::is_small;

/// Towns that are also words, so that a capital letter in the middle of a sentence is wanted.
const WORDS: &[&str] = &[
    "anna",
    "bar",
    "bath",
    "best",
    "born",
    "buy",
    "central",
    "come",
    "commerce",
    "date",
    "hope",
    "independence",
    "liberal",
    "male",
    "man",
    "march",
    "mobile",
    "moro",
    "most",
    "nice",
    "normal",
    "orange",
    "order",
    "police",
    "price",
    "reading",
    "sale",
    "same",
    "split",
    "union",
    "university",
    "young",
    "bay",
    "van",
    "lens",
    "cary",
    "moron",
    "bra",
    "bari",
    "ham",
    "spring",
    "flower",
    "casa",
    "show",
    "hello",
    "how",
    "hi",
    "ok",
    "no",
    "yes",
    "time",
    "day",
    "book",
    "see",
    "help",
    "change",
];

/// What people say to each other, and towns that are called so: such a town is meant only where its name is asked for by a
/// word before it, as in "to Hola".
const SAID: &[&str] =
    &["hello", "hi", "hey", "hola", "hallo", "salut", "ciao", "ola", "ok", "okay", "no", "yes", "si", "help"];
/// Towns by the letters that people call them, and their usual names.
const LETTERS: &[(&str, &str)] =
    &[("NYC", "New York City"), ("LA", "Los Angeles"), ("SF", "San Francisco"), ("DC", "Washington")];

/// From this number of people on a town is known without a capital letter or a preposition.
const KNOWN: u64 = 100_000;

/// Finds towns; the value is the usual name. A name that several towns have means the most populous one, unless a
/// country or region follows: "Hyderabad, Pakistan".
pub struct Cities;

/// So many times as large has a town to be that has a name besides its own, to be meant before one that is called so:
/// "Florida" is not Floridablanca, but "Roma" is Rome.
const OTHER_NAME: u64 = 20;

/// A town from this number of people on is meant before the state of its name.
const BEFORE_STATES: u64 = 500_000;

/// Finds towns, countries and states of the US; the value is `{formatted_address, lat, lng}`. Countries and states have no
/// coordinates. A place is taken without a question, however many bear its name: the largest is meant.
pub struct Locations;

/// A town in a text.
pub(crate) struct Place {
    /// Places of its words, what follows to tell it apart included.
    pub words: std::ops::Range<usize>,
    pub city: &'static City,
    /// What follows tells which town of the name it is.
    is_told_apart: bool,
}

fn names() -> &'static Gazetteer {
    static NAMES: OnceLock<Gazetteer> = OnceLock::new();
    NAMES.get_or_init(|| {
        let cities = city_records().iter().zip(0u32..);
        Gazetteer::new(cities.flat_map(|(city, number)| {
            std::iter::once(city.name).chain(listed(city.others)).map(move |name| (name, number))
        }))
    })
}

fn by_size(words: &[Piece<'_>], spot: &Spot<'_>) -> Vec<&'static City> {
    let said = said(words, &spot.words);
    let mut cities: Vec<&City> = spot.numbers.iter().map(|number| &city_records()[*number as usize]).collect();
    let weight = |city: &City| if fold(city.name) == said { city.population * OTHER_NAME } else { city.population };
    cities.sort_by_key(|city| (std::cmp::Reverse(weight(city)), city.country));
    cities
}

fn said(words: &[Piece<'_>], range: &std::ops::Range<usize>) -> String {
    words[range.clone()].iter().map(|word| word.folded.as_str()).collect::<Vec<_>>().join(" ")
}

fn states() -> &'static Gazetteer {
    static STATES: OnceLock<Gazetteer> = OnceLock::new();
    STATES.get_or_init(|| Gazetteer::new(data::us_states().zip(0u32..).map(|((_, name), number)| (name, number))))
}

/// The towns of a text.
pub(crate) fn places(words: &[Piece<'_>]) -> Vec<Place> {
    let accepts = |spot: &Spot<'_>| {
        let Some(largest) = by_size(words, spot).first().copied() else { return false };
        is_meant(words, spot, largest.population)
    };
    let mut found: Vec<Place> = by_letters(words);
    for spot in names().spots(words, &accepts) {
        if found.iter().any(|other| other.words.end > spot.words.start && spot.words.end > other.words.start) {
            continue;
        }
        let cities = by_size(words, &spot);
        found.push(match told_apart(words, spot.words.end, &cities) {
            Some((end, city)) => Place { words: spot.words.start..end, city, is_told_apart: true },
            None => Place { words: spot.words, city: cities[0], is_told_apart: false },
        });
    }
    found.sort_by_key(|place| place.words.start);
    found
}

/// Towns called by their letters, in capitals; one of three letters in any case where nothing else is said.
fn by_letters(words: &[Piece<'_>]) -> Vec<Place> {
    let place = |at: usize| {
        let word = &words[at];
        let is_meant = |letters: &str| {
            letters == word.text || (words.len() == 1 && letters.len() > 2 && letters.eq_ignore_ascii_case(word.text))
        };
        let (_, name) = LETTERS.iter().find(|(letters, _)| is_meant(letters))?;
        let cities = city_records().iter().filter(|city| city.name == *name);
        let city = cities.max_by_key(|city| city.population)?;
        Some(Place { words: at..at + 1, city, is_told_apart: true })
    };
    (0..words.len()).filter_map(place).collect()
}

/// The town that a country, a region or a state of the US behind the name tells apart, and where that ends.
fn told_apart(words: &[Piece<'_>], from: usize, cities: &[&'static City]) -> Option<(usize, &'static City)> {
    let next = words.get(from)?;
    let first = |is: &dyn Fn(&City) -> bool| cities.iter().copied().find(|city| is(city));
    if let Some(spot) = country_names().at(words, from) {
        let code = data::country_records()[spot.numbers[0] as usize].alpha2;
        return first(&|city| city.country == code).map(|city| (spot.words.end, city));
    }
    if let Some((_, state)) = data::us_states().find(|(code, _)| *code == next.text) {
        return first(&|city| city.country == "US" && city.region == state).map(|city| (from + 1, city));
    }
    let mut said = String::new();
    words[from..].iter().take(3).enumerate().find_map(|(place, word)| {
        said.push_str(if place == 0 { "" } else { " " });
        said.push_str(&word.folded);
        first(&|city| fold(city.region) == said).map(|city| (from + place + 1, city))
    })
}

fn is_meant(words: &[Piece<'_>], spot: &Spot<'_>, population: u64) -> bool {
    let first = &words[spot.words.start];
    let alone = spot.words.len() == words.len();
    let common = spot.words.len() == 1 && (WORDS.contains(&first.folded.as_str()) || is_small("en", &first.folded));
    let short = first.folded.len() < 3;
    let cued = spot.words.start > 0
        && [
            "in", "to", "from", "at", "near", "around", "for", "city", "via", "is", "of", "nach", "aus", "à", "en",
            "de",
        ]
        .contains(&words[spot.words.start - 1].folded.as_str());
    if spot.words.len() == 1 && SAID.contains(&first.folded.as_str()) {
        return cued;
    }
    if common || short {
        return first.is_capital() && (alone || !first.first);
    }
    alone || first.is_capital() || cued || population >= KNOWN
}

fn address(city: &City) -> Value {
    let country = country(city.country).map_or(city.country, |country| country.name);
    let mut parts = vec![city.name];
    parts.extend([city.region, country].into_iter().filter(|part| !part.is_empty()));
    json!({"formatted_address": parts.join(", "), "lat": city.lat, "lng": city.lng})
}

/// A country or state.
fn area(name: &str) -> Value {
    json!({"formatted_address": name, "lat": null, "lng": null})
}

impl Extractor for Cities {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let words = pieces(text);
        let found = |place: Place| Found {
            range: span(&words, &place.words),
            value: Value::from(place.city.name),
            others: Vec::new(),
            incomplete: false,
        };
        places(&words).into_iter().map(found).collect()
    }
}

impl Extractor for Locations {
    fn find(&self, text: &str, _: &Surroundings<'_>) -> Vec<Found> {
        let words = pieces(text);
        let is_state = |place: &Place| {
            let is_small = !place.is_told_apart && place.city.population < BEFORE_STATES;
            is_small && !states().named(&said(&words, &place.words)).is_empty()
        };
        let towns = places(&words).into_iter().filter(|place| !is_state(place));
        let towns = towns.map(|place| (span(&words, &place.words), address(place.city)));
        let countries = crate::country::places(&words).into_iter().map(|(range, country)| (range, area(country.name)));
        let states = states().spots(&words, &|_| true).into_iter().map(|spot| {
            let name = data::us_states().nth(spot.numbers[0] as usize).map_or("", |(_, name)| name);
            (span(&words, &spot.words), area(&format!("{name}, United States")))
        });
        let mut found: Vec<Found> = Vec::new();
        for (range, value) in towns.chain(countries).chain(states) {
            if found.iter().all(|found| found.range.end <= range.start || found.range.start >= range.end) {
                found.push(Found { range, value, others: Vec::new(), incomplete: false });
            }
        }
        found.sort_by_key(|found| found.range.start);
        found
    }
}
