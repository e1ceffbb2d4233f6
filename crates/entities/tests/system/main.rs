//! Tables of texts and what is found in them. The clock stands at Wednesday, 25 November 2026, 15:30 in India.

mod answers;
mod currency;
mod date;
mod date_period;
mod datetime;
mod hostile;
mod languages;
mod network;
mod number;
mod percentage;
mod phone_number;
mod quantity;
mod time;
mod timezone;

use entities::{Extractor, Surroundings};
use jiff::Zoned;
use serde_json::Value;

/// A text and what is to be found in it: the words, and the value as [`shown`].
pub(crate) type Row<'a> = (&'a str, &'a [(&'a str, &'a str)]);

/// What time it is in all tests.
pub(crate) fn now() -> Zoned {
    "2026-11-25T15:30:00[Asia/Kolkata]".parse().expect("a time")
}

/// What is found: the words, and the value: a string without quotes, else JSON; other values after a bar; three points
/// where something was not said.
pub(crate) fn shown(extractor: &dyn Extractor, language: &str, text: &str) -> Vec<(String, String)> {
    let now = now();
    let found = extractor.find(text, &Surroundings { language, now: &now });
    let show = |value: &Value| value.as_str().map_or_else(|| value.to_string(), str::to_owned);
    found
        .iter()
        .map(|found| {
            let mut values = vec![show(&found.value)];
            values.extend(found.others.iter().map(show));
            let more = if found.incomplete { " …" } else { "" };
            (text[found.range.clone()].to_owned(), values.join(" | ") + more)
        })
        .collect()
}

/// Compares a table with what is found, and says all that differs.
pub(crate) fn check(extractor: &dyn Extractor, language: &str, rows: &[Row<'_>]) {
    let mut wrong = Vec::new();
    for (text, expected) in rows {
        let found = shown(extractor, language, text);
        let expected: Vec<(String, String)> =
            expected.iter().map(|(words, value)| ((*words).to_owned(), (*value).to_owned())).collect();
        if found != expected {
            wrong.push(format!("{text:?}\n    expected {expected:?}\n    found    {found:?}"));
        }
    }
    assert!(wrong.is_empty(), "{} of {} differ:\n{}", wrong.len(), rows.len(), wrong.join("\n"));
}
