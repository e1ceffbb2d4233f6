//! The words of all questions, numbered, with how telling each is.

use std::collections::{HashMap, HashSet};

use crate::function_words;
use crate::lexicon::Message;
use crate::text::{Language, is_unspaced};

/// The weight of a function word; content words have up to 1.
const FUNCTION: f32 = 0.12;
/// The weight of a content word that no question has.
const UNKNOWN: f32 = 0.7;
/// Least share of common pieces at which an unknown word is read as a misspelt known one.
const LIKE: f32 = 0.5;
/// So many unknown words of a message are looked up by their pieces; longer messages are no questions.
const MOST_LOOKUPS: usize = 32;
/// Longer words are not looked up by pieces.
const LONGEST: usize = 40;

/// The words of the questions and of the terms.
pub(super) struct Vocabulary {
    numbers: HashMap<String, u32>,
    weights: Vec<f32>,
    function: HashSet<String>,
    /// Which words have three letters in a row, and how many such pieces each word has.
    pieces: HashMap<[char; 3], Vec<u32>>,
    counts: Vec<u32>,
}

/// One word of a message: its weight, and the known words it may stand for with how alike they are.
pub(super) struct Slot {
    pub weight: f32,
    pub readings: Vec<(u32, f32)>,
}

impl Vocabulary {
    pub(super) fn new(language: &Language) -> Self {
        let function = function_words::of(language.code()).split(' ').filter(|word| !word.is_empty());
        Self {
            numbers: HashMap::new(),
            weights: Vec::new(),
            function: function.map(|word| language.stem(word).into_owned()).collect(),
            pieces: HashMap::new(),
            counts: Vec::new(),
        }
    }

    /// The number of a word, a new one if need be.
    pub(super) fn number(&mut self, word: String) -> u32 {
        let next = self.numbers.len() as u32;
        *self.numbers.entry(word).or_insert(next)
    }

    /// Weighs the words, once all are numbered: `found` says how many of `all` questions have each.
    pub(super) fn weigh(&mut self, found: &[u32], all: usize) {
        self.weights = vec![UNKNOWN; self.numbers.len()];
        self.counts = vec![0; self.numbers.len()];
        let most = (1.0 + all as f32).ln();
        let mut words: Vec<(&String, u32)> = self.numbers.iter().map(|(word, number)| (word, *number)).collect();
        words.sort_unstable_by_key(|(_, number)| *number);
        for (word, number) in words {
            let place = number as usize;
            match found.get(place).copied().unwrap_or(0) {
                _ if self.function.contains(word) => self.weights[place] = FUNCTION,
                0 => {}
                count => self.weights[place] = ((1.0 + all as f32 / count as f32).ln() / most).max(0.2),
            }
            let pieces = pieces(word);
            self.counts[place] = pieces.len() as u32;
            for piece in pieces {
                self.pieces.entry(piece).or_default().push(number);
            }
        }
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    pub(super) fn weight(&self, number: u32) -> f32 {
        self.weights[number as usize]
    }

    pub(super) fn is_function(&self, number: u32) -> bool {
        self.weight(number) <= FUNCTION
    }

    pub(super) fn get(&self, word: &str) -> Option<u32> {
        self.numbers.get(word).copied()
    }

    /// The words of a message with what they may stand for, each word once.
    pub(super) fn slots(&self, words: &[String]) -> Vec<Slot> {
        let mut seen = HashSet::new();
        let mut lookups = 0;
        let mut slots = Vec::new();
        for word in words.iter().filter(|word| seen.insert(word.as_str())) {
            slots.push(match self.get(word) {
                Some(number) => Slot { weight: self.weight(number), readings: vec![(number, 1.0)] },
                None if self.function.contains(word) => Slot { weight: FUNCTION, readings: Vec::new() },
                None if lookups == MOST_LOOKUPS => Slot { weight: UNKNOWN, readings: Vec::new() },
                None => {
                    lookups += 1;
                    Slot { weight: UNKNOWN, readings: self.misspelt(word) }
                }
            });
        }
        slots
    }

    /// The known words that look like an unknown one: the best three.
    fn misspelt(&self, word: &str) -> Vec<(u32, f32)> {
        let own = pieces(word);
        if own.len() < 4 {
            return Vec::new();
        }
        let mut common: HashMap<u32, u32> = HashMap::new();
        for number in own.iter().filter_map(|piece| self.pieces.get(piece)).flatten() {
            *common.entry(*number).or_default() += 1;
        }
        let alike = |(number, count): (u32, u32)| {
            (number, 2.0 * count as f32 / (own.len() as f32 + self.counts[number as usize] as f32))
        };
        let mut readings: Vec<(u32, f32)> = common
            .into_iter()
            .map(alike)
            .filter(|(number, like)| *like >= LIKE && !self.is_function(*number))
            .collect();
        readings.sort_unstable_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
        readings.truncate(3);
        // Half of the pieces in common is a typing error in a short word.
        readings.iter_mut().for_each(|(_, like)| *like = 0.5 + *like / 2.0);
        readings
    }
}

/// The pieces of three letters of a word and its edges, each once.
fn pieces(word: &str) -> Vec<[char; 3]> {
    let letters: Vec<char> = [' '].into_iter().chain(word.chars().take(LONGEST + 1)).chain([' ']).collect();
    if letters.len() > LONGEST + 2 {
        return Vec::new();
    }
    let mut pieces: Vec<[char; 3]> = letters.windows(3).map(|three| [three[0], three[1], three[2]]).collect();
    pieces.sort_unstable();
    pieces.dedup();
    pieces
}

/// A text as words to compare: stems; pairs of letters in scripts without blanks; marks where there is nothing else.
pub(super) fn words(message: &Message) -> Vec<String> {
    let mut words = Vec::new();
    let mut run: Vec<char> = Vec::new();
    for token in message.tokens.iter().filter(|token| token.is_word()) {
        if token.lower.chars().any(is_unspaced) {
            run.extend(token.lower.chars());
        } else {
            pairs(&mut run, &mut words);
            words.push(token.stem.clone());
        }
    }
    pairs(&mut run, &mut words);
    if words.is_empty() {
        words.extend(message.tokens.iter().map(|token| token.lower.clone()));
    }
    words
}

fn pairs(run: &mut Vec<char>, words: &mut Vec<String>) {
    if let [one] = run.as_slice() {
        words.push(one.to_string());
    }
    words.extend(run.windows(2).map(|pair| pair.iter().collect::<String>()));
    run.clear();
}
