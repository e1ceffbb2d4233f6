//! Bot synonyms: words of a message that stand for a term of the bot. They work in one direction only.

use std::collections::HashMap;
use std::ops::Range;

use definition::nlp::NlpData;
use patterns::{Concepts, Matcher, Options, Pattern};

use super::Message;
use crate::text::Language;

/// Words of a message that stand for a term.
#[derive(Clone, Debug, PartialEq)]
pub struct Meaning<'l> {
    /// The words, as places in [`Message::tokens`].
    pub tokens: Range<usize>,
    /// The stems of the term.
    pub term: &'l [String],
}

pub(super) struct Synonyms {
    terms: Vec<Vec<String>>,
    /// What is said for a term, by the first stem of it: the stems, and the number of the term.
    said: HashMap<String, Vec<(Vec<String>, usize)>>,
    /// Terms that members of a concept stand for.
    concepts: Vec<(Pattern, usize)>,
}

impl Synonyms {
    pub(super) fn new(
        data: &NlpData,
        language: &Language,
        concepts: &Concepts,
        canonical: &dyn Fn(&str) -> String,
    ) -> Self {
        let stems = |text: &str| -> Vec<String> {
            let tokens = language.tokens(&text.replace('_', " ")).into_iter();
            tokens.filter(|token| token.is_word()).map(|token| canonical(&token.lower)).collect()
        };
        let mut synonyms = Self { terms: Vec::new(), said: HashMap::new(), concepts: Vec::new() };
        for (term, words) in &data.synonyms {
            let term = stems(term);
            if term.is_empty() {
                continue;
            }
            let number = synonyms.terms.len();
            for word in words {
                if word.starts_with('~') {
                    let pattern = Pattern::parse(word, canonical);
                    synonyms.concepts.extend(pattern.ok().filter(|_| concepts.contains(word)).map(|it| (it, number)));
                    continue;
                }
                let said = stems(word);
                if let Some(first) = said.first().cloned().filter(|_| said != term) {
                    synonyms.said.entry(first).or_default().push((said, number));
                }
            }
            synonyms.terms.push(term);
        }
        synonyms
    }

    pub(super) fn find(&self, message: &Message, concepts: &Concepts) -> Vec<Meaning<'_>> {
        let words = &message.words;
        let mut found = Vec::new();
        for at in 0..words.len() {
            for (said, term) in self.said.get(&words[at].stem).into_iter().flatten() {
                let there = words.get(at..at + said.len());
                if there.is_some_and(|there| there.iter().zip(said).all(|(word, stem)| word.stem == *stem)) {
                    found.push(Meaning { tokens: at..at + said.len(), term: &self.terms[*term] });
                }
            }
        }
        let mut matcher = Matcher::new(&message.words, concepts, Options::INTENT);
        for (pattern, term) in &self.concepts {
            for hit in matcher.find_all(pattern).into_iter().filter(|hit| !hit.words.is_empty()) {
                found.push(Meaning { tokens: hit.words, term: &self.terms[*term] });
            }
        }
        found.sort_by_key(|meaning| (meaning.tokens.start, meaning.tokens.end, meaning.term));
        found.dedup();
        found
    }
}
