//! Places, colours and codes.

use entities::airport::Airports;
use entities::city::{Cities, Locations};
use entities::color::Colors;
use entities::country::Countries;
use entities::zip_code::ZipCodes;
use entities::{Extractor, data};

use crate::found;

/// A field of each value, or the value itself, joined by `+`.
fn texts(extractor: &dyn Extractor, text: &str, field: &str) -> String {
    let show = |value: &serde_json::Value| value.get(field).unwrap_or(value).as_str().unwrap_or_default().to_owned();
    found(extractor, text).iter().map(|found| show(&found.value)).collect::<Vec<_>>().join("+")
}

#[test]
fn cities_are_known_by_any_name() {
    for (text, expected) in [
        ("Bangalore", "Bengaluru"),
        ("bengaluru", "Bengaluru"),
        ("weather in hyderabad", "Hyderabad"),
        ("flights from Bombay to new york city", "Mumbai+New York City"),
        ("Zurich", "Zürich"),
        ("zürich please", "Zürich"),
        ("Hyderabad, Pakistan", "Hyderabad"),
        ("I live in São Paulo", "São Paulo"),
        ("a nice book", ""),
        ("it is the same date", ""),
        ("a trip to Nice", "Nice"),
        ("I am reading", ""),
        ("mobile", ""),
        ("London or Paris", "London+Paris"),
        ("", ""),
        ("xyzzy", ""),
        ("Florida", "Florida"),
        ("Roma", "Rome"),
        ("NYC", "New York City"),
        ("from LA to nyc", "Los Angeles"),
        ("La Paz", "La Paz"),
        ("Hola", ""),
        ("hello", ""),
    ] {
        assert_eq!(texts(&Cities, text, "-"), expected, "{text}");
    }
}

#[test]
fn locations_have_an_address() {
    for (text, expected) in [
        ("Hyderabad", "Hyderabad, Telangana, India"),
        ("hyderabad, pakistan", "Hyderabad, Sindh, Pakistan"),
        ("Portland, ME", "Portland, Maine, United States"),
        ("from Berlin to Delhi", "Berlin, State of Berlin, Germany+Delhi, Delhi, India"),
        ("somewhere in Germany", "Germany"),
        ("nowhere", ""),
        ("Florida", "Florida, United States"),
        ("a trip to massachusetts", "Massachusetts, United States"),
        ("Georgia", "Georgia"),
        ("Florida, Uruguay", "Florida, Florida, Uruguay"),
    ] {
        assert_eq!(texts(&Locations, text, "formatted_address"), expected, "{text}");
    }
    let place = found(&Locations, "Hyderabad").remove(0);
    assert!(place.others.is_empty(), "a place that is one is taken without a question");
    let place = place.value;
    assert!((place["lat"].as_f64().unwrap() - 17.384).abs() < 0.01 && place["lng"].as_f64().unwrap() > 78.0);
}

#[test]
fn countries_are_known_by_name_and_code() {
    for (text, expected) in [
        ("India", "IN"),
        ("I come from the UK", "GB"),
        ("Deutschland", "DE"),
        ("USA", "US"),
        ("the US", "US"),
        ("tell us more", ""),
        ("de", "DE"),
        ("de rien", ""),
        ("Burma and Holland", "MM+NL"),
        ("Cote d'Ivoire", "CI"),
        ("from south korea", "KR"),
        ("भारत", "IN"),
        ("", ""),
    ] {
        assert_eq!(texts(&Countries, text, "alpha2"), expected, "{text}");
    }
    let india = found(&Countries, "india").remove(0).value;
    assert_eq!((india["alpha3"].as_str(), india["numericalCode"].as_str()), (Some("IND"), Some("356")));
}

#[test]
fn airports_are_known_by_code_name_and_town() {
    for (text, expected) in [
        ("hyd", "HYD"),
        ("from DEL to HYD", "DEL+HYD"),
        ("the hyderabad airport", "HYD"),
        ("Indira Gandhi International Airport", "DEL"),
        ("let me see the map", ""),
        ("", ""),
    ] {
        assert_eq!(texts(&Airports, text, "IATA"), expected, "{text}");
    }
}

#[test]
fn postal_codes_have_the_format_of_a_country() {
    for (country, text, expected) in [
        ("", "I live in 94105", "94105"),
        ("", "94105-1234", "94105-1234"),
        ("", "SW1A 1AA please", "SW1A 1AA"),
        ("", "K1A 0B1", "K1A 0B1"),
        ("", "500 081", "500 081"),
        ("", "500081.", "500081"),
        ("", "1234567", ""),
        ("", "in 2021", ""),
        ("AU", "in 2021", "2021"),
        ("uk", "94105", ""),
        ("UK", "ec1a1bb", "ec1a1bb"),
        ("DE", "10115 Berlin", "10115"),
        ("IN", "x500081", ""),
        ("US", "941055", ""),
        ("NL", "1234 AB", "1234 AB"),
        ("", "é94105", ""),
    ] {
        let codes = ZipCodes { country: country.to_owned() };
        assert_eq!(texts(&codes, text, "-"), expected, "{country} {text}");
    }
}

#[test]
fn colours_are_named() {
    for (text, expected) in [
        ("a dark blue shirt", "dark blue"),
        ("Red or GREEN", "red+green"),
        ("colourless", ""),
        ("navy blue", "navy blue"),
    ] {
        assert_eq!(texts(&Colors, text, "-"), expected, "{text}");
    }
}

#[test]
fn the_lists_are_whole() {
    assert!(data::cities().count() > 33_000 && data::airports().count() > 7_000 && data::us_states().count() >= 50);
    assert!(data::countries().all(|name| !name.is_empty()));
    assert!(data::city_records().iter().all(|city| data::country(city.country).is_some() && city.population >= 15_000));
    assert!(data::is_first_name("mary") && data::is_last_name("smith"));
}
