//! Spelling help: a word that the bot does not know and that is nearly one of its own is taken for that one.

use std::collections::{HashMap, HashSet};

use definition::nlp::NlpData;

use crate::text::Language;

/// The words of a bot's own texts.
pub(super) struct Speller {
    known: HashSet<String>,
    stems: HashSet<String>,
    /// Words that can be meant, by their first letter and their length in letters.
    targets: HashMap<(char, usize), Vec<String>>,
}

/// Words shorter than this are not corrected: one letter more or less makes another word of them.
const SHORTEST: usize = 5;
/// From this length on two mistakes may be in a word.
const LONG: usize = 9;
/// Longer words are no words.
const LONGEST: usize = 40;

impl Speller {
    pub(super) fn new(data: &NlpData, language: &Language) -> Self {
        let mut known = HashSet::new();
        let mut stems = HashSet::new();
        let mut meant = HashSet::new();
        let mut learn = |text: &str, can_be_meant: bool| {
            for token in language.tokens(text).into_iter().filter(|token| token.is_word()) {
                if can_be_meant {
                    meant.insert(token.lower.clone());
                }
                known.insert(token.lower);
                stems.insert(token.stem);
            }
        };
        for intent in &data.intents {
            learn(&intent.label.replace('_', " "), true);
            learn(&intent.dialog_name.replace('_', " "), true);
            for utterance in &intent.utterances {
                learn(&utterance.text, true);
            }
            for pattern in &intent.patterns {
                learn(&pattern.replace('_', " "), true);
            }
        }
        for faq in &data.faqs {
            for phrasing in [&faq.question].into_iter().chain(&faq.alternates) {
                learn(&phrasing.text, true);
            }
        }
        for (term, words) in data.synonyms.iter().chain(&data.concepts) {
            let own = !term.starts_with('~');
            learn(&term.replace('_', " "), own);
            for word in words {
                learn(&word.replace('_', " "), own);
            }
        }
        // Values of lists have their own help, with a threshold that the author sets.
        for choice in data.entities.iter().flat_map(|entity| &entity.choices) {
            for text in [&choice.title, &choice.value].into_iter().chain(&choice.synonyms) {
                learn(text, false);
            }
        }
        let mut targets: HashMap<(char, usize), Vec<String>> = HashMap::new();
        for word in meant.into_iter().filter(|word| is_correctable(word)) {
            let Some(first) = word.chars().next() else { continue };
            targets.entry((first, word.chars().count())).or_default().push(word);
        }
        for words in targets.values_mut() {
            words.sort_unstable();
        }
        Self { known, stems, targets }
    }

    /// Whether the bot's own texts have a word, in this form or another one of the same stem.
    pub(super) fn knows(&self, lower: &str, stem: &str) -> bool {
        self.known.contains(lower) || self.stems.contains(stem)
    }

    /// The word that was meant, if this one is unknown and exactly one known word is close to it.
    pub(super) fn correct(&self, word: &str) -> Option<&str> {
        if self.known.contains(word) || !is_correctable(word) {
            return None;
        }
        let length = word.chars().count();
        let most = if length < LONG { 1 } else { 2 };
        let first = word.chars().next()?;
        let lengths = length.saturating_sub(most)..=length + most;
        let near = lengths.filter_map(|length| self.targets.get(&(first, length))).flatten();
        let mut close: Vec<(usize, &String)> = near
            .map(|other| (strsim::osa_distance(word, other), other))
            .filter(|(distance, _)| *distance <= most)
            .collect();
        close.sort_unstable();
        match close.as_slice() {
            [(_, only)] => Some(only),
            // "bookng" is near "booking" and "bookings": the nearer one is meant.
            [(best, word), (next, _), ..] if best < next => Some(word),
            _ => None,
        }
    }
}

fn is_correctable(word: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}
