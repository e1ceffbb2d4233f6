//! What the caller gives: a message as words.

/// One token of a message, made by the caller's text processing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Word {
    /// The token as written, in lower case.
    pub lower: String,
    /// Its canonical form, made by the same stemmer that the patterns were parsed with.
    pub stem: String,
    /// Where it starts in the message, in the caller's unit. Tokens that touch (`start` equals the `end` before) may be
    /// one word of a pattern: `boo-yah` is found whether the caller splits at the hyphen or not.
    pub start: usize,
    /// Where it ends in the message, in the same unit.
    pub end: usize,
    /// Whether it counts as a word.
    pub kind: Kind,
    /// Number of the sentence it belongs to; never falls from one token to the next.
    pub sentence: usize,
}

/// Words count in gaps and wildcards, marks do not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A word, a number, an emoji.
    Word,
    /// Punctuation.
    Mark,
}

/// Numbers the sentences of a message whose text processing does not: one ends with the last of a run of `.`, `!`, `?`,
/// `…` or `。` marks.
pub fn number_sentences(words: &mut [Word]) {
    let mut sentence = 0;
    let mut ended = false;
    for word in words {
        let closes = word.kind == Kind::Mark && !word.lower.is_empty() && word.lower.chars().all(is_sentence_end);
        if ended && word.kind == Kind::Word {
            sentence += 1;
            ended = false;
        }
        word.sentence = sentence;
        ended = ended || closes;
    }
}

fn is_sentence_end(mark: char) -> bool {
    matches!(mark, '.' | '!' | '?' | '…' | '。' | '！' | '？')
}
