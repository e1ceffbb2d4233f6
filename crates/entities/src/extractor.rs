//! What every kind of entity offers: finding its values in a text.

use std::ops::Range;

use serde_json::Value;

/// What an extractor has to know besides the text.
#[derive(Clone, Debug)]
pub struct Surroundings<'a> {
    /// Code of the language, `en` or `pt_BR`.
    pub language: &'a str,
    /// What time it is, where the user is: "tomorrow" counts from here, and times are in this zone.
    pub now: &'a jiff::Zoned,
}

/// A value that stands in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Found {
    /// Where it stands, in bytes of the text.
    pub range: Range<usize>,
    /// The value as it is stored in `context.entities` (`conversation.md` §6.3).
    pub value: Value,
    /// Other values that the same words may stand for, best first. Empty where there is no doubt.
    pub others: Vec<Value>,
    /// Something of the value was not said (a date and time without the time); what is there was filled in by rule.
    pub incomplete: bool,
}

/// Finds values of one kind.
pub trait Extractor: Send + Sync {
    /// The values in a text, in the order of their places, not overlapping. A place is at a boundary of characters.
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found>;
}
