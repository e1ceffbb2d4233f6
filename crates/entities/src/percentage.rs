//! Shares.

use serde_json::Value;

use crate::decimal::{Decimal, json_number};
use crate::numerals::numerals;
use crate::tokens::Token;
use crate::{Extractor, Found, Surroundings, tongue};

/// What a bot says of a share.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Options {
    /// Rule `range`: the least and the greatest value that are accepted, as shares (0.5 is 50 %).
    pub range: Option<(f64, f64)>,
}

/// Finds shares: `50 %`, `fifty percent`; the value of 50 % is 0.5.
#[derive(Clone, Debug, Default)]
pub struct Percentages {
    options: Options,
}

impl Percentages {
    /// Finds shares of a kind.
    pub fn new(options: Options) -> Self {
        Self { options }
    }
}

impl Extractor for Percentages {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        let tokens = tongue::tokens(text, surroundings.language);
        let hundredth = Decimal::read("", "01").unwrap_or(Decimal::whole(0));
        numerals(text, &tokens, surroundings)
            .into_iter()
            .filter_map(|numeral| {
                let end = sign(&tokens, numeral.next)?;
                let share = numeral.value.times(hundredth)?.to_f64();
                if self.options.range.is_some_and(|(least, greatest)| share < least || share > greatest) {
                    return None;
                }
                let range = numeral.range.start..tokens[end - 1].range.end;
                Some(Found { range, value: float(share), others: Vec::new(), incomplete: false })
            })
            .collect()
    }
}

/// A share is a float also where it is whole.
fn float(share: f64) -> Value {
    serde_json::Number::from_f64(share).map_or_else(|| json_number(share), Value::Number)
}

/// The token after the sign or word for a hundredth.
fn sign(tokens: &[Token], at: usize) -> Option<usize> {
    let word = |index: usize| tokens.get(index).map(|token| token.lower.as_str());
    match word(at)? {
        "%"
        | "％"
        | "٪"
        | "percent"
        | "pct"
        | "percentage"
        | "prozent"
        | "pourcent"
        | "procent"
        | "prosent"
        | "prosenttia"
        | "процентов"
        | "процента"
        | "процент"
        | "percento"
        | "persen"
        | "yüzde"
        | "パーセント"
        | "퍼센트"
        | "प्रतिशत" => Some(at + 1),
        // "pour cent", "por ciento", "per cento", "por cento"
        "per" | "pour" | "por" if matches!(word(at + 1), Some("cent" | "ciento" | "cento")) => Some(at + 2),
        _ => None,
    }
}
