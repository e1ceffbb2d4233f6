//! Amounts of money.

mod in_tongue;
mod names;

use std::ops::Range;

use serde_json::{Value, json};

use crate::decimal::{Decimal, json_number};
use crate::numerals::{Numeral, numerals};
use crate::tokens::{Token, without_overlaps};
use crate::tongue::Script;
use crate::{Extractor, Found, Surroundings, duckling, language, tongue};

pub(crate) use names::is_code;

/// What a bot says of an amount of money.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Rule `defaultCode`: the currency of an amount that names none, and of a sign that may be several ("$").
    pub default_code: Option<String>,
    /// Rule `currencyCodes`: the codes that are accepted; empty: all.
    pub currency_codes: Vec<String>,
    /// Rule `maxDigits`: how many digits the whole part may have.
    pub max_digits: Option<usize>,
    /// Rule `ignoreOnlyCode`: a currency without an amount is nothing. Else it is a value without `amount`, incomplete.
    pub ignore_only_code: bool,
    /// The value is also a list of itself (`currencyv2`): scripts of real bots read `[0].amount`, others `.amount`.
    pub array_like: bool,
}

/// Finds amounts of money: `$20`, `20 USD`, `Rs. 1,00,000`, `5 euros and 20 cents`, `ten bucks`, `5 grand`.
///
/// The value is `{"code": "USD", "amount": 20}`; that of `currencyv2` has itself also at `0`, and `length` 1.
#[derive(Clone, Debug, Default)]
pub struct Amounts {
    options: Options,
}

/// A sign, name or code of a currency in the text.
struct Unit {
    tokens: Range<usize>,
    codes: Vec<&'static str>,
    code: Option<String>,
    hundredth: bool,
    /// It is a sign, or a name that many countries have for their money.
    is_sign: bool,
}

impl Amounts {
    /// Finds amounts of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }

    fn accepts(&self, code: &str) -> bool {
        self.options.currency_codes.is_empty() || self.options.currency_codes.iter().any(|accepted| accepted == code)
    }

    /// The code that a unit stands for in this bot.
    fn code(&self, unit: &Unit) -> Option<String> {
        if let Some(code) = &unit.code {
            return self.accepts(code).then(|| code.clone());
        }
        let default = self.options.default_code.as_deref().filter(|code| unit.codes.contains(code));
        let usual = || unit.codes.iter().copied().find(|code| self.accepts(code));
        default.filter(|code| self.accepts(code)).or_else(usual).map(str::to_owned)
    }

    /// An amount, or a currency alone, as a value.
    fn value(&self, code: &str, amount: Option<Value>) -> Value {
        let mut value = json!({"code": code});
        if let Some(amount) = amount {
            value["amount"] = amount;
        }
        if self.options.array_like {
            let only = value.clone();
            value["0"] = only;
            value["length"] = json!(1);
        }
        value
    }

    fn found(&self, range: Range<usize>, code: &str, amount: Decimal) -> Option<Found> {
        let shown = amount.to_string();
        let whole = shown.trim_start_matches('-').split('.').next().unwrap_or("").len();
        if self.options.max_digits.is_some_and(|most| whole > most) {
            return None;
        }
        Some(Found { range, value: self.value(code, Some(amount.to_json())), others: Vec::new(), incomplete: false })
    }

    fn amounts(&self, text: &str, tokens: &[Token], numerals: &[Numeral]) -> Vec<Found> {
        let mut found: Vec<Found> = Vec::new();
        let mut index = 0;
        while let Some(numeral) = numerals.get(index) {
            index += 1;
            let Some((unit, amount, mut range)) = priced(text, tokens, numeral) else {
                found.extend(self.in_words(text, tokens, numeral));
                continue;
            };
            let Some(code) = self.code(&unit) else { continue };
            let mut amount = amount;
            // "5 dollars and 20 cents"
            let mut next = unit.tokens.end;
            next += usize::from(tokens.get(next).is_some_and(|token| token.lower == "and"));
            if let Some(small) = numerals.get(index).filter(|small| small.first == next && !unit.hundredth)
                && let Some(cents) = unit_at(text, tokens, small.next).filter(|unit| unit.hundredth)
                && let Some(sum) = hundredth(small.value).and_then(|cents| amount.plus(cents))
            {
                amount = sum;
                range.end = tokens[cents.tokens.end - 1].range.end;
                index += 1;
            }
            found.extend(self.found(range, &code, amount));
        }
        found
    }

    /// Amounts whose currency is not said: slang ("5 grand"), and numbers where the bot has a default.
    fn in_words(&self, text: &str, tokens: &[Token], numeral: &Numeral) -> Option<Found> {
        let code = self.options.default_code.as_deref();
        let grand = tokens.get(numeral.next).is_some_and(|token| matches!(token.lower.as_str(), "grand" | "g"));
        if grand {
            let range = numeral.range.start..tokens[numeral.next].range.end;
            return self.found(range, code.unwrap_or("USD"), numeral.value.times(Decimal::whole(1000))?);
        }
        let joined = tokens.get(numeral.next).is_some_and(|token| token.glued && token.is_word());
        let value = match (joined, text.get(numeral.range.end..numeral.range.end + 1)) {
            (true, Some("m" | "M")) if tokens[numeral.next].range.len() == 1 => {
                numeral.value.times(Decimal::whole(1_000_000))?
            }
            (true, _) => return None,
            (false, _) => numeral.value,
        };
        self.found(numeral.range.clone(), code?, value).filter(|_| !numeral.bare_one)
    }

    /// Words that are an amount by themselves: "a dollar", "a fiver", "a grand".
    fn slang(&self, text: &str, tokens: &[Token]) -> Vec<Found> {
        let mut found = Vec::new();
        for (at, token) in tokens.iter().enumerate() {
            let article = at > 0 && matches!(tokens[at - 1].lower.as_str(), "a" | "an");
            let (code, amount, next) = match token.lower.as_str() {
                "fiver" => ("GBP", 5, at + 1),
                "tenner" => ("GBP", 10, at + 1),
                "grand" if article => ("USD", 1000, at + 1),
                _ if article => match unit_at(text, tokens, at).filter(|unit| !unit.hundredth) {
                    Some(unit) => {
                        let Some(code) = self.code(&unit) else { continue };
                        let range = tokens[at - 1].range.start..tokens[unit.tokens.end - 1].range.end;
                        found.extend(self.found(range, &code, Decimal::whole(1)));
                        continue;
                    }
                    None => continue,
                },
                _ => continue,
            };
            let code = self.options.default_code.as_deref().unwrap_or(code);
            let start = tokens[at - usize::from(article)].range.start;
            if self.accepts(code) {
                found.extend(self.found(start..tokens[next - 1].range.end, code, Decimal::whole(amount)));
            }
        }
        found
    }

    /// Currencies without an amount: their codes, signs and full names.
    fn without_amount(&self, text: &str, tokens: &[Token]) -> Vec<Found> {
        let units = (0..tokens.len()).filter_map(|at| unit_at(text, tokens, at));
        let sure = units.filter(|unit| match &unit.code {
            Some(code) => {
                let written = &text[tokens[unit.tokens.start].range.clone()];
                unit.tokens.len() > 1 || (written == code && !names::WORDS.contains(&code.as_str()))
            }
            None => !unit.hundredth && text[tokens[unit.tokens.start].range.clone()].chars().count() != 2,
        });
        sure.filter_map(|unit| {
            let range = tokens[unit.tokens.start].range.start..tokens[unit.tokens.end - 1].range.end;
            let value = self.value(&self.code(&unit)?, None);
            Some(Found { range, value, others: Vec::new(), incomplete: true })
        })
        .collect()
    }

    /// What is left to the library: amounts in words of other languages.
    fn foreign(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let amounts = duckling::money(text, surroundings.language, surroundings.now);
        amounts
            .into_iter()
            .filter_map(|placed| {
                let code = if placed.value.unit == "$" { "USD" } else { placed.value.unit.as_str() };
                if !is_code(code) || !self.accepts(code) {
                    return None;
                }
                let value = self.value(code, Some(json_number(placed.value.amount)));
                Some(Found { range: placed.range, value, others: Vec::new(), incomplete: false })
            })
            .collect()
    }
}

impl Extractor for Amounts {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let tokens = tongue::tokens(text, surroundings.language);
        let numerals = numerals(text, &tokens, surroundings);
        if let Some(tongue) = tongue::of(surroundings.language) {
            let script = Script::new(tongue, text, &tokens, surroundings.language);
            return self.in_tongue(&script, &numerals, surroundings.language);
        }
        let mut found = self.amounts(text, &tokens, &numerals);
        found.extend(self.slang(text, &tokens));
        if !language::is_english(surroundings.language) {
            found.extend(self.foreign(text, surroundings));
        }
        if !self.options.ignore_only_code {
            found.extend(self.without_amount(text, &tokens));
        }
        without_overlaps(found, |found| found.range.clone())
    }
}

/// The amount at a number, if a currency stands before or after it.
fn priced(text: &str, tokens: &[Token], numeral: &Numeral) -> Option<(Unit, Decimal, Range<usize>)> {
    // "$5m", "5m dollars"
    let letter = tokens.get(numeral.next).filter(|token| token.glued && token.lower == "m" && token.range.len() == 1);
    let (next, value, end) = match letter {
        Some(letter) => (numeral.next + 1, numeral.value.times(Decimal::whole(1_000_000))?, letter.range.end),
        None => (numeral.next, numeral.value, numeral.range.end),
    };
    if let Some(unit) = unit_at(text, tokens, next).filter(|_| !numeral.bare_one || tokens.len() > numeral.next) {
        let amount = if unit.hundredth { hundredth(value)? } else { value };
        let range = numeral.range.start..tokens[unit.tokens.end - 1].range.end;
        // A sign before it as well: "$20 USD".
        let start =
            unit_before(text, tokens, numeral.first).map_or(range.start, |unit| tokens[unit.tokens.start].range.start);
        return Some((unit, amount, start..range.end));
    }
    let unit = unit_before(text, tokens, numeral.first)?;
    let mut start = tokens[unit.tokens.start].range.start;
    let mut amount = value;
    // "-$20"
    let sign = unit.tokens.start.checked_sub(1).map(|index| &tokens[index]);
    if sign.is_some_and(|sign| sign.is_mark("-") && !sign.glued) && tokens[unit.tokens.start].glued {
        amount = amount.negated();
        start -= 1;
    }
    Some((Unit { tokens: unit.tokens.start..next, ..unit }, amount, start..end))
}

fn hundredth(value: Decimal) -> Option<Decimal> {
    value.times(Decimal::read("", "01")?)
}

/// A currency that begins at a token: "$", "USD", "canadian dollars".
fn unit_at(text: &str, tokens: &[Token], at: usize) -> Option<Unit> {
    let token = tokens.get(at)?;
    let capitals = text[token.range.clone()].to_ascii_uppercase();
    let is_written_so = text[token.range.clone()] == capitals;
    let end = at + 1;
    if token.is_word() && is_code(&capitals) && (is_written_so || !names::WORDS.contains(&capitals.as_str())) {
        return Some(Unit {
            tokens: at..end,
            codes: Vec::new(),
            code: Some(capitals),
            hundredth: false,
            is_sign: false,
        });
    }
    // "us $", "US$", "canadian dollars", "new zealand dollars"
    if let Some(name) = tokens.get(at + 1).and_then(|after| names::name(&after.lower)) {
        let joined = names::name(&format!("{}{}", token.lower, tokens[at + 1].lower)).map(|name| name.codes[0]);
        if let Some(code) = joined.or_else(|| names::of_country(&token.lower, name.codes)) {
            let code = Some(code.to_owned());
            return Some(Unit {
                tokens: at..end + 1,
                codes: Vec::new(),
                code,
                hundredth: name.hundredth,
                is_sign: false,
            });
        }
    }
    let country = tokens.get(at + 1).map(|token| token.lower.as_str());
    if matches!(
        (token.lower.as_str(), country),
        ("new", Some("zealand")) | ("hong", Some("kong")) | ("sri", Some("lankan"))
    ) {
        let unit = unit_at(text, tokens, at + 1).filter(|unit| unit.tokens.len() > 1)?;
        return Some(Unit { tokens: at..unit.tokens.end, ..unit });
    }
    let name = names::name(&token.lower)?;
    let is_sign = matches!(token.lower.as_str(), "$" | "peso" | "pesos");
    Some(Unit { tokens: at..end, codes: name.codes.to_vec(), code: None, hundredth: name.hundredth, is_sign })
}

/// A currency that ends before a token: only signs and codes stand before their amount.
fn unit_before(text: &str, tokens: &[Token], at: usize) -> Option<Unit> {
    let mut last = at.checked_sub(1)?;
    // "Rs. 500", "INR: 500"
    if tokens[last].is_mark(".")
        && tokens[last].glued
        && last > 0
        && matches!(tokens[last - 1].lower.as_str(), "rs" | "fr" | "sfr")
    {
        last -= 1;
    }
    let two =
        last.checked_sub(1).and_then(|first| unit_at(text, tokens, first)).filter(|unit| unit.tokens.end == last + 1);
    let unit = two.or_else(|| unit_at(text, tokens, last))?;
    let word = tokens[last].lower.as_str();
    let leads =
        !tokens[last].is_word() || unit.code.is_some() || matches!(word, "rs" | "rp" | "rm" | "kr" | "fr" | "sfr");
    (leads && !unit.hundredth).then_some(unit)
}
