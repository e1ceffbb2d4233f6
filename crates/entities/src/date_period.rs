//! From one day to another.

use std::ops::Range;

use jiff::Span;
use jiff::civil::Date;
use serde_json::json;

use crate::calendar::{Days, Length, Mention, mentions};
use crate::{Extractor, Found, Surroundings, date};

/// Words between the first and the last day.
const UNTIL: &[&str] = &[
    "to",
    "till",
    "until",
    "til",
    "through",
    "thru",
    "-",
    "–",
    "—",
    "up to",
    "to the",
    "until the",
    "and ending",
    "bis",
    "bis zum",
    "au",
    "jusqu'au",
    "à",
    "al",
    "hasta",
    "hasta el",
    "a",
    "até",
    "ao",
    "tot",
    "til",
    "do",
    "до",
    "по",
    "から",
    "到",
];
/// Words before the first day.
const FROM: &[&str] = &["from", "between", "starting", "vom", "von", "du", "de", "del", "desde", "dal", "van", "fra"];

/// What a bot says of a period.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// What it says of both days. The rule of tense is `past`: "may to june" are those of the past.
    pub date: date::Options,
}

/// Finds periods: `from 3 May to 10 May`, `between monday and friday`, `5-9 June`, `next week`, `tomorrow for 3 days`.
///
/// The value is `{"fromDate": "2026-11-25", "toDate": "2026-11-28"}`. A single day, and a duration alone (from today on),
/// are incomplete values. Both days belong to the period: three days from Monday end on Wednesday.
#[derive(Clone, Debug, Default)]
pub struct DatePeriods {
    options: Options,
}

impl DatePeriods {
    /// Finds periods of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Extractor for DatePeriods {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let reading = self.options.date.reading(surroundings);
        let today = surroundings.now.date();
        let mentions = mentions(text, &reading);
        let mut found = Vec::new();
        let mut index = 0;
        while let Some(mention) = mentions.get(index) {
            index += 1;
            let pair = mentions.get(index).and_then(|last| between(text, mention, last));
            let (from, to, range, whole) = if let Some((from, to, range)) = pair {
                index += 1;
                (from, to, range, true)
            } else {
                let start = mention.days.as_ref().map(|days| days.first);
                let (from, to) = match (&mention.days, mention.length) {
                    (_, Some(length)) => {
                        let from = start.unwrap_or(reading.today);
                        let Some(to) = end_of(from, length) else { continue };
                        (from, to)
                    }
                    (Some(days), None) => (days.first, days.last),
                    (None, None) => continue,
                };
                let several = mention.days.as_ref().is_some_and(|days| !days.is_day());
                (from, to, mention.range.clone(), several || (start.is_some() && mention.length.is_some()))
            };
            if self.options.date.range.contains(from, today) && self.options.date.range.contains(to, today) {
                let value = json!({"fromDate": from.to_string(), "toDate": to.to_string()});
                found.push(Found { range, value, others: Vec::new(), incomplete: !whole });
            }
        }
        found
    }
}

/// The last day of a duration that begins on a day.
fn end_of(from: Date, length: Length) -> Option<Date> {
    from.checked_add(length.0).ok()?.checked_sub(Span::new().days(1)).ok()
}

/// The period of two days with "to" between them.
fn between(text: &str, first: &Mention, last: &Mention) -> Option<(Date, Date, Range<usize>)> {
    let gap = text.get(first.range.end..last.range.start)?.trim().to_lowercase();
    let before = text[..first.range.start].trim_end();
    let lead = FROM.iter().find(|lead| {
        let start = before.len().saturating_sub(lead.len());
        let apart = || !before[..start].ends_with(char::is_alphanumeric);
        before.get(start..).is_some_and(|end| end.eq_ignore_ascii_case(lead)) && apart()
    });
    let and = matches!(gap.as_str(), "and" | "und" | "et" | "y" | "e" | "en") && lead.is_some();
    if !and && !UNTIL.contains(&gap.as_str()) {
        return None;
    }
    let (from, to) = (first.days.as_ref()?, last.days.as_ref()?);
    let to = not_before(from.first, to)?;
    let start = lead.map_or(first.range.start, |lead| before.len() - lead.len());
    Some((from.first, to, start..last.range.end))
}

/// The last day, moved on by weeks or years where it would be before the first one.
fn not_before(from: Date, to: &Days) -> Option<Date> {
    if from <= to.last {
        return Some(to.last);
    }
    let later = match to.weekday {
        true => from.nth_weekday(1, to.last.weekday()).ok()?,
        false => to.last.checked_add(Span::new().years(1)).ok()?,
    };
    (from <= later).then_some(later)
}
