//! Holidays of the English-speaking world whose day can be calculated. Those of the moon (Diwali, Eid) are not here.

use jiff::civil::{Date, Weekday};

use super::super::Reading;
use super::Words;
use crate::language;

/// A holiday that begins at a token, and the token after it; the year may follow.
pub(super) fn holiday(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(Date, usize)> {
    let region = language::region(reading.language).unwrap_or("US");
    let the = usize::from(words.is(at, "the"));
    let side = match words.word(at + the)? {
        "next" | "coming" => Some(1),
        "last" | "past" => Some(-1),
        "this" => Some(0),
        _ => None,
    };
    let start = at + the + usize::from(side.is_some());
    (1..=4).rev().find_map(|count| {
        let name = words.plain_name(start, count)?;
        day(&name, region, 2000)?;
        let next = start + count;
        let of = usize::from(words.is(next, "of") || words.is(next, "in") || words.is(next, ","));
        if let Some(year) = words.year(next + of) {
            return Some((day(&name, region, year)?, next + of + 1));
        }
        let of_year = |year| day(&name, region, year);
        let today = reading.today;
        let day = match side {
            Some(-1) => (today.year() - 1..=today.year()).rev().filter_map(of_year).find(|day| *day < today)?,
            _ => reading.yearly(of_year)?,
        };
        Some((day, next))
    })
}

fn day(name: &str, region: &str, year: i16) -> Option<Date> {
    let fixed = |month, day| Date::new(year, month, day).ok();
    let nth = |month, nth, weekday| Date::new(year, month, 1).ok()?.nth_weekday_of_month(nth, weekday).ok();
    let from_easter = |days: i64| easter(year)?.checked_add(jiff::Span::new().days(days)).ok();
    let british = matches!(region, "GB" | "IE");
    match name {
        "new years day" | "new years" | "new year" | "new year day" => fixed(1, 1),
        "new years eve" | "new year eve" | "nye" => fixed(12, 31),
        "australia day" => fixed(1, 26),
        "republic day" if region == "IN" => fixed(1, 26),
        "martin luther king day" | "mlk day" => nth(1, 3, Weekday::Monday),
        "groundhog day" => fixed(2, 2),
        "valentines day" | "valentine day" | "valentines" => fixed(2, 14),
        "presidents day" | "washingtons birthday" => nth(2, 3, Weekday::Monday),
        "st patricks day" | "saint patricks day" | "st paddys day" => fixed(3, 17),
        "st davids day" => fixed(3, 1),
        "april fools day" | "april fools" => fixed(4, 1),
        "st georges day" => fixed(4, 23),
        "earth day" => fixed(4, 22),
        "anzac day" => fixed(4, 25),
        "shrove tuesday" | "pancake day" | "mardi gras" => from_easter(-47),
        "ash wednesday" => from_easter(-46),
        "palm sunday" => from_easter(-7),
        "maundy thursday" => from_easter(-3),
        "good friday" => from_easter(-2),
        "easter saturday" | "holy saturday" => from_easter(-1),
        "easter" | "easter sunday" => from_easter(0),
        "easter monday" => from_easter(1),
        "ascension day" => from_easter(39),
        "pentecost" | "whitsun" | "whit sunday" => from_easter(49),
        "may day" => fixed(5, 1),
        "cinco de mayo" => fixed(5, 5),
        "mothers day" | "mothering sunday" if british => from_easter(-21),
        "mothers day" => nth(5, 2, Weekday::Sunday),
        "memorial day" => nth(5, -1, Weekday::Monday),
        "victoria day" => Date::new(year, 5, 25).ok()?.nth_weekday(-1, Weekday::Monday).ok(),
        "fathers day" if matches!(region, "AU" | "NZ") => nth(9, 1, Weekday::Sunday),
        "fathers day" => nth(6, 3, Weekday::Sunday),
        "juneteenth" => fixed(6, 19),
        "canada day" => fixed(7, 1),
        "independence day" if region == "IN" => fixed(8, 15),
        "independence day" | "fourth of july" | "4th of july" => fixed(7, 4),
        "labor day" | "labour day" => match region {
            "US" | "CA" => nth(9, 1, Weekday::Monday),
            "NZ" => nth(10, 4, Weekday::Monday),
            _ => fixed(5, 1),
        },
        "gandhi jayanti" => fixed(10, 2),
        "columbus day" | "indigenous peoples day" => nth(10, 2, Weekday::Monday),
        "thanksgiving" | "thanksgiving day" if region == "CA" => nth(10, 2, Weekday::Monday),
        "thanksgiving" | "thanksgiving day" => nth(11, 4, Weekday::Thursday),
        "black friday" => nth(11, 4, Weekday::Thursday)?.tomorrow().ok(),
        "cyber monday" => nth(11, 4, Weekday::Thursday)?.checked_add(jiff::Span::new().days(4)).ok(),
        "halloween" | "all hallows eve" => fixed(10, 31),
        "all saints day" => fixed(11, 1),
        "guy fawkes" | "guy fawkes night" | "guy fawkes day" | "bonfire night" => fixed(11, 5),
        "remembrance day" | "armistice day" | "veterans day" => fixed(11, 11),
        "st andrews day" => fixed(11, 30),
        "christmas eve" | "xmas eve" => fixed(12, 24),
        "christmas" | "christmas day" | "xmas" | "xmas day" => fixed(12, 25),
        "boxing day" | "st stephens day" => fixed(12, 26),
        _ => None,
    }
}

/// Easter Sunday in the Gregorian calendar (Butcher).
fn easter(year: i16) -> Option<Date> {
    let y = i32::from(year);
    let (a, b, c) = (y % 19, y / 100, y % 100);
    let h = (19 * a + b - b / 4 - (b - (b + 8) / 25 + 1) / 3 + 15) % 30;
    let l = (32 + 2 * (b % 4) + 2 * (c / 4) - h - c % 4) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let days = h + l - 7 * m + 114;
    Date::new(year, (days / 31) as i8, (days % 31 + 1) as i8).ok()
}
