//! Known phrases in a text.

use std::collections::HashMap;
use std::ops::Range;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;
use unicode_segmentation::UnicodeSegmentation;

/// Most words of a phrase; longer ones are not found.
const LONGEST: usize = 8;

/// Phrases with the numbers of what they name, in the order they were added.
pub(crate) struct Gazetteer {
    numbers: HashMap<String, Vec<u32>>,
    longest: usize,
}

/// A word as it stands in a text.
pub(crate) struct Piece<'t> {
    pub range: Range<usize>,
    pub text: &'t str,
    /// Lower case, without accents.
    pub folded: String,
    /// A sentence begins here.
    pub first: bool,
}

impl Piece<'_> {
    /// Whether it begins with a capital letter.
    pub(crate) fn is_capital(&self) -> bool {
        self.text.chars().next().is_some_and(char::is_uppercase)
    }
}

/// A phrase found.
pub(crate) struct Spot<'g> {
    /// Places of its words among the pieces.
    pub words: Range<usize>,
    pub numbers: &'g [u32],
}

/// A text in lower case without accents.
pub(crate) fn fold(text: &str) -> String {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase).map(plain).collect()
}

fn plain(c: char) -> char {
    if matches!(c, '\u{2018}' | '\u{2019}') { '\'' } else { c }
}

/// The words of a text; marks are left out.
pub(crate) fn pieces(text: &str) -> Vec<Piece<'_>> {
    let mut last = 0;
    let mut pieces: Vec<Piece<'_>> = Vec::new();
    for (start, word) in text.unicode_word_indices() {
        let first = pieces.is_empty() || text[last..start].contains(['.', '!', '?', '\n', '…', '。']);
        last = start + word.len();
        pieces.push(Piece { range: start..last, text: word, folded: fold(word), first });
    }
    pieces
}

impl Gazetteer {
    pub(crate) fn new<'n>(names: impl IntoIterator<Item = (&'n str, u32)>) -> Self {
        let mut gazetteer = Self { numbers: HashMap::new(), longest: 0 };
        for (name, number) in names {
            let words: Vec<String> = name.unicode_words().map(fold).collect();
            if words.is_empty() || words.len() > LONGEST {
                continue;
            }
            gazetteer.longest = gazetteer.longest.max(words.len());
            let numbers = gazetteer.numbers.entry(words.join(" ")).or_default();
            if numbers.last() != Some(&number) {
                numbers.push(number);
            }
        }
        gazetteer
    }

    /// What a phrase names.
    pub(crate) fn named(&self, phrase: &str) -> &[u32] {
        let key = phrase.unicode_words().map(fold).collect::<Vec<_>>().join(" ");
        self.numbers.get(&key).map_or(&[], Vec::as_slice)
    }

    /// The longest phrase that begins at a word.
    pub(crate) fn at(&self, pieces: &[Piece<'_>], from: usize) -> Option<Spot<'_>> {
        let mut key = String::new();
        let mut best = None;
        for (length, piece) in pieces[from..].iter().take(self.longest).enumerate() {
            if length > 0 {
                key.push(' ');
            }
            key.push_str(&piece.folded);
            if let Some(numbers) = self.numbers.get(&key) {
                best = Some(Spot { words: from..from + length + 1, numbers });
            }
        }
        best
    }

    /// The phrases of a text that `accepts` says are meant, leftmost and longest first, not overlapping.
    pub(crate) fn spots(&self, pieces: &[Piece<'_>], accepts: &dyn Fn(&Spot<'_>) -> bool) -> Vec<Spot<'_>> {
        let mut spots = Vec::new();
        let mut at = 0;
        while at < pieces.len() {
            match self.at(pieces, at).filter(|spot| accepts(spot)) {
                Some(spot) => {
                    at = spot.words.end;
                    spots.push(spot);
                }
                None => at += 1,
            }
        }
        spots
    }
}

/// The bytes of some words.
pub(crate) fn span(pieces: &[Piece<'_>], words: &Range<usize>) -> Range<usize> {
    pieces[words.start].range.start..pieces[words.end - 1].range.end
}
