//! Dutch months, weekdays and days around today, and dates with them, "3 mei 2027"; Chinese and Korean dates with their signs,
//! "2027年5月3日". The library reads some of these wrong, and others not at all.

use jiff::Span;
use jiff::civil::{Date, Time, Weekday};

use super::{Clock, Days, Reading};
use crate::language;
use crate::tokens::Token;

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const WEEKDAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];
/// The day before yesterday, yesterday, today, tomorrow, the day after.
const AROUND: [&str; 5] = ["eergisteren", "gisteren", "vandaag", "morgen", "overmorgen"];

/// The days that begin at a token, and the token after them.
pub(super) fn days(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    match language::base(reading.language) {
        "zh" | "ko" => return with_signs(tokens, at, reading),
        "nl" => {}
        _ => return None,
    }
    of_month(tokens, at, reading).or_else(|| around(tokens, at, reading)).or_else(|| {
        let (number, next) = find(tokens, at, &WEEKDAYS)?;
        let weekday = Weekday::from_monday_zero_offset(i8::try_from(number).ok()?).ok()?;
        let day = reading.today.nth_weekday(if reading.past { -1 } else { 1 }, weekday).ok()?;
        Some((Days { weekday: true, ..Days::day(day) }, next))
    })
}

/// "3 mei 2027".
fn of_month(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let digits = tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 2)?;
    if !super::digits::begins(tokens, at) {
        return None;
    }
    let skip = |at: usize, words: &[&str]| {
        at + usize::from(tokens.get(at).is_some_and(|token| words.contains(&token.lower.as_str())))
    };
    let start = skip(at + 1, &["."]);
    let (month, next) = find(tokens, start, &MONTHS)?;
    let day: i8 = digits.lower.parse().ok()?;
    let of_year = |year: i16| Date::new(year, i8::try_from(month + 1).ok()?, day).ok();
    let year_at = skip(next, &[",", "."]);
    let year = tokens.get(year_at).filter(|token| token.is_digits() && token.lower.len() == 4);
    if let Some(date) = year.and_then(|year| of_year(year.lower.parse().ok()?)) {
        return Some((Days::day(date), year_at + 1));
    }
    Some((Days::day(reading.yearly(of_year)?), next))
}

fn around(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let (index, next) = find(tokens, at, &AROUND)?;
    let before = at.checked_sub(1).map(|index| tokens[index].lower.as_str());
    if index == 3 && is_greeting(before) {
        return None;
    }
    let day = reading.today.checked_add(Span::new().days(i64::try_from(index).ok()? - 2)).ok()?;
    Some((Days::day(day), next))
}

/// Whether "morgen" after this word is a morning: "goede morgen".
pub(super) fn is_greeting(word: Option<&str>) -> bool {
    word.is_some_and(|word| word.eq_ignore_ascii_case("goede"))
}

/// "om 20 uur": hours after noon, which need no other word. Those before are left to the library.
pub(super) fn hour(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Clock, usize)> {
    if language::base(reading.language) != "nl" {
        return None;
    }
    let leads = tokens[at].lower == "om";
    let digits = at + usize::from(leads);
    let hour = tokens.get(digits).filter(|token| token.is_digits() && token.lower.len() == 2)?;
    let unit = tokens.get(digits + 1).map(|token| token.lower.as_str());
    let named = matches!(unit, Some("uur" | "u"));
    let goes_on = tokens.get(digits + 1 + usize::from(named)).is_some_and(|after| after.glued && !after.is_mark("."));
    let minutes = tokens.get(digits + 2).is_some_and(|after| named && after.is_digits());
    if !(leads || named) || goes_on || minutes || !super::digits::begins(tokens, digits) {
        return None;
    }
    let hour = hour.lower.parse().ok().filter(|hour| (13..24).contains(hour))?;
    Some((Clock::at(Time::new(hour, 0, 0, 0).ok()?), digits + 1 + usize::from(named)))
}

/// Which of the names stands at a token, and the token after it.
fn find(tokens: &[Token], at: usize, names: &[&str]) -> Option<(usize, usize)> {
    let said = &tokens.get(at)?.lower;
    Some((names.iter().position(|name| name == said)?, at + 1))
}

/// "2027年5月3日", "5월 3일".
fn with_signs(tokens: &[Token], at: usize, reading: &Reading<'_>) -> Option<(Days, usize)> {
    let part = |at: usize, signs: &[&str]| {
        let digits = tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 4)?;
        tokens.get(at + 1).filter(|sign| signs.iter().any(|start| sign.lower.starts_with(start)))?;
        digits.lower.parse::<i16>().ok()
    };
    let year = part(at, &["年", "년"]);
    let at = if year.is_some() { at + 2 } else { at };
    let month = i8::try_from(part(at, &["月", "월"])?).ok()?;
    let day = i8::try_from(part(at + 2, &["日", "일", "号"])?).ok()?;
    let of_year = |year| Date::new(year, month, day).ok();
    let date = match year {
        Some(year) => of_year(year)?,
        None => reading.yearly(of_year)?,
    };
    Some((Days::day(date), at + 4))
}
