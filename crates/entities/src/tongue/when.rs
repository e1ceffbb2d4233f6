//! Days and times in words: "el martes de la semana que viene", "halb acht abends", "明日の朝9時".

mod clock;
mod date;
mod day;

use jiff::Span;
use jiff::civil::Time;

use super::{Length, Script, Sense};
use crate::calendar::{Clock, Days, Mention, Reading, digits};

/// What was read: the days and the time of day, and the token after them.
struct Read {
    days: Option<Days>,
    clock: Option<Clock>,
    next: usize,
}

impl Read {
    fn days(days: Days, next: usize) -> Self {
        Self { days: Some(days), clock: None, next }
    }

    fn clock(clock: Clock, next: usize) -> Self {
        Self { days: None, clock: Some(clock), next }
    }
}

/// What a text says of time, in order.
pub(crate) fn mentions(script: &Script<'_>, reading: &Reading<'_>) -> Vec<Mention> {
    let grammar = When { script, reading, is_to_come: script.is_to_come() };
    let (mut found, mut at) = (Vec::new(), 0);
    while at < script.tokens.len() {
        if let Some(next) = script.after(at, Sense::Nothing) {
            at = next;
            continue;
        }
        // Of readings that begin here the longest.
        let readings = [grammar.length(at), grammar.day(at), grammar.clock(at), grammar.part(at)];
        let Some(read) = readings.into_iter().flatten().rev().max_by_key(|read| read.next) else {
            at += 1;
            continue;
        };
        let Read { days, clock, next } = read;
        let is_day = days.is_some() && clock.is_none();
        let first = Some(script.skip(at, Sense::The)).filter(|first| is_day && *first < next).unwrap_or(at);
        found.push(Mention { range: script.range(first, next), days, clock, length: None });
        at = next;
    }
    found
}

struct When<'s> {
    script: &'s Script<'s>,
    reading: &'s Reading<'s>,
    /// What verbs say of the days.
    is_to_come: Option<bool>,
}

impl When<'_> {
    /// "dentro de tres días", "2時間後", "hace una semana".
    fn length(&self, at: usize) -> Option<Read> {
        let script = self.script;
        let (mut sign, mut start) = (None, at);
        if let Some(next) = script.after(at, Sense::In) {
            (sign, start) = (Some(1), next);
        } else if let Some(next) = script.after(at, Sense::Before) {
            (sign, start) = (Some(-1), next);
        }
        let dual = script.pick(start, |it| if let Sense::Dual(length) = it { Some(length) } else { None });
        let half = script.after(script.skip(start, Sense::One), Sense::Half);
        let (mut halves, mut next) = match (half, dual) {
            (Some(next), _) => (1, next),
            (None, Some(_)) => (4, start),
            (None, None) => {
                let said = script.number(start)?;
                let twice = said.value.times(crate::decimal::Decimal::whole(2))?.to_i64()?;
                (twice, said.next)
            }
        };
        let span = |at| script.pick(at, |it| if let Sense::Span(length) = it { Some(length) } else { None });
        let (length, after) = dual.or_else(|| span(next))?;
        next = after;
        if let Some(after) = script.after(next, Sense::AndHalf) {
            (halves, next) = (halves + 1, after);
        }
        if sign == Some(1) {
            // "आज से तीन दिन बाद"
            next = script.skip(next, Sense::Later);
        }
        if sign.is_none() {
            let behind = script.pick(next, |it| match it {
                Sense::Later => Some(1),
                Sense::Ago => Some(-1),
                _ => None,
            });
            let (behind, after) = behind?;
            (sign, next) = (Some(behind), after);
        }
        let halves = halves.checked_mul(sign?)?;
        let whole = || (halves % 2 == 0).then_some(halves / 2);
        let span = match length {
            Length::Day => Span::new().try_days(whole()?),
            Length::Week => Span::new().try_weeks(whole()?),
            Length::Month => Span::new().try_months(whole()?),
            Length::Year => Span::new().try_years(whole()?),
            Length::Hour => Span::new().try_minutes(halves.checked_mul(30)?),
            Length::Minute => Span::new().try_minutes(whole()?),
        };
        let span = span.ok()?;
        if matches!(length, Length::Hour | Length::Minute) {
            let moment = self.reading.now.datetime().checked_add(span).ok()?;
            let time = Time::new(moment.hour(), moment.minute(), 0, 0).ok()?;
            return Some(Read { days: Some(Days::day(moment.date())), clock: Some(Clock::at(time)), next });
        }
        Some(Read::days(Days::day(self.reading.today.checked_add(span).ok()?), next))
    }

    fn part(&self, at: usize) -> Option<Read> {
        let (part, next) = self.script.pick(at, |it| if let Sense::Part(part) = it { Some(part) } else { None })?;
        Some(Read::clock(Clock::part(part), next))
    }

    /// Commas, points and words like "de", which stand between the parts of a date.
    fn skip_joins(&self, mut at: usize) -> usize {
        loop {
            let is_mark =
                self.script.tokens.get(at).is_some_and(|it| it.is_mark(",") || it.is_mark(".") || it.is_mark("("));
            let next = self.script.after(at, Sense::Of).unwrap_or_else(|| at + usize::from(is_mark));
            if next == at {
                return at;
            }
            at = next;
        }
    }

    fn begins(&self, at: usize) -> bool {
        self.script.tongue.grammar.unspaced || digits::begins(self.script.tokens, at)
    }

    /// A whole number from a token on, in digits or words, or the word for a place in an order.
    fn counted(&self, at: usize) -> Option<(i64, usize)> {
        let ordinal = self.script.pick(at, |it| if let Sense::Ordinal(place) = it { Some(place) } else { None });
        if let Some((tens @ (20 | 30), next)) = ordinal
            && let Some((ones, next)) = self.script.pick(self.script.skip(next, Sense::And), |it| match it {
                Sense::Ordinal(place @ 1..=9) => Some(place),
                _ => None,
            })
        {
            return Some((tens + ones, next));
        }
        if ordinal.is_some() {
            return ordinal;
        }
        let token = self.script.tokens.get(at)?;
        if token.is_digits() {
            return (token.lower.len() <= 4 && self.begins(at))
                .then(|| token.lower.parse().ok())
                .flatten()
                .map(|it| (it, at + 1));
        }
        let said = self.script.number(at).filter(|said| said.in_words && !said.bare_one)?;
        Some((said.value.to_i64()?, said.next))
    }
}
