//! What stands beside a value and belongs to it, but was not read: "dos mil quinientos y pico", "viernes pasado".

use std::ops::Range;

use super::{Script, Sense};
use crate::Kind;
use crate::unread::{Beside, Wanted};

impl Script<'_> {
    /// What the words beside a value do to it. `is_found` says whether a place belongs to another value of the same kind, and
    /// `is_only` that there is none.
    pub(crate) fn beside(
        &self,
        wanted: Wanted,
        range: &Range<usize>,
        is_only: bool,
        is_found: impl Fn(usize) -> bool,
    ) -> Beside {
        let kind = wanted.kind;
        let first = self.tokens.partition_point(|token| token.range.end <= range.start);
        let next = self.tokens.partition_point(|token| token.range.start < range.end);
        let is_free = |at: usize| self.tokens.get(at).is_some_and(|token| !is_found(token.range.start));
        let (last, behind) = (self.skip_back(first), self.skip_forward(next));
        let past = self.skip_counter(next);
        if self.ends(last, |it| it == Sense::Not)
            || (!is_only && [behind, past].iter().any(|at| self.says(*at, |it| it == Sense::NotBehind)))
            || self.says(next, |it| it == Sense::Refused)
        {
            return Beside::Denied;
        }
        let is_number = |at: usize| is_free(at) && self.number(at).is_some_and(|said| !said.bare_one);
        let number_before = (0..last)
            .rev()
            .take(4)
            .any(|at| is_free(at) && self.number(at).is_some_and(|said| self.joins_to(said.next, first)));
        let is_half = self.ends(last, |it| matches!(it, Sense::Except | Sense::Between | Sense::Odd))
            // "más de 5"
            || self.ends(first, |it| it == Sense::Odd)
            // "dos días después de navidad"
            || (behind > next && !is_free(behind) && self.ends(next, |it| matches!(it, Sense::Later | Sense::Ago)))
            || self.is_length_more(next)
            // "1ヶ月と2日後"
            || self.begin_of(first, |it| matches!(it, Sense::And | Sense::With)).is_some_and(|at| self.ends(at, |it| matches!(it, Sense::Span(_))))
            || self.says(behind, |it| matches!(it, Sense::ExceptBehind | Sense::Odd))
            || self.says(past, |it| matches!(it, Sense::ExceptBehind | Sense::Odd))
            || self.is_one_end(kind, past, is_free)
            || number_before
            || (kind == Kind::Number && !wanted.many && self.is_before_another(range))
            || self.is_range(next)
            || (is_only && self.is_denied_later(next))
            // "kilo do kilo" is one to two.
            || (kind == Kind::Quantity && self.ends_in(first, is_free, |it| matches!(it, Sense::Measure(..))))
            || match kind {
                Kind::Date => self.day_goes_on(behind, is_free) || self.is_led_day(first, is_free),
                Kind::DateTime => {
                    self.day_goes_on(behind, is_free)
                        || self.is_led_day(first, is_free)
                        || self.time_goes_on(next, is_free, is_number)
                        || self.ends_in(first, is_free, is_before_time)
                }
                Kind::Time => {
                    self.time_goes_on(next, is_free, is_number) || self.ends_in(first, is_free, is_before_time)
                }
                _ => self.number_goes_on(next, is_free, is_number) || self.ends_in(first, is_free, is_before_number),
            };
        match is_half {
            true => Beside::Half,
            false if self.ends(last, |it| it == Sense::Or) => Beside::Choice,
            false if self.ends(last, |it| it == Sense::UpTo) || self.ends(first, |it| it == Sense::UpTo) => Beside::End,
            false => Beside::Nothing,
        }
    }

    /// "Montag bis Freitag", "15時から17時", "Mo-Fr": one end of several days, hours. "Freitag oder irgendwann": the other one
    /// was not understood.
    fn is_one_end(&self, kind: Kind, next: usize, is_free: impl Fn(usize) -> bool) -> bool {
        let until = self.after(next, Sense::Until);
        let is_moment = matches!(kind, Kind::Date | Kind::DateTime | Kind::Time);
        let is_dash = self.tokens.get(next).is_some_and(|it| matches!(it.lower.as_str(), "-" | "–" | "~"));
        let after = until.or_else(|| (is_moment && is_dash).then_some(next + 1)).map(|after| self.skip_forward(after));
        let is_value = |at: usize| self.tokens.get(at).is_some() && !is_free(at);
        let or = self.senses(next).first().filter(|(sense, _)| *sense == Sense::Or).map(|(_, after)| *after);
        after.is_some_and(|at| is_value(self.skip(at, Sense::At)) || is_value(at))
            || or.map(|after| self.skip_forward(after)).is_some_and(|at| {
                self.tokens.get(at).is_some_and(crate::tokens::Token::is_word)
                    && !is_value(self.skip(at, Sense::At))
                    && !is_value(at)
            })
    }

    /// "un mes y dos días": a length that goes on.
    fn is_length_more(&self, next: usize) -> bool {
        let joined = self.pick(next, |it| matches!(it, Sense::And | Sense::With).then_some(())).map(|(_, after)| after);
        let said = joined.and_then(|at| self.number(at));
        said.is_some_and(|said| self.says(said.next, |it| matches!(it, Sense::Span(_))))
            && self.ends(next, |it| matches!(it, Sense::Span(_) | Sense::Later | Sense::Ago))
    }

    /// The token before words like "el" and "de".
    fn skip_back(&self, first: usize) -> usize {
        let joins = |it: Sense| matches!(it, Sense::The | Sense::Of | Sense::At | Sense::DayWord);
        let mut at = first;
        while let Some(before) = self.begin_of(at, joins) {
            at = before;
        }
        at
    }

    /// The token after a word that says what is counted, where it is written in one with its number: "10人".
    fn skip_counter(&self, next: usize) -> usize {
        let is_glued = self.tokens.get(next).is_some_and(|it| it.glued && it.is_word());
        if self.tongue.grammar.unspaced && is_glued { self.skip(next, Sense::Filler) } else { next }
    }

    fn skip_forward(&self, next: usize) -> usize {
        let mut at = next;
        while let Some((_, after)) =
            self.pick(at, |it| matches!(it, Sense::Of | Sense::The | Sense::DayWord | Sense::DayMark).then_some(()))
        {
            at = after;
        }
        at
    }

    /// Where a sense begins that ends before a token.
    fn begin_of(&self, next: usize, fits: impl Fn(Sense) -> bool) -> Option<usize> {
        const LONGEST: usize = 6;
        (next.saturating_sub(LONGEST)..next)
            .find(|at| self.senses(*at).iter().any(|(sense, end)| *end == next && fits(*sense)))
    }

    pub(super) fn ends(&self, next: usize, fits: impl Fn(Sense) -> bool) -> bool {
        self.begin_of(next, fits).is_some()
    }

    /// The same in a place that belongs to no other value.
    fn ends_in(&self, next: usize, is_free: impl Fn(usize) -> bool, fits: impl Fn(Sense) -> bool) -> bool {
        self.begin_of(next, fits).is_some_and(is_free)
    }

    /// Whether a word before a day makes it another one; "em 7 de março" is no length.
    fn is_led_day(&self, first: usize, is_free: impl Fn(usize) -> bool) -> bool {
        self.ends_in(first, is_free, is_before_day) && !self.ends(first, |it| it == Sense::Of)
    }

    fn says(&self, at: usize, fits: impl Fn(Sense) -> bool) -> bool {
        self.senses(at).iter().any(|(sense, _)| fits(*sense))
    }

    /// Whether words take back what was said before them: "no, mejor".
    pub(crate) fn takes_back(&self, first: usize, next: usize) -> bool {
        let says = |sense: Sense| (first..next).any(|at| self.after(at, sense).is_some());
        says(Sense::Correction) && !says(Sense::Or) && !says(Sense::Of)
    }

    /// Whether only "a", "o" and the like lie between a number and a value.
    fn joins_to(&self, next: usize, first: usize) -> bool {
        // "3. bis 5. August"
        let next = next + usize::from(self.tokens.get(next).is_some_and(|it| it.glued && it.is_mark(".")));
        let join =
            self.pick(next, |it| matches!(it, Sense::UpTo | Sense::Until | Sense::Or | Sense::With).then_some(()));
        let is_dash =
            self.tokens.get(next).is_some_and(|it| matches!(it.lower.as_str(), "-" | "–" | "〜" | "～" | "~"));
        let after = join.map_or_else(|| next + usize::from(is_dash), |(_, after)| after);
        after > next && self.skip_forward(after) >= first && after <= first
    }

    /// Whether the only value is denied farther on, where a word for it takes away what stands before it as well: "कल मैं
    /// नहीं आऊँगा".
    fn is_denied_later(&self, mut at: usize) -> bool {
        while at < self.tokens.len() {
            if let Some(next) = self.after(at, Sense::Nothing) {
                at = next;
                continue;
            }
            if self.after(at, Sense::NotBehind).is_some() && self.after(at, Sense::ExceptBehind).is_some() {
                return true;
            }
            at += 1;
        }
        false
    }

    /// Whether a value is only the first of two limits: "500 से 1000", "सोमवार से शुक्रवार".
    fn is_range(&self, next: usize) -> bool {
        let is_limit = |it: Sense| {
            use Sense::{Day, EitherDay, Month, Part, Weekday};
            matches!(it, Day(_) | EitherDay(_) | Month(_) | Part(_) | Weekday(_))
        };
        let upto = self.after(next, Sense::UpTo).filter(|_| self.after(next, Sense::And).is_none());
        upto.is_some_and(|at| self.number(at).is_some_and(|said| !said.bare_one) || self.says(at, is_limit))
    }

    /// Whether another number follows right behind, or behind an "and": "दो तीन".
    fn is_before_another(&self, range: &Range<usize>) -> bool {
        let next = self.tokens.partition_point(|token| token.range.start < range.end);
        let place = self.pick(next, |it| matches!(it, Sense::And | Sense::With).then_some(())).map_or(next, |it| it.1);
        self.number(place).is_some_and(|said| !said.bare_one)
    }

    fn number_goes_on(&self, next: usize, is_free: impl Fn(usize) -> bool, is_number: impl Fn(usize) -> bool) -> bool {
        let more = |it: Sense| {
            matches!(
                it,
                Sense::AndHalf | Sense::Half | Sense::Point | Sense::Times(_) | Sense::Quarter | Sense::Plus(_)
            )
        };
        if is_free(next) && self.says(next, more) {
            return true;
        }
        let joined = self.pick(next, |it| matches!(it, Sense::And | Sense::With).then_some(())).map_or(next, |it| it.1);
        if joined > next && self.says(joined, |it| matches!(it, Sense::Quarter | Sense::ThreeQuarters)) {
            return true;
        }
        // "2 3"; but "2 y 3 cafés" are two things.
        is_number(joined) && self.number(joined).is_some_and(|said| self.is_free(said.next))
    }

    fn day_goes_on(&self, behind: usize, is_free: impl Fn(usize) -> bool) -> bool {
        let more = |it: Sense| {
            use Sense::{
                Ago, Day, EitherDay, Holiday, Last, Later, Month, Months, Next, Ordinal, This, Week, WeekLater,
                Weekday, Years,
            };
            matches!(
                it,
                Ago | Day(_)
                    | EitherDay(_)
                    | Months(_)
                    | Holiday(..)
                    | Last
                    | Later
                    | Month(_)
                    | Next
                    | Ordinal(_)
                    | This
                    | Week(_)
                    | WeekLater
                    | Weekday(_)
                    | Years(_)
            )
        };
        is_free(behind) && self.says(behind, more)
    }

    fn time_goes_on(&self, next: usize, is_free: impl Fn(usize) -> bool, is_number: impl Fn(usize) -> bool) -> bool {
        let more = |it: Sense| {
            use Sense::{AndHalf, Half, Minutes, OClock, Part, PastBehind, PastLast, Quarter, To, ToBehind, ToLast};
            matches!(
                it,
                AndHalf | Half | Minutes | OClock | Part(_) | PastBehind | PastLast | Quarter | To | ToBehind | ToLast
            )
        };
        if is_free(next) && self.says(next, more) {
            return true;
        }
        let joined = self.pick(next, |it| matches!(it, Sense::And | Sense::Past).then_some(())).map_or(next, |it| it.1);
        (is_free(joined) && joined > next && self.says(joined, more))
            || (is_number(joined) && self.number(joined).is_some_and(|said| self.is_free(said.next)))
    }
}

fn is_before_day(sense: Sense) -> bool {
    use Sense::{Before, In, Last, Later, Month, Months, Next, Ordinal, Week, WeekLater, Weekday, Years};
    matches!(
        sense,
        Before
            | In
            | Last
            | Later
            | Month(_)
            | Months(_)
            | Next
            | Ordinal(_)
            | Week(_)
            | WeekLater
            | Weekday(_)
            | Years(_)
    )
}

fn is_before_time(sense: Sense) -> bool {
    use Sense::{Half, PastBehind, Plus, Quarter, ThreeQuarters, To, ToBehind};
    matches!(sense, Half | PastBehind | Plus(_) | Quarter | ThreeQuarters | To | ToBehind)
}

fn is_before_number(sense: Sense) -> bool {
    use Sense::{Half, Hundred, Minus, One, Plus, Point, Ten, Times, Unit, Value};
    matches!(sense, Half | Hundred(_) | Minus | One | Plus(_) | Point | Ten(_) | Times(_) | Unit(_) | Value(_))
}
