//! Exact decimal numbers, as people write them.

use serde_json::{Number, Value};

/// The digits a number may have: what JSON keeps exactly in 64 bits.
pub(crate) const MAX_DIGITS: usize = 18;

/// `units` shifted by `places` to the right: 12.5 is (125, 1).
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Decimal {
    units: i128,
    places: u32,
}

impl Decimal {
    /// A whole number.
    pub const fn whole(units: i64) -> Self {
        Self { units: units as i128, places: 0 }
    }

    /// Reads digits before and after the point; `None` when there are more than 18 that count.
    pub fn read(whole: &str, fraction: &str) -> Option<Self> {
        let whole = whole.trim_start_matches('0');
        let fraction = fraction.trim_end_matches('0');
        if whole.len() + fraction.len() > MAX_DIGITS {
            return None;
        }
        let digits = format!("0{whole}{fraction}");
        Some(Self { units: digits.parse().ok()?, places: fraction.len() as u32 })
    }

    /// The product, if it still has at most 18 digits.
    pub fn times(self, other: Self) -> Option<Self> {
        Self { units: self.units.checked_mul(other.units)?, places: self.places + other.places }.shortest()
    }

    /// The sum, if it still has at most 18 digits.
    pub fn plus(self, other: Self) -> Option<Self> {
        let places = self.places.max(other.places);
        let scaled = |number: Self| number.units.checked_mul(10_i128.checked_pow(places - number.places)?);
        Self { units: scaled(self)?.checked_add(scaled(other)?)?, places }.shortest()
    }

    /// The same below zero.
    pub fn negated(self) -> Self {
        Self { units: -self.units, ..self }
    }

    fn shortest(mut self) -> Option<Self> {
        while self.places > 0 && self.units % 10 == 0 {
            self.units /= 10;
            self.places -= 1;
        }
        (self.units.unsigned_abs() < 10_u128.pow(MAX_DIGITS as u32) && self.places <= MAX_DIGITS as u32).then_some(self)
    }

    /// The nearest floating-point number.
    pub fn to_f64(self) -> f64 {
        // Reading the digits rounds once; a division would round twice.
        self.to_string().parse().unwrap_or(0.0)
    }

    /// The whole number it is, if it is one.
    pub fn to_i64(self) -> Option<i64> {
        let shortest = self.shortest()?;
        (shortest.places == 0).then(|| i64::try_from(shortest.units).ok()).flatten()
    }

    /// A JSON number: whole where it is whole.
    pub fn to_json(self) -> Value {
        match self.to_i64() {
            Some(whole) => Value::from(whole),
            None => json_number(self.to_f64()),
        }
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let places = self.places as usize;
        let digits = format!("{:0>width$}", self.units.unsigned_abs(), width = places + 1);
        let (whole, fraction) = digits.split_at(digits.len() - places);
        let sign = if self.units < 0 { "-" } else { "" };
        match fraction {
            "" => write!(formatter, "{sign}{whole}"),
            _ => write!(formatter, "{sign}{whole}.{fraction}"),
        }
    }
}

/// A JSON number of a calculated value, without the noise of its last digits; whole where it is whole.
pub(crate) fn json_number(value: f64) -> Value {
    let rounded: f64 = format!("{value:.11e}").parse().unwrap_or(value);
    if rounded.fract() == 0.0 && rounded.abs() < 1e15 {
        return Value::from(rounded as i64);
    }
    Number::from_f64(rounded).map_or(Value::Null, Value::Number)
}
