//! Times of day: "8 pm", "half past eight", "at 7", "noon", "in the morning".

use jiff::civil::Time;

use super::super::{Clock, Part, Reading, digits};
use super::words::{month, weekday};
use super::{Piece, Words, day};
use crate::{spoken, timezone};

/// The time that begins at a token.
pub(super) fn clock(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<Piece> {
    let lead = usize::from(matches!(words.word(at)?, "at" | "@"));
    let start = at + lead;
    let (mut clock, mut next) = written(words, start)
        .or_else(|| named(words, start))
        .or_else(|| to_the_hour(words, start, lead == 1))
        .or_else(|| hour(words, start, lead == 1))
        .or_else(|| in_part(words, at))?;
    if clock.part.is_none() {
        if let Some((offset, end)) = zone(words, next, reading) {
            clock.offset = Some(offset);
            next = end;
        }
        next += usize::from(words.is(next, "sharp") || words.is(next, "exactly"));
    }
    Some(Piece::clock(clock, next))
}

fn zone(words: &Words<'_>, at: usize, reading: &Reading<'_>) -> Option<(jiff::tz::Offset, usize)> {
    let token = words.tokens.get(at)?;
    if matches!(token.lower.as_str(), "+" | "-") && token.glued {
        let long = |next: usize| words.tokens[next - 1].range.end - token.range.start >= 5;
        return timezone::signed(words.tokens, at).filter(|(_, next)| long(*next));
    }
    if token.lower == "z" && token.glued {
        return Some((jiff::tz::Offset::UTC, at + 1));
    }
    timezone::offset_at(words.text, words.tokens, at, reading.now)
}

/// "20:00", "8:30 pm", "8.30pm", and the time of an ISO date: "T18:00:00".
fn written(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let iso = usize::from(words.is(at, "t") && at > 0 && words.tokens[at].glued && words.tokens[at - 1].is_digits());
    if iso == 0 && !digits::begins(words.tokens, at) {
        return None;
    }
    if let Some((clock, next)) = digits::clock(words.tokens, at + iso, iso == 0) {
        return Some(match meridiem(words, next).and_then(|(pm, end)| Some((half(&clock, pm)?, end))) {
            Some((clock, end)) => (clock, end),
            None => (clock, next),
        });
    }
    let hour = words.tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 2)?;
    let minute = words.tokens.get(at + 2).filter(|token| token.is_digits() && token.lower.len() == 2 && token.glued)?;
    let dot = words.is(at + 1, ".") && words.tokens[at + 1].glued;
    let (pm, next) = meridiem(words, at + 3).filter(|_| dot)?;
    Some((half(&Clock::at(time(hour.lower.parse().ok()?, minute.lower.parse().ok()?)?), pm)?, next))
}

/// "noon", "midnight", "1830 hours".
fn named(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let token = words.tokens.get(at)?;
    match token.lower.as_str() {
        "noon" | "midday" | "noontime" => Some((Clock::at(time(12, 0)?), at + 1)),
        "midnight" => Some((Clock::at(time(0, 0)?), at + 1)),
        digits
            if token.is_digits() && digits.len() == 4 && matches!(words.word(at + 1), Some("hours" | "hrs" | "h")) =>
        {
            Some((Clock::at(time(digits[..2].parse().ok()?, digits[2..].parse().ok()?)?), at + 2))
        }
        // "1730", and nothing else.
        digits if token.is_digits() && digits.len() == 4 && words.tokens.len() == 1 => {
            let clock = Clock::at(time(digits[..2].parse().ok()?, digits[2..].parse().ok()?)?);
            let either_half = (1..=12).contains(&clock.time.hour()) && !digits.starts_with('0');
            Some((Clock { either_half, ..clock }, at + 1))
        }
        _ => None,
    }
}

/// "half past eight", "quarter to nine", "twenty five minutes past five".
fn to_the_hour(words: &Words<'_>, at: usize, led: bool) -> Option<(Clock, usize)> {
    let article = usize::from(words.is(at, "a"));
    let digits = words.tokens.get(at).is_some_and(|token| token.is_digits());
    let (minutes, mut next) = match words.word(at + article)? {
        "half" => (30, at + article + 1),
        "quarter" => (15, at + article + 1),
        _ if article == 1 => return None,
        _ => {
            let (count, next) = words.count(at).filter(|(count, _)| (1..60).contains(count))?;
            (count, next)
        }
    };
    let in_minutes = matches!(words.word(next), Some("minutes" | "mins" | "min" | "minute"));
    next += usize::from(in_minutes);
    let back = match words.word(next)? {
        "past" => false,
        "after" if in_minutes || minutes == 15 => false,
        "to" | "till" | "before" | "of" if in_minutes || minutes == 15 || (minutes % 5 == 0 && !digits) => true,
        "to" if led && minutes % 5 == 0 => true,
        _ => return None,
    };
    let (hour, ambiguous, next) = hours(words, next + 1)?;
    let total = hour * 60 + if back { -minutes } else { minutes };
    let clock = Clock::at(time(total.rem_euclid(1440) / 60, total.rem_euclid(60))?);
    let clock = Clock { either_half: ambiguous, ..clock };
    Some(match meridiem(words, next).and_then(|(pm, end)| Some((half_of(hour, &clock, pm)?, end))) {
        Some((clock, end)) => (clock, end),
        None => (clock, next),
    })
}

/// An hour in digits or words, or noon: the hour, whether it may be either half of the day, the token after it.
fn hours(words: &Words<'_>, at: usize) -> Option<(i64, bool, usize)> {
    match words.word(at)? {
        "noon" | "midday" => return Some((12, false, at + 1)),
        "midnight" => return Some((24, false, at + 1)),
        _ => {}
    }
    let token = &words.tokens[at];
    if token.is_digits() {
        let hour = token.lower.parse().ok().filter(|hour| (0..24).contains(hour) && token.lower.len() <= 2)?;
        return Some((hour, (1..=12).contains(&hour) && !token.lower.starts_with('0'), at + 1));
    }
    let hour = spoken::small(&token.lower).filter(|hour| (1..=12).contains(hour))?;
    Some((hour, true, at + 1))
}

/// "8 pm", "eight thirty pm", "at 7", "8 o'clock".
fn hour(words: &Words<'_>, at: usize, led: bool) -> Option<(Clock, usize)> {
    if words.tokens.get(at)?.is_digits() && !digits::begins(words.tokens, at) {
        return None;
    }
    let (hour, ambiguous, next) = hours(words, at)?;
    let spoken_minutes = || {
        let (minutes, end) = spoken::cardinal(words.tokens, next)?;
        let word = words.tokens[at].is_word() && words.tokens[next].is_word();
        (word && (10..60).contains(&minutes)).then_some((minutes, end))
    };
    let (minutes, next) = spoken_minutes().unwrap_or((0, next));
    let clock = Clock { either_half: ambiguous, ..Clock::at(time(hour % 24, minutes)?) };
    if let Some((pm, end)) = meridiem(words, next) {
        return Some((half(&clock, pm)?, end));
    }
    let o_clock = match (words.word(next), words.word(next + 1)) {
        (Some("o'clock" | "oclock"), _) => 1,
        (Some("o"), Some("clock")) => 2,
        _ => 0,
    };
    let in_a_part = matches!(words.word(next), Some("in" | "at")) && in_part(words, next).is_some();
    (o_clock > 0 || in_a_part || (led && may_end(words, next))).then_some((clock, next + o_clock))
}

/// Whether "at 8" may end here: nothing that is counted follows.
fn may_end(words: &Words<'_>, at: usize) -> bool {
    let Some(after) = words.tokens.get(at) else { return true };
    if after.is_digits() {
        return false;
    }
    if !after.is_word() {
        let number = after.glued && words.tokens.get(at + 1).is_some_and(|token| token.glued && !token.is_word());
        return !number && !matches!(after.lower.as_str(), "%" | "$" | "€" | "£" | "/" | "°" | ":");
    }
    let follows = matches!(
        after.lower.as_str(),
        "on" | "in"
            | "tomorrow"
            | "today"
            | "tonight"
            | "tmrw"
            | "this"
            | "next"
            | "please"
            | "sharp"
            | "and"
            | "or"
            | "for"
            | "with"
            | "to"
            | "until"
            | "till"
            | "the"
            | "thanks"
            | "every"
            | "if"
            | "is"
            | "then"
            | "from"
            | "at"
            | "i"
            | "we"
    );
    follows || weekday(&after.lower).is_some() || month(&after.lower).is_some() || timezone_like(&after.lower)
}

fn timezone_like(word: &str) -> bool {
    matches!(word, "est" | "pst" | "cst" | "mst" | "gmt" | "utc" | "ist" | "edt" | "pdt" | "cet" | "bst")
}

/// "am", "p.m.", "pm": whether after noon, and the token after it.
fn meridiem(words: &Words<'_>, at: usize) -> Option<(bool, usize)> {
    match words.word(at)? {
        "am" => Some((false, at + 1)),
        "pm" => Some((true, at + 1)),
        half @ ("a" | "p") => {
            let dotted = words.is(at + 1, ".") && words.tokens[at + 1].glued && words.is(at + 2, "m");
            if dotted {
                let stop = usize::from(words.is(at + 3, ".") && words.tokens[at + 3].glued);
                return Some((half == "p", at + 3 + stop));
            }
            (words.is(at + 1, "m") && !words.is(at, "a")).then_some((true, at + 2))
        }
        _ => None,
    }
}

fn half(clock: &Clock, pm: bool) -> Option<Clock> {
    half_of(i64::from(clock.time.hour()), clock, pm)
}

/// The time in the half of the day that was said; `hour` is the one on the dial.
fn half_of(hour: i64, clock: &Clock, pm: bool) -> Option<Clock> {
    if hour > 12 {
        // "20:00 pm" says it twice.
        return pm.then(|| Clock { either_half: false, ..clock.clone() });
    }
    let is_pm = hour == 12;
    let swap = is_pm != pm && hour != 0;
    let time = if swap { clock.other_half() } else { clock.time };
    Some(Clock { time, either_half: false, ..clock.clone() })
}

/// "in the morning", "at night", "this evening"; alone only as the whole answer.
fn in_part(words: &Words<'_>, at: usize) -> Option<(Clock, usize)> {
    let (part, next) = match (words.word(at)?, words.word(at + 1), words.word(at + 2)) {
        ("in" | "during", Some("the"), Some(word)) => (day::part(word)?, at + 3),
        ("at", Some("night"), _) => (Part::Night, at + 2),
        ("this", Some(_), _) => return None,
        (word, ..) => (day::part(word)?, at + 1),
    };
    let led = next > at + 1;
    let after_this = matches!(words.before(at), Some("this" | "last"));
    (led || after_this || words.is_whole(at, next)).then_some((Clock::part(part), next))
}

fn time(hour: i64, minute: i64) -> Option<Time> {
    Time::new(i8::try_from(hour).ok()?, i8::try_from(minute).ok()?, 0, 0).ok()
}
