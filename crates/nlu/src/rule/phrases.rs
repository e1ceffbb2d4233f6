//! Training utterances that a message repeats, or nearly.

use std::collections::HashMap;

use definition::nlp::NlpData;

use crate::lexicon::{Lexicon, Message};

/// The utterances of a bot, ready to be compared.
pub(super) struct Phrases {
    phrases: Vec<Phrase>,
    /// Which utterances have exactly these words.
    exact: HashMap<String, Vec<usize>>,
    /// Which utterances have a word.
    by_word: HashMap<String, Vec<u32>>,
}

struct Phrase {
    intent: usize,
    text: String,
    /// The words in lower case, with blanks.
    plain: String,
    /// Letters and blanks of them.
    length: usize,
}

/// So many utterances, those with the most words of the message, are compared letter by letter.
const CLOSE_LOOKS: usize = 16;
/// A message longer than this many letters is no training utterance with a typing error.
const LONGEST: usize = 300;

impl Phrases {
    pub(super) fn new(data: &NlpData, lexicon: &Lexicon) -> Self {
        let mut phrases = Self { phrases: Vec::new(), exact: HashMap::new(), by_word: HashMap::new() };
        for (intent, entry) in data.intents.iter().enumerate() {
            for utterance in &entry.utterances {
                let plain = plain(&lexicon.read(&utterance.text).tokens);
                if plain.is_empty() {
                    continue;
                }
                let number = phrases.phrases.len();
                let mut words: Vec<&str> = plain.split(' ').collect();
                words.sort_unstable();
                words.dedup();
                for word in words {
                    phrases.by_word.entry(word.to_owned()).or_default().push(number as u32);
                }
                phrases.exact.entry(plain.clone()).or_default().push(number);
                let length = plain.chars().count();
                phrases.phrases.push(Phrase { intent, text: utterance.text.clone(), plain, length });
            }
        }
        phrases
    }

    /// For each intent the utterance most like the message, where the likeness (0 to 1) reaches `least`. An utterance that
    /// the message repeats word by word leaves no room for others that are merely like it.
    pub(super) fn like(&self, message: &Message, least: f32) -> Vec<(usize, &str, f32)> {
        let plain = plain(&message.tokens);
        let found: Vec<(usize, f32)> = match self.exact.get(&plain) {
            Some(same) => same.iter().map(|number| (*number, 1.0)).collect(),
            None if plain.is_empty() || plain.chars().count() > LONGEST => Vec::new(),
            None => self.near(&plain, least),
        };
        let mut best: Vec<(usize, &str, f32)> = Vec::new();
        for (number, likeness) in found {
            let phrase = &self.phrases[number];
            match best.iter_mut().find(|(intent, ..)| *intent == phrase.intent) {
                Some(other) if other.2 >= likeness => {}
                Some(other) => *other = (phrase.intent, &phrase.text, likeness),
                None => best.push((phrase.intent, &phrase.text, likeness)),
            }
        }
        best
    }

    /// Utterances of at least this likeness: the share of letters that need not be changed, of the longer of the two.
    ///
    /// A likeness allows for so many changes, and a change touches two words at most. So one of any `2 × changes + 1`
    /// words of the message is in the utterance unchanged, and it is enough to look at the utterances of the rarest ones.
    fn near(&self, plain: &str, least: f32) -> Vec<(usize, f32)> {
        let length = plain.chars().count();
        let changes = (length as f32 / least.max(0.5) * (1.0 - least)) as usize;
        let mut words: Vec<&str> = plain.split(' ').collect();
        words.sort_unstable();
        words.dedup();
        let mut lists: Vec<&[u32]> =
            words.iter().map(|word| self.by_word.get(*word).map_or(&[][..], Vec::as_slice)).collect();
        lists.sort_by_key(|list| list.len());
        let all: Vec<u32> = lists.into_iter().take(2 * changes + 1).flatten().copied().collect();
        let fits = |number: &u32| self.phrases[*number as usize].length.abs_diff(length) <= changes;
        let mut common: HashMap<u32, u32> = HashMap::new();
        for number in all.into_iter().filter(fits) {
            *common.entry(number).or_default() += 1;
        }
        let mut likely: Vec<(u32, u32)> = common.into_iter().collect();
        likely.sort_unstable_by_key(|(number, count)| (std::cmp::Reverse(*count), *number));
        let looks = likely.into_iter().take(CLOSE_LOOKS).map(|(number, _)| number as usize);
        let with_likeness =
            looks.map(|number| (number, strsim::normalized_levenshtein(plain, &self.phrases[number].plain) as f32));
        // Word by word the same is 1; anything else is less, however long the utterance.
        with_likeness.filter(|(_, likeness)| *likeness >= least && *likeness < 1.0).collect()
    }
}

fn plain(tokens: &[crate::text::Token]) -> String {
    let words: Vec<&str> = tokens.iter().filter(|token| token.is_word()).map(|token| token.lower.as_str()).collect();
    words.join(" ")
}
