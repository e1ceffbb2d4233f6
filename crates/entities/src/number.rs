//! Numbers.

use std::ops::RangeInclusive;

use serde_json::Value;

use crate::decimal::Decimal;
use crate::numerals::{Numeral, numerals};
use crate::tokens::Token;
use crate::{Extractor, Found, Surroundings, tongue};

/// What a bot says of a number.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Rule `asString`: the value is a string; a plain run of digits keeps its leading zeros.
    pub as_string: bool,
    /// Rule `digits`: how many digits the whole part has; see [`digits`].
    pub digits: Option<RangeInclusive<usize>>,
    /// Rule `range`: the least and the greatest value that are accepted.
    pub range: Option<(f64, f64)>,
}

/// Reads the rule `digits`: `3`, or `13-17`. `None` where it says something else.
pub fn digits(rule: &str) -> Option<RangeInclusive<usize>> {
    let (least, most) = rule.split_once('-').unwrap_or((rule, rule));
    let (least, most) = (least.trim().parse().ok()?, most.trim().parse().ok()?);
    (least <= most).then_some(least..=most)
}

/// Finds numbers: `23`, `1,234.5`, `1M`, `twenty three`, and digits read one by one: `one two three` is 123.
///
/// A number has at most 18 digits. Ordinals, dates, times and the digits of names (`A12`, `NLP-1234`) are none.
#[derive(Clone, Debug, Default)]
pub struct Numbers {
    options: Options,
}

impl Numbers {
    /// Finds numbers of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    fn value(&self, text: &str, numeral: &Numeral) -> Option<Value> {
        let written = &text[numeral.range.clone()];
        let said = numeral.value.to_string();
        let whole = if numeral.plain { written } else { said.trim_start_matches('-').split('.').next().unwrap_or("") };
        if self.options.digits.as_ref().is_some_and(|digits| !digits.contains(&whole.len())) {
            return None;
        }
        let value = numeral.value.to_f64();
        if self.options.range.is_some_and(|(least, greatest)| value < least || value > greatest) {
            return None;
        }
        Some(match self.options.as_string {
            true if numeral.plain => Value::from(written),
            true => Value::from(said),
            false => numeral.value.to_json(),
        })
    }
}

impl Extractor for Numbers {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let tokens = tongue::tokens(text, surroundings.language);
        numerals(text, &tokens, surroundings)
            .into_iter()
            .filter_map(|numeral| million(text, &tokens, numeral))
            .filter(|numeral| counts(&tokens, numeral))
            .filter_map(|numeral| {
                let value = self.value(text, &numeral)?;
                Some(Found { range: numeral.range, value, others: Vec::new(), incomplete: false })
            })
            .collect()
    }
}

/// "1M" and "5m": a million, where nothing but a number is asked for. Other letters at the digits make them no number.
fn million(text: &str, tokens: &[Token], mut numeral: Numeral) -> Option<Numeral> {
    let Some(glued) = tokens.get(numeral.next).filter(|token| token.glued && token.is_word()) else {
        return Some(numeral);
    };
    if &text[glued.range.clone()] != "M" && glued.lower != "m" || !text[numeral.range.clone()].ends_with(is_digit) {
        // Scripts without blanks write a word of measure at the number.
        let spaced = glued.lower.chars().all(|letter| letter < '\u{0e00}');
        return (!spaced).then_some(numeral);
    }
    numeral.value = numeral.value.times(Decimal::whole(1_000_000))?;
    numeral.range.end = glued.range.end;
    numeral.plain = false;
    numeral.next += 1;
    Some(numeral)
}

fn is_digit(character: char) -> bool {
    character.is_ascii_digit()
}

/// "One" stands for a thing more often than for a number: "one of them", "this one".
pub(crate) fn counts(tokens: &[Token], numeral: &Numeral) -> bool {
    if !numeral.bare_one {
        return true;
    }
    let before = numeral.first.checked_sub(1).map(|index| tokens[index].lower.as_str());
    let after = tokens.get(numeral.next).map(|token| token.lower.as_str());
    if before.is_none() && after.is_none() {
        return true;
    }
    let one = tokens[numeral.first].lower == "one";
    let of_a_thing = matches!(
        before,
        Some(
            "the"
                | "this"
                | "that"
                | "no"
                | "which"
                | "any"
                | "some"
                | "every"
                | "each"
                | "another"
                | "last"
                | "first"
                | "next"
                | "other"
                | "new"
                | "old"
                | "right"
                | "wrong"
                | "good"
                | "better"
                | "best"
                | "same"
                | "second"
                | "third"
                | "a"
                | "an"
                | "what"
                | "either"
                | "cheaper"
                | "cheapest"
                | "big"
                | "small"
                | "red"
                | "only"
        )
    );
    let of_them =
        matches!(after, Some("of" | "is" | "that" | "who" | "which" | "more" | "day" | "another" | "way" | "should"));
    one && !of_a_thing && !of_them
}
