//! Dates and times in digits, which are the same in all languages but for the order of day and month.

use jiff::civil::{Date, Time};

use super::{Clock, Days, Reading};
use crate::language::DayOrder;
use crate::tokens::Token;

/// A date that begins at a token, and the token after it: `03/04/2021`, `2021-04-03`, `3.4.2021`, `4/3`, `12/2027`.
pub(crate) fn date(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    if !begins(tokens, at) {
        return None;
    }
    let digits = |index: usize| tokens.get(index).filter(|token| token.is_digits()).map(|token| token.lower.as_str());
    let glued_mark = |index: usize| {
        let mark =
            tokens.get(index).filter(|mark| mark.glued && matches!(mark.lower.as_str(), "/" | "-" | "." | "–"))?;
        tokens.get(index + 1).is_some_and(|token| token.glued && token.is_digits()).then_some(mark.lower.as_str())
    };
    let first = digits(at)?;
    let Some(mark) = glued_mark(at + 1) else {
        // An answer in digits alone: 20210403, 03042021.
        return (tokens.len() == 1).then(|| compact(first, reading)).flatten().map(|days| (days, at + 1));
    };
    let second = digits(at + 2)?;
    let third = glued_mark(at + 3).filter(|other| *other == mark).and_then(|_| digits(at + 4));
    let next = if third.is_some() { at + 5 } else { at + 3 };
    if glued_mark(next).is_some() || tokens.get(next).is_some_and(|after| after.glued && after.is_digits()) {
        return None;
    }
    let days = match third {
        Some(third) => three(first, second, third, mark, reading)?,
        None if mark == "/" => two(first, second, reading)?,
        None => return None,
    };
    Some((days, next))
}

/// Whether a token is not glued to something that makes it a part of more.
pub(crate) fn begins(tokens: &[Token], at: usize) -> bool {
    let Some(before) = at.checked_sub(1).map(|index| &tokens[index]) else { return true };
    !tokens.get(at).is_some_and(|token| token.glued) || !(before.is_word() || ".,/-:#_$€£@+=".contains(&before.lower))
}

fn three(first: &str, second: &str, third: &str, mark: &str, reading: &Reading<'_>) -> Option<Days> {
    if first.len() == 4 {
        return Some(Days::day(day(first.parse().ok()?, second, third)?));
    }
    // 1.2.30 is a version rather than a date where dates are not written with points.
    if first.len() > 2 || second.len() > 2 || (mark == "." && third.len() != 4 && reading.order == DayOrder::MonthFirst)
    {
        return None;
    }
    in_either_order(year(third)?, first, second, reading)
}

fn in_either_order(year: i16, first: &str, second: &str, reading: &Reading<'_>) -> Option<Days> {
    either(day(year, second, first), day(year, first, second), reading)
}

/// The day that the order of the language or bot prefers, the other one beside it.
fn either(day_first: Option<Date>, month_first: Option<Date>, reading: &Reading<'_>) -> Option<Days> {
    let (best, other) = match reading.order {
        DayOrder::DayFirst => (day_first, month_first),
        DayOrder::MonthFirst => (month_first, day_first),
    };
    let mut days = Days::day(best.or(other)?);
    if best.is_some() && !reading.order_is_chosen {
        days.others.extend(other.filter(|other| Some(*other) != best));
    }
    Some(days)
}

fn two(first: &str, second: &str, reading: &Reading<'_>) -> Option<Days> {
    if second.len() == 4 {
        return Some(Days::month(day(year(second)?, first, "1")?));
    }
    if first.len() > 2 || second.len() > 2 {
        return None;
    }
    let yearly = |month: &str, day_of_month: &str| reading.yearly(|year| day(year, month, day_of_month));
    either(yearly(second, first), yearly(first, second), reading)
}

fn compact(digits: &str, reading: &Reading<'_>) -> Option<Days> {
    if digits.len() != 8 {
        return None;
    }
    if digits.starts_with("19") || digits.starts_with("20") {
        let first = day(digits[..4].parse().ok()?, &digits[4..6], &digits[6..]);
        if let Some(day) = first {
            return Some(Days::day(day));
        }
    }
    let year = year(&digits[4..])?;
    (1900..2100).contains(&year).then(|| in_either_order(year, &digits[..2], &digits[2..4], reading)).flatten()
}

/// A year of two or four digits; two are those of 1970 to 2069.
fn year(digits: &str) -> Option<i16> {
    let year: i16 = digits.parse().ok()?;
    match digits.len() {
        2 => Some(if year < 70 { 2000 + year } else { 1900 + year }),
        4 => Some(year),
        _ => None,
    }
}

fn day(year: i16, month: &str, day: &str) -> Option<Date> {
    if month.len() > 2 || day.len() > 2 {
        return None;
    }
    Date::new(year, month.parse().ok()?, day.parse().ok()?).ok()
}

/// A time that begins at a token, and the token after it: `20:00`, `8:30`, `18:00:05`.
pub(crate) fn clock(tokens: &[Token], at: usize, twelve_hours: bool) -> Option<(Clock, usize)> {
    let glued_digits = |index: usize| tokens.get(index).filter(|token| token.is_digits() && token.glued);
    let colon = |index: usize| tokens.get(index).is_some_and(|token| token.is_mark(":") && token.glued);
    let hour = tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 2)?;
    if !colon(at + 1) {
        return None;
    }
    let minute = glued_digits(at + 2).filter(|token| token.lower.len() == 2)?;
    let mut next = at + 3;
    let mut second = 0;
    if colon(next)
        && let Some(token) = glued_digits(next + 1).filter(|token| token.lower.len() == 2)
    {
        second = token.lower.parse().ok()?;
        next += 2;
        // Fractions of a second.
        if tokens.get(next).is_some_and(|token| token.is_mark(".") && token.glued) && glued_digits(next + 1).is_some() {
            next += 2;
        }
    }
    if colon(next) && glued_digits(next + 1).is_some() {
        return None;
    }
    let hours: i8 = hour.lower.parse().ok()?;
    let time = Time::new(if hours == 24 { 0 } else { hours }, minute.lower.parse().ok()?, second, 0).ok()?;
    let either_half = twelve_hours && (1..=12).contains(&hours) && !hour.lower.starts_with('0');
    Some((Clock { either_half, ..Clock::at(time) }, next))
}
