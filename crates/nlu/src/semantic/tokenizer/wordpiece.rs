//! Words in the longest pieces from their beginnings on: the method of BERT.

use unicode_properties::{GeneralCategoryGroup, UnicodeGeneralCategory};

use super::Vocabulary;

/// Longer words are unknown, whatever they are made of.
const LONGEST_WORD: usize = 100;
/// What stands before a piece that goes on with a word.
const GOING_ON: &str = "##";

#[derive(Clone)]
pub(super) struct WordPiece {
    pub(super) unknown: u32,
}

/// The words of a text: what stands between blanks, and each punctuation mark.
pub(super) fn words(text: &str) -> impl Iterator<Item = &str> {
    let parts = text.split_inclusive(is_mark).flat_map(|part| {
        let mark = part.chars().next_back().filter(|c| is_mark(*c)).map_or(0, char::len_utf8);
        let (before, mark) = part.split_at(part.len() - mark);
        [before, mark]
    });
    parts.flat_map(str::split_whitespace)
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

impl WordPiece {
    /// Cuts a word. One that cannot be cut is unknown as a whole.
    pub(super) fn cut(&self, word: &str, vocabulary: &Vocabulary, found: &mut Vec<u32>) {
        let before = found.len();
        let mut rest = word;
        if word.chars().nth(LONGEST_WORD).is_some() {
            found.push(self.unknown);
            return;
        }
        while !rest.is_empty() {
            let lead = if rest.len() == word.len() { "" } else { GOING_ON };
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(vocabulary.longest);
            let mut piece = lead.to_owned();
            let longest = ends.filter_map(|end| {
                piece.truncate(lead.len());
                piece.push_str(&rest[..end]);
                Some((vocabulary.get(&piece)?, end))
            });
            let Some((number, end)) = longest.last() else {
                found.truncate(before);
                found.push(self.unknown);
                return;
            };
            found.push(number);
            rest = &rest[end..];
        }
    }
}
