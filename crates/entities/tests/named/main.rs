//! Lists, names and places, expressions, and their assembly into entities.

mod entity;
mod list;
mod list_law;
mod names;
mod places;

/// Items from `title|value|synonym|…` lines.
pub fn choices(lines: &[&str]) -> Vec<entities::list::Choice> {
    let item = |line: &&str| {
        let mut parts = line.split('|').map(str::to_owned);
        let title = parts.next().unwrap_or_default();
        let value = parts.next().unwrap_or_else(|| title.clone());
        entities::list::Choice { title, value, synonyms: parts.collect() }
    };
    lines.iter().map(item).collect()
}

/// What an extractor finds in an English text on some day.
pub fn found(extractor: &dyn entities::Extractor, text: &str) -> Vec<entities::Found> {
    let now = jiff::civil::date(2021, 3, 4).to_zoned(jiff::tz::TimeZone::UTC).expect("a day");
    let found = extractor.find(text, &entities::Surroundings { language: "en", now: &now });
    let mut end = 0;
    for found in &found {
        assert!(found.range.start >= end && text.get(found.range.clone()).is_some(), "{:?}", found.range);
        end = found.range.end;
    }
    found
}
