//! Days: "tomorrow", "next friday", "1st of May 2027", "end of month".

use jiff::Span;
use jiff::civil::{Date, Weekday};

use super::super::{Clock, Days, Part, Reading};
use super::words::{is_doubtful, month, weekday};
use super::{Piece, Words};
use crate::spoken;
use crate::tokens::Token;

/// The day that begins at a token, with a part of it: "tomorrow", "friday evening".
pub(super) fn day(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    let (days, next) = weeks_from(words, at, reading).or_else(|| {
        let (days, next) = of_calendar(words, at, reading)?;
        // "friday week"
        match words.is(next, "week") && days.is_day() && !words.is(next + 1, "ago") {
            true => Some((later(&days, 1)?, next + 1)),
            false => Some((days, next)),
        }
    })?;
    let mut piece = Piece::days(days, next);
    let tonight = matches!(words.word(at)?, "tonight" | "tonite");
    if tonight {
        piece.clock = Some(Clock::part(Part::Evening));
    } else if let Some(part) = words.word(next).and_then(part).filter(|_| piece.days.as_ref().is_some_and(Days::is_day))
    {
        piece.clock = Some(Clock::part(part));
        piece.next += 1;
    }
    Some(piece)
}

/// A part of the day.
pub(super) fn part(word: &str) -> Option<Part> {
    Some(match word {
        "morning" | "am" => Part::Morning,
        "afternoon" => Part::Afternoon,
        "evening" => Part::Evening,
        "night" => Part::Night,
        _ => return None,
    })
    .filter(|_| word != "am")
}

fn of_calendar(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    named(words, at, reading)
        .or_else(|| of_week(words, at, reading))
        .or_else(|| week_then_day(words, at, reading))
        .or_else(|| nth_weekday(words, at, reading))
        .or_else(|| of_month(words, at, reading))
        .or_else(|| month_alone(words, at, reading))
}

/// "a week on monday", "a fortnight today".
fn weeks_from(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    if !matches!(words.word(at)?, "a" | "one") {
        return None;
    }
    let weeks = match words.word(at + 1)? {
        "week" => 1,
        "fortnight" => 2,
        _ => return None,
    };
    let joined = usize::from(matches!(words.word(at + 2), Some("on" | "from")));
    let start = at + 2 + joined;
    let (days, next) = named(words, start, reading).or_else(|| of_week(words, start, reading))?;
    (days.is_day() && days.others.is_empty()).then(|| Some((later(&days, weeks)?, next)))?
}

fn later(days: &Days, weeks: i64) -> Option<Days> {
    Some(Days::day(days.first.checked_add(Span::new().weeks(weeks)).ok()?))
}

/// A day of this week, which begins with Monday, or of one so many weeks after.
fn in_week(today: Date, weeks: i64, day: Weekday) -> Option<Date> {
    let monday = today.checked_sub(Span::new().days(i64::from(today.weekday().to_monday_zero_offset()))).ok()?;
    monday.checked_add(Span::new().weeks(weeks).days(i64::from(day.to_monday_zero_offset()))).ok()
}

/// "next week tuesday".
fn week_then_day(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let (weeks, next) = week_after(words, at)?;
    let start = next + usize::from(matches!(words.word(next), Some("on" | ",")));
    let day = weekday(words.word(start)?)?;
    Some((Days::day(in_week(reading.today, weeks, day)?), start + 1))
}

/// Spellings of one day from now.
const TOMORROW: [&str; 8] = ["tomorrow", "tommorow", "tommorrow", "tomorow", "tomorro", "tmrw", "tmr", "tmw"];

fn named(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let today = reading.today;
    let the = usize::from(words.is(at, "the"));
    let from_today = |days: i64, next: usize| Some((Days::day(today.checked_add(Span::new().days(days)).ok()?), next));
    let next = at + the;
    if words.is(next, "day") {
        return match (words.word(next + 1)?, words.word(next + 2)?) {
            ("after", word) if TOMORROW.contains(&word) => from_today(2, next + 3),
            ("before", "yesterday") => from_today(-2, next + 3),
            _ => None,
        };
    }
    match words.word(at)? {
        "today" | "tonight" | "tonite" => from_today(0, at + 1),
        "2" if words.tokens.get(at + 1).is_some_and(|token| token.glued) => match words.word(at + 1)? {
            "day" | "nite" => from_today(0, at + 2),
            "moro" | "morrow" | "mrw" | "moz" => from_today(1, at + 2),
            _ => None,
        },
        word if TOMORROW.contains(&word) => from_today(1, at + 1),
        "yesterday" | "yday" => from_today(-1, at + 1),
        "eod" => from_today(0, at + 1),
        "eom" => Some((Days::day(today.last_of_month()), at + 1)),
        "this" if words.word(at + 1).and_then(part).is_some() => from_today(0, at + 1),
        "last" if words.is(at + 1, "night") => from_today(-1, at + 1),
        _ => None,
    }
}

/// "friday", "next friday", "friday next week", "a week on friday".
fn of_week(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let the = usize::from(words.is(at, "the"));
    let side = words.word(at + the)?;
    let mut start = at + the;
    let chosen = matches!(side, "this" | "next" | "last" | "past" | "previous" | "coming" | "upcoming" | "following");
    start += usize::from(chosen);
    // "this coming friday"
    let coming = chosen && side == "this" && matches!(words.word(start), Some("coming" | "upcoming" | "next"));
    start += usize::from(coming);
    let day = weekday(words.word(start)?)?;
    if !words.tokens[start].is_word() || (!chosen && the == 1) {
        return None;
    }
    let mut next = start + 1;
    next += usize::from(
        words.is(next, ".")
            && words.tokens[next].glued
            && words.tokens[start].lower.len() < 4
            && words.word(next + 1).is_some(),
    );
    let today = reading.today;
    let in_week = |weeks: i64| in_week(today, weeks, day);
    let after_today = || today.nth_weekday(1, day).ok();
    let date = match (side, week_after(words, next)) {
        (_, Some((weeks, end))) if !chosen => {
            next = end;
            in_week(weeks)?
        }
        ("last" | "past" | "previous", _) => today.nth_weekday(-1, day).ok()?,
        ("next", _) => in_week(1)?,
        ("this", _) if !coming => {
            if today.weekday() == day {
                today
            } else {
                after_today()?
            }
        }
        _ if !chosen && !is_sure(words, at, next) => return None,
        _ if reading.past && !chosen => today.nth_weekday(-1, day).ok()?,
        _ => after_today()?,
    };
    // Said on a Wednesday, "next friday" may be the day after tomorrow.
    let nearer = (side == "next").then(after_today).flatten().filter(|nearer| *nearer < date);
    Some((Days { weekday: !chosen, others: nearer.into_iter().collect(), ..Days::day(date) }, next))
}

/// "next week" after a day: how many weeks from now, and the token after it.
fn week_after(words: &Words<'_>, at: usize) -> Option<(i64, usize)> {
    let of = usize::from(matches!(words.word(at), Some("of" | "in" | "the")));
    let weeks = match (words.word(at + of)?, words.word(at + of + 1)?) {
        ("next" | "following", "week") => 1,
        ("this", "week") => 0,
        ("last" | "previous", "week") => -1,
        _ => return None,
    };
    Some((weeks, at + of + 2))
}

/// "first monday of january", "last day of next month", "end of month".
fn nth_weekday(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let the = usize::from(words.is(at, "the"));
    let at = at + the;
    let (nth, next) = match words.word(at)? {
        "last" => (-1, at + 1),
        _ => spoken::ordinal(words.tokens, at)?,
    };
    words.word(next + 1).filter(|word| matches!(*word, "of" | "in"))?;
    let (month, end) = month_of(words, next + 2, reading)?;
    let day = match words.word(next)? {
        "day" if nth == -1 => month.last_of_month(),
        "day" => {
            let after = Span::new().try_days(nth.checked_sub(1)?).ok()?;
            month.checked_add(after).ok().filter(|day| day.month() == month.month())?
        }
        word => month.nth_weekday_of_month(i8::try_from(nth).ok()?, weekday(word)?).ok()?,
    };
    Some((Days::day(day), end))
}

/// A month after "of": "january 2027", "next month", "the month". Its first day.
pub(super) fn month_of(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Date, usize)> {
    let this_month = reading.today.first_of_month();
    let the = usize::from(words.is(at, "the"));
    if let Some(number) = words.word(at).and_then(month) {
        let comma = usize::from(words.is(at + 1, ","));
        if let Some(year) = words.year(at + 1 + comma) {
            return Some((Date::new(year, number, 1).ok()?, at + 2 + comma));
        }
        let first = reading.yearly(|year| Date::new(year, number, 1).ok().map(Date::last_of_month))?;
        return Some((first.first_of_month(), at + 1));
    }
    let months = match (words.word(at + the)?, words.word(at + the + 1)) {
        ("month", _) => return Some((this_month, at + the + 1)),
        ("this" | "current", Some("month")) => 0,
        ("next" | "following" | "coming", Some("month")) => 1,
        ("last" | "previous", Some("month")) => -1,
        _ => return None,
    };
    Some((this_month.checked_add(Span::new().months(months)).ok()?, at + the + 2))
}

/// "1st of May", "May 1", "5 - 9 May", "the 15th".
fn of_month(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    if let Some((number, dot)) = written_month(words, at) {
        // "May 1", "May the 1st, 2027", "May 5 - 9"
        let the = usize::from(words.is(dot, "the"));
        let (first, ordinal, mut next) = number_of_day(words, dot + the)?;
        if words.tokens[dot + the].is_word() && !ordinal {
            return None;
        }
        let mut last = first;
        if let Some((to, end)) = up_to(words, next) {
            (last, next) = (to, end);
        }
        let (year, next) = year_after(words, next);
        return days_of_month(number, first, last, year, reading).map(|days| (days, next));
    }
    let the = usize::from(words.is(at, "the"));
    let (first, ordinal, mut next) = number_of_day(words, at + the)?;
    let mut last = first;
    if let Some((to, end)) = up_to(words, next) {
        let of = usize::from(words.is(end, "of"));
        if written_month(words, end + of).is_some() {
            (last, next) = (to, end);
        }
    }
    let separator = usize::from(matches!(words.word(next), Some("of" | "-" | "/" | ",")));
    if let Some((number, end)) = written_month(words, next + separator) {
        let (year, end) = year_after(words, end);
        return days_of_month(number, first, last, year, reading).map(|days| (days, end));
    }
    if words.is(next, "of") && ordinal {
        let (month, end) = month_of(words, next + 1, reading)?;
        let day = Date::new(month.year(), month.month(), i8::try_from(first).ok()?).ok()?;
        return Some((Days::day(day), end));
    }
    let alone = ordinal && words.tokens[at + the].is_digits() && stands_as_day(words, next);
    alone.then(|| coming_day(first, reading)).flatten().map(|day| (Days::day(day), next))
}

/// A month in words, and the token after it and its full stop.
fn written_month(words: &Words<'_>, at: usize) -> Option<(i8, usize)> {
    let number = words.word(at).and_then(month)?;
    let dot = words.is(at + 1, ".") && words.tokens[at + 1].glued && words.word(at)?.len() <= 4;
    let dot = dot && words.tokens.get(at + 2).is_some_and(|after| after.is_digits());
    let comma = usize::from(
        matches!(words.word(at + 1), Some("-" | "/"))
            && words.tokens.get(at + 2).is_some_and(|after| after.is_digits() && after.glued),
    );
    Some((number, at + 1 + usize::from(dot) + comma))
}

/// The number of a day, whether it is an ordinal, and the token after it.
fn number_of_day(words: &Words<'_>, at: usize) -> Option<(i64, bool, usize)> {
    let (number, ordinal, next) = match spoken::ordinal(words.tokens, at) {
        Some((number, next)) => (number, true, next),
        None => {
            let token = words.tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 2);
            match token {
                Some(token) if super::digits::begins(words.tokens, at) || words.before(at) == Some("-") => {
                    (token.lower.parse().ok()?, false, at + 1)
                }
                Some(_) => return None,
                None => {
                    let (number, next) = spoken::cardinal(words.tokens, at)?;
                    (number, false, next)
                }
            }
        }
    };
    (1..=31).contains(&number).then_some((number, ordinal, next))
}

/// "- 9", "to 9th": the end of some days on end.
fn up_to(words: &Words<'_>, at: usize) -> Option<(i64, usize)> {
    matches!(words.word(at)?, "-" | "–" | "to" | "till" | "until" | "through" | "thru" | "and" | "&").then_some(())?;
    let the = usize::from(words.is(at + 1, "the"));
    let (number, _, next) = number_of_day(words, at + 1 + the)?;
    Some((number, next))
}

fn year_after(words: &Words<'_>, at: usize) -> (Option<i16>, usize) {
    let separator = usize::from(matches!(words.word(at), Some("," | "of" | "in" | "-" | "/")));
    match words.year(at + separator) {
        Some(year) => (Some(year), at + separator + 1),
        None => (None, at),
    }
}

fn days_of_month(month: i8, first: i64, last: i64, year: Option<i16>, reading: &Reading<'_>) -> Option<Days> {
    let of_year = |day: i64, year: i16| Date::new(year, month, i8::try_from(day).ok()?).ok();
    let day = match year {
        Some(year) => of_year(first, year)?,
        None => reading.yearly(|year| of_year(first, year))?,
    };
    let last = of_year(last, day.year())?;
    (day <= last).then(|| Days::span(day, last))
}

/// "the 15th": the next one that there is.
fn coming_day(number: i64, reading: &Reading<'_>) -> Option<Date> {
    let first = reading.today.first_of_month();
    let of_month = |months: i64| {
        let month = first.checked_add(Span::new().months(months)).ok()?;
        Date::new(month.year(), month.month(), i8::try_from(number).ok()?).ok()
    };
    if reading.past {
        return (-3..=0).rev().filter_map(of_month).find(|day| *day <= reading.today);
    }
    (0..=3).filter_map(of_month).find(|day| *day >= reading.today)
}

/// "the 15th" is a day where nothing that it counts follows: not in "the 3rd floor".
fn stands_as_day(words: &Words<'_>, next: usize) -> bool {
    let Some(after) = words.tokens.get(next) else { return true };
    let follows = matches!(
        after.lower.as_str(),
        "at" | "in"
            | "for"
            | "from"
            | "till"
            | "until"
            | "to"
            | "by"
            | "and"
            | "or"
            | "please"
            | "thanks"
            | "thank"
            | "is"
            | "if"
            | "works"
            | "would"
            | "will"
            | "around"
            | "before"
            | "after"
            | "through"
            | "morning"
            | "afternoon"
            | "evening"
            | "night"
            | "with"
            | "then"
            | "i"
            | "we"
            | "but"
            | "because"
    );
    follows
        || (after.shape == crate::tokens::Shape::Mark && !after.glued)
        || matches!(after.lower.as_str(), "." | "," | "?" | "!" | ";" | ")")
}

/// "in december", "May 2027".
fn month_alone(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let side = matches!(words.word(at)?, "this" | "next" | "last");
    let start = at + usize::from(side);
    let word = words.word(start)?;
    month(word)?;
    let (mut first, next) = month_of(words, start, reading)?;
    // "Feb 30", "30 February": a day that the month does not have, not the month.
    let is_day = |token: &Token| token.is_digits() && token.lower.parse().is_ok_and(|day: u8| (1..=31).contains(&day));
    let (before, after) = (start.checked_sub(1).and_then(|at| words.tokens.get(at)), words.tokens.get(next));
    if !side && [before, after].into_iter().flatten().any(is_day) {
        return None;
    }
    let has_year = next > start + 1;
    let sure = side
        || has_year
        || !is_doubtful(word)
        || words.is_whole(at, next)
        || matches!(
            words.before(at),
            Some("in" | "of" | "until" | "till" | "by" | "since" | "from" | "during" | "for")
        );
    if side && words.is(at, "last") && !has_year && first > reading.today {
        first = Date::new(first.year() - 1, first.month(), 1).ok()?;
    }
    sure.then_some((Days::month(first), next))
}

/// Whether a word that has other meanings is a day here: "on sat", "sat and sun", not "I sat".
fn is_sure(words: &Words<'_>, at: usize, next: usize) -> bool {
    let word = words.word(at).unwrap_or("");
    let lead = words.before(at);
    let led = |lead: &str| {
        matches!(
            lead,
            "on" | "by"
                | "until"
                | "till"
                | "from"
                | "to"
                | "every"
                | "each"
                | "or"
                | "and"
                | "-"
                | ","
                | "for"
                | "before"
                | "after"
                | "between"
        )
    };
    let followed = words
        .word(next)
        .is_some_and(|after| part(after).is_some() || matches!(after, "at" | "next" | "to" | "-" | "or" | "," | "and"))
        || words.tokens.get(next).is_some_and(|after| after.is_digits());
    let capital = words.text[words.tokens[at].range.clone()].starts_with(char::is_uppercase) && at > 0;
    !is_doubtful(word) || lead.is_some_and(led) || followed || capital || words.is_whole(at, next)
}

/// The week a day is in, from Monday on.
pub(super) fn week_of(day: Date) -> Option<Days> {
    let monday = day.checked_sub(Span::new().days(i64::from(day.weekday().to_monday_zero_offset()))).ok()?;
    Some(Days::span(monday, monday.checked_add(Span::new().days(6)).ok()?))
}

/// The weekend of the week a day is in.
pub(super) fn weekend_of(day: Date) -> Option<Days> {
    let week = week_of(day)?;
    debug_assert_eq!(week.first.weekday(), Weekday::Monday);
    Some(Days::span(week.first.checked_add(Span::new().days(5)).ok()?, week.last))
}
