//! The bundled lists of places and names; `data/README.md` says where they come from and under which licences.
//!
//! Each list is read on first use. The functions that return names serve as gazetteers for taggers.

use std::collections::BTreeSet;
use std::sync::OnceLock;

/// A town of 15 000 people or more.
#[derive(Clone, Debug, PartialEq)]
pub struct City {
    /// Its usual name.
    pub name: &'static str,
    /// The country, ISO 3166-1 alpha-2.
    pub country: &'static str,
    /// State, province or the like; empty where it is not known.
    pub region: &'static str,
    /// Degrees north.
    pub lat: f64,
    /// Degrees east.
    pub lng: f64,
    /// How many people live there.
    pub population: u64,
    /// Other names, joined by `;`. Only large towns have them.
    pub others: &'static str,
}

/// A country.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Country {
    /// ISO 3166-1 alpha-2.
    pub alpha2: &'static str,
    /// ISO 3166-1 alpha-3.
    pub alpha3: &'static str,
    /// ISO 3166-1 numeric, three digits.
    pub numeric: &'static str,
    /// English name.
    pub name: &'static str,
    /// Name in a language of the country.
    pub local_name: &'static str,
    /// Other names, joined by `;`.
    pub others: &'static str,
}

/// An airport with an IATA code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Airport {
    /// Three letters.
    pub iata: &'static str,
    /// Four letters; may be empty.
    pub icao: &'static str,
    /// Its name.
    pub name: &'static str,
    /// The town it serves.
    pub city: &'static str,
    /// The country, ISO 3166-1 alpha-2.
    pub country: &'static str,
}

/// The columns of a line; missing ones are empty.
fn columns<const N: usize>(line: &'static str) -> [&'static str; N] {
    let mut parts = line.split('\t');
    std::array::from_fn(|_| parts.next().unwrap_or_default())
}

/// All towns, by country and region, the largest of a region first.
pub fn city_records() -> &'static [City] {
    static CITIES: OnceLock<Vec<City>> = OnceLock::new();
    CITIES.get_or_init(|| {
        let (mut country, mut region) = ("", "");
        let mut cities = Vec::new();
        for line in include_str!("../data/cities.tsv").lines() {
            if let Some(heading) = line.strip_prefix('=') {
                [country, region] = columns(heading);
                continue;
            }
            let [name, lat, lng, population, others] = columns(line);
            let number = |text: &str| text.parse().unwrap_or_default();
            let population = population.parse().unwrap_or_default();
            cities.push(City { name, country, region, lat: number(lat), lng: number(lng), population, others });
        }
        cities
    })
}

/// All countries, by alpha-2 code.
pub fn country_records() -> &'static [Country] {
    static COUNTRIES: OnceLock<Vec<Country>> = OnceLock::new();
    COUNTRIES.get_or_init(|| {
        let lines = include_str!("../data/countries.tsv").lines();
        lines
            .map(|line| {
                let [alpha2, alpha3, numeric, name, local_name, others] = columns(line);
                Country { alpha2, alpha3, numeric, name, local_name, others }
            })
            .collect()
    })
}

/// All airports, by IATA code.
pub fn airport_records() -> &'static [Airport] {
    static AIRPORTS: OnceLock<Vec<Airport>> = OnceLock::new();
    AIRPORTS.get_or_init(|| {
        let lines = include_str!("../data/airports.tsv").lines();
        lines
            .map(|line| {
                let [iata, icao, name, city, country] = columns(line);
                Airport { iata, icao, name, city, country }
            })
            .collect()
    })
}

/// The country with an alpha-2 code.
pub fn country(alpha2: &str) -> Option<&'static Country> {
    let records = country_records();
    records.binary_search_by(|country| country.alpha2.cmp(alpha2)).ok().map(|place| &records[place])
}

/// Names of towns, other names included.
pub fn cities() -> impl Iterator<Item = &'static str> {
    city_records().iter().flat_map(|city| std::iter::once(city.name).chain(listed(city.others)))
}

/// Names of countries, other names included.
pub fn countries() -> impl Iterator<Item = &'static str> {
    country_records()
        .iter()
        .flat_map(|country| [country.name, country.local_name].into_iter().chain(listed(country.others)))
}

/// Names of airports.
pub fn airports() -> impl Iterator<Item = &'static str> {
    airport_records().iter().map(|airport| airport.name)
}

/// States of the US: code and name.
pub fn us_states() -> impl Iterator<Item = (&'static str, &'static str)> {
    include_str!("../data/us_states.tsv").lines().map(columns).map(|[code, name]| (code, name))
}

/// First names, lower case, sorted.
pub fn first_names() -> impl Iterator<Item = &'static str> {
    include_str!("../data/first_names.txt").lines()
}

/// Family names, lower case, sorted.
pub fn last_names() -> impl Iterator<Item = &'static str> {
    include_str!("../data/last_names.txt").lines()
}

/// Names of colours, lower case.
pub fn colors() -> impl Iterator<Item = &'static str> {
    include_str!("../data/colors.txt").lines()
}

/// Whether a lower-case word is a first name.
pub fn is_first_name(word: &str) -> bool {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| first_names().collect()).contains(word)
}

/// Whether a folded word is what people say where their name is asked for, and none: "idk", "bonjour".
pub(crate) fn is_no_name(word: &str) -> bool {
    static WORDS: OnceLock<BTreeSet<String>> = OnceLock::new();
    let lines = || include_str!("../data/no_names.txt").lines().filter(|line| !line.starts_with('#'));
    let folded = || lines().flat_map(str::split_whitespace).map(crate::gazetteer::fold);
    WORDS.get_or_init(|| folded().collect()).contains(&crate::gazetteer::fold(word))
}

/// Whether a lower-case word is a family name.
pub fn is_last_name(word: &str) -> bool {
    static NAMES: OnceLock<BTreeSet<&'static str>> = OnceLock::new();
    NAMES.get_or_init(|| last_names().collect()).contains(word)
}

/// The parts of a column with several values.
pub(crate) fn listed(column: &'static str) -> impl Iterator<Item = &'static str> {
    column.split(';').filter(|part| !part.is_empty())
}
