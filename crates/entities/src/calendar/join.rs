//! A day and a time beside each other are one moment: "tomorrow" "at 8", "8 pm" "on friday".

use jiff::civil::Date;

use super::{Clock, Days, Mention, Part};

/// What may stand between a day and its time, besides blanks and commas. Also in languages whose grammar leaves them apart.
const BETWEEN: &[&str] = &[
    "",
    "at",
    "on",
    "around",
    "about",
    "by",
    "in",
    "the",
    "@",
    "of",
    "on the",
    "in the",
    "at around",
    "at about",
    "and at",
    "à",
    "vers",
    "le",
    "um",
    "gegen",
    "am",
    "a las",
    "a la",
    "el",
    "alle",
    "às",
    "as",
    "om",
    "の",
    "は",
    "の、",
    "kl",
    "klo",
    "о",
    "в",
    "på",
    "को",
    "के",
    "के दिन",
    "ko",
    "ke",
    "ke din",
    "في",
    "على",
    "saat",
    "στις",
    "στη",
    "στην",
    "το",
    "τη",
];
/// What may stand between a duration and the day it begins on.
const STARTING: &[&str] = &["from", "starting", "starting on", "starting from", "beginning", "beginning on", "as of"];

/// Joins what belongs together.
pub(super) fn join(text: &str, mentions: Vec<Mention>) -> Vec<Mention> {
    let mut joined: Vec<Mention> = Vec::new();
    for mention in mentions {
        let both = joined.last().and_then(|last| both(text, last, &mention));
        match both {
            Some(both) => *joined.last_mut().expect("there is a last one") = both,
            None => joined.push(mention),
        }
    }
    joined
}

fn both(text: &str, left: &Mention, right: &Mention) -> Option<Mention> {
    let gap = text.get(left.range.end..right.range.start)?;
    let between = gap.trim_matches(|character: char| character.is_whitespace() || matches!(character, ',' | '、'));
    let length = left.length.or(right.length);
    let between = between.to_lowercase();
    let may_join = BETWEEN.contains(&between.as_str()) || (length.is_some() && STARTING.contains(&between.as_str()));
    if !may_join || gap.len() > 24 {
        return None;
    }
    let mut days = match (&left.days, &right.days) {
        // "friday, 2nd december"
        (Some(a), Some(b)) if a.weekday != b.weekday && a.is_day() && b.is_day() => {
            let (day, weekday, said) = if a.weekday { (b, a, right) } else { (a, b, left) };
            let fits = |it: &&Date| it.weekday() == weekday.first.weekday();
            let in_digits = text[said.range.clone()].contains(|c: char| c.is_numeric());
            match std::iter::once(&day.first).chain(&day.others).find(fits) {
                Some(fitting) if day.others.contains(fitting) => Some(Days::day(*fitting)),
                Some(_) => Some(day.clone()),
                // "not tomorrow, friday"
                None if gap.contains(',') && !in_digits => return None,
                // "tomorrow friday", which it is not, is one of two days.
                None => Some(Days { others: vec![weekday.first], ..day.clone() }),
            }
        }
        (Some(days), None) | (None, Some(days)) => Some(days.clone()),
        (None, None) => None,
        _ => return None,
    };
    let clock = match (&left.clock, &right.clock) {
        (Some(clock), None) | (None, Some(clock)) => Some(clock.clone()),
        (None, None) => None,
        (Some(part), Some(clock)) if part.part.is_some() && clock.part.is_none() => Some(in_part(clock, part.part?)),
        (Some(clock), Some(part)) if part.part.is_some() && clock.part.is_none() => Some(in_part(clock, part.part?)),
        _ => return None,
    };
    // "heute Nacht um 2" may be in the night before and in the night after.
    let is_night = [left, right]
        .iter()
        .any(|it| it.clock.as_ref().is_some_and(|it| matches!(it.part, Some(Part::Evening | Part::Night))));
    if let (Some(days), Some(clock)) = (&mut days, &clock)
        && is_night
        && clock.part.is_none()
        && clock.time.hour() < 5
    {
        days.others.extend(days.first.tomorrow().ok());
    }
    // Two days with nothing else between them are two values.
    let says_more = (left.days.is_some() != right.days.is_some())
        || (left.clock.is_some() && right.clock.is_some())
        || left.days.as_ref().is_some_and(|days| days.weekday)
        || right.days.as_ref().is_some_and(|days| days.weekday);
    says_more.then_some(Mention { range: left.range.start..right.range.end, days, clock, length })
}

/// "at 9" "in the evening" is 21:00.
fn in_part(clock: &Clock, part: Part) -> Clock {
    if !clock.either_half && !clock.shifts {
        return clock.clone();
    }
    let hour = clock.time.hour();
    let swap = match part {
        Part::Morning => hour >= 12,
        // "11 at midday" is before noon; 6 to 9 are not said so.
        Part::Midday if (6..10).contains(&hour) => return clock.clone(),
        Part::Midday => hour < 6,
        Part::Afternoon => hour < 12,
        // "12 abends" is midnight.
        Part::Evening => hour <= 12,
        // "11 at night" is late, "4 at night" before dawn.
        Part::Night => (6..18).contains(&hour),
    };
    let time = if swap { clock.other_half() } else { clock.time };
    Clock { time, either_half: false, shifts: false, ..clock.clone() }
}
