//! Rules of authors (`entityRules`), read.

use serde_json::Value;

use crate::kind::Kind;
use crate::label::LabelRules;

/// Whose thing has to be spoken of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Ownership {
    /// Anyone's.
    #[default]
    Either,
    /// The speaker's: "my", "our".
    Own,
    /// Not the speaker's.
    Other,
}

/// The rules of an entity that are not of one system kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rules {
    /// `patternsOnly`: nothing but patterns and marks finds a value.
    pub patterns_only: bool,
    /// `ignoreWords`, lower case: they do not count, and are no value.
    pub ignore_words: Vec<String>,
    /// `includeWords`, lower case: one of them has to be said somewhere.
    pub include_words: Vec<String>,
    /// `excludeWords`, lower case: none of them may be said.
    pub exclude_words: Vec<String>,
    /// `ignoreLemmaWords`, lower case: compared as they stand.
    pub unstemmed: Vec<String>,
    /// `ignoreLemmaWords: true`: no word is compared by stem.
    pub no_stems: bool,
    /// `noIndexMatch`: letters and numbers do not choose.
    pub no_index: bool,
    /// `ownership`.
    pub ownership: Ownership,
    /// `negativePatterns` of a name.
    pub negative_patterns: Vec<String>,
    /// `country` of a postal code.
    pub country: String,
    /// `modelNumber` of a composite.
    pub model_number: bool,
    /// Rules of texts.
    pub label: LabelRules,
    /// The names of all rules, in their order.
    pub names: Vec<String>,
}

impl Rules {
    /// Reads rules as an export has them: a name and the value as JSON text.
    pub fn new(rules: &[(String, String)]) -> Self {
        let mut read = Self::default();
        for (name, text) in rules {
            let value = serde_json::from_str(text).unwrap_or_else(|_| Value::from(text.as_str()));
            read.names.push(name.clone());
            match name.as_str() {
                "patternsOnly" => read.patterns_only = is_on(&value),
                "ignoreWords" => read.ignore_words = words(&value),
                "includeWords" => read.include_words = words(&value),
                "excludeWords" => read.exclude_words = words(&value),
                "ignoreLemmaWords" => match value {
                    Value::Bool(on) => read.no_stems = on,
                    value => read.unstemmed = words(&value),
                },
                "noIndexMatch" => read.no_index = is_on(&value),
                "ownership" => read.ownership = ownership(&value),
                "negativePatterns" => read.negative_patterns = texts(&value),
                "country" => read.country = texts(&value).pop().unwrap_or_default(),
                "modelNumber" => read.model_number = is_on(&value),
                "stripLeading" => read.label.strip_leading = texts(&value),
                "stripTrailing" => read.label.strip_trailing = texts(&value),
                "avoidSingleWord" => read.label.avoid_single_word = is_on(&value),
                "letters" => read.label.letters = is_on(&value),
                "extractOnlyNumbers" => read.label.only_numbers = is_on(&value),
                _ => {}
            }
        }
        read
    }

    /// Whether a rule that is read here has an effect on a kind.
    pub(crate) fn knows(rule: &str, kind: Kind) -> bool {
        match rule {
            "patternsOnly" | "ignoreWords" | "includeWords" | "excludeWords" | "ownership" => true,
            "ignoreLemmaWords" | "noIndexMatch" => kind == Kind::ListOfValues,
            "negativePatterns" => kind == Kind::PersonName,
            "country" => kind == Kind::ZipCode,
            "modelNumber" => kind == Kind::Composite,
            "stripLeading" | "stripTrailing" | "avoidSingleWord" | "letters" | "extractOnlyNumbers" => {
                matches!(kind, Kind::Label | Kind::Description)
            }
            _ => false,
        }
    }

    /// Whether the words of a whole message allow a value (`includeWords`, `excludeWords`); `words` are in lower case.
    pub(crate) fn allow(&self, words: &[String]) -> bool {
        let said = |word: &String| words.contains(word);
        (self.include_words.is_empty() || self.include_words.iter().any(said)) && !self.exclude_words.iter().any(said)
    }

    /// Whether a value with these words (lower case) before it is of the right owner.
    pub(crate) fn fits_owner(&self, before: &[String]) -> bool {
        let near = &before[before.len().saturating_sub(3)..];
        let own = near.iter().any(|word| matches!(word.as_str(), "my" | "our" | "mine" | "ours" | "own"));
        match self.ownership {
            Ownership::Either => true,
            Ownership::Own => own,
            Ownership::Other => !own,
        }
    }
}

fn is_on(value: &Value) -> bool {
    match value {
        Value::Bool(on) => *on,
        Value::String(text) => text.trim().eq_ignore_ascii_case("true") || text.trim() == "1",
        Value::Number(number) => number.as_f64().is_some_and(|number| number != 0.0),
        _ => false,
    }
}

fn ownership(value: &Value) -> Ownership {
    match value {
        Value::Bool(true) => Ownership::Own,
        Value::Bool(false) => Ownership::Other,
        Value::String(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "self" | "own" => Ownership::Own,
            "false" | "no" | "other" => Ownership::Other,
            _ => Ownership::Either,
        },
        _ => Ownership::Either,
    }
}

/// A list, or a text with commas.
fn texts(value: &Value) -> Vec<String> {
    let parts: Vec<&str> = match value {
        Value::String(text) => text.split(',').collect(),
        Value::Array(items) => items.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    parts.into_iter().map(str::trim).filter(|part| !part.is_empty()).map(str::to_owned).collect()
}

fn words(value: &Value) -> Vec<String> {
    texts(value).into_iter().map(|text| text.to_lowercase()).collect()
}
