//! Days of the calendar: "3 de mayo de 2027", "am dritten August", "2026年12月25日", "el 5".

use jiff::Span;
use jiff::civil::Date;

use super::{Read, When};
use crate::calendar::{Days, digits};
use crate::tongue::Sense;

impl When<'_> {
    pub(super) fn day_number(&self, at: usize) -> Option<(i8, usize)> {
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
    pub(super) fn date(&self, at: usize) -> Option<Read> {
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
        let (lead, start) = match self.script.after(at, Sense::DayWord) {
            Some(next) => (true, next),
            None => (false, at),
        };
        // "nächsten Monat am 5."
        if let Some((months, next)) = self.script.months(start) {
            return self.of_month(months, next);
        }
        let (the, start) = match self.script.after(start, Sense::The) {
            Some(next) => (true, next),
            None => (lead, start),
        };
        let lead = lead || self.script.after(start, Sense::DayWord).is_some();
        let start = self.script.skip(start, Sense::DayWord);
        if let Some((day, next)) = self.day_number(start) {
            return self.behind_number(day, start, next, lead, the);
        }
        // "agosto 3"
        let (month, next) = self.script.month(start)?;
        let (day, next) = self.day_number(self.skip_joins(next))?;
        let (days, next) = self.yearly(month, day, next)?;
        Some(Read::days(days, next))
    }

    /// What stands behind the number of a day: its month, or nothing where words before say that it is a day.
    fn behind_number(&self, day: i8, start: usize, next: usize, lead: bool, the: bool) -> Option<Read> {
        // "20th", "5 को"
        let counted = self.script.after(next, Sense::DayMark);
        let trail = self.script.after(counted.unwrap_or(next), Sense::DayWord);
        let place = self.skip_joins(counted.unwrap_or(next));
        let behind_trail = self.skip_joins(trail.or(counted).unwrap_or(next));
        if let Some((months, after)) = self.script.months(behind_trail).or_else(|| self.script.months(place)) {
            return Some(Read::days(Days::day(self.day_of_month(months, day)?), after));
        }
        // "5/ago"
        let is_mark = |it: &crate::tokens::Token| it.glued && (it.is_mark("/") || it.is_mark("-"));
        let marked = self.script.tokens.get(next).is_some_and(is_mark).then(|| self.script.month(next + 1)).flatten();
        if let Some((month, next)) = self.script.month(place).or(marked) {
            let (days, next) = self.yearly(month, day, next)?;
            return Some(Read::days(days, next));
        }
        // "3.8.": the second number a month.
        if let Some(days) = self.with_points(start, next, the) {
            return Some(days);
        }
        let next = trail.or(counted).unwrap_or(next);
        let is_day = trail.or(counted).is_some() || lead || (the && self.script.is_free(next));
        is_day.then(|| Some(Read::days(Days::day(self.next_of_month(day)?), next)))?
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
        } else if let Some((months, after)) = script.months(at) {
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
    pub(super) fn next_of_month(&self, day: i8) -> Option<Date> {
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
    pub(super) fn month(&self, at: usize) -> Option<Read> {
        let (month, next) = self.script.month(at)?;
        let place = self.skip_joins(next);
        let year = self.script.tokens.get(place).filter(|it| it.is_digits() && it.lower.len() == 4);
        if let Some(year) = year.and_then(|it| it.lower.parse().ok()) {
            return Some(Read::days(self.month_of(month, Some(year))?, place + 1));
        }
        Some(Read::days(self.month_of(month, None)?, next))
    }
}
