//! What words beside an English value do to it. Other languages have tables ([`crate::tongue`]).

use std::cell::OnceCell;
use std::ops::Range;

use super::{Around, Beside, Said};
use crate::list::spelling::distance;
use crate::spoken;
use crate::tokens::Token;
use crate::{Extractor, Found, Kind, Surroundings, number};

/// The value after it is not meant.
const NOT: &[&str] = &["not"];
/// All but the value after it is meant.
const EXCEPT: &[&str] = &["except", "excluding", "but"];
/// This value or another one.
const OR: &[&str] = &["or"];
/// Up to the value after it, where a number stands before it.
const TO: &[&str] = &["to", "and"];
/// The value after it is more, or less.
const BEFORE: &[&str] = &[
    "half", "between", "least", "most", "than", "under", "minus", "negative", "plus", "times", "neither", "none",
    "quarter", "quarters", "third", "thirds", "nor",
];
/// The day or time after it is another one.
const BEFORE_MOMENT: &[&str] = &["fortnight", "before", "after", "until", "till", "since", "every", "each", "mid"];
/// The value before it is more, or less.
const BEHIND: &[&str] = &[
    "half",
    "quarter",
    "quarters",
    "third",
    "thirds",
    "fifths",
    "tenths",
    "plus",
    "minus",
    "times",
    "dozen",
    "dozens",
    "score",
    "hundred",
    "thousand",
    "million",
    "thousandths",
    "hundredths",
    "or",
    "off",
];
/// The day or time before it is another one.
const BEHIND_MOMENT: &[&str] = &["week", "or"];
/// Stands between a value and what denies or bounds it: "not on monday", "none of the 3".
const LEADS: &[&str] = &["on", "at", "the", "of", "for", "a", "an", "in", "any"];
/// Stands between a value and what makes it more.
const JOINS: &[&str] = &["and", "a"];
/// Takes back what was said before it.
const CORRECTIONS: &[&str] = &["no", "nope", "wait", "sorry", "actually", "rather", "mean", "meant"];
/// With one of these nothing is taken back: "4 rather than 5".
const NO_CORRECTIONS: &[&str] = &["of", "than", "or"];
/// Lengths of time.
const LENGTHS: &[&str] =
    &["day", "days", "week", "weeks", "fortnight", "month", "months", "year", "years", "hour", "hours", "minutes"];

/// An English text, and the values in it.
pub(super) struct English<'s> {
    said: &'s Said<'s>,
    tokens: &'s [Token],
    surroundings: &'s Surroundings<'s>,
    numbers: OnceCell<Vec<Range<usize>>>,
}

impl<'s> English<'s> {
    pub(super) fn new(said: &'s Said<'s>, tokens: &'s [Token], surroundings: &'s Surroundings<'s>) -> Self {
        Self { said, tokens, surroundings, numbers: OnceCell::new() }
    }

    /// What the words beside a value do to it.
    pub(super) fn beside(&self, found: &Found, around: &Around<'_>) -> Beside {
        if is(around.before_leads(LEADS), NOT) {
            return Beside::Denied;
        }
        if is_another_weekday(self.said.text, found) || self.goes_on(around) {
            return Beside::Half;
        }
        if is(around.before(0), OR) { Beside::Choice } else { Beside::Nothing }
    }

    /// The number that a token belongs to.
    fn number_at(&self, token: &Token) -> Option<Range<usize>> {
        let numbers = self.numbers.get_or_init(|| {
            let found = number::Numbers::default().find(self.said.text, self.surroundings);
            found.into_iter().map(|number| number.range).collect()
        });
        let at = numbers.partition_point(|number| number.end <= token.range.start);
        let number = numbers.get(at).filter(|number| number.contains(&token.range.start));
        number.cloned().or_else(|| token.is_digits().then(|| token.range.clone()))
    }

    fn is_number(&self, token: Option<&Token>) -> bool {
        token.is_some_and(|token| self.number_at(token).is_some())
    }

    /// Whether a number begins here that is no value, and that no word behind it counts.
    fn is_uncounted(&self, token: Option<&Token>) -> bool {
        let token = token.filter(|token| !self.said.is_found(token.range.start));
        token.and_then(|token| self.number_at(token)).is_some_and(|range| {
            let behind = self.tokens.partition_point(|other| other.range.start < range.end);
            !self.tokens.get(behind).is_some_and(|other| other.is_word() && !other.glued)
        })
    }

    /// Whether the words around a value go on with it, or mean all but it.
    fn goes_on(&self, around: &Around<'_>) -> bool {
        let said = self.said;
        let (last, next) = (around.before(0), around.behind(0));
        let led = around.before_leads(LEADS);
        let behind = around.words_behind(JOINS);
        let joined = behind.filter(|token| !said.is_found(token.range.start));
        let is_moment = said.is_day() || said.wanted.kind == Kind::Time;
        let is_priced = matches!(said.wanted.kind, Kind::Currency | Kind::CurrencyV2 | Kind::Quantity);
        let before = around.before(1).filter(|token| !said.is_found(token.range.start));
        is(last, EXCEPT)
            || is(last, BEFORE)
            || is(led, &["instead"])
            || is(if said.wanted.many { joined } else { behind }, BEHIND)
            || (said.wanted.kind != Kind::Date && (is(last, TO) || is(last, OR)) && self.is_number(before))
            // "16 May 17", "dec 24 2026 2027"
            || (said.is_day() && self.is_uncounted(next))
            // "3 euros 50", "6 ft 2", "5 dollars 5"; but "5 euros and 2 receipts" are two things.
            || (is_priced && self.is_uncounted(joined))
            || match is_moment {
                true => is(last, BEFORE_MOMENT) || is(joined, BEHIND_MOMENT) || self.counts_on(around),
                false => is(led, BEFORE) || [last, next].into_iter().flatten().any(is_misspelt_number),
            }
    }

    /// "in a month and 2 days", "tuesday after next", "two fridays from now", "three weeks on saturday".
    fn counts_on(&self, around: &Around<'_>) -> bool {
        let behind = |words: usize| around.behind(words);
        (is(behind(0), &["after"]) && is(behind(1), &["next"]))
            || (is(behind(0), &["from"]) && is(behind(1), &["now", "today"]))
            || (is(around.before(0), &["on", "from"]) && is(around.before(1), LENGTHS))
            // "Dec 3, 4 or 5"
            || (is(behind(0), &[","]) && self.is_number(behind(1)) && is(behind(2), &[",", "or", "and"]))
            || (is(behind(0), &["and"]) && self.is_number(behind(1)) && is(behind(2), LENGTHS))
    }
}

/// Whether words take back what was said before them.
pub(super) fn takes_back(words: &[Token]) -> bool {
    words.iter().any(|word| is(Some(word), CORRECTIONS)) && !words.iter().any(|word| is(Some(word), NO_CORRECTIONS))
}

fn is(token: Option<&Token>, list: &[&str]) -> bool {
    token.is_some_and(|token| list.contains(&token.lower.as_str()))
}

/// Whether a word is nearly one of a number: "nintey".
fn is_misspelt_number(token: &Token) -> bool {
    const NUMBERS: [&str; 24] = [
        "three",
        "seven",
        "eight",
        "eleven",
        "twelve",
        "thirteen",
        "fourteen",
        "fifteen",
        "sixteen",
        "seventeen",
        "eighteen",
        "nineteen",
        "twenty",
        "thirty",
        "forty",
        "fifty",
        "sixty",
        "seventy",
        "eighty",
        "ninety",
        "hundred",
        "thousand",
        "million",
        "billion",
    ];
    let letters: Vec<char> = token.lower.chars().collect();
    let most = if letters.len() < 6 { 1 } else { 2 };
    token.is_word()
        && (5..=10).contains(&letters.len())
        && spoken::scale(&token.lower).is_none()
        && NUMBERS.iter().any(|number| {
            let number: Vec<char> = number.chars().collect();
            number.first() == letters.first() && (1..=most).contains(&distance(&letters, &number))
        })
}

/// The days of the week as they begin, Monday first.
const WEEKDAYS: [&str; 7] = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];

/// Whether a day was named by its number and by a day of the week that it is not. A "Monday, 21 July" that is a Tuesday is one
/// of two days.
fn is_another_weekday(text: &str, found: &Found) -> bool {
    let Some(day) = found.value.as_str().and_then(|value| value.get(..10)?.parse::<jiff::civil::Date>().ok()) else {
        return false;
    };
    let own = text[found.range.clone()].to_lowercase();
    if !own.contains(|c: char| c.is_ascii_digit()) {
        return false;
    }
    // "mon" is a day, "monday" too, "month" is none.
    let is_day =
        |word: &str, day: &str| word.strip_prefix(day).is_some_and(|rest| rest.is_empty() || rest.ends_with("day"));
    let words = own.split(|c: char| !c.is_alphabetic());
    let mut named = words.filter_map(|word| WEEKDAYS.iter().position(|day| is_day(word, day)));
    named.next().is_some_and(|said| said != usize::from(day.weekday().to_monday_zero_offset().unsigned_abs()))
}
