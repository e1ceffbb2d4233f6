//! Times of day: "halb acht", "ocho menos cuarto", "20 Uhr 15", "午後3時半".

use jiff::civil::Time;
use jiff::{Span, ToSpan};

use super::{Read, When};
use crate::calendar::{Clock, Part, digits};
use crate::tongue::Sense;

impl When<'_> {
    pub(super) fn clock(&self, at: usize) -> Option<Read> {
        let (led, start) = match self.script.after(at, Sense::At) {
            Some(next) => (true, next),
            None => (false, at),
        };
        let named = [self.minutes_first(start), self.half_next(start), self.noon(start), self.hour_first(start, led)];
        let read = named.into_iter().flatten().rev().max_by_key(|read| read.next)?;
        Some(Read { next: self.script.skip(read.next, Sense::OClock), ..read })
    }

    /// An hour from a token on: 0 to 24, in digits or words.
    pub(super) fn hour(&self, at: usize) -> Option<(Time, usize)> {
        let ordinal = |at| self.script.pick(at, |it| if let Sense::Ordinal(place) = it { Some(place) } else { None });
        if self.script.tongue.grammar.ordinal_hours
            && let Some((hour, next)) = ordinal(at)
        {
            return Some((Time::new(i8::try_from(hour).ok()?, 0, 0, 0).ok()?, next));
        }
        if self.script.tokens.get(at)?.is_digits() {
            let token = &self.script.tokens[at];
            let hour: i8 = (token.lower.len() <= 2 && self.begins(at)).then(|| token.lower.parse().ok())??;
            return Some((Time::new(if hour == 24 { 0 } else { hour }, 0, 0, 0).ok()?, at + 1));
        }
        let said = self.script.number(at)?;
        // "y media" and the like is read as minutes; of the number only what stands before it.
        let quarters = said.value.times(crate::decimal::Decimal::whole(4))?.to_i64()?;
        let (hour, minute) = (quarters.div_euclid(4), quarters.rem_euclid(4) * 15);
        if minute > 0 && !(self.script.tongue.grammar.fractional_hours || self.ends_with_half(said.next)) {
            return None;
        }
        let hour = i8::try_from(if hour == 24 { 0 } else { hour }).ok()?;
        Some((Time::new(hour, i8::try_from(minute).ok()?, 0, 0).ok()?, said.next))
    }

    /// Whether a number ends with "and a half".
    fn ends_with_half(&self, next: usize) -> bool {
        (0..next).any(|at| self.script.after(at, Sense::AndHalf) == Some(next))
    }

    /// "alle otto e un quarto", "ocho menos cuarto", "20 Uhr 15", "15h30", "19.30".
    fn hour_first(&self, at: usize, led: bool) -> Option<Read> {
        let script = self.script;
        if let Some((mut clock, next)) = digits::clock(script.tokens, at, script.tongue.grammar.twelve_hours) {
            if !self.begins(at) {
                return None;
            }
            let is_plain = !script.tokens[at].lower.starts_with('0');
            clock.shifts = is_plain && (1..=12).contains(&clock.time.hour());
            return Some(self.in_half(clock, next));
        }
        let (time, mut next) = self.hour(at)?;
        let is_padded = |token: &crate::tokens::Token| token.lower.len() > 1 && token.lower.starts_with('0');
        let padded = script.tokens[at].is_digits() && is_padded(&script.tokens[at]);
        // "στις 20 Ιουλίου" is a day.
        let is_of_day = |it: Sense| matches!(it, Sense::Month(_) | Sense::DayWord).then_some(());
        if script.pick(next, is_of_day).is_some() {
            return None;
        }
        // "sekizi beş geçiyor", "8'e 10 var"
        let last = |at| {
            script.pick(at, |it| match it {
                Sense::PastLast => Some(1),
                Sense::ToLast => Some(-1),
                _ => None,
            })
        };
        if let Some((minutes, after)) = self.minutes(script.skip(next, Sense::OClock), false)
            && let Some((sign, after)) = last(after)
        {
            return self.at(time, sign * minutes, after, padded);
        }
        let mut is_sure = led || time.minute() > 0 && !script.tokens[at].is_digits();
        if let Some(after) = script.after(next, Sense::OClock) {
            (is_sure, next) = (true, after);
            // "15h30", "20 Uhr 15", "14時30分"
            if let Some((minute, after)) = self.minutes(next, true) {
                return self.at(time, minute, after, padded);
            }
        } else if script.tokens[at].is_digits()
            && let Some((minute, after)) = self.behind_point(next)
        {
            // "17.30 h", "ore 19.30"
            let named = script.after(after, Sense::OClock);
            let is_answer = script.is_beginning(at) && script.is_end(after);
            return (led || is_answer || named.is_some())
                .then(|| self.at(time, minute, named.unwrap_or(after), padded))
                .flatten();
        }
        // Minutes that are still missing; "menos cuarto".
        if let Some(after) = script.after(next, Sense::To)
            && let Some((minutes, after)) = self.minutes(after, false)
        {
            return self.at(time, -minutes, after, padded);
        }
        let past = script.after(next, Sense::Past).or_else(|| script.after(next, Sense::And));
        if let Some(after) = script.after(next, Sense::AndHalf) {
            return self.at(time, 30, after, padded);
        }
        if let Some((minutes, after)) = past.and_then(|after| self.minutes(after, false)) {
            return self.at(time, minutes, after, padded);
        }
        if let Some((minutes, after)) = self
            .minutes(next, false)
            .filter(|_| script.tongue.grammar.minutes_follow && (is_sure || !script.tokens[at].is_digits()))
            .filter(|(minutes, after)| *minutes >= 10 && script.is_free(*after))
        {
            return self.at(time, minutes, after, padded);
        }
        // A part of the day says that a number is an hour.
        let half_said = self.half_of_day(next).is_some()
            || (script.is_free(next) && script.ends(at, |it| matches!(it, Sense::Part(_) | Sense::DayPart(..))));
        (is_sure || half_said).then(|| self.at(time, 0, next, padded)).flatten()
    }

    /// "am", "pm", "de la tarde".
    pub(super) fn half_of_day(&self, at: usize) -> Option<(Part, usize)> {
        self.script.pick(at, |it| if let Sense::Part(part) = it { Some(part) } else { None })
    }

    fn in_half(&self, clock: Clock, next: usize) -> Read {
        Read::clock(clock, self.script.skip(next, Sense::OClock))
    }

    pub(super) fn at(&self, hour: Time, minutes: i64, next: usize, padded: bool) -> Option<Read> {
        let is_twelve_hours = (1..=12).contains(&hour.hour()) && !padded;
        let time = hour.wrapping_add(Span::new().try_minutes(minutes).ok()?);
        // "午後0時半" is after noon.
        let shifts = is_twelve_hours || (hour.hour() == 0 && self.script.tongue.grammar.unspaced && !padded);
        Some(Read::clock(Clock { either_half: is_twelve_hours, shifts, ..Clock::at(time) }, next))
    }

    /// Minutes: a number up to 59, a half, a quarter, with the word for minutes behind or not. Digits of two only, where they
    /// follow the hour.
    fn minutes(&self, at: usize, behind_hour: bool) -> Option<(i64, usize)> {
        let script = self.script;
        let place = script.skip(at, Sense::One);
        let share = |at: usize| {
            script.pick(at, |it| match it {
                Sense::Half => Some(30),
                Sense::Quarter => Some(15),
                Sense::ThreeQuarters => Some(45),
                _ => None,
            })
        };
        if let Some(found) = share(at).or_else(|| share(place)) {
            return Some(found);
        }
        let token = script.tokens.get(at)?;
        let (minutes, next) = match token.is_digits() {
            true if token.lower.len() == 2 || !behind_hour => (token.lower.parse().ok()?, at + 1),
            true => {
                return script.after(at + 1, Sense::Minutes).and_then(|next| Some((token.lower.parse().ok()?, next)));
            }
            false => {
                let said = script.number(at)?;
                (said.value.to_i64()?, said.next)
            }
        };
        // "20 Uhr 15 Personen" is none.
        let counts = behind_hour && script.tokens.get(next).is_some_and(|it| it.is_word());
        if counts && script.senses(next).is_empty() {
            return None;
        }
        (1..60).contains(&minutes).then(|| (minutes, script.skip(next, Sense::Minutes)))
    }

    fn behind_point(&self, at: usize) -> Option<(i64, usize)> {
        let tokens = self.script.tokens;
        let is_point = tokens.get(at).is_some_and(|it| it.is_mark(".") && it.glued);
        let minutes = tokens.get(at + 1).filter(|it| is_point && it.glued && it.is_digits() && it.lower.len() == 2)?;
        let goes_on = tokens.get(at + 2).is_some_and(|it| it.is_mark(".") && it.glued)
            && tokens.get(at + 3).is_some_and(|it| it.glued && it.is_digits());
        minutes.lower.parse().ok().filter(|it| *it < 60 && !goes_on).map(|it| (it, at + 2))
    }

    /// "viertel vor neun", "fünf vor halb neun", "un cuarto para las ocho".
    fn minutes_first(&self, at: usize) -> Option<Read> {
        let (minutes, next) = self.minutes(at, false)?;
        if !self.may_be_minutes(at, minutes) {
            return None;
        }
        let (sign, next) = self.script.pick(next, |it| match it {
            Sense::PastBehind => Some(1),
            Sense::ToBehind => Some(-1),
            _ => None,
        })?;
        if let Some(read) = self.half_next(next) {
            let clock = read.clock?;
            let time = clock.time.wrapping_add((sign * minutes).minutes());
            return Some(Read::clock(Clock { time, ..clock }, read.next));
        }
        if let Some(read) = self.noon(next) {
            let time = read.clock?.time.wrapping_add((sign * minutes).minutes());
            return Some(Read::clock(Clock::at(time), read.next));
        }
        let (hour, next) = self.hour(next)?;
        self.at(hour, sign * minutes, next, false)
    }

    /// Whether a number before an hour can be minutes: in "mesa para 4 para as 8", "in cinque alle nove" it counts people, where
    /// the words between minutes and hour are those before an hour as well.
    fn may_be_minutes(&self, at: usize, minutes: i64) -> bool {
        let script = self.script;
        let Some(said) = script.number(at).filter(|said| !said.bare_one) else { return true };
        let is_doubtful =
            script.after(said.next, Sense::ToBehind).is_some() && script.after(said.next, Sense::At).is_some();
        let leads = |it: Sense| {
            use Sense::{At, Day, DayPart, Filler, Month, Weekday};
            matches!(it, At | Day(_) | DayPart(..) | Filler | Month(_) | Weekday(_))
        };
        let ends = |from: usize| script.senses(from).iter().any(|(sense, next)| *next == at && leads(*sense));
        let is_alone = at == 0 || !script.tokens[at - 1].is_word() || (at.saturating_sub(6)..at).any(ends);
        !is_doubtful || (minutes % 5 == 0 && is_alone)
    }

    /// "halb acht" is half past seven, "dreiviertel acht" a quarter to eight.
    fn half_next(&self, at: usize) -> Option<Read> {
        if !self.script.tongue.grammar.half_next {
            return None;
        }
        let (missing, next) = self.script.pick(at, |it| match it {
            Sense::Half => Some(30),
            Sense::ThreeQuarters => Some(15),
            // "viertel acht" is a quarter past seven.
            Sense::Quarter => Some(45),
            _ => None,
        })?;
        let (hour, next) = self.hour(next).filter(|(hour, _)| hour.minute() == 0 && hour.hour() <= 12)?;
        self.at(hour, -missing, next, false)
    }

    /// "medianoche", "midi et demi", "minuit moins le quart".
    fn noon(&self, at: usize) -> Option<Read> {
        let script = self.script;
        let (hour, mut next) = script.pick(at, |it| match it {
            Sense::Noon => Some(12),
            Sense::Midnight => Some(0),
            _ => None,
        })?;
        // "2 الظهر": behind an hour it is only the part of the day.
        let is_behind_hour = (at.saturating_sub(3)..at).any(|from| self.hour(from).is_some_and(|(_, end)| end == at));
        if is_behind_hour && self.half_of_day(at).is_some() {
            return None;
        }
        let mut minutes = 0;
        if let Some(after) = script.after(next, Sense::AndHalf) {
            (minutes, next) = (30, after);
        } else if let Some((less, after)) = script.after(next, Sense::To).and_then(|at| self.minutes(at, false)) {
            (minutes, next) = (-less, after);
        } else if let Some((more, after)) = script
            .after(next, Sense::Past)
            .or_else(|| script.after(next, Sense::And))
            .and_then(|at| self.minutes(at, false))
        {
            (minutes, next) = (more, after);
        } else if let Some((more, after)) = self
            .minutes(next, true)
            .filter(|(more, after)| script.tongue.grammar.minutes_follow && *more >= 10 && script.is_free(*after))
        {
            (minutes, next) = (more, after);
        } else if self.hour(next).is_some() {
            // "öğlen 2'de" is no twelve o'clock.
            return None;
        }
        let time = Time::new(hour, 0, 0, 0).ok()?.wrapping_add(Span::new().try_minutes(minutes).ok()?);
        Some(Read::clock(Clock::at(time), next))
    }
}
