//! Words of a text as the pattern language wants them.

use patterns::{Kind, Word, number_sentences};

use crate::text::Token;

/// The tokens as words of a pattern, one for one, their sentences numbered.
pub fn pattern_words(tokens: &[Token]) -> Vec<Word> {
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
    words
}
