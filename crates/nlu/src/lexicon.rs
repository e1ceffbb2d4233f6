//! The words of a bot: how a message becomes words that the experts compare.

mod spelling;
mod synonyms;

use std::collections::HashSet;
use std::ops::Range;

use definition::nlp::NlpData;
use entities::words::pattern_words;
use patterns::{Concepts, Word};

use self::spelling::Speller;
pub use self::synonyms::Meaning;
use self::synonyms::Synonyms;
use crate::function_words;
use crate::text::{Language, Token, is_unspaced};

/// The words of a bot in one language.
pub struct Lexicon {
    language: Language,
    concepts: Concepts,
    function_words: HashSet<&'static str>,
    substitutions: Vec<(Vec<String>, String)>,
    synonyms: Synonyms,
    speller: Speller,
}

/// A message as words.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What was said, unchanged. All places count in its bytes.
    pub text: String,
    /// Its words and marks, misspelt ones with the form and stem of the word that was meant.
    pub tokens: Vec<Token>,
    /// The same as the pattern language wants them; one for one with `tokens`.
    pub words: Vec<Word>,
    /// What was taken for misspelt: the word as it was said, and as it was meant.
    pub corrections: Vec<(String, String)>,
}

impl Message {
    /// From the first to the last word, in bytes; empty where there is none.
    pub fn extent(&self) -> Range<usize> {
        let mut words = self.tokens.iter().filter(|token| token.is_word());
        match words.next() {
            Some(first) => first.start..words.next_back().unwrap_or(first).end,
            None => 0..0,
        }
    }

    /// The bytes that some tokens take.
    pub fn bytes(&self, tokens: &Range<usize>) -> Range<usize> {
        match self.tokens.get(tokens.clone()) {
            Some([first, .., last]) => first.start..last.end,
            Some([only]) => only.start..only.end,
            _ => 0..0,
        }
    }
}

/// The concept that replaces words before anything else looks at them: its members are `said|meant`.
const SUBSTITUTIONS: &str = "~bot_substitutions";

impl Lexicon {
    /// Collects the words of a bot.
    pub fn new(data: &NlpData) -> Self {
        let language = Language::of(&data.language);
        let stem = |word: &str| language.stem(word).into_owned();
        let lists =
            data.concepts.iter().map(|(name, members)| (name.as_str(), members.iter().map(String::as_str).collect()));
        let concepts = Concepts::new(lists, &stem);
        let function_words: HashSet<&'static str> =
            function_words::of(language.code()).split(' ').filter(|word| !word.is_empty()).collect();
        let substitutions =
            data.concepts.iter().filter(|(name, _)| name == SUBSTITUTIONS).flat_map(|(_, members)| members);
        let substitutions = substitutions.filter_map(|member| {
            let (said, meant) = member.split_once('|')?;
            let said: Vec<String> = language.tokens(&said.replace('_', " ")).into_iter().map(|it| it.lower).collect();
            (!said.is_empty()).then(|| (said, meant.replace('_', " ").trim().to_owned()))
        });
        let substitutions = substitutions.collect();
        let synonyms = Synonyms::new(data, &language, &concepts);
        let speller = Speller::new(data, &language);
        Self { language, concepts, function_words, substitutions, synonyms, speller }
    }

    /// What is particular about the language.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The named word lists.
    pub fn concepts(&self) -> &Concepts {
        &self.concepts
    }

    /// Whether a lower-case word carries little meaning (`the`, `please`).
    pub fn is_function_word(&self, word: &str) -> bool {
        self.function_words.contains(word)
    }

    /// The share of the words of a message that the bot's own texts, or the function words of the language, have: how much
    /// the message looks like this language. 0 for a message without words.
    pub fn familiarity(&self, text: &str) -> f32 {
        let tokens = self.language.tokens(text);
        let words: Vec<&Token> = tokens.iter().filter(|token| token.is_word()).collect();
        let known = words
            .iter()
            .filter(|it| self.is_function_word(&it.lower) || self.speller.knows(&it.lower, &it.stem))
            .count();
        known as f32 / words.len().max(1) as f32
    }

    /// Whether any word of a message stands in the bot's own texts. Texts in scripts without blanks are taken for known:
    /// where a word ends is a guess there.
    pub fn is_familiar(&self, message: &Message) -> bool {
        let words = message.tokens.iter().filter(|token| token.is_word());
        words.into_iter().any(|it| self.speller.knows(&it.lower, &it.stem) || it.lower.chars().any(is_unspaced))
    }

    /// The bot synonyms in a message: which words stand for which term.
    pub fn meanings(&self, message: &Message) -> Vec<Meaning<'_>> {
        self.synonyms.find(message, &self.concepts)
    }

    /// Reads a message.
    pub fn read(&self, text: &str) -> Message {
        let mut tokens = self.language.tokens(text);
        self.substitute(&mut tokens);
        let mut corrections = Vec::new();
        for token in tokens.iter_mut().filter(|token| token.is_word() && !self.is_function_word(&token.lower)) {
            if let Some(meant) = self.speller.correct(&token.lower) {
                corrections.push((token.surface.clone(), meant.to_owned()));
                token.lower = meant.to_owned();
                token.stem = self.language.stem(meant).into_owned();
            }
        }
        let words = pattern_words(&tokens);
        Message { text: text.to_owned(), tokens, words, corrections }
    }

    /// Puts what was meant in the place of what was said. All new words stand where the old ones stood.
    fn substitute(&self, tokens: &mut Vec<Token>) {
        for (said, meant) in &self.substitutions {
            let mut at = 0;
            while at + said.len() <= tokens.len() {
                let stands = tokens[at..at + said.len()].iter().zip(said).all(|(token, word)| token.lower == *word);
                if !stands {
                    at += 1;
                    continue;
                }
                let (start, end) = (tokens[at].start, tokens[at + said.len() - 1].end);
                let mut new = self.language.tokens(meant);
                let count = new.len();
                for token in &mut new {
                    (token.start, token.end) = (start, end);
                }
                tokens.splice(at..at + said.len(), new);
                at += count;
            }
        }
    }
}
