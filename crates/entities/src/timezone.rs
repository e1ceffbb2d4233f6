//! Time zones.

mod names;

use std::ops::Range;

use jiff::Zoned;
use jiff::tz::{Offset, TimeZone};
use serde_json::Value;

use crate::tokens::{Token, tokens};
use crate::{Extractor, Found, Surroundings};

/// Finds time zones: `EST`, `pacific time`, `UTC+5:30`, `GMT-6`, `America/Chicago`, `Indian Standard Time`.
///
/// The value is the distance from Greenwich, `"-06:00"`. A place, or a name without "standard" or "daylight", has the
/// distance of the day of [`Surroundings::now`].
#[derive(Clone, Copy, Debug, Default)]
pub struct TimeZones;

impl Extractor for TimeZones {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let tokens = tokens(text);
        let mut found = Vec::new();
        let mut at = 0;
        while at < tokens.len() {
            let zone = offset_at(text, &tokens, at, surroundings.now).or_else(|| bare(text, &tokens, at));
            let Some((offset, next)) = zone else {
                at += 1;
                continue;
            };
            let range: Range<usize> = tokens[at].range.start..tokens[next - 1].range.end;
            found.push(Found { range, value: Value::from(written(offset)), others: Vec::new(), incomplete: false });
            at = next;
        }
        found
    }
}

/// `+05:30`.
pub(crate) fn written(offset: Offset) -> String {
    let minutes = offset.seconds() / 60;
    let sign = if minutes < 0 { '-' } else { '+' };
    format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
}

/// A zone that begins at a token, by name: its distance, and the token after it.
pub(crate) fn offset_at(text: &str, tokens: &[Token], at: usize, now: &Zoned) -> Option<(Offset, usize)> {
    let token = tokens.get(at).filter(|token| token.is_word())?;
    let joined_before = token.glued && at > 0 && (tokens[at - 1].is_word() || tokens[at - 1].is_mark("/"));
    if joined_before {
        return None;
    }
    if let Some((name, next)) = place(text, tokens, at) {
        let zone = TimeZone::get(name).ok()?;
        return Some((zone.to_offset(now.timestamp()), next));
    }
    if matches!(token.lower.as_str(), "utc" | "gmt") {
        let zero = Offset::from_seconds(0).ok()?;
        return Some(signed(tokens, at + 1).unwrap_or((zero, at + 1)));
    }
    let written = &text[token.range.clone()];
    if let Some(minutes) = names::abbreviation(&token.lower) {
        let capitals = written.bytes().all(|byte| byte.is_ascii_uppercase());
        if capitals || !names::is_word(&token.lower) {
            let next = at + 1 + usize::from(tokens.get(at + 1).is_some_and(|token| token.lower == "time"));
            return Some((Offset::from_seconds(minutes * 60).ok()?, next));
        }
    }
    spelt_out(tokens, at, now)
}

/// "eastern time", "indian standard time", "central european summer time".
fn spelt_out(tokens: &[Token], at: usize, now: &Zoned) -> Option<(Offset, usize)> {
    let word = |index: usize| tokens.get(index).map(|token| token.lower.as_str());
    let (zone, mut next) = match (word(at)?, word(at + 1)) {
        ("central", Some("european")) => ("Europe/Berlin", at + 2),
        ("eastern", Some("european")) => ("Europe/Athens", at + 2),
        ("western", Some("european")) => ("Europe/Lisbon", at + 2),
        (first, _) => (names::region(first)?, at + 1),
    };
    let season = word(next).filter(|word| matches!(*word, "standard" | "daylight" | "summer"));
    next += usize::from(season.is_some());
    match word(next)? {
        "time" if word(next + 1) == Some("zone") => next += 2,
        "time" | "timezone" => next += 1,
        _ => return None,
    }
    let zone = TimeZone::get(zone).ok()?;
    let of_month = |month| {
        let day = jiff::civil::date(now.year(), month, 1);
        day.to_zoned(zone.clone()).map(|day| day.offset()).ok()
    };
    let offset = match season {
        // The clock is ahead in the summer of either half of the earth.
        Some("standard") => of_month(1)?.min(of_month(7)?),
        Some(_) => of_month(1)?.max(of_month(7)?),
        None => zone.to_offset(now.timestamp()),
    };
    Some((offset, next))
}

/// A name of the time-zone database: `America/Argentina/Buenos_Aires`.
fn place<'a>(text: &'a str, tokens: &[Token], at: usize) -> Option<(&'a str, usize)> {
    if !tokens.get(at + 1)?.is_mark("/") {
        return None;
    }
    let mut next = at + 1;
    while tokens.get(next).is_some_and(|token| {
        token.glued && (token.is_word() || token.is_digits() || matches!(token.lower.as_str(), "/" | "_" | "-" | "+"))
    }) {
        next += 1;
    }
    Some((&text[tokens[at].range.start..tokens[next - 1].range.end], next)).filter(|(name, _)| name.len() < 40)
}

/// A distance alone: `+05:30`, `-06:00`. The two digits of its minutes must be there.
fn bare(text: &str, tokens: &[Token], at: usize) -> Option<(Offset, usize)> {
    let (offset, next) = signed(tokens, at)?;
    let length = text[tokens[at].range.start..tokens[next - 1].range.end].chars().count();
    (!tokens[at].glued && length == 6).then_some((offset, next))
}

/// `+5`, `-06:00`, `+0530`, glued or not to what is before.
pub(crate) fn signed(tokens: &[Token], at: usize) -> Option<(Offset, usize)> {
    let sign = match tokens.get(at)?.lower.as_str() {
        "+" => 1,
        "-" | "−" => -1,
        _ => return None,
    };
    let digits = tokens.get(at + 1).filter(|token| token.is_digits() && token.glued)?;
    let colon = tokens.get(at + 2).is_some_and(|token| token.glued && matches!(token.lower.as_str(), ":" | "."));
    let minutes = tokens.get(at + 3).filter(|token| colon && token.glued && token.lower.len() == 2);
    let (hours, minutes, next): (i32, i32, usize) = match (digits.lower.len(), minutes) {
        (1 | 2, Some(minutes)) => (digits.lower.parse().ok()?, minutes.lower.parse().ok()?, at + 4),
        (1 | 2, None) => (digits.lower.parse().ok()?, 0, at + 2),
        (4, _) => (digits.lower[..2].parse().ok()?, digits.lower[2..].parse().ok()?, at + 2),
        _ => return None,
    };
    if hours > 14 || minutes > 59 {
        return None;
    }
    Some((Offset::from_seconds(sign * (hours * 60 + minutes) * 60).ok()?, next))
}
