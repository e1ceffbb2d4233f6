//! What counts from now or from a day: "in 3 days", "next week", "end of month", "for two weeks".

use jiff::civil::Date;
use jiff::{Span, Zoned};

use super::super::{Clock, Days, Length, Reading};
use super::day::{month_of, week_of, weekend_of};
use super::words::{Unit, unit};
use super::{Piece, Words, day, holidays};

/// What begins at a token and counts from elsewhere.
pub(super) fn relative(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    now(words, at, reading)
        .or_else(|| distance(words, at, reading))
        .or_else(|| length(words, at))
        .or_else(|| several(words, at, reading))
        .or_else(|| edge(words, at, reading))
        .or_else(|| unit_beside(words, at, reading))
}

fn now(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    let right = usize::from(words.is(at, "right"));
    match words.word(at + right)? {
        "now" | "asap" | "immediately" if !matches!(words.word(at + right + 1), Some("and" | "that" | "i" | "you")) => {
            moment(reading.now.clone(), at + right + 1)
        }
        _ => None,
    }
}

fn moment(moment: Zoned, next: usize) -> Option<Piece> {
    let time = moment.time();
    let time = jiff::civil::Time::new(time.hour(), time.minute(), time.second(), 0).ok()?;
    Some(Piece { days: Some(Days::day(moment.date())), clock: Some(Clock::at(time)), length: None, next })
}

/// "in 3 days", "2 hours ago", "a week from now", "three weeks after monday", "2 days before christmas".
fn distance(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    let within = matches!(words.word(at)?, "in" | "within" | "after");
    let about =
        usize::from(matches!(words.word(at + usize::from(within)), Some("about" | "another" | "the")) && within);
    let (span, of_clock, next) = amount(words, at + usize::from(within) + about)?;
    if within && words.is(at + 1, "the") {
        return None;
    }
    let from = |span: Span, next: usize| {
        if of_clock {
            return moment(reading.now.checked_add(span).ok()?, next);
        }
        Some(Piece::days(Days::day(reading.today.checked_add(span).ok()?), next))
    };
    match (words.word(next), words.word(next + 1)) {
        (Some("ago" | "back"), _) => return from(span.negate(), next + 1),
        (Some("from"), Some("now" | "today")) => return from(span, next + 2),
        (Some("hence" | "later"), _) => return from(span, next + 1),
        (Some("time"), _) if within => return from(span, next + 1),
        _ => {}
    }
    if within {
        return from(span, next);
    }
    let back = match words.word(next)? {
        "from" | "after" => false,
        "before" | "prior" => true,
        _ => return None,
    };
    let next = next + 1 + usize::from(words.is(next, "prior") && words.is(next + 1, "to"));
    if of_clock {
        return None;
    }
    let (day, next) = a_day(words, next, reading)?;
    let span = if back { span.negate() } else { span };
    Some(Piece::days(Days::day(day.checked_add(span).ok()?), next))
}

/// A day that something is counted from.
fn a_day(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Date, usize)> {
    let named = day::day(words, at, reading).filter(|piece| piece.clock.is_none());
    let digits = super::digits::date(words.tokens, at, reading);
    let holiday = holidays::holiday(words, at, reading);
    let named = named.and_then(|piece| Some((piece.days?.first, piece.next)));
    digits.map(|(days, next)| (days.first, next)).or(holiday).or(named)
}

/// "3 days", "half an hour", "an hour and a half": how long, whether it is shorter than days, the token after it.
fn amount(words: &Words<'_>, at: usize) -> Option<(Span, bool, usize)> {
    if words.is(at, "half") {
        let article = usize::from(matches!(words.word(at + 1), Some("a" | "an")));
        return words
            .word(at + 1 + article)
            .and_then(unit)
            .filter(|unit| *unit == Unit::Hour)
            .map(|_| (Span::new().minutes(30), true, at + 2 + article));
    }
    let (count, next) = words.count(at)?;
    let business = usize::from(matches!(words.word(next), Some("business" | "working" | "more" | "calendar")));
    let unit = words.word(next + business).and_then(unit)?;
    let next = next + business + 1;
    if unit == Unit::Hour {
        // "an hour and a half", "2 hours and 30 minutes", "2 hours 30 minutes"
        if words.is(next, "and") && words.is(next + 1, "a") && words.is(next + 2, "half") {
            return Some((Unit::Minute.times(count.checked_mul(60)?.checked_add(30)?)?, true, next + 3));
        }
        let and = usize::from(words.is(next, "and"));
        if let Some((minutes, end)) = words.count(next + and)
            && words.word(end).and_then(super::words::unit) == Some(Unit::Minute)
        {
            return Some((Unit::Minute.times(count.checked_mul(60)?.checked_add(minutes)?)?, true, end + 1));
        }
    }
    Some((unit.times(count)?, unit.is_of_the_clock(), next))
}

/// "for 3 days": how long.
fn length(words: &Words<'_>, at: usize) -> Option<Piece> {
    if !words.is(at, "for") {
        return None;
    }
    let the_next = if words.is(at + 1, "the") && words.is(at + 2, "next") { 2 } else { 0 };
    let (span, of_clock, next) = amount(words, at + 1 + the_next)?;
    (!of_clock).then_some(Piece { days: None, clock: None, length: Some(Length(span)), next })
}

/// "next 3 months", "last 2 weeks", "the past 5 days": from today on, or until today.
fn several(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    let the = usize::from(words.is(at, "the"));
    let back = match words.word(at + the)? {
        "next" | "coming" | "following" => false,
        "last" | "past" | "previous" => true,
        _ => return None,
    };
    let (span, of_clock, next) = amount(words, at + the + 1)?;
    if of_clock {
        return None;
    }
    let other = reading.today.checked_add(if back { span.negate() } else { span }).ok()?;
    let (first, last) = if back { (other, reading.today) } else { (reading.today, other) };
    Some(Piece::days(Days { month: false, ..Days::span(first, last) }, next))
}

/// "end of month", "beginning of next year", "mid january".
fn edge(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    let the = usize::from(words.is(at, "the"));
    let at = at + the;
    let edge = words.word(at)?;
    let of = usize::from(words.is(at + 1, "of"));
    let middle = matches!(edge, "mid" | "middle");
    if !matches!(edge, "end" | "beginning" | "start" | "middle" | "mid") || (of == 0 && !middle && the == 1) {
        return None;
    }
    let hyphen = usize::from(words.is(at + 1, "-"));
    let start = at + 1 + of + hyphen;
    let day_end = words.is(start, "day") || (words.is(start, "the") && words.is(start + 1, "day"));
    if edge == "end" && of == 1 && day_end {
        let next = start + if words.is(start, "day") { 1 } else { 2 };
        return Some(Piece::days(Days::day(reading.today), next));
    }
    let (days, next) = match unit_beside(words, start, reading) {
        Some(piece) => (piece.days?, piece.next),
        None => match month_of(words, start, reading) {
            Some((first, next)) => (Days::month(first), next),
            None => {
                let the = usize::from(words.is(start, "the"));
                let unit = words.word(start + the).and_then(unit).filter(|_| of == 1)?;
                (around(unit, 0, reading)?, start + the + 1)
            }
        },
    };
    if of == 0 && !middle && !days.month {
        return None;
    }
    let day = match edge {
        "end" => days.last,
        "beginning" | "start" => days.first,
        _ => days.first.checked_add(Span::new().days(i64::from((days.last - days.first).get_days()) / 2)).ok()?,
    };
    Some(Piece::days(Days::day(day), next))
}

/// "next week", "this month", "last year", "this weekend", "the weekend", "in 2027".
fn unit_beside(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    if matches!(words.word(at)?, "in" | "year" | "during")
        && let Some(year) = words.year(at + 1)
    {
        return Some(Piece::days(Days::span(Date::new(year, 1, 1).ok()?, Date::new(year, 12, 31).ok()?), at + 2));
    }
    let the = usize::from(words.is(at, "the"));
    let side = match words.word(at + the)? {
        "this" | "current" => 0,
        "next" | "coming" | "following" | "upcoming" => 1,
        "last" | "previous" | "past" => -1,
        "weekend" if !words.is(at + the + 1, "trip") => {
            return Some(Piece::days(weekend_of(reading.today)?, at + the + 1));
        }
        _ => return None,
    };
    let word = words.word(at + the + 1)?;
    let next = at + the + 2;
    if matches!(word, "weekend" | "weekends") {
        // "next weekend" is that of next week.
        let day = reading.today.checked_add(Span::new().weeks(side)).ok()?;
        return Some(Piece::days(weekend_of(day)?, next));
    }
    let unit = unit(word).filter(|unit| matches!(unit, Unit::Week | Unit::Month | Unit::Quarter | Unit::Year))?;
    (!word.ends_with('s')).then_some(())?;
    Some(Piece::days(around(unit, side, reading)?, next))
}

/// The week, month, quarter or year that is so many from today's.
fn around(unit: Unit, side: i64, reading: &Reading<'_>) -> Option<Days> {
    let today = reading.today;
    let day = today.checked_add(unit.times(side)?).ok()?;
    Some(match unit {
        Unit::Week => week_of(day)?,
        Unit::Month => Days::month(today.first_of_month().checked_add(unit.times(side)?).ok()?),
        Unit::Quarter => {
            let first = Date::new(day.year(), (day.month() - 1) / 3 * 3 + 1, 1).ok()?;
            Days::span(first, first.checked_add(Span::new().months(2)).ok()?.last_of_month())
        }
        Unit::Year => Days::span(Date::new(day.year(), 1, 1).ok()?, Date::new(day.year(), 12, 31).ok()?),
        _ => return None,
    })
}
