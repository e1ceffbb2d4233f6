//! What is seen of a token.

use super::gazetteers::Found;
use super::index::{hash, join};
use super::lexicon::Knowledge;
use crate::text::Token;

/// Something seen of a token.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Feature {
    pub key: u64,
    /// The words it depends on, as bits: 1 << 2 the word itself, 1 << 1 the one before it, 1 << 3 the next one.
    pub words: u8,
}

/// How far the window reaches to each side.
pub(super) const REACH: usize = 2;

/// A bit of features that tell case as it is written.
pub(super) const AS_WRITTEN: u8 = 1 << 6;
/// A bit of features that tell of the text as if it were written in lower case; for learning only.
pub(super) const LOWER_CASE: u8 = 1 << 7;

const ITSELF: u8 = 1 << REACH;
const BEFORE: u8 = ITSELF >> 1;
const AFTER: u8 = ITSELF << 1;

/// A text whose tokens are looked at.
pub(super) struct View {
    lower: Vec<u64>,
    stem: Vec<u64>,
    /// Shapes as written, and as if written in lower case.
    shapes: [Vec<u64>; 2],
    affixes: Vec<Vec<u64>>,
    known: Vec<bool>,
    /// For each token the frame word before it and how far, and the same for the one after it.
    left: Vec<(u64, usize)>,
    right: Vec<(u64, usize)>,
    /// For each token the lists it is in.
    lists: Vec<Vec<u64>>,
}

/// A phrase found, with the hash of what it was found as.
pub(super) type Sight = (u64, std::ops::Range<usize>);

impl View {
    /// A view of tokens, what is known of them, and what others saw in them.
    pub fn of(tokens: &[Token], knowledge: &Knowledge, name: impl Fn(&Found) -> u64, sights: &[Sight]) -> Self {
        let stem: Vec<u64> = tokens.iter().map(|token| hash(1, &token.stem)).collect();
        let mut lists = vec![Vec::new(); tokens.len()];
        let parts = knowledge.parts.iter().map(|found| (join(71, name(found)), found.tokens.clone()));
        let values = knowledge.values.iter().map(|found| (join(72, name(found)), found.tokens.clone()));
        for (kind, range) in parts.chain(values).chain(sights.iter().cloned()) {
            let (first, last) = (range.start, range.end - 1);
            for place in range {
                let position = u64::from(place == first) + 2 * u64::from(place == last);
                lists[place].push(join(kind, position));
            }
        }
        let frame = |place: usize| knowledge.frame[place].then(|| stem[place]);
        let mut left = Vec::new();
        let mut last = (0, 0);
        for place in 0..tokens.len() {
            left.push((last.0, (place - last.1).min(4)));
            if let Some(stem) = frame(place) {
                last = (stem, place + 1);
            }
        }
        let mut right = Vec::new();
        let mut next = (0, tokens.len());
        for place in (0..tokens.len()).rev() {
            right.push((next.0, (next.1 - place - 1).min(4)));
            if let Some(stem) = frame(place) {
                next = (stem, place);
            }
        }
        right.reverse();
        Self {
            lower: tokens.iter().map(|token| hash(2, &token.lower)).collect(),
            shapes: [
                tokens.iter().map(|token| shape(&token.surface)).collect(),
                tokens.iter().map(|token| shape(&token.lower)).collect(),
            ],
            affixes: tokens.iter().map(|token| affixes(&token.lower)).collect(),
            known: knowledge.known.clone(),
            stem,
            left,
            right,
            lists,
        }
    }

    /// What is seen of every token.
    pub fn all_features(&self) -> Vec<Vec<Feature>> {
        let features = |place: usize| {
            let mut features = Vec::new();
            self.features(place, &mut features);
            features
        };
        (0..self.len()).map(features).collect()
    }

    /// How many tokens there are.
    fn len(&self) -> usize {
        self.stem.len()
    }

    /// What is seen of the token at a place.
    pub fn features(&self, place: usize, into: &mut Vec<Feature>) {
        let at = |of: &[u64], offset: isize| {
            place.checked_add_signed(offset).map_or(1, |it| of.get(it).copied().unwrap_or(2))
        };
        let known = |offset: isize| {
            place.checked_add_signed(offset).and_then(|it| self.known.get(it)).map_or(2, |it| u64::from(*it))
        };
        into.clear();
        let mut add = |template: u64, value: u64, words: u8| into.push(Feature { key: join(template, value), words });
        let (lower, stem) = (&self.lower, &self.stem);
        add(0, 0, 0);
        add(1, at(lower, 0), ITSELF);
        add(2, at(lower, -1), BEFORE);
        add(3, at(lower, 1), AFTER);
        add(4, at(lower, -2), BEFORE >> 1);
        add(5, at(lower, 2), AFTER << 1);
        add(6, at(stem, 0), ITSELF);
        add(7, at(stem, -1), BEFORE);
        add(8, at(stem, 1), AFTER);
        add(9, join(at(stem, -1), at(stem, 0)), BEFORE | ITSELF);
        add(10, join(at(stem, 0), at(stem, 1)), ITSELF | AFTER);
        add(11, join(at(stem, -2), at(stem, -1)), BEFORE >> 1 | BEFORE);
        add(12, join(at(stem, 1), at(stem, 2)), AFTER | AFTER << 1);
        add(13, join(at(stem, -1), at(stem, 1)), BEFORE | AFTER);
        for (place, affix) in self.affixes[place].iter().enumerate() {
            add(20 + place as u64, *affix, ITSELF);
        }
        for (shape, case) in self.shapes.iter().zip([AS_WRITTEN, LOWER_CASE]) {
            add(30, at(shape, 0), case);
            add(31, at(shape, -1), case);
            add(32, at(shape, 1), case);
            add(33, join(at(shape, -1), at(shape, 0)), case);
            add(34, join(at(shape, 0), at(shape, 1)), case);
            add(35, join(at(stem, -1), at(shape, 0)), BEFORE | case);
            add(36, join(at(stem, 1), at(shape, 0)), AFTER | case);
        }
        add(40, place.min(3) as u64, 0);
        add(41, (self.len() - place).min(3) as u64, 0);
        add(42, known(0), 0);
        add(43, known(0) + 3 * known(-1) + 9 * known(1), 0);
        add(44, join(at(stem, -1), known(0)), BEFORE);
        add(45, join(at(stem, 1), known(0)), AFTER);
        let ((left, before), (right, after)) = (self.left[place], self.right[place]);
        add(50, left, 0);
        add(51, right, 0);
        add(52, join(left, before as u64), 0);
        add(53, join(right, after as u64), 0);
        add(54, join(left, right), 0);
        add(55, join(join(left, right), u64::from(before == 0) + 2 * u64::from(after == 0)), 0);
        add(56, join(left, known(0)), 0);
        add(57, join(right, known(0)), 0);
        for list in &self.lists[place] {
            add(60, *list, 0);
            add(61, join(*list, at(stem, -1)), BEFORE);
            add(62, join(*list, at(stem, 1)), AFTER);
            add(65, join(*list, left), 0);
        }
        for (template, offset) in [(63, -1), (64, 1)] {
            if let Some(lists) = place.checked_add_signed(offset).and_then(|it| self.lists.get(it)) {
                lists.iter().for_each(|list| add(template, *list, 0));
            }
        }
    }
}

/// Beginnings and endings of 1 to 4 characters.
fn affixes(word: &str) -> Vec<u64> {
    let mut affixes = Vec::new();
    let starts: Vec<usize> = word.char_indices().map(|(place, _)| place).take(5).collect();
    for length in 1..=4 {
        affixes.push(hash(3, &word[..starts.get(length).copied().unwrap_or(word.len())]));
    }
    let ends: Vec<usize> = word.char_indices().rev().map(|(place, _)| place).take(4).collect();
    for length in 1..=4 {
        affixes.push(hash(4, &word[ends.get(length - 1).copied().unwrap_or(0)..]));
    }
    affixes
}

/// The shape of a word: "Xx", "dd", "X.X."; runs of a kind of character count at most two.
fn shape(surface: &str) -> u64 {
    let mut shape = String::new();
    let mut run = 0;
    for c in surface.chars().take(16) {
        let kind = match c {
            c if c.is_uppercase() => 'X',
            c if c.is_lowercase() => 'x',
            c if c.is_numeric() => 'd',
            c if c.is_alphabetic() => 'a',
            c => c,
        };
        run = if shape.ends_with(kind) { run + 1 } else { 1 };
        if run <= if kind == 'd' { 4 } else { 2 } {
            shape.push(kind);
        }
    }
    hash(5, &shape)
}
