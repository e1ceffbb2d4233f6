//! What words say, and how the lines of a table are read.

use crate::calendar::Part;
use crate::decimal::Decimal;

/// What a word, or some words, say.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Sense {
    /// A number below a hundred that is said in one word and stands for itself or behind a ten: 3, 15, 22.
    Unit(i64),
    /// The article that is also the number.
    One,
    /// Twenty to ninety.
    Ten(i64),
    /// A hundred or more hundreds in one word.
    Hundred(i64),
    /// Multiplies what stands before it; alone it is once that.
    Times(i64),
    /// A number that is no whole one, "anderthalb".
    Value(Decimal),
    /// Says so much more than the number behind it, "साढ़े"; alone so much more than one.
    Plus(Decimal),
    /// And a half of one: "y medio".
    AndHalf,
    /// A half.
    Half,
    /// A quarter.
    Quarter,
    /// Three quarters.
    ThreeQuarters,
    /// Stands between the parts of a number.
    And,
    /// The decimal point.
    Point,
    /// Less than zero.
    Minus,
    /// The place in an order: "primero".
    Ordinal(i64),
    /// A month, January is 1.
    Month(i8),
    /// A day of the week, Monday is 0.
    Weekday(i8),
    /// So many days from today.
    Day(i64),
    /// So many days from today or ago, as the verb says: "कल".
    EitherDay(i64),
    /// A verb or more that says that something is still to come: "आऊँगा".
    Will,
    /// The same of what is over: "था".
    Was,
    /// So many months from this one.
    Months(i64),
    /// A number that is a verb at the end of a sentence: "बता दो".
    Verb,
    /// The same with a part of that day: "esta noche".
    DayPart(i64, Part),
    /// So many weeks from this one.
    Week(i64),
    /// The weekday of the week after this one.
    Next,
    /// The weekday that comes next.
    This,
    /// The weekday before today.
    Last,
    /// The same, but the word has other meanings too: only beside a date, "7/18(土)", "So, 19.7.".
    WeekdayBeside(i8),
    /// So many years from this one, before a date.
    Years(i16),
    /// A day of every year: month and day.
    Holiday(i8, i8),
    /// So much time from now, before the length.
    In,
    /// The same behind the length.
    Later,
    /// So much time ago, before the length.
    Before,
    /// The same behind the length.
    Ago,
    /// A week after the day before it: "en huit".
    WeekLater,
    /// Before the number of a day: "el".
    The,
    /// Before or behind the number of a day, and sure: "día", "tarikh".
    DayWord,
    /// Behind the number of a day, "日"; and of a month, "月"; of a year, "年".
    DayMark,
    /// See [`Self::DayMark`].
    MonthMark,
    /// See [`Self::DayMark`].
    YearMark,
    /// Years are counted from the one after this: "令和".
    Era(i16),
    /// Between the parts of a date.
    Of,
    /// A length of time.
    Span(Length),
    /// Before a time of day: "a las".
    At,
    /// Behind the hour: "Uhr".
    OClock,
    /// Behind the minutes.
    Minutes,
    /// Between hour and minutes: "y", where it does not join numbers.
    Past,
    /// Between hour and the minutes that it still lacks: "menos".
    To,
    /// Between the minutes and the hour that is over: "nach".
    PastBehind,
    /// Between the minutes and the hour that is still to come: "para las".
    ToBehind,
    /// Of the day: "de la tarde".
    Part(Part),
    /// Behind the minutes, which stand behind the hour that is over: "sekizi beş geçiyor".
    PastLast,
    /// Behind the minutes, which stand behind the hour that is still to come: "sekize beş var".
    ToLast,
    /// Two of a length in one word: "ساعتين".
    Dual(Length),
    /// Noon.
    Noon,
    /// Midnight.
    Midnight,
    /// What stands behind is not meant.
    Not,
    /// What stands before is not meant.
    NotBehind,
    /// What stands right before does not suit: "no puedo".
    Refused,
    /// All but what stands behind is meant.
    Except,
    /// All but what stands before is meant.
    ExceptBehind,
    /// This or another one.
    Or,
    /// Takes back what was said before it: "no", "mejor".
    Correction,
    /// Up to.
    UpTo,
    /// Up to, and nothing else: between two values of any kind it says that neither is meant alone.
    Until,
    /// Before two limits.
    Between,
    /// What it stands next to is another value than it seems.
    Odd,
    /// A currency, by its code.
    Currency(&'static str),
    /// A hundredth of a currency.
    Cent,
    /// A hundredth of this one.
    CentOf(&'static str),
    /// Between an amount and its hundredths: "con".
    With,
    /// A unit, by its name here, and how many of it.
    Measure(&'static str, f64),
    /// Says nothing of its own here: "por favor", "me va bien".
    Filler,
    /// Words that look like a value and are none: "mil gracias".
    Nothing,
}

/// A length of time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Length {
    /// Of the calendar.
    Day,
    /// Seven days.
    Week,
    /// Of the calendar.
    Month,
    /// Of the calendar.
    Year,
    /// Of the clock.
    Hour,
    /// Of the clock.
    Minute,
}

/// What a line of a table says.
pub(super) fn sense(kind: &str, value: &'static str) -> Option<Sense> {
    let decimal = |text: &str| {
        let (whole, fraction) = text.trim_start_matches('-').split_once('.').unwrap_or((text, ""));
        let read = Decimal::read(whole.trim_start_matches('-'), fraction)?;
        Some(if text.starts_with('-') { read.negated() } else { read })
    };
    Some(match kind {
        "unit" => Sense::Unit(value.parse().ok()?),
        "one" => Sense::One,
        "ten" => Sense::Ten(value.parse().ok()?),
        "hundred" => Sense::Hundred(value.parse().ok()?),
        "times" => Sense::Times(value.parse().ok()?),
        "value" => Sense::Value(decimal(value)?),
        "plus" => Sense::Plus(decimal(value)?),
        "and-half" => Sense::AndHalf,
        "half" => Sense::Half,
        "quarter" => Sense::Quarter,
        "three-quarters" => Sense::ThreeQuarters,
        "and" => Sense::And,
        "point" => Sense::Point,
        "minus" => Sense::Minus,
        "ordinal" => Sense::Ordinal(value.parse().ok()?),
        "month" => Sense::Month(value.parse().ok()?),
        "weekday" => Sense::Weekday(value.parse().ok()?),
        "weekday-beside" => Sense::WeekdayBeside(value.parse().ok()?),
        "months" => Sense::Months(value.parse().ok()?),
        "years" => Sense::Years(value.parse().ok()?),
        "day" => Sense::Day(value.parse().ok()?),
        "either-day" => Sense::EitherDay(value.parse().ok()?),
        "will" => Sense::Will,
        "was" => Sense::Was,
        "verb" => Sense::Verb,
        "day-part" => {
            let (day, part) = value.split_once(' ')?;
            Sense::DayPart(day.parse().ok()?, part_of_day(part)?)
        }
        "week" => Sense::Week(value.parse().ok()?),
        "next" => Sense::Next,
        "this" => Sense::This,
        "last" => Sense::Last,
        "holiday" => {
            let (month, day) = value.split_once('-')?;
            Sense::Holiday(month.parse().ok()?, day.parse().ok()?)
        }
        "in" => Sense::In,
        "later" => Sense::Later,
        "before" => Sense::Before,
        "ago" => Sense::Ago,
        "week-later" => Sense::WeekLater,
        "the" => Sense::The,
        "day-word" => Sense::DayWord,
        "day-mark" => Sense::DayMark,
        "month-mark" => Sense::MonthMark,
        "year-mark" => Sense::YearMark,
        "era" => Sense::Era(value.parse().ok()?),
        "of" => Sense::Of,
        "span" => Sense::Span(length(value)?),
        "dual" => Sense::Dual(length(value)?),
        "at" => Sense::At,
        "o-clock" => Sense::OClock,
        "minutes" => Sense::Minutes,
        "past" => Sense::Past,
        "to" => Sense::To,
        "past-behind" => Sense::PastBehind,
        "to-behind" => Sense::ToBehind,
        "past-last" => Sense::PastLast,
        "to-last" => Sense::ToLast,
        "part" => Sense::Part(part_of_day(value)?),
        "noon" => Sense::Noon,
        "midnight" => Sense::Midnight,
        "not" => Sense::Not,
        "not-behind" => Sense::NotBehind,
        "refused" => Sense::Refused,
        "except" => Sense::Except,
        "except-behind" => Sense::ExceptBehind,
        "or" => Sense::Or,
        "correction" => Sense::Correction,
        "up-to" => Sense::UpTo,
        "until" => Sense::Until,
        "between" => Sense::Between,
        "odd" => Sense::Odd,
        "currency" => Sense::Currency(value),
        "cent" if !value.is_empty() => Sense::CentOf(value),
        "cent" => Sense::Cent,
        "with" => Sense::With,
        "measure" => {
            let (name, times) = value.rsplit_once(" x").unwrap_or((value, "1"));
            Sense::Measure(name, times.parse().ok()?)
        }
        "filler" => Sense::Filler,
        "nothing" => Sense::Nothing,
        _ => return None,
    })
}

fn length(name: &str) -> Option<Length> {
    Some(match name {
        "day" => Length::Day,
        "week" => Length::Week,
        "month" => Length::Month,
        "year" => Length::Year,
        "hour" => Length::Hour,
        "minute" => Length::Minute,
        _ => return None,
    })
}

fn part_of_day(name: &str) -> Option<Part> {
    Some(match name {
        "morning" => Part::Morning,
        "midday" => Part::Midday,
        "afternoon" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" => Part::Night,
        _ => return None,
    })
}
