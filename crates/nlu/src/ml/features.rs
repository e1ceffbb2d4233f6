//! What an utterance looks like to the classifier: stemmed words, neighbouring words, and pieces of words.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::text::{Language, Token, is_unspaced};

/// A text as numbers of features and their strengths. Together with what the text has of unknown features, the strengths
/// have the length 1, so that a text full of unknown words is a short vector: the classifier is less sure of it.
pub(super) type Vector = Vec<(u32, f32)>;

/// The features of a training set, in order, with how telling each is. The number of a feature is its place.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Vocabulary {
    features: Vec<u64>,
    tellings: Vec<f32>,
    /// How telling a feature of the weight 1 is that no text of the training set has.
    unknown: f32,
}

/// Above this many texts a feature that only one of them has is left out: it teaches nothing and takes room.
const MANY_TEXTS: usize = 5_000;
/// The lengths of pieces of words.
const PIECES: std::ops::RangeInclusive<usize> = 2..=4;
/// There are many more pieces in a text than words, and they say the same again; words would be drowned out without this.
const WORD_WEIGHT: f32 = 2.0;
const NEIGHBOURS_WEIGHT: f32 = 1.5;
const PIECE_WEIGHT: f32 = 1.0;

impl Vocabulary {
    /// The features of some texts.
    pub(super) fn of(language: &Language, texts: &[&str]) -> Self {
        // For each feature: its weight, how many texts have it, and which one had it last.
        let mut seen: HashMap<u64, (f32, u32, usize)> = HashMap::new();
        for (at, text) in texts.iter().enumerate() {
            each_feature(language, text, |feature, weight| {
                let (_, count, last) = seen.entry(feature).or_insert((weight, 0, usize::MAX));
                if *last != at {
                    (*count, *last) = (*count + 1, at);
                }
            });
        }
        let least = if texts.len() > MANY_TEXTS { 2 } else { 1 };
        let mut kept: Vec<_> = seen.into_iter().filter(|(_, (_, count, _))| *count >= least).collect();
        kept.sort_unstable_by_key(|(feature, _)| *feature);
        let telling = |count: f32| (1.0 + (1.0 + texts.len() as f32) / (1.0 + count)).ln();
        Self {
            features: kept.iter().map(|(feature, _)| *feature).collect(),
            tellings: kept.iter().map(|(_, (weight, count, _))| weight * telling(*count as f32)).collect(),
            unknown: telling(0.0),
        }
    }

    /// How many features there are.
    pub(super) fn len(&self) -> usize {
        self.features.len()
    }

    /// Whether it can be worked with, wherever it comes from.
    pub(super) fn is_sound(&self) -> bool {
        self.features.len() == self.tellings.len() && self.features.is_sorted()
    }

    /// Bytes in memory.
    pub(super) fn size(&self) -> usize {
        size_of_val(&self.features[..]) + size_of_val(&self.tellings[..])
    }

    /// A text as a vector.
    pub(super) fn vector(&self, language: &Language, text: &str) -> Vector {
        let mut found: Vec<u32> = Vec::with_capacity(256);
        let mut square = 0.0_f32;
        each_feature(language, text, |feature, weight| match self.number(feature) {
            Some(number) => found.push(number),
            None => square += (weight * self.unknown).powi(2),
        });
        found.sort_unstable();
        let mut vector = Vector::with_capacity(found.len());
        for number in found {
            match vector.last_mut() {
                Some((last, count)) if *last == number => *count += 1.0,
                _ => vector.push((number, 1.0)),
            }
        }
        for (number, strength) in &mut vector {
            *strength = (1.0 + strength.ln()) * self.tellings[*number as usize];
            square += *strength * *strength;
        }
        let scale = 1.0 / square.sqrt().max(f32::MIN_POSITIVE);
        for (_, strength) in &mut vector {
            *strength *= scale;
        }
        vector
    }

    /// The words and neighbouring words of a text that the training set has: what people read, the number, the strength
    /// in the text's vector.
    pub(super) fn words(&self, language: &Language, text: &str) -> Vec<(String, u32, f32)> {
        let vector = self.vector(language, text);
        let tokens = language.tokens(text);
        let words: Vec<&Token> = tokens.iter().filter(|token| token.is_word()).collect();
        let mut known: Vec<(String, u32, f32)> = Vec::new();
        let mut add = |feature: u64, shown: String| {
            let Some(number) = self.number(feature) else { return };
            let Ok(at) = vector.binary_search_by_key(&number, |(number, _)| *number) else { return };
            known.push((shown, number, vector[at].1));
        };
        for word in &words {
            add(hash('w', word.stem.chars()), word.lower.clone());
        }
        for pair in words.windows(2) {
            let feature = neighbours(&pair[0].stem, &pair[1].stem);
            add(feature, format!("{} {}", pair[0].lower, pair[1].lower));
        }
        // A word said twice is one feature.
        known.sort_by(|a, b| (a.1, &a.0).cmp(&(b.1, &b.0)));
        known.dedup_by_key(|(_, number, _)| *number);
        known
    }

    fn number(&self, feature: u64) -> Option<u32> {
        self.features.binary_search(&feature).ok().and_then(|place| u32::try_from(place).ok())
    }
}

/// Calls `found` with each feature of a text and its weight, as often as it occurs.
fn each_feature(language: &Language, text: &str, mut found: impl FnMut(u64, f32)) {
    let tokens = language.tokens(text);
    let words: Vec<&Token> = tokens.iter().filter(|token| token.is_word()).collect();
    let mut previous = "^";
    for word in &words {
        found(hash('w', word.stem.chars()), WORD_WEIGHT);
        found(neighbours(previous, &word.stem), NEIGHBOURS_WEIGHT);
        previous = &word.stem;
    }
    if !words.is_empty() {
        found(neighbours(previous, "$"), NEIGHBOURS_WEIGHT);
    }
    for run in runs(&words) {
        for length in PIECES {
            for piece in run.windows(length) {
                found(hash('c', piece.iter().copied()), PIECE_WEIGHT);
            }
        }
    }
}

fn neighbours(first: &str, second: &str) -> u64 {
    hash('b', first.chars().chain([' ']).chain(second.chars()))
}

/// The letters of each word between blanks. Words of scripts that are written without blanks make one run, since where
/// one ends is a guess there.
fn runs(words: &[&Token]) -> Vec<Vec<char>> {
    let mut runs: Vec<Vec<char>> = Vec::new();
    let mut goes_on = false;
    for word in words {
        let unspaced = word.lower.chars().any(is_unspaced);
        match runs.last_mut() {
            Some(run) if unspaced && goes_on => {
                run.pop();
                run.extend(word.lower.chars());
                run.push(' ');
            }
            _ => runs.push([' '].into_iter().chain(word.lower.chars()).chain([' ']).collect()),
        }
        goes_on = unspaced;
    }
    runs
}

/// A feature as a number: FNV-1a, which is the same on every machine. Two features in one number are rare and harmless.
fn hash(kind: char, letters: impl Iterator<Item = char>) -> u64 {
    [kind].into_iter().chain(letters).fold(0xcbf2_9ce4_8422_2325, |hash, letter| {
        (hash ^ u64::from(u32::from(letter))).wrapping_mul(0x0100_0000_01b3)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn unknown_words_shorten_a_vector() {
        let language = Language::of("en");
        let vocabulary = Vocabulary::of(&language, &["book a flight", "cancel the flight"]);
        let length = |text: &str| {
            let square: f32 = vocabulary.vector(&language, text).iter().map(|(_, strength)| strength * strength).sum();
            square.sqrt()
        };
        assert!((length("book a flight") - 1.0).abs() < 1e-4);
        assert!((length("Book a FLIGHT!") - 1.0).abs() < 1e-4);
        assert!(length("book a hotel") < 0.9);
        assert!(length("zzz") < 0.1);
        assert!(vocabulary.vector(&language, "").is_empty());
    }

    #[test]
    fn scripts_without_blanks_are_read_in_one_run() {
        let language = Language::of("zh");
        let tokens = language.tokens("我想订票 now");
        let words: Vec<&Token> = tokens.iter().filter(|token| token.is_word()).collect();
        let texts: Vec<String> = runs(&words).into_iter().map(|run| run.into_iter().collect()).collect();
        assert_eq!(texts, [" 我想订票 ", " now "]);
    }

    proptest! {
        #[test]
        fn any_text_has_a_vector_no_longer_than_one(text in "\\PC{0,60}", seen in "\\PC{0,60}") {
            let language = Language::of("en");
            let vocabulary = Vocabulary::of(&language, &[&seen]);
            let square: f32 = vocabulary.vector(&language, &text).iter().map(|(_, strength)| strength * strength).sum();
            prop_assert!(square <= 1.001, "{square}");
        }
    }
}
