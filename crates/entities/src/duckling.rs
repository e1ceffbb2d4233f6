//! The library under the languages that have no grammar of ours. Nothing else in the crate knows it.
//!
//! It reads time and numbers in many languages, slowly (about a millisecond for a message) and with faults that are
//! filtered here: it finds numbers inside words, and several readings of the same words.
//!
//! What is read in which language; `tests/system/languages.rs` checks a phrase of each cell that says "words":
//!
//! | Language | dates | times | numbers | money | quantities |
//! |---|---|---|---|---|---|
//! | English | words, all of it our own | words | words | words | words |
//! | German, French, Italian, Spanish, Portuguese, Japanese, Hindi, Arabic, Greek, Turkish | words, by tables of our own (`tongue`) | words | words | words | words |
//! | Dutch | words | words | words | words | words |
//! | Chinese, Korean | words | words | words | digits and signs | words |
//! | Russian | words | words | words | digits and signs | words |
//! | Polish | words | not checked | words | digits and signs | digits and metric signs |
//! | Swedish | words | words | words | digits and signs | digits and metric signs |
//! | Indonesian | digits | digits | words | digits and signs | digits and metric signs |
//! | others that the library knows | not checked | not checked | not checked | digits and signs | digits and metric signs |
//! | unknown ones | digits | digits | digits | digits and signs | digits and metric signs |
//!
//! Shares are numbers with a sign or word for a hundredth. E-mail and web addresses, telephone numbers and offsets from
//! Greenwich are the same in all languages; names of time zones are English. Periods in words other than English are two
//! days with a word like "bis" between them.

use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};

use chrono::{Datelike, FixedOffset, NaiveDateTime, TimeZone, Timelike};
use duckling::{
    Context, DimensionKind, DimensionValue, Entity, Grain, Lang, Locale, MeasurementValue, Options, TimePoint,
    TimeValue,
};
use jiff::Zoned;
use jiff::civil::{Date, DateTime};

use crate::language;
use crate::tokens::{stands_alone, without_overlaps};

/// How much of a text the library reads, in bytes; also no more than its first dozen numbers, whose combinations take
/// most of the work: the worst text known takes a quarter of a second. What follows is ignored; dates in digits, and
/// English, are read to the end.
pub const READ_BYTES: usize = 1024;
const MOST_NUMBERS: usize = 12;

/// Something found, with its place.
pub(crate) struct Placed<T> {
    pub range: Range<usize>,
    pub value: T,
}

/// An amount with the library's name of its unit.
pub(crate) struct Amount {
    pub amount: f64,
    pub unit: String,
}

/// A stretch of time.
#[derive(Debug)]
pub(crate) struct Stretch {
    pub start: DateTime,
    /// The first moment after it.
    pub end: DateTime,
    /// A day of the calendar was said, not only a time of day.
    pub has_day: bool,
    /// A time of day was said.
    pub has_clock: bool,
}

/// Prepares a language; the first use takes a quarter of a second without it. English needs no preparation.
pub fn warm_up(language: &str, now: &Zoned) {
    // A table of words is read when it is first asked for.
    if crate::tongue::of(language).is_some() {
        return;
    }
    for kinds in [TIME, NUMERAL, MONEY, MEASURES, DURATION] {
        parse("", language, kinds, now);
    }
}

const TIME: &[DimensionKind] = &[DimensionKind::Time];
const NUMERAL: &[DimensionKind] = &[DimensionKind::Numeral];
const MONEY: &[DimensionKind] = &[DimensionKind::AmountOfMoney];
const DURATION: &[DimensionKind] = &[DimensionKind::Duration];
const MEASURES: &[DimensionKind] =
    &[DimensionKind::Quantity, DimensionKind::Volume, DimensionKind::Distance, DimensionKind::Temperature];

/// Numbers, written out or in digits.
pub(crate) fn numbers(text: &str, language: &str, now: &Zoned) -> Vec<Placed<f64>> {
    select(parse(text, language, NUMERAL, now), |value| match value {
        DimensionValue::Numeral(number) => Some(number),
        _ => None,
    })
}

/// Amounts of money; the unit is an ISO code or the library's word for what may be several.
pub(crate) fn money(text: &str, language: &str, now: &Zoned) -> Vec<Placed<Amount>> {
    select(parse(text, language, MONEY, now), |value| match value {
        DimensionValue::AmountOfMoney(measurement) => amount(measurement),
        _ => None,
    })
}

/// Lengths, weights, volumes, temperatures and durations.
pub(crate) fn measures(text: &str, language: &str, now: &Zoned) -> Vec<Placed<Amount>> {
    let mut entities = parse(text, language, MEASURES, now);
    entities.extend(parse(text, language, DURATION, now));
    // "kilometer" is read as "kilo" of something too: weights come last.
    entities.sort_by_key(|entity| matches!(entity.value, DimensionValue::Quantity { .. }));
    select(entities, |value| match value {
        DimensionValue::Quantity { measurement, .. }
        | DimensionValue::Volume(measurement)
        | DimensionValue::Distance(measurement)
        | DimensionValue::Temperature(measurement) => amount(measurement),
        // "2027年" is a year, not a duration.
        DimensionValue::Duration { value, grain, .. } => {
            let unit = duration_unit(grain).filter(|unit| *unit != "year" || value < 1000)?;
            Some(Amount { amount: value as f64, unit: unit.to_owned() })
        }
        _ => None,
    })
}

fn duration_unit(grain: Grain) -> Option<&'static str> {
    Some(match grain {
        Grain::Second => "second",
        Grain::Minute => "minute",
        Grain::Hour => "hour",
        Grain::Day => "day",
        Grain::Week => "week",
        Grain::Month => "month",
        Grain::Year => "year",
        _ => return None,
    })
}

/// Days and times.
pub(crate) fn times(text: &str, language: &str, now: &Zoned) -> Vec<Placed<Stretch>> {
    let mut entities = parse(text, language, TIME, now);
    // Of readings of the same words, one that has their numbers: "alle 20" is not two o'clock.
    entities.sort_by_key(|entity| std::cmp::Reverse(numbers_kept(entity)));
    select(entities, |value| match value {
        DimensionValue::Time(TimeValue::Single { value, values, .. }) => single(&value, &values),
        DimensionValue::Time(TimeValue::Interval { from: Some(from), to: Some(to), .. }) => {
            let has_clock = matches!(from.grain(), Grain::Hour | Grain::Minute | Grain::Second);
            let (start, end) = (civil(&from)?, civil(&to)?);
            (start < end).then_some(Stretch { start, end, has_day: true, has_clock })
        }
        _ => None,
    })
}

/// How many of the numbers in the words the reading has in it.
fn numbers_kept(entity: &Entity) -> usize {
    let point = match &entity.value {
        DimensionValue::Time(TimeValue::Single { value, .. }) => civil(value),
        DimensionValue::Time(TimeValue::Interval { from: Some(from), .. }) => civil(from),
        _ => None,
    };
    let Some(point) = point else { return 0 };
    let hour = i16::from(point.hour());
    let parts = [point.year(), point.month().into(), point.day().into(), hour, (hour + 12) % 24, point.minute().into()];
    let numbers = entity.body.split(|character: char| !character.is_ascii_digit());
    numbers.filter_map(|number| number.parse().ok()).filter(|number| parts.contains(number)).count()
}

fn single(value: &TimePoint, values: &[TimePoint]) -> Option<Stretch> {
    let start = civil(value)?;
    let has_clock = matches!(value.grain(), Grain::Hour | Grain::Minute | Grain::Second);
    // "at eight" comes again every day: three times within two days. "Friday at eight" does not.
    let days: Vec<DateTime> = values.iter().filter_map(civil).collect();
    let daily = days.len() == 3 && (days[2].date() - days[0].date()).get_days() <= 2;
    let end = match value.grain() {
        Grain::Week => start.checked_add(jiff::Span::new().weeks(1)),
        Grain::Month => start.checked_add(jiff::Span::new().months(1)),
        Grain::Quarter => start.checked_add(jiff::Span::new().months(3)),
        Grain::Year => start.checked_add(jiff::Span::new().years(1)),
        _ => start.checked_add(jiff::Span::new().days(1)),
    }
    .ok()?;
    let relative = matches!(value, TimePoint::Instant { .. });
    Some(Stretch { start, end, has_day: relative || !(has_clock && daily), has_clock })
}

fn civil(point: &TimePoint) -> Option<DateTime> {
    let naive: NaiveDateTime = match point {
        TimePoint::Naive { value, .. } => *value,
        TimePoint::Instant { value, .. } => value.naive_local(),
    };
    let (year, month, day) = (i16::try_from(naive.year()).ok()?, naive.month() as i8, naive.day() as i8);
    let date = Date::new(year, month, day).ok()?;
    Some(date.at(naive.hour() as i8, naive.minute() as i8, naive.second() as i8, 0))
}

fn amount(measurement: MeasurementValue) -> Option<Amount> {
    match measurement {
        MeasurementValue::Value { value, unit } => Some(Amount { amount: value, unit }),
        _ => None,
    }
}

fn select<T>(entities: Vec<Entity>, pick: impl Fn(DimensionValue) -> Option<T>) -> Vec<Placed<T>> {
    let placed = entities
        .into_iter()
        .filter_map(|entity| Some(Placed { range: entity.start..entity.end, value: pick(entity.value)? }))
        .collect();
    without_overlaps(placed, |found: &Placed<T>| found.range.clone())
}

fn parse(text: &str, language: &str, kinds: &[DimensionKind], now: &Zoned) -> Vec<Entity> {
    let Some(lang) = lang(language) else { return Vec::new() };
    let text = &text[..readable(text)];
    let (time, offset) = (now.datetime(), now.offset().seconds());
    let reference = FixedOffset::east_opt(offset).and_then(|offset| {
        let (year, month, day) = (i32::from(time.year()), time.month() as u32, time.day() as u32);
        let (hour, minute, second) = (time.hour() as u32, time.minute() as u32, time.second() as u32);
        offset.with_ymd_and_hms(year, month, day, hour, minute, second).single()
    });
    let Some(reference) = reference else { return Vec::new() };
    let locale = Locale::new(lang, None);
    let context = Context::new(reference, locale);
    // It is a port of a large grammar: a fault in one rule must not end the conversation.
    let read = || duckling::parse(text, &locale, kinds, &context, &Options::default());
    let mut entities = catch_unwind(AssertUnwindSafe(read)).unwrap_or_default();
    let spaced = !matches!(lang, Lang::ZH | Lang::TH | Lang::LO | Lang::KM | Lang::MY | Lang::KO);
    entities.retain(|entity| {
        let range = entity.start..entity.end;
        !range.is_empty() && text.get(range.clone()).is_some() && (!spaced || stands_alone(text, &range))
    });
    entities
}

/// The length of what is read.
fn readable(text: &str) -> usize {
    let mut numbers = 0;
    let mut digit_before = false;
    for (index, character) in text.char_indices() {
        let digit = character.is_numeric();
        numbers += usize::from(digit && !digit_before);
        if numbers > MOST_NUMBERS || index + character.len_utf8() > READ_BYTES {
            return index;
        }
        digit_before = digit;
    }
    text.len()
}

/// The languages that are left to the library.
fn lang(code: &str) -> Option<Lang> {
    Some(match language::base(code) {
        "nl" => Lang::NL,
        "zh" => Lang::ZH,
        "ko" => Lang::KO,
        "id" => Lang::ID,
        "ru" => Lang::RU,
        "uk" => Lang::UK,
        "pl" => Lang::PL,
        "sv" => Lang::SV,
        "da" => Lang::DA,
        "nb" | "no" => Lang::NB,
        "fi" => Lang::FI,
        "cs" => Lang::CS,
        "he" => Lang::HE,
        "hu" => Lang::HU,
        "ro" => Lang::RO,
        "vi" => Lang::VI,
        "th" => Lang::TH,
        "bn" => Lang::BN,
        "ta" => Lang::TA,
        "te" => Lang::TE,
        _ => return None,
    })
}
