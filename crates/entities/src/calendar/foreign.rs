//! Days and times in languages other than English: dates are read here, the rest by the library.

use super::{Clock, Days, Mention, Reading, digits, names};
use crate::duckling::{self, Placed, Stretch};
use crate::tokens::{Token, without_overlaps};

/// What the text says of time.
pub(super) fn mentions(text: &str, tokens: &[Token], reading: &Reading<'_>) -> Vec<Mention> {
    let written = written(tokens, reading);
    let spoken = duckling::times(text, reading.language, reading.now);
    let mut found: Vec<Mention> = spoken.into_iter().filter_map(|placed| mention(text, placed, &written)).collect();
    // What was read here comes first where both stand at the same place.
    found.splice(0..0, written);
    without_overlaps(found, |mention| mention.range.clone())
}

fn mention(text: &str, placed: Placed<Stretch>, written: &[Mention]) -> Option<Mention> {
    let Stretch { start, end, has_day, has_clock } = placed.value;
    let last = end.checked_sub(jiff::Span::new().seconds(1)).ok()?.date();
    let range = placed.range;
    let clashes = |own: &&Mention| own.range.start < range.end && range.start < own.range.end;
    let greets =
        text.get(..range.start).is_some_and(|before| names::is_greeting(before.split_whitespace().next_back()));
    let other_time = |own: &Mention| own.clock.as_ref().is_some_and(|clock| has_clock && clock.time != start.time());
    if greets || written.iter().filter(clashes).any(other_time) {
        return None;
    }
    let own = written.iter().find(|own| own.range.start < range.end && range.start < own.range.end);
    let mut days = has_day.then(|| match has_clock {
        true => Days::day(start.date()),
        false => {
            Days { month: start.day() == 1 && last == start.date().last_of_month(), ..Days::span(start.date(), last) }
        }
    });
    if let Some(own) = own {
        // It may say more than the date: "3 mai 2027 à 20h", "nächsten" before "Freitag".
        let before = text.get(range.start..own.range.start).unwrap_or("");
        let after = text.get(own.range.end..range.end).unwrap_or("");
        let more = before.chars().chain(after.chars()).any(char::is_alphanumeric);
        let around = range.start <= own.range.start && own.range.end <= range.end;
        if !(more && around) {
            return None;
        }
        if own.days.as_ref().is_some_and(|days| !days.weekday) {
            days.clone_from(&own.days);
        }
    }
    let clock = has_clock.then(|| Clock::at(start.time()));
    Some(Mention { range, days, clock, length: None })
}

fn written(tokens: &[Token], reading: &Reading<'_>) -> Vec<Mention> {
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let begins = digits::begins(tokens, at);
        let date = digits::date(tokens, at, reading).map(|(days, next)| (Some(days), None, next));
        let date = date.or_else(|| names::days(tokens, at, reading).map(|(days, next)| (Some(days), None, next)));
        let clock =
            || digits::clock(tokens, at, false).filter(|_| begins).map(|(clock, next)| (None, Some(clock), next));
        let hour = || names::hour(tokens, at, reading).map(|(clock, next)| (None, Some(clock), next));
        let Some((days, clock, next)) = date.or_else(clock).or_else(hour) else {
            at += 1;
            continue;
        };
        let range = tokens[at].range.start..tokens[next - 1].range.end;
        found.push(Mention { range, days, clock, length: None });
        at = next;
    }
    found
}
