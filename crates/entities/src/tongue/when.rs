//! Days and times in words: "el martes de la semana que viene", "halb acht abends", "明日の朝9時".

use jiff::civil::{Date, Time, Weekday};
use jiff::{Span, ToSpan};

use super::{Length, Script, Sense};
use crate::calendar::{Clock, Days, Mention, Part, Reading, digits};

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

    fn day(&self, at: usize) -> Option<Read> {
        let named = [self.weekday(at), self.date(at), self.around(at), self.week_then_day(at), self.month(at)];
        let read = named.into_iter().flatten().rev().max_by_key(|read| read.next)?;
        // "21 July, Monday": a day of one of both.
        let weekday = |at| self.script.pick(at, |it| if let Sense::Weekday(day) = it { Some(day) } else { None });
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
        if let Some((weeks, after)) =
            script.pick(joined, |it| if let Sense::Week(weeks) = it { Some(weeks) } else { None })
        {
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
        let named = self.day_number(at).filter(|_| !self.script.tongue.grammar.unspaced).and_then(|(_, next)| {
            self.script.pick(self.skip_joins(next), |it| if let Sense::Month(month) = it { Some(month) } else { None })
        });
        named.is_some() && self.date(at).is_none()
    }

    /// "nächste Woche Dienstag", "来週の火曜日".
    fn week_then_day(&self, at: usize) -> Option<Read> {
        let (weeks, next) = self.script.pick(at, |it| if let Sense::Week(weeks) = it { Some(weeks) } else { None })?;
        let place = self.skip_joins(next);
        let weekday = self.script.pick(place, |it| if let Sense::Weekday(day) = it { Some(day) } else { None });
        if let Some((weekday, next)) = weekday {
            return Some(Read::days(self.day_of_week(weekday, weeks)?, next));
        }
        Some(Read::days(Days::span(self.of_week(0, weeks)?, self.of_week(6, weeks)?), next))
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

    fn begins(&self, at: usize) -> bool {
        self.script.tongue.grammar.unspaced || digits::begins(self.script.tokens, at)
    }

    fn day_number(&self, at: usize) -> Option<(i8, usize)> {
        let (number, mut next) = self.counted(at)?;
        let number = i8::try_from(number).ok().filter(|day| (1..=31).contains(day))?;
        // "3.", "1er", "1º"
        let is_digits = self.script.tokens[at].is_digits();
        let is_sign = |token: &crate::tokens::Token| {
            let lower = token.lower.as_str();
            matches!(lower, "er" | "º" | "°" | "ª" | "o" | "ο" | "η" | "te" | "ten" | "ter" | "ste" | "sten" | "ster")
                || token.is_mark(".")
        };
        next += usize::from(is_digits && self.script.tokens.get(next).is_some_and(|it| it.glued && is_sign(it)));
        Some((number, next))
    }

    /// "3 de mayo de 2027", "am dritten August", "2026年12月25日", "25/12/2026", "el 5".
    fn date(&self, at: usize) -> Option<Read> {
        if let Some(((month, day), next)) =
            self.script.pick(at, |it| if let Sense::Holiday(month, day) = it { Some((month, day)) } else { None })
        {
            return Some(Read::days(self.yearly(month, day, next)?.0, next));
        }
        if let Some((days, next)) = digits::date(self.script.tokens, at, self.reading) {
            // "7/18(土)"
            let open = self.script.tokens.get(next).is_some_and(|it| it.is_mark("("));
            if let Some((weekday, behind)) = self.weekday_beside(next + usize::from(open))
                && (open || self.script.tongue.grammar.unspaced)
            {
                return self.with_weekday(days, weekday, behind);
            }
            return Some(Read::days(days, next));
        }
        if self.script.tongue.grammar.unspaced {
            return self.with_marks(at);
        }
        if let Some((months, next)) =
            self.script.pick(at, |it| if let Sense::Months(months) = it { Some(months) } else { None })
        {
            return self.of_month(months, next);
        }
        let (lead, start) = match self.script.after(at, Sense::DayWord) {
            Some(next) => (true, next),
            None => (false, at),
        };
        if let Some((months, next)) =
            self.script.pick(start, |it| if let Sense::Months(months) = it { Some(months) } else { None })
        {
            // "nächsten Monat am 5."
            let first = self.reading.today.first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()?;
            let Some((day, next)) = self.day_number(self.script.skip(self.skip_joins(next), Sense::The)) else {
                return Some(Read::days(Days::month(first), next));
            };
            return Some(Read::days(Days::day(Date::new(first.year(), first.month(), day).ok()?), next));
        }
        let (the, start) = match self.script.after(start, Sense::The) {
            Some(next) => (true, next),
            None => (lead, start),
        };
        let lead = lead || self.script.after(start, Sense::DayWord).is_some();
        let start = self.script.skip(start, Sense::DayWord);
        if let Some((day, next)) = self.day_number(start) {
            let month_at =
                |at: usize| self.script.pick(at, |it| if let Sense::Month(month) = it { Some(month) } else { None });
            // "20th", "5 को"
            let counted = self.script.after(next, Sense::DayMark);
            let trail = self.script.after(counted.unwrap_or(next), Sense::DayWord);
            let place = self.skip_joins(trail.or(counted).unwrap_or(next));
            if let Some((months, after)) =
                self.script.pick(place, |it| if let Sense::Months(months) = it { Some(months) } else { None })
            {
                return Some(Read::days(Days::day(self.day_of_month(months, day)?), after));
            }
            let place = self.skip_joins(counted.unwrap_or(next));
            // "5/ago"
            let is_mark = |it: &crate::tokens::Token| it.glued && (it.is_mark("/") || it.is_mark("-"));
            let marked = self.script.tokens.get(next).is_some_and(is_mark).then(|| month_at(next + 1)).flatten();
            if let Some((month, next)) = month_at(place).or(marked) {
                let (days, next) = self.yearly(month, day, next)?;
                return Some(Read::days(days, next));
            }
            // "am 5. nächsten Monats"
            if let Some((months, next)) =
                self.script.pick(place, |it| if let Sense::Months(months) = it { Some(months) } else { None })
            {
                let first = self.reading.today.first_of_month().checked_add(Span::new().try_months(months).ok()?);
                let first = first.ok()?;
                return Some(Read::days(Days::day(Date::new(first.year(), first.month(), day).ok()?), next));
            }
            // "3.8.": the second number a month.
            if let Some(days) = self.with_points(start, next, the) {
                return Some(days);
            }
            let trail = trail.or(counted);
            let is_free = self.script.is_free(trail.unwrap_or(next));
            if trail.is_some() || lead || (the && is_free) {
                let day = self.next_of_month(day)?;
                return Some(Read::days(Days::day(day), trail.unwrap_or(next)));
            }
            return None;
        }
        // "agosto 3"
        let (month, next) =
            self.script.pick(start, |it| if let Sense::Month(month) = it { Some(month) } else { None })?;
        let (day, next) = self.day_number(self.skip_joins(next))?;
        let (days, next) = self.yearly(month, day, next)?;
        Some(Read::days(days, next))
    }

    /// "अगले महीने की 20 तारीख", or the month alone.
    fn of_month(&self, months: i64, next: usize) -> Option<Read> {
        let start = self.script.skip(self.script.skip(self.skip_joins(next), Sense::The), Sense::DayWord);
        if let Some((day, after)) = self.day_number(start) {
            let marked = self.script.skip(after, Sense::DayMark);
            let after = self.script.skip(marked, Sense::DayWord);
            return Some(Read::days(Days::day(self.day_of_month(months, day)?), after));
        }
        let first = self.reading.today.first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()?;
        Some(Read::days(Days::month(first), next))
    }

    fn day_of_month(&self, months: i64, day: i8) -> Option<Date> {
        let first = self.reading.today.first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()?;
        Date::new(first.year(), first.month(), day).ok()
    }

    /// "3.8.", "03.08.", "3. 8.", "am 3.8".
    fn with_points(&self, at: usize, next: usize, the: bool) -> Option<Read> {
        let tokens = self.script.tokens;
        let is_point = |at: usize| tokens.get(at).is_some_and(|it| it.is_mark(".") && it.glued);
        if !(tokens[at].is_digits() && next == at + 2 && is_point(at + 1)) {
            return None;
        }
        let month = tokens.get(next).filter(|it| it.is_digits() && it.lower.len() <= 2)?;
        let closed = is_point(next + 1);
        let is_sure = month.glued && (the || at == 0) && self.script.is_end(next + 1);
        if !(closed || is_sure) || tokens.get(next + 2).is_some_and(|it| it.glued && it.is_digits()) {
            return None;
        }
        let (day, month) = (tokens[at].lower.parse().ok()?, month.lower.parse().ok()?);
        // "3. 8. 2026"
        let (days, next) = self.yearly(month, day, next + 1 + usize::from(closed))?;
        Some(Read::days(days, next))
    }

    /// "令和8年9月1日", "7月14日", "20日".
    fn with_marks(&self, at: usize) -> Option<Read> {
        let script = self.script;
        let marked = |at: usize, mark: Sense| {
            let (number, next) = self.counted(at)?;
            Some((number, script.after(next, mark)?))
        };
        let (mut year, mut next) = (None, at);
        let era = script.pick(at, |it| if let Sense::Era(before) = it { Some(before) } else { None });
        let (before, start) = era.unwrap_or((0, at));
        let today = self.reading.today;
        let (mut month, mut day) = (None, None);
        if let Some((number, after)) = marked(start, Sense::YearMark) {
            // "26年" may be of any era.
            let is_whole = era.is_some() || number > 1000;
            (year, next) = (Some(i16::try_from(number).ok().filter(|_| is_whole)?.checked_add(before)?), after);
        } else if let Some((years, after)) =
            script.pick(at, |it| if let Sense::Years(years) = it { Some(years) } else { None })
        {
            // "来年の5月3日"
            (year, next) = (Some(today.year().checked_add(years)?), self.skip_joins(after));
        } else if let Some((months, after)) =
            script.pick(at, |it| if let Sense::Months(months) = it { Some(months) } else { None })
        {
            // "来月の5日"
            let first = today.first_of_month().checked_add(Span::new().try_months(months).ok()?).ok()?;
            (year, month, next) = (Some(first.year()), Some(first.month()), self.skip_joins(after));
        }
        if let Some((number, after)) = marked(next, Sense::MonthMark) {
            (month, next) = (Some(i8::try_from(number).ok()?), after);
        }
        if let Some((number, after)) = marked(next, Sense::DayMark) {
            (day, next) = (Some(i8::try_from(number).ok()?), after);
        }
        let days = match (year, month, day) {
            (Some(year), Some(month), Some(day)) => Days::day(Date::new(year, month, day).ok()?),
            (None, Some(month), Some(day)) => self.yearly(month, day, usize::MAX)?.0,
            (None, None, Some(day)) => Days::day(self.next_of_month(day)?),
            (year, Some(month), None) => self.month_of(month, year)?,
            _ => return None,
        };
        let open = script.tokens.get(next).is_some_and(|it| it.is_mark("("));
        if let Some((weekday, behind)) = self.weekday_beside(next + usize::from(open)).filter(|_| day.is_some()) {
            return self.with_weekday(days, weekday, behind);
        }
        Some(Read::days(days, next))
    }

    /// A day of the week beside a date.
    fn weekday_beside(&self, at: usize) -> Option<(i8, usize)> {
        self.script.pick(at, |it| match it {
            Sense::Weekday(day) | Sense::WeekdayBeside(day) => Some(day),
            _ => None,
        })
    }

    fn with_weekday(&self, mut days: Days, weekday: i8, behind: usize) -> Option<Read> {
        let is_close = self.script.tokens.get(behind).is_some_and(|it| it.is_mark(")"));
        let weekday = Weekday::from_monday_zero_offset(weekday).ok()?;
        let all: Vec<Date> = std::iter::once(days.first).chain(days.others.clone()).collect();
        match all.iter().find(|day| day.weekday() == weekday) {
            Some(day) => days = Days::day(*day),
            None => days.others.push(self.reading.today.nth_weekday(1, weekday).ok()?),
        }
        Some(Read::days(days, behind + usize::from(is_close)))
    }

    /// The day of a month in the year that follows, or in the one that comes.
    fn yearly(&self, month: i8, day: i8, next: usize) -> Option<(Days, usize)> {
        let place = if next == usize::MAX { next } else { self.skip_joins(next) };
        if let Some(token) = self.script.tokens.get(place).filter(|it| it.is_digits() && it.lower.len() == 4)
            && let Ok(date) = Date::new(token.lower.parse().ok()?, month, day)
        {
            return Some((Days::day(date), place + 1));
        }
        if let Some((year, after)) = self.year_in_short(place)
            && let Ok(date) = Date::new(year, month, day)
        {
            return Some((Days::day(date), after));
        }
        Some((Days::day(self.reading.yearly(|year| Date::new(year, month, day).ok())?), next))
    }

    /// A year of two digits that can be no hour, or in words: "7 mars 84", "sept mars deux mille vingt-sept".
    fn year_in_short(&self, at: usize) -> Option<(i16, usize)> {
        let tokens = self.script.tokens;
        // "7 mars '84"
        let is_apostrophe = tokens.get(at).is_some_and(|it| it.is_mark("'") || it.is_mark("’"));
        let place = at.checked_add(usize::from(is_apostrophe))?;
        let token = tokens.get(place)?;
        if token.is_digits() {
            let year: i16 = token.lower.parse().ok().filter(|_| token.lower.len() == 2)?;
            let is_year = self.script.is_free(place + 1) && (year > 24 || is_apostrophe);
            return is_year.then_some((if year < 70 { 2000 + year } else { 1900 + year }, place + 1));
        }
        let said = self.script.number(at).filter(|said| said.in_words)?;
        let year = said.value.to_i64().filter(|year| (1900..2100).contains(year))?;
        Some((i16::try_from(year).ok()?, said.next))
    }

    /// The next such day, of this month or one after.
    fn next_of_month(&self, day: i8) -> Option<Date> {
        let today = self.reading.today;
        (0..4).find_map(|months| {
            let first = today.first_of_month().checked_add(Span::new().months(months)).ok()?;
            let date = Date::new(first.year(), first.month(), day).ok()?;
            (date >= today).then_some(date)
        })
    }

    fn month_of(&self, month: i8, year: Option<i16>) -> Option<Days> {
        let first = match year {
            Some(year) => Date::new(year, month, 1).ok()?,
            None => self.reading.yearly(|year| Some(Date::new(year, month, 1).ok()?.last_of_month()))?,
        };
        Some(Days::month(first))
    }

    /// A month, and no day of it.
    fn month(&self, at: usize) -> Option<Read> {
        let (month, next) = self.script.pick(at, |it| if let Sense::Month(month) = it { Some(month) } else { None })?;
        let place = self.skip_joins(next);
        let year = self.script.tokens.get(place).filter(|it| it.is_digits() && it.lower.len() == 4);
        if let Some(year) = year.and_then(|it| it.lower.parse().ok()) {
            return Some(Read::days(self.month_of(month, Some(year))?, place + 1));
        }
        Some(Read::days(self.month_of(month, None)?, next))
    }

    fn part(&self, at: usize) -> Option<Read> {
        let (part, next) = self.script.pick(at, |it| if let Sense::Part(part) = it { Some(part) } else { None })?;
        Some(Read::clock(Clock::part(part), next))
    }

    fn clock(&self, at: usize) -> Option<Read> {
        let (led, start) = match self.script.after(at, Sense::At) {
            Some(next) => (true, next),
            None => (false, at),
        };
        let named = [self.minutes_first(start), self.half_next(start), self.noon(start), self.hour_first(start, led)];
        let read = named.into_iter().flatten().rev().max_by_key(|read| read.next)?;
        Some(Read { next: self.script.skip(read.next, Sense::OClock), ..read })
    }

    /// An hour from a token on: 0 to 24, in digits or words.
    fn hour(&self, at: usize) -> Option<(Time, usize)> {
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
    fn half_of_day(&self, at: usize) -> Option<(Part, usize)> {
        self.script.pick(at, |it| if let Sense::Part(part) = it { Some(part) } else { None })
    }

    fn in_half(&self, clock: Clock, next: usize) -> Read {
        Read::clock(clock, self.script.skip(next, Sense::OClock))
    }

    fn at(&self, hour: Time, minutes: i64, next: usize, padded: bool) -> Option<Read> {
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
