//! The words of a bot: how a message becomes words that the experts compare.

use definition::nlp::NlpData;
use patterns::{Concepts, Kind, Word, number_sentences};

use crate::text::{Language, Token};

/// The words of a bot in one language.
pub struct Lexicon {
    language: Language,
    concepts: Concepts,
}

/// A message as words.
#[derive(Clone, Debug, PartialEq)]
pub struct Message {
    /// What was said, unchanged. All places count in its bytes.
    pub text: String,
    /// Its words and marks.
    pub tokens: Vec<Token>,
    /// The same as the pattern language wants them; one for one with `tokens`.
    pub words: Vec<Word>,
}

impl Lexicon {
    /// Collects the words of a bot.
    pub fn new(data: &NlpData) -> Self {
        let language = Language::of(&data.language);
        let stem = |word: &str| language.stem(word).into_owned();
        let lists =
            data.concepts.iter().map(|(name, members)| (name.as_str(), members.iter().map(String::as_str).collect()));
        let concepts = Concepts::new(lists, &stem);
        Self { language, concepts }
    }

    /// What is particular about the language.
    pub fn language(&self) -> &Language {
        &self.language
    }

    /// The named word lists.
    pub fn concepts(&self) -> &Concepts {
        &self.concepts
    }

    /// Reads a message.
    pub fn read(&self, text: &str) -> Message {
        let tokens = self.language.tokens(text);
        let mut words: Vec<Word> = tokens
            .iter()
            .map(|token| Word {
                lower: token.lower.clone(),
                stem: token.stem.clone(),
                start: token.start,
                end: token.end,
                kind: if token.is_word() { Kind::Word } else { Kind::Mark },
                sentence: 0,
            })
            .collect();
        number_sentences(&mut words);
        Message { text: text.to_owned(), tokens, words }
    }
}
