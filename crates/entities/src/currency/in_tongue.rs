//! Amounts of money in languages that have a table of their words.

use super::{Amounts, Unit, hundredth, unit_at, unit_before};
use crate::Found;
use crate::decimal::Decimal;
use crate::language::{base, region};
use crate::numerals::Numeral;
use crate::tokens::without_overlaps;
use crate::tongue::{Script, Sense};

impl Amounts {
    /// The amounts of a text: "doce euros con cincuenta", "12€50", "Fr. 35.50", "3万5千円".
    pub(super) fn in_tongue(&self, script: &Script<'_>, numerals: &[Numeral], language: &str) -> Vec<Found> {
        let (mut found, mut end) = (Vec::new(), 0);
        for (index, numeral) in numerals.iter().enumerate() {
            if numeral.first < end {
                continue;
            }
            let following = numerals.get(index + 1);
            let Some((amount, next)) = self.amount(script, numeral, following, language, end) else {
                continue;
            };
            found.extend(amount);
            end = next;
        }
        if !self.options.ignore_only_code {
            found.extend(self.without_amount(script.text, script.tokens));
        }
        without_overlaps(found, |found| found.range.clone())
    }

    /// The amount at a number, and the token after it.
    fn amount(
        &self,
        script: &Script<'_>,
        numeral: &Numeral,
        following: Option<&Numeral>,
        language: &str,
        from: usize,
    ) -> Option<(Option<Found>, usize)> {
        let (mut value, mut next) = (numeral.value, numeral.next);
        let is_mark = |at: usize, mark: &str| script.tokens.get(at).is_some_and(|it| it.glued && it.is_mark(mark));
        // "1,5 k€"
        if script.tokens.get(next).is_some_and(|it| it.lower == "k") && unit(script, next + 1).is_some() {
            (value, next) = (value.times(Decimal::whole(1000))?, next + 1);
        }
        // "15,- €", "500/-"
        let mut dashed = false;
        let is_dash = |at: usize| is_mark(at, "-") || is_mark(at, "–") || is_mark(at, "—");
        if (is_mark(next, ",") || is_mark(next, ".") || is_mark(next, "/")) && is_dash(next + 1) {
            (dashed, next) = (true, next + 2);
            next += usize::from(is_dash(next));
        }
        let behind = unit(script, script.skip(next, Sense::Of));
        let before = unit_before(script.text, script.tokens, numeral.first);
        let before = before.or_else(|| named_before(script, from, numeral.first));
        let first = before.as_ref().map_or(numeral.first, |unit| unit.tokens.start);
        let Some(unit) = behind.or(before) else {
            let is_answer = script.is_beginning(numeral.first) && !numeral.bare_one;
            let code = self.options.default_code.clone().or_else(|| usual(language).map(str::to_owned))?;
            // "mille e cinquanta" are more likely a thousand and fifty.
            let is_small = numeral.value.to_i64().is_some_and(|value| (0..100).contains(&value));
            let (value, next) = match following.filter(|_| is_small) {
                Some(more) => match self.hundredths(script, next, more, false) {
                    Some((hundredths, next)) => (value.plus(hundredths)?, next),
                    None => (value, next),
                },
                None => (value, next),
            };
            let counts =
                if self.options.default_code.is_some() { !numeral.bare_one } else { is_answer && script.is_end(next) };
            let is_known = dashed || counts;
            let range = script.range(numeral.first, next);
            return (is_known && self.accepts(&code)).then(|| (self.found(range, &code, value), next));
        };
        next = next.max(unit.tokens.end);
        if unit.hundredth {
            value = hundredth(value)?;
        } else if let Some(after) = script.after(next, Sense::AndHalf) {
            // "trois euros et demi"
            (value, next) = (value.plus(Decimal::read("", "5")?)?, after);
        } else if let Some((hundredths, after)) =
            following.and_then(|more| self.hundredths(script, next, more, unit.tokens.start >= numeral.next))
        {
            (value, next) = (value.plus(hundredths)?, after);
        }
        let range = script.range(first, next);
        let codes = self.codes(&unit, language);
        let (code, others) = codes.split_first()?;
        let mut found = self.found(range, code, value)?;
        found.others = others.iter().map(|code| self.value(code, Some(value.to_json()))).collect();
        Some((Some(found), next))
    }

    /// Hundredths behind an amount: "con cincuenta", "fünfzig", "e 50 centesimi".
    fn hundredths(&self, script: &Script<'_>, at: usize, more: &Numeral, priced: bool) -> Option<(Decimal, usize)> {
        let joined = script.after(at, Sense::With).or_else(|| script.after(at, Sense::And));
        let is_said = joined.is_some() || priced || !script.tokens.get(more.first)?.is_digits();
        let place = joined.unwrap_or(at);
        let value = more.value.to_i64().filter(|value| (1..100).contains(value))?;
        if more.first != place || !is_said {
            return None;
        }
        let cent = script.pick(more.next, |it| matches!(it, Sense::Cent | Sense::CentOf(_)).then_some(()));
        if let Some((_, next)) = cent {
            return Some((hundredth(Decimal::whole(value))?, next));
        }
        let in_full = value >= 10 || script.text[more.range.clone()].starts_with('0');
        (in_full && script.is_free(more.next)).then(|| Some((hundredth(Decimal::whole(value))?, more.next)))?
    }

    /// The codes that a unit may stand for where a language is spoken, the usual one first.
    fn codes(&self, unit: &Unit, language: &str) -> Vec<String> {
        if let Some(code) = &unit.code {
            return if self.accepts(code) { vec![code.clone()] } else { Vec::new() };
        }
        let usual = self.options.default_code.as_deref().or_else(|| usual(language));
        // Hundredths alone are those of the usual money: "50 पैसे".
        if unit.hundredth && unit.codes.is_empty() {
            return usual.filter(|code| self.accepts(code)).map(str::to_owned).into_iter().collect();
        }
        if let Some(code) = usual.filter(|code| unit.codes.contains(code) && self.accepts(code)) {
            return vec![code.to_owned()];
        }
        // "50 centimes"
        if unit.hundredth && unit.codes.is_empty() {
            return usual.filter(|code| self.accepts(code)).map(str::to_owned).into_iter().collect();
        }
        let all = unit.codes.iter().copied().filter(|code| self.accepts(code));
        // A "$" is the sign of most countries that speak Spanish, and of Canada.
        let doubtful: &[&str] = match base(language) {
            "es" => &["USD", "MXN", "COP", "CLP", "ARS", "UYU", "DOP"],
            "fr" => &["USD", "CAD"],
            _ => &[],
        };
        let is_open = region(language).is_none() && self.options.currency_codes.is_empty();
        let is_dollar = unit.codes.contains(&"USD") || unit.codes.contains(&"MXN");
        match is_open && is_dollar && unit.is_sign {
            true if !doubtful.is_empty() => doubtful.iter().map(|it| (*it).to_owned()).collect(),
            _ => all.take(1).map(str::to_owned).collect(),
        }
    }
}

/// A currency that begins at a token.
fn unit(script: &Script<'_>, at: usize) -> Option<Unit> {
    let named = script.pick(at, |it| match it {
        Sense::Currency(code) => Some((Some(code), false)),
        Sense::Cent => Some((None, true)),
        Sense::CentOf(code) => Some((Some(code), true)),
        _ => None,
    });
    if let Some(((code, hundredth), next)) = named {
        let code = code.map(str::to_owned);
        return Some(Unit { tokens: at..next, codes: Vec::new(), code, hundredth, is_sign: false });
    }
    unit_at(script.text, script.tokens, at)
}

/// A currency that a table names, before a number: "रु. 500".
fn named_before(script: &Script<'_>, from: usize, first: usize) -> Option<Unit> {
    let is_point = |at: usize| script.tokens.get(at).is_some_and(|it| it.is_mark("."));
    let ends = |unit: &Unit| {
        !unit.hundredth && (unit.tokens.end == first || (unit.tokens.end + 1 == first && is_point(unit.tokens.end)))
    };
    (from.max(first.saturating_sub(4))..first).find_map(|at| unit(script, at).filter(ends))
}

/// The money of a country, or of those where a language is spoken.
fn usual(language: &str) -> Option<&'static str> {
    Some(match region(language) {
        Some("US" | "EC" | "SV" | "PR" | "PA") => "USD",
        Some("CA") => "CAD",
        Some("MX") => "MXN",
        Some("CO") => "COP",
        Some("CL") => "CLP",
        Some("AR") => "ARS",
        Some("PE") => "PEN",
        Some("UY") => "UYU",
        Some("BR") => "BRL",
        Some("CH" | "LI") => "CHF",
        Some("IN") => "INR",
        Some("JP") => "JPY",
        Some("TR") => "TRY",
        Some("EG") => "EGP",
        Some("SA") => "SAR",
        Some("AE") => "AED",
        Some("ES" | "FR" | "DE" | "AT" | "IT" | "PT" | "BE" | "LU" | "GR" | "CY") => "EUR",
        Some(_) => return None,
        None => match base(language) {
            "de" | "fr" | "it" | "el" => "EUR",
            "ja" => "JPY",
            "hi" => "INR",
            "tr" => "TRY",
            _ => return None,
        },
    })
}
