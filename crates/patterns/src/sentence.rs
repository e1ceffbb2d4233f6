//! One sentence as the engine sees it: words with counts that make gaps cheap.

use crate::node::Literal;
use crate::word::{Kind, Word};

/// A run of words matched on its own. Positions are the places between tokens: 0 is before the first, `len()` after the
/// last.
pub(crate) struct Sentence<'w> {
    pub words: &'w [Word],
    /// Index of the first token in the message.
    pub base: usize,
    /// Words (not marks) before each position.
    pub counts: Vec<u32>,
    /// The last position that counts as the start; `None` in a window that starts later.
    pub start_until: Option<usize>,
    /// The first position that counts as the end; `None` in a window that ends earlier.
    pub end_from: Option<usize>,
}

impl<'w> Sentence<'w> {
    pub(crate) fn new(words: &'w [Word], base: usize) -> Self {
        let leading_marks = words.iter().take_while(|word| word.kind == Kind::Mark).count();
        let trailing_marks = words.iter().rev().take_while(|word| word.kind == Kind::Mark).count();
        Self {
            words,
            base,
            counts: counts(words),
            start_until: Some(leading_marks),
            end_from: Some(words.len() - trailing_marks),
        }
    }

    /// The tokens from `position` on, `length` at most.
    pub(crate) fn window(&self, position: usize, length: usize) -> Sentence<'w> {
        let until = (position + length).min(self.words.len());
        let words = &self.words[position..until];
        let end_from = self.end_from.map(|end| end.saturating_sub(position)).filter(|end| *end <= words.len());
        Sentence {
            words,
            base: self.base + position,
            counts: counts(words),
            start_until: self.start_until.and_then(|start| start.checked_sub(position)),
            end_from,
        }
    }

    pub(crate) fn len(&self) -> usize {
        self.words.len()
    }

    /// Words of the sentence, marks not counted.
    pub(crate) fn total(&self) -> u32 {
        self.counts[self.words.len()]
    }

    /// The position right behind the word with this number (counted from 1).
    pub(crate) fn behind_word(&self, number: u32) -> usize {
        self.counts.partition_point(|count| *count < number)
    }

    /// How many tokens the literal takes at a position, if it stands there.
    pub(crate) fn literal_at(&self, literal: &Literal, position: usize) -> Option<usize> {
        let word = self.words.get(position)?;
        if literal.fits(word) {
            return Some(1);
        }
        if !literal.compound {
            return None;
        }
        let mut rest = literal.lower.as_str();
        let mut next = position;
        while !rest.is_empty() {
            let word = self.words.get(next)?;
            let touches = next == position || self.words[next - 1].end == word.start;
            if !touches || word.lower.is_empty() {
                return None;
            }
            rest = rest.strip_prefix(word.lower.as_str())?;
            next += 1;
        }
        Some(next - position)
    }

    /// The range without the marks at both ends.
    pub(crate) fn without_outer_marks(&self, mut from: usize, mut to: usize) -> (usize, usize) {
        while from < to && self.words[from].kind == Kind::Mark {
            from += 1;
        }
        while from < to && self.words[to - 1].kind == Kind::Mark {
            to -= 1;
        }
        (from, to)
    }
}

impl Literal {
    /// Whether one token is this literal.
    pub(crate) fn fits(&self, word: &Word) -> bool {
        match &self.stem {
            Some(stem) => word.lower == self.lower || word.stem == *stem,
            // `'kay` stands for the form with its apostrophe as well.
            None => word.lower.strip_prefix('\'').unwrap_or(&word.lower) == self.lower,
        }
    }
}

fn counts(words: &[Word]) -> Vec<u32> {
    let mut counts = Vec::with_capacity(words.len() + 1);
    let mut count = 0;
    counts.push(0);
    for word in words {
        count += u32::from(word.kind == Kind::Word);
        counts.push(count);
    }
    counts
}
