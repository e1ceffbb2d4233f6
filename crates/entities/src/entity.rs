//! An entity of a bot: what it is described as, and how its values are found in a text.

use std::ops::Range;
use std::sync::Arc;

use patterns::{Concepts, Pattern};

use crate::composite::Composite;
use crate::expression::Expression;
use crate::extractor::{Extractor, Found, Surroundings};
use crate::kind::Kind;
use crate::label::LabelRules;
use crate::list::{Choice, List, ListOptions};
use crate::rules::Rules;
use crate::system::{SystemRules, knows, system};
use crate::text::Language;
use crate::{address, airport, city, color, company, country, person_name, zip_code};

/// What an entity is, as its author wrote it.
#[derive(Clone, Debug, Default)]
pub struct Description {
    /// Key in `context.entities`.
    pub name: String,
    /// Its type; `None` for one that is not known: it finds nothing but by patterns.
    pub kind: Option<Kind>,
    /// More than one value is taken.
    pub many: bool,
    /// Values of a list.
    pub choices: Vec<Choice>,
    /// Expression of a `regex` entity, variables put in.
    pub regex: String,
    /// Least likeness in percent at which a misspelt list value is taken; 0 takes none.
    pub spell_threshold: f64,
    /// Entity patterns: `to *1`, `from * to`. In a composite they name its parts with `@`.
    pub patterns: Vec<String>,
    /// `(name, value as JSON text)`.
    pub rules: Vec<(String, String)>,
    /// `unitType` of a quantity.
    pub unit_type: String,
    /// `defaultUnit` of a quantity.
    pub default_unit: String,
    /// Parts of a composite.
    pub parts: Vec<Description>,
}

/// An entity, ready to be looked for. Build once, ask often.
pub struct Entity {
    /// Key in `context.entities`.
    pub name: String,
    /// Its type.
    pub kind: Option<Kind>,
    /// More than one value is taken.
    pub many: bool,
    pub(crate) rules: Rules,
    pub(crate) patterns: Vec<Pattern>,
    pub(crate) concepts: Arc<Concepts>,
    pub(crate) language: Language,
    pub(crate) way: Way,
    faults: Vec<String>,
}

/// How values are found where no pattern and no mark has any.
pub(crate) enum Way {
    /// By the kind's extractor.
    Kind(Box<dyn Extractor>),
    /// By a list.
    List(Box<List>),
    /// The answer is the value.
    Answer(LabelRules),
    /// Not in texts.
    Nowhere,
}

impl Entity {
    /// Builds an entity for a language, given as its code. What cannot be read is left out and listed by
    /// [`Self::faults`].
    pub fn new(description: &Description, language: &str, concepts: &Arc<Concepts>) -> Self {
        let words = Language::of(language);
        let stem = |word: &str| words.stem(word).into_owned();
        let rules = Rules::new(&description.rules);
        let mut faults = Vec::new();
        let mut patterns = Vec::new();
        for written in &description.patterns {
            match Pattern::parse(written, &stem) {
                Ok(pattern) => patterns.push(pattern),
                Err(error) => faults.push(format!("pattern `{written}`: {error}")),
            }
        }
        let mut way = way(description, &rules, language, concepts).unwrap_or_else(|fault| {
            faults.push(fault);
            Way::Nowhere
        });
        if description.kind == Some(Kind::Composite) {
            let mut parts: Vec<(String, Box<dyn Extractor>)> = Vec::new();
            for part in &description.parts {
                let part = Self::new(part, language, concepts);
                faults.extend(part.faults.iter().map(|fault| format!("{}: {fault}", part.name)));
                parts.push((part.name.clone(), Box::new(part)));
            }
            let patterns = std::mem::take(&mut patterns);
            way = Way::Kind(Box::new(Composite { parts, patterns, joined: rules.model_number }));
        }
        Self {
            name: description.name.clone(),
            kind: description.kind,
            many: description.many,
            rules,
            patterns,
            concepts: Arc::clone(concepts),
            language: words,
            way,
            faults,
        }
    }

    /// Names of the rules that have no effect, in their order.
    pub fn unsupported_rules(&self) -> Vec<&str> {
        let has_effect = |rule: &str| self.kind.is_some_and(|kind| Rules::knows(rule, kind) || knows(rule, kind));
        self.rules.names.iter().map(String::as_str).filter(|rule| !has_effect(rule)).collect()
    }

    /// What of the description cannot be read, each with the reason.
    pub fn faults(&self) -> &[String] {
        &self.faults
    }

    /// The list of the entity, if it has one: to show it, and to tell what was chosen.
    pub fn list(&self) -> Option<&List> {
        match &self.way {
            Way::List(list) => Some(list),
            _ => None,
        }
    }
}

impl Extractor for Entity {
    fn find(&self, text: &str, surroundings: &Surroundings<'_>) -> Vec<Found> {
        self.values(text, surroundings, &[], &[])
    }
}

impl Entity {
    /// The values in a text, in the order of their places: by exact option, by patterns, in what a tagger marked, then by
    /// the kind over the words that are not `used`. Ranges are bytes of the text. A text ([`Kind::Label`]) is found by
    /// patterns and marks only.
    pub fn values(
        &self,
        text: &str,
        surroundings: &Surroundings<'_>,
        used: &[Range<usize>],
        marks: &[Range<usize>],
    ) -> Vec<Found> {
        let first = self.pointed_at(text, surroundings, used, marks);
        let mut taken = used.to_vec();
        taken.extend(first.iter().map(|found| found.range.clone()));
        let mut found = first;
        if self.many || found.is_empty() {
            found.extend(self.guessed(text, surroundings, &taken));
        }
        found.sort_by_key(|found| found.range.start);
        found
    }
}

/// How a kind finds its values.
fn way(description: &Description, rules: &Rules, language: &str, concepts: &Arc<Concepts>) -> Result<Way, String> {
    let Some(kind) = description.kind else { return Err("the type is not known".to_owned()) };
    let extractor: Box<dyn Extractor> = match kind {
        Kind::Label => return Ok(Way::Answer(rules.label.clone())),
        Kind::Description => return Ok(Way::Answer(LabelRules { many_sentences: true, ..rules.label.clone() })),
        Kind::Attachment | Kind::Composite => return Ok(Way::Nowhere),
        Kind::ListOfValues => {
            let options = ListOptions {
                many: description.many,
                spell_threshold: description.spell_threshold,
                no_index: rules.no_index,
                ignored: rules.ignore_words.clone(),
                unstemmed: rules.unstemmed.clone(),
                no_stems: rules.no_stems,
                concepts: Arc::clone(concepts),
            };
            return Ok(Way::List(Box::new(List::new(description.choices.clone(), language, options))));
        }
        Kind::Regex => match Expression::new(&description.regex, language, concepts)? {
            Some(expression) => Box::new(expression),
            None => return Ok(Way::Nowhere),
        },
        Kind::PersonName => Box::new(person_name::PersonNames {
            ignored: rules.ignore_words.clone(),
            negative_patterns: rules.negative_patterns.clone(),
        }),
        Kind::Location => Box::new(city::Locations),
        Kind::City => Box::new(city::Cities),
        Kind::Country => Box::new(country::Countries),
        Kind::Address => Box::new(address::Addresses),
        Kind::Airport => Box::new(airport::Airports),
        Kind::ZipCode => Box::new(zip_code::ZipCodes { country: rules.country.clone() }),
        Kind::Company => Box::new(company::Companies),
        Kind::Color => Box::new(color::Colors),
        kind => {
            let rules = SystemRules {
                rules: &description.rules,
                unit_type: &description.unit_type,
                default_unit: &description.default_unit,
            };
            system(kind, rules).ok_or_else(|| format!("values of the type {kind:?} are not found"))?
        }
    };
    Ok(Way::Kind(extractor))
}
