use entities::quantity::{Measure, Options, Quantities, Unit};

use crate::{Row, check};

fn quantity(unit: &str, amount: &str, measure: &str, source: &str) -> String {
    format!(r#"{{"unit":"{unit}","amount":{amount},"type":"{measure}","source":"{source}"}}"#)
}

/// The words, and the amount, unit and type they say.
type Said<'a> = (&'a str, &'a str, &'a str, &'a str);

fn rows(extractor: &Quantities, language: &str, rows: &[(&str, &[Said<'_>])]) {
    for (text, expected) in rows {
        let values: Vec<String> = expected
            .iter()
            .map(|(words, amount, unit, measure)| quantity(unit, amount, measure, &words.replace('"', "\\\"")))
            .collect();
        let found: Vec<(&str, &str)> =
            expected.iter().zip(&values).map(|(row, value)| (row.0, value.as_str())).collect();
        let row: Row<'_> = (text, &found);
        check(extractor, language, &[row]);
    }
}

#[test]
fn english() {
    rows(
        &Quantities::default(),
        "en",
        &[
            ("5 kg", &[("5 kg", "5", "kilogram", "weight")]),
            ("5kg of rice", &[("5kg", "5", "kilogram", "weight")]),
            ("two and a half kilos", &[("two and a half kilos", "2.5", "kilogram", "weight")]),
            ("I weigh 180 pounds", &[("180 pounds", "180", "pound", "weight")]),
            ("1,500 grams", &[("1,500 grams", "1500", "gram", "weight")]),
            ("10 km", &[("10 km", "10", "kilometer", "length")]),
            ("ten miles", &[("ten miles", "10", "mile", "length")]),
            ("6 feet 2 inches", &[("6 feet 2 inches", "6.16666666667", "foot", "length")]),
            ("6'2\"", &[("6'2\"", "6.16666666667", "foot", "length")]),
            ("5m", &[("5m", "5", "meter", "length")]),
            ("a kilo of apples", &[("a kilo", "1", "kilogram", "weight")]),
            ("half an hour", &[("half an hour", "0.5", "hour", "time")]),
            ("an hour and a half", &[("an hour and a half", "1.5", "hour", "time")]),
            ("2 hours 30 minutes", &[("2 hours 30 minutes", "2.5", "hour", "time")]),
            ("3 days", &[("3 days", "3", "day", "time")]),
            ("20 sqm", &[("20 sqm", "20", "square meter", "area")]),
            ("20 square meters", &[("20 square meters", "20", "square meter", "area")]),
            ("500 ml", &[("500 ml", "500", "milliliter", "volume")]),
            ("2 L of milk", &[("2 L", "2", "liter", "volume")]),
            ("3 gallons", &[("3 gallons", "3", "gallon", "volume")]),
            ("30°C", &[("30°C", "30", "celsius", "temperature")]),
            ("80 degrees fahrenheit", &[("80 degrees fahrenheit", "80", "fahrenheit", "temperature")]),
            ("100 km/h", &[("100 km/h", "100", "kilometer per hour", "speed")]),
            ("60 miles per hour", &[("60 miles per hour", "60", "mile per hour", "speed")]),
            ("2 GB", &[("2 GB", "2", "gigabyte", "data")]),
            ("3 years old", &[("3 years old", "36", "month", "age")]),
            ("a 3-year-old", &[("3-year-old", "36", "month", "age")]),
            ("5 kg and 10 km", &[("5 kg", "5", "kilogram", "weight"), ("10 km", "10", "kilometer", "length")]),
            ("-5 degrees", &[("-5 degrees", "-5", "celsius", "temperature")]),
            ("give me a second", &[]),
            ("5 people", &[]),
            ("M5", &[]),
            ("call me", &[]),
            ("five", &[]),
            ("5 in the morning", &[]),
            ("one of them", &[]),
        ],
    );
}

#[test]
fn default_units() {
    let options = |measure, unit: &str| Options { measure, default_unit: Unit::named(unit) };
    let gram = Quantities::new(options(Some(Measure::Weight), "gram"));
    rows(
        &gram,
        "en",
        &[
            ("5 kg", &[("5 kg", "5000", "gram", "weight")]),
            ("5", &[("5", "5", "gram", "weight")]),
            ("5 km and 2 kg", &[("2 kg", "2000", "gram", "weight")]),
            ("one pound", &[("one pound", "453.59237", "gram", "weight")]),
            ("I want 5", &[]),
        ],
    );
    let age = Quantities::new(options(Some(Measure::Age), "month"));
    rows(
        &age,
        "en",
        &[
            ("3 years", &[("3 years", "36", "month", "age")]),
            ("2 years and 3 months", &[("2 years and 3 months", "27", "month", "age")]),
            ("18 months of age", &[("18 months of age", "18", "month", "age")]),
            ("5 kg", &[]),
        ],
    );
    let celsius = Quantities::new(options(None, "celsius"));
    rows(
        &celsius,
        "en",
        &[
            ("212 F", &[("212 F", "100", "celsius", "temperature")]),
            ("0 kelvin", &[("0 kelvin", "-273.15", "celsius", "temperature")]),
        ],
    );
    assert_eq!(Measure::of("Weight"), Some(Measure::Weight));
    assert_eq!(Unit::named("kilogram").unwrap().convert(1.0, Unit::named("mile").unwrap()), None);
}

#[test]
fn other_languages() {
    rows(&Quantities::default(), "de", &[("1,5 kg", &[("1,5 kg", "1.5", "kilogram", "weight")])]);
    rows(&Quantities::default(), "fr", &[("3 km", &[("3 km", "3", "kilometer", "length")])]);
}
