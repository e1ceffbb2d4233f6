//! Numbers in words, and in words and digits: "treinta y uno", "deux mille vingt-six", "1,5 millones", "साढ़े पाँच सौ".

use super::{Script, Sense};
use crate::decimal::Decimal;
use crate::numerals;

/// A number that words or digits say.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    /// The number.
    pub value: Decimal,
    /// The token after it.
    pub next: usize,
    /// Its first token: a plus is left out.
    pub first: usize,
    /// It is a plain run of digits.
    pub plain: bool,
    /// It is the article that is also the number.
    pub bare_one: bool,
    /// It has a word.
    pub in_words: bool,
}

/// Multiplies by one half.
fn half_of(scale: i64) -> Option<Decimal> {
    Decimal::whole(scale).times(Decimal::read("", "5")?)
}

/// What a number may still be followed by.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Open {
    /// Everything: nothing was said yet of this group.
    All,
    /// What is below a hundred.
    BelowHundred,
    /// What is below ten, behind so many tens.
    BelowTen(i64),
    /// So much more than what comes now.
    Plus,
    /// A ten, where units come first; so many were said.
    Ten(i64),
    /// Only what multiplies.
    Times,
}

/// A number while it is read: what is closed by a thousand, a million, and the group that is open.
struct Sum {
    closed: Vec<(Decimal, i64)>,
    group: Decimal,
    below_hundred: i64,
    has_hundreds: bool,
    open: Open,
}

impl Sum {
    fn value(&self) -> Option<Decimal> {
        let mut value = match self.open {
            // "A half more" says nothing without a number behind it: "साढ़े".
            Open::Plus if self.group.times(Decimal::whole(2))?.to_i64().is_some() => return None,
            Open::Plus => self.group.plus(Decimal::whole(1))?,
            _ => self.group,
        };
        for (part, _) in &self.closed {
            value = value.plus(*part)?;
        }
        Some(value)
    }

    /// Takes what a word says; `None`, and nothing is taken, where it is no part of this number.
    fn add(&mut self, sense: Sense, joined: bool, script: &Script<'_>) -> Option<()> {
        let grammar = script.tongue.grammar;
        match sense {
            Sense::Unit(_) | Sense::One => {
                let unit = if let Sense::Unit(unit) = sense { unit } else { 1 };
                let open = match self.open {
                    Open::All | Open::BelowHundred | Open::Plus if unit > 0 || self.closed.is_empty() => match unit {
                        _ if self.open == Open::Plus => Open::Times,
                        0 if self.open == Open::BelowHundred => return None,
                        1..=9 => Open::Ten(unit),
                        _ => Open::Times,
                    },
                    Open::BelowTen(tens) if (1..10).contains(&unit) && (tens > 10 || grammar.unspaced) => Open::Times,
                    Open::BelowTen(60 | 80) if grammar.vigesimal && (10..20).contains(&unit) => Open::Times,
                    _ => return None,
                };
                self.below_hundred += unit;
                self.group = self.group.plus(Decimal::whole(unit))?;
                self.open = open;
            }
            Sense::Ten(ten) => {
                self.open = match self.open {
                    Open::All | Open::BelowHundred => Open::BelowTen(ten),
                    Open::Ten(_) if joined && grammar.units_first => Open::Times,
                    _ => return None,
                };
                self.below_hundred += ten;
                self.group = self.group.plus(Decimal::whole(ten))?;
            }
            Sense::Hundred(hundred) => {
                if self.open != Open::All {
                    return None;
                }
                // "ألفان": two thousand in one word.
                if hundred >= 1000 {
                    let scale = if hundred < 1_000_000 { 1000 } else { 1_000_000 };
                    let is_below = self.closed.last().is_none_or(|(_, other)| *other > scale);
                    is_below.then(|| self.closed.push((Decimal::whole(hundred), scale)))?;
                    return Some(());
                }
                (self.group, self.has_hundreds, self.open) = (Decimal::whole(hundred), true, Open::BelowHundred);
            }
            Sense::Times(10) => {
                let (ten, open) = match self.open {
                    Open::All | Open::BelowHundred => (10, Open::BelowTen(10)),
                    Open::Ten(unit) => (unit * 9, Open::BelowTen(unit * 10)),
                    _ => return None,
                };
                self.below_hundred += ten;
                self.group = self.group.plus(Decimal::whole(ten))?;
                self.open = open;
            }
            Sense::Times(100) => {
                let times = match self.open {
                    Open::All if !joined => Decimal::whole(1),
                    Open::Plus => self.group.plus(Decimal::whole(1))?,
                    Open::Ten(_) | Open::Times | Open::BelowTen(_) if !self.has_hundreds => self.group,
                    _ => return None,
                };
                self.group = times.times(Decimal::whole(100))?;
                (self.has_hundreds, self.open, self.below_hundred) = (true, Open::BelowHundred, 0);
            }
            Sense::Times(scale) => {
                let below = self.closed.iter().rposition(|(_, other)| *other >= scale).map_or(0, |at| at + 1);
                if self.closed.get(below.wrapping_sub(1)).is_some_and(|(_, other)| *other == scale) {
                    return None;
                }
                let group = match self.open {
                    Open::All if self.closed.len() == below => Decimal::whole(1),
                    Open::Plus => self.group.plus(Decimal::whole(1))?,
                    _ => self.group,
                };
                let mut folded = group;
                for (part, _) in &self.closed[below..] {
                    folded = folded.plus(*part)?;
                }
                let part = folded.times(Decimal::whole(scale))?;
                self.closed.truncate(below);
                self.closed.push((part, scale));
                (self.group, self.open) = (Decimal::whole(0), Open::All);
                (self.has_hundreds, self.below_hundred) = (false, 0);
            }
            _ => return None,
        }
        Some(())
    }
}

impl Script<'_> {
    /// The number that begins at a token, the longest.
    pub(crate) fn number(&self, at: usize) -> Option<Said> {
        if let Some(next) = self.after(at, Sense::Minus) {
            let said = self.positive(next)?;
            return Some(Said { value: said.value.negated(), first: at, plain: false, bare_one: false, ..said });
        }
        self.positive(at)
    }

    /// "दो" is "give" at the end of a sentence, behind a word that is no number and says something.
    fn is_verb(&self, at: usize) -> bool {
        let Some(next) = self.after(at, Sense::Verb).filter(|next| self.is_end(*next)) else { return false };
        // "मुझे दो चाहिए": another verb stands at the end.
        if (next..self.tokens.len()).any(|at| self.after(at, Sense::Will).is_some()) {
            return false;
        }
        let before = at.checked_sub(1).and_then(|before| self.tokens.get(before));
        let is_beside = |it: Sense| matches!(it, Sense::Filler | Sense::NotBehind | Sense::Or | Sense::With);
        let (from, says) = (at.saturating_sub(4), |from: usize| {
            self.senses(from).iter().any(|(sense, end)| *end == at && is_beside(*sense))
        });
        next > at && before.is_some_and(|it| it.is_word()) && !(from..at).any(says)
    }

    fn positive(&self, at: usize) -> Option<Said> {
        if self.is_verb(at) {
            return None;
        }
        let said = if self.tongue.grammar.unspaced { self.places(at) } else { None };
        let said = said.or_else(|| self.grouped(at))?;
        (!self.tongue.grammar.unspaced || self.stands_apart(&said, at)).then_some(said)
    }

    /// Digits of an unspaced script one by one, as of a year: "二〇二六".
    fn places(&self, at: usize) -> Option<Said> {
        let (mut digits, mut next) = (String::new(), at);
        while let Some((digit, after)) = self.place(next).filter(|_| next == at || self.tokens[next].glued) {
            digits.push_str(&digit.to_string());
            next = after;
            if digits.len() > crate::decimal::MAX_DIGITS {
                return None;
            }
        }
        let is_scaled = self.pick(next, |it| matches!(it, Sense::Times(_)).then_some(())).is_some();
        let is_sure = (3..=crate::decimal::MAX_DIGITS).contains(&digits.len())
            || (digits.len() == 2 && digits.ends_with('0') && self.tokens[at].lower != "〇");
        let value = Decimal::read(&digits, "").filter(|_| is_sure && !is_scaled)?;
        Some(Said { value, next, first: at, plain: false, bare_one: false, in_words: true })
    }

    fn place(&self, at: usize) -> Option<(i64, usize)> {
        let is_one_letter = self.tokens.get(at)?.lower.chars().count() == 1;
        self.pick(at, |it| if let Sense::Unit(place @ 0..=9) = it { Some(place) } else { None })
            .filter(|_| is_one_letter)
    }

    /// Whether a number in an unspaced script is not a part of a word: "一郎", "健一", "田中さん". Two digits side by side are
    /// two numbers, "二三人".
    fn stands_apart(&self, said: &Said, at: usize) -> bool {
        if !said.in_words {
            return true;
        }
        let is_ideograph =
            |c: Option<char>| c.is_some_and(|c| matches!(c, '々' | 'ヶ' | 'ノ' | '\u{4e00}'..='\u{9fff}'));
        let is_open = |token: &crate::tokens::Token, at: usize| token.is_word() && self.senses(at).is_empty();
        let is_kana = |c: Option<char>| c.is_some_and(|c| matches!(c, '\u{3041}'..='\u{30ff}'));
        let ends_in = |own: Option<char>, other: Option<char>| is_kana(own) || is_ideograph(other);
        let chars = |at: usize| self.tokens[at].lower.chars();
        let before = at.checked_sub(1).filter(|_| self.tokens[at].glued && self.tokens[at].is_word());
        let is_cut_before = before.is_some_and(|before| {
            (is_open(&self.tokens[before], before) && ends_in(chars(at).next(), chars(before).next_back()))
                || (self.place(before).is_some() && self.place(at).is_some())
        });
        let behind = self.tokens.get(said.next).filter(|token| token.glued && self.tokens[said.next - 1].is_word());
        let is_cut_behind = behind.is_some_and(|token| {
            (is_open(token, said.next) && ends_in(chars(said.next - 1).next_back(), token.lower.chars().next()))
                || (self.place(said.next).is_some() && self.place(said.next - 1).is_some())
        });
        !is_cut_before && !is_cut_behind
    }

    fn grouped(&self, at: usize) -> Option<Said> {
        let mut sum = Sum {
            closed: Vec::new(),
            group: Decimal::whole(0),
            below_hundred: 0,
            has_hundreds: false,
            open: Open::All,
        };
        let mut said = Said { value: sum.group, next: at, first: at, plain: false, bare_one: false, in_words: false };
        if let Some(digits) = self.digits(at) {
            (sum.group, sum.open) = (digits.value, Open::Times);
            said = digits;
        } else {
            self.begin(at, &mut sum, &mut said)?;
        }
        let mut last = None;
        loop {
            let joins = self.after(said.next, Sense::And).filter(|_| said.next > at && said.in_words);
            let place = joins.unwrap_or(said.next);
            let is_cents = self.is_cents(place, &sum, &said);
            let step = self
                .senses(place)
                .iter()
                .filter(|(sense, _)| *sense != Sense::Times(100) || !is_cents)
                .find_map(|(sense, next)| sum.add(*sense, joins.is_some(), self).map(|()| (*sense, *next)));
            if let Some((sense, next)) = step {
                said.bare_one = said.next == at && sense == Sense::One;
                said.next = next;
                said.in_words = true;
                said.plain = false;
                last = Some(sense);
            } else if let Some(digits) = self.digits(said.next).filter(|digits| self.goes_on(&sum, digits)) {
                // "1万2千", "3 mil 500", "साढ़े 5", "2 सौ 50"
                let joins = matches!(sum.open, Open::Plus | Open::BelowHundred);
                sum.group = if joins { sum.group.plus(digits.value)? } else { digits.value };
                sum.open = Open::Times;
                said.plain = false;
                said.next = digits.next;
                last = None;
            } else {
                break;
            }
        }
        if said.next == at {
            return None;
        }
        said.value = sum.value()?;
        self.fraction(&mut said, last)?;
        Some(said)
    }

    /// What only begins a number: one that is no whole one, a half of what multiplies, so much more than what follows.
    fn begin(&self, at: usize, sum: &mut Sum, said: &mut Said) -> Option<()> {
        let begins = self.senses(at).iter().find_map(|(sense, next)| match sense {
            Sense::Value(value) => Some((*value, Open::Times, *next)),
            Sense::Plus(value) => Some((*value, Open::Plus, *next)),
            Sense::Half => {
                let multiplies = self.pick(*next, |it| matches!(it, Sense::Times(2..)).then_some(())).is_some();
                multiplies.then(|| (half_of(1).unwrap_or(Decimal::whole(0)), Open::Times, *next))
            }
            _ => None,
        });
        if let Some((value, open, next)) = begins {
            (sum.group, sum.open) = (value, open);
            (said.next, said.in_words) = (next, true);
        }
        Some(())
    }

    /// Whether the word for hundreds is that for hundredths of a currency, as it may be: "50 cents", and not "deux cents".
    fn is_cents(&self, at: usize, sum: &Sum, said: &Said) -> bool {
        if self.after(at, Sense::Cent).is_none() {
            return false;
        }
        if self.tongue.grammar.compounds {
            let is_in_one = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued && token.is_word());
            return !(is_in_one(at) || is_in_one(at + 1));
        }
        !said.in_words || sum.group.to_i64().is_none_or(|group| group == 10 || group >= 20)
    }

    /// Whether digits go on with a number in words.
    fn goes_on(&self, sum: &Sum, digits: &Said) -> bool {
        let below_hundred = digits.value.to_i64().is_some_and(|value| (10..100).contains(&value));
        match sum.open {
            Open::Plus => return digits.plain,
            Open::BelowHundred if digits.plain && below_hundred && !self.tongue.grammar.unspaced => return true,
            _ => {}
        }
        let (Some((_, scale)), true) = (sum.closed.last(), sum.open == Open::All) else { return false };
        let is_smaller = |it: Sense| matches!(it, Sense::Times(other) if other >= 100 && other < *scale).then_some(());
        if digits.plain && self.pick(digits.next, is_smaller).is_some() {
            return true;
        }
        let is_below = digits.value.to_i64().is_some_and(|value| value > 0 && value < *scale);
        // "2 mil 3" may be two numbers; "2 mil 300" is one.
        let fills = digits.plain && digits.value.to_i64().is_some_and(|value| value * 10 >= *scale);
        is_below && (self.tongue.grammar.unspaced || (*scale == 1000 && fills))
    }

    /// "y medio", "coma cinco".
    fn fraction(&self, said: &mut Said, last: Option<Sense>) -> Option<()> {
        if let Some(next) = self.after(said.next, Sense::AndHalf) {
            let scale = match last {
                Some(Sense::Times(scale @ (12 | 1_000_000..))) => scale,
                _ => 1,
            };
            said.value = said.value.plus(half_of(scale)?)?;
            (said.next, said.bare_one, said.plain, said.in_words) = (next, false, false, true);
            // "iki buçuk milyon"
            let scale = self.pick(next, |it| if let Sense::Times(scale @ 1000..) = it { Some(scale) } else { None });
            if let Some((scale, next)) = scale.filter(|_| !matches!(last, Some(Sense::Times(1000..)))) {
                said.value = said.value.times(Decimal::whole(scale))?;
                said.next = next;
            }
        } else if let Some(next) = self.after(said.next, Sense::Point)
            && said.value.to_i64().is_some()
            && let Some((digits, next)) = self.digits_behind_point(next)
        {
            said.value = said.value.plus(Decimal::read("", &digits)?)?;
            (said.next, said.bare_one, said.plain, said.in_words) = (next, false, false, true);
            if let Some((scale, next)) = self.pick(said.next, |it| match it {
                Sense::Times(scale) if scale >= 1000 => Some(scale),
                _ => None,
            }) {
                said.value = said.value.times(Decimal::whole(scale))?;
                said.next = next;
            }
        }
        Some(())
    }

    /// Digits one by one, "cinco dos", or a number of two, "veinticinco".
    fn digits_behind_point(&self, at: usize) -> Option<(String, usize)> {
        if let Some(token) = self.tokens.get(at).filter(|token| token.is_digits()) {
            return Some((token.lower.clone(), at + 1));
        }
        let (mut digits, mut next) = (String::new(), at);
        let unit = |at: usize| {
            self.pick(at, |it| match it {
                Sense::Unit(unit @ 0..=9) => Some(unit),
                Sense::One => Some(1),
                _ => None,
            })
        };
        while let Some((unit, after)) = unit(next) {
            digits.push_str(&unit.to_string());
            next = after;
            if digits.len() > crate::decimal::MAX_DIGITS {
                return None;
            }
        }
        if !digits.is_empty() {
            return Some((digits, next));
        }
        let tens = self.positive(at)?;
        let value = tens.value.to_i64().filter(|value| (10..100).contains(value))?;
        Some((value.to_string(), tens.next))
    }

    /// Digits, in groups or not: "1.234,5", "12 000".
    fn digits(&self, at: usize) -> Option<Said> {
        let (mut digits, signed) = numerals::digits(self.text, self.tokens, at, self.decimal_comma, self.tongue)?;
        if self.tongue.grammar.space_groups && digits.plain && !signed {
            self.space_groups(at, &mut digits)?;
        }
        Some(digits)
    }

    /// Groups of three digits with a blank between.
    fn space_groups(&self, at: usize, digits: &mut Said) -> Option<()> {
        let is_three = |token: &&crate::tokens::Token| token.is_digits() && token.lower.len() == 3;
        let head = self.tokens.get(at).filter(|token| token.lower.len() <= 3 && !token.lower.starts_with('0'));
        let Some(head) = head else { return Some(()) };
        let mut whole = head.lower.clone();
        let mut next = at + 1;
        while let Some(group) = self.tokens.get(next).filter(is_three).filter(|token| !token.glued) {
            whole.push_str(&group.lower);
            next += 1;
            if whole.len() > crate::decimal::MAX_DIGITS {
                return None;
            }
        }
        if next == at + 1 {
            return Some(());
        }
        let is_glued = |at: usize| self.tokens.get(at).is_some_and(|token| token.glued);
        let mark = self.tokens.get(next).filter(|it| it.glued && matches!(it.lower.as_str(), "," | "."));
        let mut fraction = "";
        if mark.is_some() && is_glued(next + 1) && self.tokens[next + 1].is_digits() {
            fraction = &self.tokens[next + 1].lower;
            next += 2;
        }
        digits.value = Decimal::read(&whole, fraction)?;
        (digits.next, digits.plain) = (next, false);
        Some(())
    }
}
