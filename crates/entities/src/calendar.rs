//! What a text says of days and times; the four kinds of time build on it.

pub(crate) mod dial;
pub(crate) mod digits;
mod english;
mod foreign;
mod join;
mod names;

use std::ops::Range;

use jiff::Zoned;
use jiff::civil::{Date, Time};
use jiff::tz::Offset;

use crate::Surroundings;
use crate::language::{self, DayOrder};
use crate::tongue::{self, Script};

/// How a text is to be read.
pub(crate) struct Reading<'a> {
    /// What time it is.
    pub now: &'a Zoned,
    /// The day from which "tomorrow" counts.
    pub today: Date,
    /// The language with its region.
    pub language: &'a str,
    /// What comes first in 03/04/2021.
    pub order: DayOrder,
    /// The order was chosen by the bot, or there is only one where the language is spoken: there is no doubt.
    pub order_is_chosen: bool,
    /// A day that comes every year or week is the last one, not the next one.
    pub past: bool,
}

impl<'a> Reading<'a> {
    /// As is usual in the surroundings.
    pub fn new(surroundings: &Surroundings<'a>) -> Self {
        let language = surroundings.language;
        let today = surroundings.now.date();
        let order = language::day_order(language);
        let order_is_chosen = !language::is_order_open(language);
        Self { now: surroundings.now, today, language, order, order_is_chosen, past: false }
    }

    /// The year of a day that was said without one: the next such day, today included, or the last one.
    pub(crate) fn yearly(&self, day_of: impl Fn(i16) -> Option<Date>) -> Option<Date> {
        let year = self.today.year();
        // A leap day may be eight years away.
        if self.past {
            return (year - 8..=year).rev().filter_map(day_of).find(|day| *day <= self.today);
        }
        (year..=year + 8).filter_map(day_of).find(|day| *day >= self.today)
    }
}

/// A day, or some days on end.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Days {
    /// The first one.
    pub first: Date,
    /// The last one.
    pub last: Date,
    /// Other days the same words may mean, best first.
    pub others: Vec<Date>,
    /// Only the day of the week was said: a date beside it says more.
    pub weekday: bool,
    /// A month, and no day of it.
    pub month: bool,
}

impl Days {
    pub(crate) fn day(day: Date) -> Self {
        Self::span(day, day)
    }

    pub(crate) fn span(first: Date, last: Date) -> Self {
        Self { first, last, others: Vec::new(), weekday: false, month: false }
    }

    pub(crate) fn month(first: Date) -> Self {
        Self { month: true, ..Self::span(first.first_of_month(), first.last_of_month()) }
    }

    /// Whether it is one day.
    pub fn is_day(&self) -> bool {
        self.first == self.last
    }
}

/// A part of the day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Part {
    /// Until noon.
    Morning,
    /// Around noon.
    Midday,
    /// After noon.
    Afternoon,
    /// From six.
    Evening,
    /// Late.
    Night,
}

impl Part {
    /// The hour that stands for it.
    fn hour(self) -> i8 {
        match self {
            Self::Morning => 9,
            Self::Midday => 12,
            Self::Afternoon => 15,
            Self::Evening => 19,
            Self::Night => 21,
        }
    }
}

/// A time of day.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Clock {
    /// The time.
    pub time: Time,
    /// It may be twelve hours later or earlier as well.
    pub either_half: bool,
    /// Only a part of the day was said.
    pub part: Option<Part>,
    /// A part of the day beside it may move it by twelve hours.
    pub shifts: bool,
    /// The zone that was said.
    pub offset: Option<Offset>,
}

impl Clock {
    pub(crate) fn at(time: Time) -> Self {
        Self { time, either_half: false, shifts: false, part: None, offset: None }
    }

    pub(crate) fn part(part: Part) -> Self {
        let time = Time::constant(part.hour(), 0, 0, 0);
        Self { time, either_half: false, shifts: false, part: Some(part), offset: None }
    }

    /// Twelve hours away, the other way round the dial.
    pub fn other_half(&self) -> Time {
        self.time.wrapping_add(jiff::Span::new().hours(12))
    }
}

/// A duration in days.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Length(pub jiff::Span);

/// Words that say when.
#[derive(Clone, Debug)]
pub(crate) struct Mention {
    /// Where they stand, in bytes.
    pub range: Range<usize>,
    /// The days they say.
    pub days: Option<Days>,
    /// The time of day they say.
    pub clock: Option<Clock>,
    /// "for three days": how long.
    pub length: Option<Length>,
}

/// What a text says of time, in order.
pub(crate) fn mentions(text: &str, reading: &Reading<'_>) -> Vec<Mention> {
    let tokens = tongue::tokens(text, reading.language);
    let found = if let Some(tongue) = tongue::of(reading.language) {
        tongue::when::mentions(&Script::new(tongue, text, &tokens, reading.language), reading)
    } else if language::is_english(reading.language) {
        english::mentions(text, &tokens, reading)
    } else {
        foreign::mentions(text, &tokens, reading)
    };
    join::join(text, found)
}
