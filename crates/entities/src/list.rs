//! Lists of values: which item of a list a text names.
//!
//! An item is named by its title, its value or a synonym. By default one word of a name that carries meaning is enough,
//! words being compared by their stems; `"two words"` wants all words, `<two words>` wants nothing else to be said, and
//! `'word` wants this very form. `~name` is a concept. A synonym may be several, with commas between: `"two words",other`.
//! The name said most completely wins: the whole input, then all words
//! of a name, then some of them; of two equal ones that with more words. What still ties is ambiguous.

mod choose;
mod index;
mod matching;
pub(crate) mod spelling;

use std::ops::Range;
use std::sync::Arc;

use patterns::{Concepts, Pattern};
use serde_json::Value;

use crate::extractor::{Extractor, Found, Surroundings};
use crate::text::Language;

pub use choose::place;
use index::{Index, Reading};

/// One item of a list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choice {
    /// What people see.
    pub title: String,
    /// What is stored; the title where it is empty.
    pub value: String,
    /// Other names, with the marks described above.
    pub synonyms: Vec<String>,
}

/// How the items of a list are recognised.
#[derive(Clone, Debug, Default)]
pub struct ListOptions {
    /// More than one item may be named.
    pub many: bool,
    /// Least likeness in percent at which a misspelt word is taken; 0 takes none.
    pub spell_threshold: f64,
    /// Letters and numbers do not choose from a list that was shown (`noIndexMatch`).
    pub no_index: bool,
    /// Lower-case words that do not count.
    pub ignored: Vec<String>,
    /// Lower-case words that are compared as they stand, not by stem.
    pub unstemmed: Vec<String>,
    /// No word is compared by stem.
    pub no_stems: bool,
    /// What `~name` among the synonyms means.
    pub concepts: Arc<Concepts>,
}

/// A list, indexed by its words. Build once, ask often.
pub struct List {
    language: Language,
    items: Vec<Choice>,
    options: ListOptions,
    index: Index,
    /// Items that are named by patterns.
    concepts: Vec<(usize, Pattern)>,
}

/// The items that a stretch of text names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Naming {
    /// Where, in bytes of the text.
    pub range: Range<usize>,
    /// Places of the items in the list, rising; more than one where the words fit several equally.
    pub items: Vec<usize>,
    /// How completely they were named.
    pub degree: Degree,
}

/// How completely an item was named.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Degree {
    /// Some words of a name.
    Part,
    /// All words of a name, among others.
    Words,
    /// A name and nothing else.
    Full,
}

/// The names that a synonym holds: itself, and, where commas stand in it outside of quotes, each that stands between them.
/// One with quotes in it is no name as a whole then.
fn names_in(synonym: &str) -> Vec<&str> {
    let mut is_quoted = false;
    let parts: Vec<&str> = synonym
        .split(|c| {
            is_quoted ^= c == '"';
            c == ',' && !is_quoted
        })
        .filter(|part| !part.trim().is_empty())
        .collect();
    match parts.len() {
        0 | 1 => vec![synonym],
        _ if synonym.contains('"') => parts,
        _ => [vec![synonym], parts].concat(),
    }
}

impl List {
    /// Indexes a list for a language (a code such as `en` or `pt_BR`).
    pub fn new(items: Vec<Choice>, language: &str, options: ListOptions) -> Self {
        let language = Language::of(language);
        let mut index = Index::default();
        let mut concepts = Vec::new();
        let reading = Reading {
            language: &language,
            ignored: &options.ignored,
            unstemmed: &options.unstemmed,
            no_stems: options.no_stems,
        };
        for (item, choice) in items.iter().enumerate() {
            let mut names = vec![choice.title.as_str(), choice.value.as_str()];
            names.extend(choice.synonyms.iter().flat_map(|synonym| names_in(synonym)));
            for (at, name) in names.iter().enumerate() {
                if names[..at].contains(name) {
                    continue;
                }
                let bare = name.trim().trim_matches('"').trim();
                if bare.starts_with('~') {
                    let pattern = Pattern::parse(bare, &|word| language.stem(word).into_owned());
                    concepts.extend(pattern.ok().map(|pattern| (item, pattern)));
                } else {
                    index.add(item, name, reading);
                }
            }
        }
        Self { language, items, options, index, concepts }
    }

    /// The items.
    pub fn items(&self) -> &[Choice] {
        &self.items
    }

    /// The item that an answer names as a whole: the way a button does, by title, value or synonym.
    pub fn exact(&self, answer: &str) -> Option<usize> {
        match self.index.written.get(&index::folded(answer))?.as_slice() {
            [only] => Some(*only),
            _ => None,
        }
    }

    /// The items an answer chooses from a list that was shown: `shown` are places in this list in the order of showing.
    /// Several letters or numbers (`a, c`) where the list takes many. Empty where the answer is anything else.
    pub fn chosen(&self, answer: &str, shown: &[usize]) -> Vec<usize> {
        if self.options.no_index {
            return Vec::new();
        }
        if let Some(place) = place(answer, shown.len()) {
            return vec![shown[place]];
        }
        if !self.options.many {
            return Vec::new();
        }
        let parts = answer.split([',', '&', ';']).flat_map(|part| part.split(" and "));
        let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
        let places: Option<Vec<usize>> = parts.iter().map(|part| place(part, shown.len())).collect();
        let mut items: Vec<usize> = places.unwrap_or_default().into_iter().map(|place| shown[place]).collect();
        let mut seen = std::collections::BTreeSet::new();
        items.retain(|item| seen.insert(*item));
        items
    }

    /// What is stored of an item: its value, a text. So it is for lookups, whose every use in real exports takes a text.
    pub fn stored(&self, item: usize) -> Value {
        let Some(choice) = self.items.get(item) else { return Value::Null };
        Value::from(if choice.value.is_empty() { choice.title.as_str() } else { choice.value.as_str() })
    }

    /// What a naming is as a value: the best item, and the others that fit as well.
    pub fn found(&self, naming: &Naming) -> Option<Found> {
        let mut values = naming.items.iter().map(|item| self.stored(*item));
        let value = values.next()?;
        Some(Found { range: naming.range.clone(), value, others: values.collect(), incomplete: false })
    }
}

impl Extractor for List {
    fn find(&self, text: &str, _surroundings: &Surroundings<'_>) -> Vec<Found> {
        self.named(text).iter().filter_map(|naming| self.found(naming)).collect()
    }
}
