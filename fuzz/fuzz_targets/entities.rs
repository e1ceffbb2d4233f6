//! Arbitrary text as a message: no panic, and places that are on boundaries of characters, in order and apart.
//!
//! The first byte chooses the language; the rest is the message.
#![no_main]

use entities::{
    Extractor, Surroundings, currency, date, date_period, datetime, email, number, percentage, phone_number, quantity,
    time, timezone, url,
};
use libfuzzer_sys::fuzz_target;

/// English, one language that is left to the library, one of which only digits and names are read.
const LANGUAGES: [&str; 4] = ["en", "en_GB", "de", "es"];

fuzz_target!(|input: &[u8]| {
    let [language, message @ ..] = input else { return };
    let Ok(text) = std::str::from_utf8(message) else { return };
    let language = LANGUAGES[usize::from(*language) % LANGUAGES.len()];
    let now = "2026-11-25T15:30:00[Asia/Kolkata]".parse().expect("the time is well-formed");
    let extractors: [&dyn Extractor; 12] = [
        &number::Numbers::default(),
        &percentage::Percentages::default(),
        &currency::Amounts::default(),
        &quantity::Quantities::default(),
        &phone_number::PhoneNumbers,
        &email::Emails,
        &url::Urls,
        &timezone::TimeZones,
        &date::Dates::default(),
        &time::Times::default(),
        &datetime::DateTimes::default(),
        &date_period::DatePeriods::default(),
    ];
    for extractor in extractors {
        let mut end = 0;
        for found in extractor.find(text, &Surroundings { language, now: &now }) {
            assert!(found.range.start >= end && !found.range.is_empty());
            assert!(text.get(found.range.clone()).is_some());
            end = found.range.end;
        }
    }
});
