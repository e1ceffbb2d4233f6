//! What must hold for any text.

use std::sync::Arc;

use entities::{
    Description, Entity, Extractor, Kind, Surroundings, currency, date, date_period, datetime, email, number,
    percentage, phone_number, quantity, time, timezone, url,
};
use proptest::prelude::*;

use crate::now;

fn all() -> Vec<Box<dyn Extractor>> {
    let default_code = Some("USD".to_owned());
    vec![
        Box::new(number::Numbers::default()),
        Box::new(percentage::Percentages::default()),
        Box::new(currency::Amounts::new(currency::Options { default_code, ..currency::Options::default() })),
        Box::new(quantity::Quantities::default()),
        Box::new(phone_number::PhoneNumbers),
        Box::new(email::Emails),
        Box::new(url::Urls),
        Box::new(timezone::TimeZones),
        Box::new(date::Dates::default()),
        Box::new(time::Times::default()),
        Box::new(datetime::DateTimes::default()),
        Box::new(date_period::DatePeriods::default()),
    ]
}

/// Places are on boundaries of characters, in order, apart and inside the text.
fn places_are_right(text: &str, language: &str) {
    let now = now();
    for extractor in all() {
        let mut end = 0;
        for found in extractor.find(text, &Surroundings { language, now: &now }) {
            assert!(found.range.start >= end && !found.range.is_empty(), "{text:?}: {found:?}");
            assert!(text.get(found.range.clone()).is_some(), "{text:?}: {found:?}");
            assert!(!found.value.is_null() && !found.others.contains(&found.value), "{text:?}: {found:?}");
            end = found.range.end;
        }
    }
}

#[test]
fn numbers_beyond_every_calendar() {
    let numbers =
        ["9999", "7304485", "99999999999", "9223372036854775807", "153722867280912930", "99999999999999999999999"];
    for number in numbers {
        for phrase in [
            "the #th day of may",
            "the # of may",
            "#th monday of january",
            "in # days",
            "# weeks ago",
            "# months from now",
            "# hours and a half",
            "# hours and # minutes from now",
            "next # years",
            "for # quarters",
            "# days after tomorrow",
            "may # to june #",
            "#/#/#",
            "year #",
            "at #:#",
            "q# of #",
            "UTC+#",
            "# dollars and # cents",
            "# percent of # miles",
        ] {
            places_are_right(&phrase.replace('#', number), "en");
            places_are_right(&phrase.replace('#', number), "de");
        }
    }
}

#[test]
fn long_and_strange_texts() {
    let pieces = [
        "7",
        "😀",
        "1 ",
        "a@",
        "+",
        "(",
        "-",
        ".",
        "1,",
        "one ",
        "$",
        "/",
        "1/",
        "1-",
        "'",
        "e\u{301}",
        "\u{0}",
        "١٢٣ ",
        "and ",
        "hundred ",
        "to ",
        "next ",
        "in 3 days ",
        "http://",
        "www.",
        "１",
        "of may ",
        "1:",
        "twenty ",
        "double ",
        "a ",
        "the ",
        "UTC+",
        "\u{202e}",
        "½",
        "ß",
        "İ",
        "new ",
        "at 8 ",
        "minus ",
    ];
    for piece in pieces {
        places_are_right(&piece.repeat(10_000 / piece.len()), "en");
        places_are_right(&piece.repeat(20), "de");
    }
    places_are_right(&"I need to fly to paris next friday, call 555 123 4567 and pay $30. ".repeat(400), "en");
}

/// Answers to a question are weighed against each other: many of them have to be no burden.
#[test]
fn long_answers() {
    let now = now();
    let kinds = [
        Kind::Number,
        Kind::Date,
        Kind::Time,
        Kind::DateTime,
        Kind::Currency,
        Kind::Quantity,
        Kind::City,
        Kind::PersonName,
    ];
    for language in ["en", "de", "ja"] {
        for piece in ["7 ", "$7 ", "5 pm ", "1 kg and ", "paris ", "no 7 ", "5, ", "Anna and "] {
            let text = piece.repeat(20_000 / piece.len());
            for kind in kinds {
                let description = Description { kind: Some(kind), ..Description::default() };
                let entity = Entity::new(&description, language, &Arc::default());
                let surroundings = Surroundings { language, now: &now };
                assert!(entity.answer(&text, &surroundings, &[]).len() <= 1, "{language} {piece} {kind:?}");
                assert_eq!(entity.plausible(&text, &surroundings, &|_| false), None);
            }
        }
    }
}

/// The tables of words, whose phrases are put beside each other in every order.
const TONGUES: [(&str, &str); 10] = [
    ("ar", include_str!("../../data/tongues/ar.txt")),
    ("de", include_str!("../../data/tongues/de.txt")),
    ("el", include_str!("../../data/tongues/el.txt")),
    ("es", include_str!("../../data/tongues/es.txt")),
    ("fr", include_str!("../../data/tongues/fr.txt")),
    ("hi", include_str!("../../data/tongues/hi.txt")),
    ("it", include_str!("../../data/tongues/it.txt")),
    ("ja", include_str!("../../data/tongues/ja.txt")),
    ("pt", include_str!("../../data/tongues/pt.txt")),
    ("tr", include_str!("../../data/tongues/tr.txt")),
];

/// One way to say each thing that a table has.
fn phrases(table: &str) -> Vec<&str> {
    let lines = table.lines().filter(|line| !line.starts_with(['#', 'r']));
    lines.filter_map(|line| line.split_once(": ")?.1.split(" | ").next()).collect()
}

#[test]
fn what_is_said_over_and_over() {
    for (language, table) in TONGUES {
        for phrase in phrases(table) {
            places_are_right(&format!("{phrase} ").repeat(12), language);
        }
        for piece in
            ["7", "1 ", "123 ", "1,", "1:", ".", "3/4 ", "２", "١", "½", "二", "vingt-", "zwei", "y ", "e ", "و"]
        {
            places_are_right(&piece.repeat(3_000 / piece.len()), language);
        }
    }
}

#[test]
fn years_at_the_end_of_time() {
    for text in [
        "in 9999 years",
        "9999 years ago",
        "9999 months from now",
        "9999-12-31",
        "the next 9999 years",
        "for 9999 years",
        "in 9999 hours",
        "9999 weeks before 9999-12-31",
        "0000-01-01",
        "2 days before 0001-01-01",
        "31/12/9999 to 1/1/9999",
        "next friday",
        "end of next year",
        "in 999999999999 days",
        "1000000000000000 crore",
    ] {
        places_are_right(text, "en");
        places_are_right(text, "de");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_text(text in any::<String>()) {
        places_are_right(&text, "en");
    }

    #[test]
    fn phrases_of_every_table(of in 0..TONGUES.len(), places in prop::collection::vec((0..1000_usize, any::<bool>()), 0..8)) {
        let (language, table) = TONGUES[of];
        let phrases = phrases(table);
        let mut text = String::new();
        for (place, is_number) in places {
            text.push_str(if is_number && place % 3 == 0 { "20" } else { phrases[place % phrases.len()] });
            text.push_str(if place % 5 == 0 { "" } else { " " });
        }
        places_are_right(&text, language);
    }

    #[test]
    fn texts_of_what_is_read(words in prop::collection::vec(prop::sample::select(vec![
        "1", "23", "2021", "/", "-", ".", ":", ",", " ", " ", " ", "may", "friday", "next", "last", "the", "of", "at", "pm", "$", "usd",
        "kg", "one", "twenty", "hundred", "million", "and", "a", "half", "past", "to", "from", "in", "days", "month", "end", "+", "(",
        ")", "@", "x.com", "st", "th", "%", "'", "EST", "weekend", "for", "christmas", "ago", "eve", "T", "z", "k", "M", "Rs", "first",
    ]), 0..14)) {
        places_are_right(&words.concat(), "en");
        places_are_right(&words.join(" "), "en");
    }
}
