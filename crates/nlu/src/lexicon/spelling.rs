//! Spelling help: a word that the bot does not know and that is nearly one of its own is taken for that one.

use std::collections::{HashMap, HashSet};

use definition::nlp::NlpData;

use super::english;
use crate::text::{Language, Token};

/// The words of a bot's own texts.
pub(super) struct Speller {
    known: HashSet<String>,
    stems: HashSet<String>,
    /// Words of the texts of intents, and synonyms for them, by their stems.
    of_intents: HashSet<String>,
    /// Words that can be meant, and values of lists, by their first letter and their length in letters.
    targets: HashMap<(char, usize), Vec<Target>>,
}

/// A word that another one may be a slip for.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
struct Target {
    word: String,
    /// Values of lists have their own help, with a threshold that the author sets: what is nearly one of them is left to it.
    is_value: bool,
}

/// Words shorter than this are not corrected: one letter more or less makes another word of them.
const SHORTEST: usize = 4;
/// From this length on two mistakes may be in a word.
const LONG: usize = 9;
/// Longer words are no words.
const LONGEST: usize = 40;

/// Words, while they are collected.
#[derive(Default)]
struct Collected {
    known: HashSet<String>,
    stems: HashSet<String>,
    meant: HashSet<String>,
    values: HashSet<String>,
}

impl Collected {
    fn learn(&mut self, language: &Language, text: &str, can_be_meant: bool) {
        for token in language.tokens(text).into_iter().filter(|token| token.is_word()) {
            if can_be_meant {
                self.meant.insert(token.lower.clone());
            }
            self.known.insert(token.lower);
            self.stems.insert(token.stem);
        }
    }
}

impl Speller {
    pub(super) fn new(data: &NlpData, language: &Language) -> Self {
        let mut words = Collected::default();
        let mut learn = |text: &str, can_be_meant: bool| words.learn(language, text, can_be_meant);
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
        let of_intents = with_synonyms(words.stems.clone(), data, language);
        let mut learn = |text: &str, can_be_meant: bool| words.learn(language, text, can_be_meant);
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
        for text in data.small_talk.iter().flat_map(|talk| &talk.utterances) {
            learn(&text.replace('_', " "), false);
        }
        for choice in data.entities.iter().flat_map(|entity| &entity.choices) {
            for text in [&choice.title, &choice.value].into_iter().chain(&choice.synonyms) {
                words.learn(language, text, false);
                words.values.extend(language.tokens(text).into_iter().map(|token| token.lower));
            }
        }
        let Collected { known, stems, meant, values } = words;
        let mut targets: HashMap<(char, usize), Vec<Target>> = HashMap::new();
        for word in meant.union(&values).filter(|word| is_correctable(word)) {
            let Some(first) = word.chars().next() else { continue };
            let target = Target { word: word.clone(), is_value: !meant.contains(word) };
            targets.entry((first, word.chars().count())).or_default().push(target);
        }
        for words in targets.values_mut() {
            words.sort_unstable();
        }
        Self { known, stems, of_intents, targets }
    }

    /// Whether the bot's own texts have a word, in this form or another one of the same stem.
    pub(super) fn knows(&self, lower: &str, stem: &str) -> bool {
        self.known.contains(lower) || self.stems.contains(stem)
    }

    /// Whether the texts of intents have a word, in any form of the same stem, or a synonym of it.
    pub(super) fn is_of_intents(&self, stem: &str) -> bool {
        self.of_intents.contains(stem)
    }

    /// The word that was meant, if this one is unknown in any form and exactly one known word is nearest to it. Several forms of
    /// one word are one.
    pub(super) fn correct(&self, language: &Language, word: &Token) -> Option<&str> {
        if self.knows(&word.lower, &word.stem) || !is_correctable(&word.lower) {
            return None;
        }
        let is_english = language.code() == "en";
        if is_english && english::is_common(&word.lower, &word.stem) {
            return None;
        }
        let length = word.lower.chars().count();
        let most = if length < LONG { 1 } else { 2 };
        // Where it is not known what the words of the language are, a short word with another letter is most often one of them.
        let is_doubtful = length == SHORTEST && !is_english;
        let first = word.lower.chars().next()?;
        let lengths = length.saturating_sub(most)..=length + most;
        let near = lengths.filter_map(|length| self.targets.get(&(first, length))).flatten();
        let mut close: Vec<(usize, &Target)> = near
            .map(|other| (strsim::osa_distance(&word.lower, &other.word), other))
            .filter(|(distance, _)| *distance <= most)
            .filter(|(_, other)| !is_doubtful || !has_another_letter(&word.lower, &other.word))
            .collect();
        close.sort_unstable();
        // "bookng" is near "booking" and "bookings": the nearer one is meant.
        let best = close.first()?.0;
        let mut nearest = close.into_iter().take_while(|(distance, _)| *distance == best).map(|(_, target)| target);
        let meant = nearest.next()?;
        let stem = language.stem(&meant.word);
        let is_clear = !meant.is_value && nearest.all(|other| !other.is_value && language.stem(&other.word) == stem);
        is_clear.then_some(&meant.word)
    }
}

/// The stems, and those of synonyms for them.
pub(super) fn with_synonyms(mut stems: HashSet<String>, data: &NlpData, language: &Language) -> HashSet<String> {
    let mut added = HashSet::new();
    for (term, words) in &data.synonyms {
        let texts = std::iter::once(term).chain(words);
        let group: Vec<String> = texts
            .flat_map(|text| language.tokens(&text.replace('_', " ")))
            .filter(Token::is_word)
            .map(|token| token.stem)
            .collect();
        if group.iter().any(|stem| stems.contains(stem)) {
            added.extend(group);
        }
    }
    stems.extend(added);
    stems
}

/// Whether two words that are one slip apart differ in a letter, not in the order or the number of letters.
fn has_another_letter(word: &str, other: &str) -> bool {
    let letters = |word: &str| {
        let mut letters: Vec<char> = word.chars().collect();
        letters.sort_unstable();
        letters
    };
    let (own, others) = (letters(word), letters(other));
    own.len() == others.len() && own != others
}

fn is_correctable(word: &str) -> bool {
    (SHORTEST..=LONGEST).contains(&word.chars().count()) && word.chars().all(char::is_alphabetic)
}
