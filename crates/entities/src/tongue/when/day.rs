//! Days by their names: "esta noche", "el martes de la semana que viene", "vendredi en huit".

use jiff::ToSpan;
use jiff::civil::{Date, Weekday};

use super::{Read, When};
use crate::calendar::{Clock, Days};
use crate::tongue::Sense;

impl When<'_> {
    pub(super) fn day(&self, at: usize) -> Option<Read> {
        let named = [self.weekday(at), self.date(at), self.around(at), self.week_then_day(at), self.month(at)];
        let read = named.into_iter().flatten().rev().max_by_key(|read| read.next)?;
        // "21 July, Monday": a day of one of both.
        let weekday = |at| self.script.weekday(at);
        let is_relative = self.around(at).is_some_and(|around| around.next == read.next);
        if let Some(days) =
            read.days.clone().filter(|days| days.is_day() && !days.weekday && read.clock.is_none() && !is_relative)
            && let Some((day, behind)) = weekday(self.skip_joins(read.next))
        {
            return self.with_weekday(days, day, behind);
        }
        self.week_later(read)
    }

    /// "vendredi en huit", "heute in einer Woche".
    fn week_later(&self, mut read: Read) -> Option<Read> {
        if let Some(next) = self.script.after(read.next, Sense::WeekLater)
            && let Some(days) = read.days.as_ref().filter(|days| days.is_day())
        {
            let first = match days.others.first() {
                Some(nearer) => (*nearer).min(days.first),
                None => days.first,
            };
            read.days = Some(Days::day(first.checked_add(7.days()).ok()?));
            read.next = next;
        } else if let Some(days) = read.days.as_mut().filter(|days| days.is_day())
            && (self.script.after(read.next, Sense::In).is_some()
                || self.script.after(read.next, Sense::Before).is_some())
            && let Some(length) = self.length(read.next).filter(|length| length.clock.is_none())
        {
            // "Freitag in zwei Wochen", "heute vor acht Tagen"
            let away = length.days?.first.since(self.reading.today).ok()?;
            *days = Days::day(days.first.checked_add(away).ok()?);
            read.next = length.next;
        }
        Some(read)
    }

    /// "hoy", "esta noche".
    fn around(&self, at: usize) -> Option<Read> {
        if let Some((days, next)) =
            self.script.pick(at, |it| if let Sense::EitherDay(days) = it { Some(days) } else { None })
        {
            let today = self.reading.today;
            let (later, ago) = (today.checked_add(days.days()).ok()?, today.checked_sub(days.days()).ok()?);
            let days = match self.is_to_come {
                Some(true) => Days::day(later),
                Some(false) => Days::day(ago),
                None => Days { others: vec![ago], ..Days::day(later) },
            };
            return Some(Read::days(days, next));
        }
        let ((days, part), next) = self.script.pick(at, |it| match it {
            Sense::Day(days) => Some((days, None)),
            Sense::DayPart(days, part) => Some((days, Some(part))),
            _ => None,
        })?;
        let day = self.reading.today.checked_add(days.days()).ok()?;
        Some(Read { days: Some(Days::day(day)), clock: part.map(Clock::part), next })
    }

    /// A day of this week or one after: where weeks may begin with Sunday, that Sunday may be the one before.
    fn day_of_week(&self, weekday: i8, weeks: i64) -> Option<Days> {
        let day = self.of_week(weekday, weeks)?;
        let is_open = weekday == 6 && self.script.tongue.grammar.sunday_first;
        let before = is_open.then(|| day.checked_sub(7.days()).ok()).flatten();
        Some(Days { others: before.into_iter().collect(), ..Days::day(day) })
    }

    fn of_week(&self, weekday: i8, weeks: i64) -> Option<Date> {
        let monday =
            self.reading.today.checked_sub(i64::from(self.reading.today.weekday().to_monday_zero_offset()).days());
        monday.ok()?.checked_add((weeks * 7 + i64::from(weekday)).days()).ok()
    }

    /// "el viernes", "nächsten Freitag", "martes de la semana que viene", "lunes, 20 de julio".
    fn weekday(&self, at: usize) -> Option<Read> {
        let script = self.script;
        let relation = |at: usize| {
            let found = script.pick(at, |it| matches!(it, Sense::Next | Sense::This | Sense::Last).then_some(it));
            found.map_or((None, at), |(sense, next)| (Some(sense), next))
        };
        let (before, start) = relation(at);
        let ((weekday, needs_date), next) = script.pick(start, |it| match it {
            Sense::Weekday(day) => Some((day, false)),
            Sense::WeekdayBeside(day) => Some((day, true)),
            _ => None,
        })?;
        let (behind, mut next) = if before.is_none() { relation(next) } else { (None, next) };
        let day = Weekday::from_monday_zero_offset(weekday).ok()?;
        let nearest = self.reading.today.nth_weekday(if self.reading.past { -1 } else { 1 }, day).ok()?;
        let mut days = match before.or(behind) {
            Some(Sense::Next) => {
                let next_week = self.of_week(weekday, 1)?;
                let others = if nearest < next_week { vec![nearest] } else { Vec::new() };
                Days { others, ..Days::day(next_week) }
            }
            Some(Sense::Last) => Days::day(self.reading.today.nth_weekday(-1, day).ok()?),
            _ => Days { weekday: true, ..Days::day(nearest) },
        };
        let joined = self.skip_joins(next);
        if let Some((weeks, after)) = script.weeks(joined) {
            (days, next) = (self.day_of_week(weekday, weeks)?, after);
        } else if before.or(behind).is_none() && self.is_no_day(script.skip(joined, Sense::The)) {
            // "lundi 31 février"
            return None;
        } else if let Some(date) = self.date_behind_weekday(joined).filter(|_| before.or(behind).is_none()) {
            // A "Monday, 21 July" that is a Tuesday is one of two days.
            let mut said = date.days?;
            let fits: Vec<Date> =
                std::iter::once(said.first).chain(said.others.clone()).filter(|date| date.weekday() == day).collect();
            match fits.as_slice() {
                [] if said.is_day() => said.others.push(nearest),
                [first, others @ ..] => (said.first, said.last, said.others) = (*first, *first, others.to_vec()),
                [] => return None,
            }
            (days, next) = (said, date.next);
        } else if needs_date {
            return None;
        } else if let Some((part, after)) = self.half_of_day(next) {
            // "Montag morgen", where "morgen" is no day.
            return Some(Read { clock: Some(Clock::part(part)), ..Read::days(days, after) });
        }
        Some(Read::days(days, next))
    }

    /// The date behind the name of its weekday, which may be the number of the day alone: "lundi 20".
    fn date_behind_weekday(&self, at: usize) -> Option<Read> {
        let script = self.script;
        let start = script.skip(at, Sense::The);
        if let Some(read) = self.date(at).or_else(|| self.date(start)) {
            return Some(read);
        }
        if script.tongue.grammar.unspaced || !script.tokens.get(start)?.is_digits() {
            return None;
        }
        let (day, next) = self.day_number(start)?;
        let is_hour = self.half_of_day(next).is_some() || script.after(next, Sense::OClock).is_some();
        let is_day = script.is_free(next) && !is_hour;
        is_day.then(|| Some(Read::days(Days::day(self.next_of_month(day)?), next)))?
    }

    /// Whether a day of a month stands here that there is not.
    fn is_no_day(&self, at: usize) -> bool {
        let named = self
            .day_number(at)
            .filter(|_| !self.script.tongue.grammar.unspaced)
            .and_then(|(_, next)| self.script.month(self.skip_joins(next)));
        named.is_some() && self.date(at).is_none()
    }

    /// "nächste Woche Dienstag", "来週の火曜日".
    fn week_then_day(&self, at: usize) -> Option<Read> {
        let (weeks, next) = self.script.weeks(at)?;
        let place = self.skip_joins(next);
        let weekday = self.script.weekday(place);
        if let Some((weekday, next)) = weekday {
            return Some(Read::days(self.day_of_week(weekday, weeks)?, next));
        }
        Some(Read::days(Days::span(self.of_week(0, weeks)?, self.of_week(6, weeks)?), next))
    }

    /// A day of the week beside a date.
    pub(super) fn weekday_beside(&self, at: usize) -> Option<(i8, usize)> {
        self.script.pick(at, |it| match it {
            Sense::Weekday(day) | Sense::WeekdayBeside(day) => Some(day),
            _ => None,
        })
    }

    pub(super) fn with_weekday(&self, mut days: Days, weekday: i8, behind: usize) -> Option<Read> {
        let is_close = self.script.tokens.get(behind).is_some_and(|it| it.is_mark(")"));
        let weekday = Weekday::from_monday_zero_offset(weekday).ok()?;
        let all: Vec<Date> = std::iter::once(days.first).chain(days.others.clone()).collect();
        match all.iter().find(|day| day.weekday() == weekday) {
            Some(day) => days = Days::day(*day),
            None => days.others.push(self.reading.today.nth_weekday(1, weekday).ok()?),
        }
        Some(Read::days(days, behind + usize::from(is_close)))
    }
}
