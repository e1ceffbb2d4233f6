//! Amounts of something with a unit, and ages.

mod units;

use std::ops::Range;

use serde_json::json;

use crate::decimal::json_number;
use crate::numerals::{Numeral, numerals};
use crate::tokens::{Token, without_overlaps};
use crate::tongue::{Script, Sense};
use crate::{Extractor, Found, Surroundings, duckling, language, tongue};

pub use units::{Measure, Unit};

/// What a bot says of a quantity.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Field `unitType`: what is measured; else anything.
    pub measure: Option<Measure>,
    /// Field `defaultUnit`: what amounts are converted to. A number that is the whole answer is in this unit.
    pub default_unit: Option<Unit>,
}

/// Finds quantities: `5 kg`, `5kg`, `two and a half hours`, `5 feet 6 inches`, `3 years old`.
///
/// The value is `{"unit": "gram", "amount": 5000, "type": "weight", "source": "5 kg"}`; ages are in months unless the bot
/// says otherwise. Gallons and pints are those of the United States; months of days are 30.4375 days long.
#[derive(Clone, Debug, Default)]
pub struct Quantities {
    options: Options,
}

/// An amount in a text, with the token after it.
struct Measured {
    amount: f64,
    unit: Unit,
    next: usize,
}

impl Quantities {
    /// Finds quantities of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    fn wants_age(&self) -> bool {
        self.options.measure == Some(Measure::Age)
    }

    /// The measure that a unit has in this bot, if the bot wants it.
    fn measure(&self, unit: Unit, is_age: bool) -> Option<Measure> {
        let wanted = self.options.measure.or_else(|| self.options.default_unit.map(|unit| unit.measure));
        let is_age = is_age || self.wants_age();
        match (unit.measure, wanted) {
            (Measure::Duration, Some(Measure::Age)) => Some(Measure::Age),
            (Measure::Duration, None) if is_age => Some(Measure::Age),
            (measure, Some(wanted)) => (measure == wanted).then_some(measure),
            (measure, None) => Some(measure),
        }
    }

    fn found(&self, text: &str, range: Range<usize>, measured: &Measured, is_age: bool) -> Option<Found> {
        let measure = self.measure(measured.unit, is_age)?;
        let month = || Unit::named("month").filter(|_| measure == Measure::Age);
        let into = self.options.default_unit.or_else(month).unwrap_or(measured.unit);
        let amount = measured.unit.convert(measured.amount, into)?;
        let value = json!({
            "unit": into.name,
            "amount": json_number(amount),
            "type": measure.name(),
            "source": text[range.clone()],
        });
        Some(Found { range, value, others: Vec::new(), incomplete: false })
    }

    fn quantities(
        &self,
        text: &str,
        tokens: &[Token],
        numerals: &[Numeral],
        script: Option<&Script<'_>>,
    ) -> Vec<Found> {
        let mut found = Vec::new();
        let mut index = 0;
        while let Some(numeral) = numerals.get(index) {
            index += 1;
            let Some(mut measured) = self.measured(text, tokens, numeral, script) else { continue };
            // "5 feet 6 inches", "3 years and 2 months": the same measure, each unit smaller than the one before.
            while let Some(more) = numerals.get(index) {
                let and = script.and_then(|it| {
                    it.after(measured.next, Sense::And).or_else(|| it.after(measured.next, Sense::With))
                });
                let is_joined = usize::from(matches!(word(tokens, measured.next), Some("and" | ",")));
                let joined = and.unwrap_or(measured.next + is_joined);
                let Some(smaller) = self.measured(text, tokens, more, script).filter(|_| more.first == joined) else {
                    break;
                };
                let Some(unit) = smaller.unit.convert(1.0, measured.unit).filter(|unit| *unit < 1.0) else { break };
                measured.amount += smaller.amount * unit;
                measured.next = smaller.next;
                index += 1;
            }
            let is_age = matches!(word(tokens, measured.next), Some("old")) || is_of_age(tokens, measured.next);
            measured.next += match is_age {
                true if word(tokens, measured.next) == Some("old") => 1,
                true => 2,
                false => 0,
            };
            let range = numeral.range.start..tokens[measured.next - 1].range.end;
            found.extend(self.found(text, range, &measured, is_age));
        }
        found
    }

    fn measured(
        &self,
        text: &str,
        tokens: &[Token],
        numeral: &Numeral,
        script: Option<&Script<'_>>,
    ) -> Option<Measured> {
        if let Some(script) = script {
            let named = in_tongue(script, numeral.next, numeral.value.to_f64());
            // "1m80", "1 Meter 80"
            let named = named.or_else(|| {
                let (unit, next) = self.unit(text, tokens, numeral.next)?;
                Some(Measured { amount: numeral.value.to_f64(), unit, next })
            })?;
            return Some(with_hundredths(script, named));
        }
        let hyphen = usize::from(tokens.get(numeral.next).is_some_and(|token| token.is_mark("-") && token.glued));
        let (unit, next) = self.unit(text, tokens, numeral.next + hyphen)?;
        let mut amount = numeral.value.to_f64();
        let half = word(tokens, next) == Some("and") && word(tokens, next + 1) == Some("a");
        let half = half && word(tokens, next + 2) == Some("half");
        if half {
            amount += 0.5;
        }
        Some(Measured { amount, unit, next: next + if half { 3 } else { 0 } })
    }

    /// The longest name of a unit from a token on.
    fn unit(&self, text: &str, tokens: &[Token], at: usize) -> Option<(Unit, usize)> {
        let first = tokens.get(at)?;
        (1..=3).rev().filter(|count| at + count <= tokens.len()).find_map(|count| {
            let words = &tokens[at..at + count];
            let mut name = String::new();
            for (index, token) in words.iter().enumerate() {
                if index > 0 && !token.glued {
                    name.push(' ');
                }
                name.push_str(&token.lower);
            }
            let unit = Unit::named(&name)?;
            // Marks that mean other things apart from their number.
            let needs_glue = matches!(name.as_str(), "'" | "\"" | "′" | "″" | "°");
            let capital = count == 1 && name.chars().count() == 1 && &text[first.range.clone()] != name.as_str();
            let fits = !needs_glue || first.glued;
            let letter_is_unit = !capital || matches!(name.as_str(), "c" | "f" | "l");
            (fits && letter_is_unit).then_some((unit, at + count))
        })
    }

    /// "a kilo", "half an hour", "a year old".
    fn single(&self, text: &str, tokens: &[Token]) -> Vec<Found> {
        let mut found = Vec::new();
        for at in 0..tokens.len() {
            let (amount, next) = match (word(tokens, at), word(tokens, at + 1)) {
                (Some("half"), Some("a" | "an")) => (0.5, at + 2),
                (Some("quarter"), Some("of")) if matches!(word(tokens, at + 2), Some("a" | "an")) => (0.25, at + 3),
                (Some("a" | "an"), _) => (1.0, at + 1),
                _ => continue,
            };
            let long = tokens.get(next).is_some_and(|token| token.is_word() && token.lower.len() > 2);
            let Some((unit, mut next)) = self.unit(text, tokens, next).filter(|_| long) else { continue };
            // "give me a second", "a day", "a cup": mostly no measure.
            let is_age = word(tokens, next) == Some("old");
            let vague = amount == 1.0 && !is_age && matches!(unit.name, "second" | "minute" | "day" | "cup" | "stone");
            if vague && self.options.measure.is_none() {
                continue;
            }
            next += usize::from(is_age);
            let half = amount == 1.0 && word(tokens, next) == Some("and") && word(tokens, next + 2) == Some("half");
            let measured = Measured { amount: amount + if half { 0.5 } else { 0.0 }, unit, next };
            next += if half { 3 } else { 0 };
            let range = tokens[at].range.start..tokens[next - 1].range.end;
            found.extend(self.found(text, range, &measured, is_age));
        }
        found
    }

    /// "medio kilo", "kilo y medio", "un litro".
    fn single_in_tongue(&self, script: &Script<'_>) -> Vec<Found> {
        let (mut found, mut at) = (Vec::new(), 0);
        while at < script.tokens.len() {
            let one = script.after(at, Sense::One);
            let share = script.pick(one.unwrap_or(at), |it| match it {
                Sense::Half => Some(0.5),
                Sense::Quarter => Some(0.25),
                Sense::ThreeQuarters => Some(0.75),
                _ => None,
            });
            let (amount, from) = share.unwrap_or_else(|| (1.0, one.unwrap_or(at)));
            let measured = in_tongue(script, script.skip(from, Sense::Of), amount);
            // A dual is a number too: "ساعتان".
            let is_counted = |it: &Measured| it.amount.fract() != 0.0 || it.amount == 2.0;
            let Some(measured) = measured.filter(|it| share.is_some() || is_counted(it)) else {
                at += 1;
                continue;
            };
            let range = script.range(at, measured.next);
            found.extend(self.found(script.text, range, &measured, false));
            at = measured.next;
        }
        found
    }

    /// A number that is the whole answer.
    fn bare(&self, text: &str, tokens: &[Token], numerals: &[Numeral]) -> Option<Found> {
        let [numeral] = numerals else { return None };
        let is_answer = numeral.first == 0 && numeral.next == tokens.len();
        let unit = self.options.default_unit.filter(|_| is_answer)?;
        let measured = Measured { amount: numeral.value.to_f64(), unit, next: numeral.next };
        self.found(text, numeral.range.clone(), &measured, false)
    }

    /// What is left to the library: units of other languages.
    fn foreign(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let measures = duckling::measures(text, surroundings.language, surroundings.now);
        measures
            .into_iter()
            .filter_map(|placed| {
                let name = match placed.value.unit.as_str() {
                    "metre" => "meter",
                    "centimetre" => "centimeter",
                    "millimetre" => "millimeter",
                    "kilometre" => "kilometer",
                    "litre" => "liter",
                    "millilitre" => "milliliter",
                    name => name,
                };
                let measured = Measured { amount: placed.value.amount, unit: Unit::named(name)?, next: 0 };
                self.found(text, placed.range, &measured, false)
            })
            .collect()
    }
}

/// An amount of a unit that the words of a language name, and half a unit more: "dos horas y media".
fn in_tongue(script: &Script<'_>, at: usize, amount: f64) -> Option<Measured> {
    let place = script.skip(at, Sense::Of);
    let ((name, times), mut next) =
        script.pick(place, |it| if let Sense::Measure(name, times) = it { Some((name, times)) } else { None })?;
    let mut amount = amount;
    if let Some(after) = script.after(next, Sense::AndHalf) {
        (amount, next) = (amount + 0.5, after);
    }
    Some(Measured { amount: amount * times, unit: Unit::named(name)?, next })
}

/// "1m80", "um metro e oitenta", "1h30": hundredths behind a metre, minutes behind hours.
fn with_hundredths(script: &Script<'_>, mut measured: Measured) -> Measured {
    let parts = match measured.unit.name {
        "meter" if measured.amount.fract() == 0.0 => 100.0,
        "hour" if measured.amount.fract() == 0.0 => 60.0,
        _ => return measured,
    };
    let joined = script.after(measured.next, Sense::With).or_else(|| script.after(measured.next, Sense::And));
    let place = joined.unwrap_or(measured.next);
    let is_two = |it: &&Token| it.is_digits() && it.lower.len() == 2;
    let more = match script.tokens.get(place).filter(is_two) {
        Some(digits) => digits.lower.parse::<f64>().ok().map(|it| (it, place + 1)),
        None => script
            .number(place)
            .filter(|said| said.in_words && said.value.to_i64().is_some_and(|it| it >= 10))
            .map(|said| (said.value.to_f64(), said.next)),
    };
    if let Some((more, next)) = more.filter(|(more, next)| *more < parts && script.is_end(*next)) {
        // 1.8 exactly, and not what the sum of two fractions makes of it.
        measured.amount = (measured.amount * parts + more) / parts;
        measured.next = next;
    }
    measured
}

fn word(tokens: &[Token], at: usize) -> Option<&str> {
    tokens.get(at).map(|token| token.lower.as_str())
}

fn is_of_age(tokens: &[Token], at: usize) -> bool {
    // "3 years of age", "3-year-old"
    (word(tokens, at) == Some("of") && word(tokens, at + 1) == Some("age"))
        || (word(tokens, at) == Some("-") && word(tokens, at + 1) == Some("old"))
}

impl Extractor for Quantities {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let tokens = tongue::tokens(text, surroundings.language);
        let numerals = numerals(text, &tokens, surroundings);
        let script = tongue::of(surroundings.language).map(|it| Script::new(it, text, &tokens, surroundings.language));
        let mut found = self.quantities(text, &tokens, &numerals, script.as_ref());
        if let Some(script) = &script {
            found.extend(self.single_in_tongue(script));
        } else if language::is_english(surroundings.language) {
            found.extend(self.single(text, &tokens));
        } else {
            found.extend(self.foreign(text, surroundings));
        }
        found.extend(self.bare(text, &tokens, &numerals));
        without_overlaps(found, |found| found.range.clone())
    }
}
