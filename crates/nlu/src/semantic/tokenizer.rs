//! Text as the pieces an encoder knows, by number.
//!
//! A text is brought into a normal form, step by step, and cut into words; each word is cut into pieces by one of two
//! methods, and two pieces that stand for no text may mark its begin and its end.

mod charsmap;
mod described;
mod unigram;
mod wordpiece;

use std::collections::HashMap;

use serde::{Deserialize, Serialize};
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use self::charsmap::CharsMap;
use self::unigram::Unigram;
use self::wordpiece::WordPiece;
use super::EncoderError;
use super::safetensors::{Tensors, Writer};

/// More of a text is not read.
const MOST_CHARACTERS: usize = 4_096;

/// The pieces and how a text becomes some of them.
#[derive(Clone)]
pub(super) struct Tokenizer {
    settings: Settings,
    charsmap: Option<CharsMap>,
    vocabulary: Vocabulary,
    method: Method,
}

/// What of a tokenizer is no list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Settings {
    kind: Kind,
    /// The steps to the normal form, in their order.
    normal: Vec<Step>,
    /// The piece of what has no pieces.
    unknown: u32,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    begin: Option<u32>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    end: Option<u32>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    WordPiece,
    Unigram,
}

/// A step to the normal form.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Step {
    /// Control characters and U+FFFD go, every blank is a space.
    Clean,
    /// Each Chinese character is a word.
    Han,
    /// Accents go: canonical decomposition without nonspacing marks.
    Bare,
    /// Lower case.
    Lower,
    Nfc,
    Nfd,
    Nfkc,
    Nfkd,
    /// The replacements of the tokenizer's own table.
    Charsmap,
}

/// Pieces and their numbers.
#[derive(Clone)]
struct Vocabulary {
    numbers: HashMap<Box<str>, u32>,
    /// The most characters a piece has.
    longest: usize,
}

#[derive(Clone)]
enum Method {
    WordPiece(WordPiece),
    Unigram(Unigram),
}

impl Vocabulary {
    fn of<'p>(pieces: impl IntoIterator<Item = (&'p str, u32)>) -> Self {
        // A file may have the same piece twice; the later one counts.
        let numbers: HashMap<Box<str>, u32> =
            pieces.into_iter().filter(|(piece, _)| !piece.is_empty()).map(|(piece, at)| (piece.into(), at)).collect();
        let longest = numbers.keys().map(|piece| piece.chars().count()).max().unwrap_or_default();
        Self { numbers, longest }
    }

    fn get(&self, piece: &str) -> Option<u32> {
        self.numbers.get(piece).copied()
    }

    /// How many rows the numbers need.
    fn rows(&self) -> usize {
        self.numbers.values().max().map_or(0, |most| *most as usize + 1)
    }

    /// The pieces by their numbers; empty ones where a number has none.
    fn by_number(&self) -> Vec<&str> {
        let mut pieces = vec![""; self.rows()];
        for (piece, at) in &self.numbers {
            pieces[*at as usize] = piece;
        }
        pieces
    }
}

impl Tokenizer {
    /// The names of a pack's parts.
    const PIECES: &str = "tokenizer.pieces";
    const ENDS: &str = "tokenizer.ends";
    const SCORES: &str = "tokenizer.scores";
    const CHARSMAP: &str = "tokenizer.charsmap";
    const SETTINGS: &str = "tokenizer";

    /// Reads the tokenizer of a pack.
    pub(super) fn read(tensors: &Tensors<'_>) -> Result<Self, EncoderError> {
        let broken = |problem: String| EncoderError::new(tensors.file(), problem);
        let settings = tensors.text(Self::SETTINGS).ok_or_else(|| broken("it says nothing of a tokenizer".into()))?;
        let settings: Settings = serde_json::from_str(settings)
            .map_err(|error| broken(format!("what it says of its tokenizer cannot be read: {error}")))?;
        let ends = tensors.numbers(Self::ENDS)?;
        let bytes = tensors.bytes(Self::PIECES, "U8", tensors.shape(Self::PIECES, 1)?)?;
        let mut start = 0;
        let mut pieces = Vec::with_capacity(ends.len());
        for (at, end) in (0..).zip(&ends) {
            let piece = bytes.get(start..*end as usize).and_then(|bytes| std::str::from_utf8(bytes).ok());
            let piece = piece.ok_or_else(|| tensors.broken(Self::PIECES, &format!("has no piece number {at}")))?;
            pieces.push((piece, at));
            start = *end as usize;
        }
        let scores = match settings.kind {
            Kind::WordPiece => Vec::new(),
            Kind::Unigram => tensors.floats(Self::SCORES, &[ends.len()])?,
        };
        let charsmap = match settings.normal.contains(&Step::Charsmap) {
            false => None,
            true => {
                let map = tensors.bytes(Self::CHARSMAP, "U8", tensors.shape(Self::CHARSMAP, 1)?)?;
                let map = CharsMap::read(map).ok_or_else(|| tensors.broken(Self::CHARSMAP, "is no such table"))?;
                Some(map)
            }
        };
        Ok(Self::new(settings, Vocabulary::of(pieces), scores, charsmap))
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let settings = serde_json::to_string(&self.settings).expect("plain data always serialises");
        writer.text(Self::SETTINGS, &settings);
        let pieces = self.vocabulary.by_number();
        writer.bytes(Self::PIECES, "U8", &[pieces.iter().map(|it| it.len()).sum()], pieces.concat().into_bytes());
        let ends = pieces.iter().scan(0, |end: &mut u32, piece| {
            *end += piece.len() as u32;
            Some(*end)
        });
        writer.numbers(Self::ENDS, &ends.collect::<Vec<u32>>());
        if let Method::Unigram(unigram) = &self.method {
            // One for each piece, whatever the file had.
            let scores: Vec<f32> = (0..pieces.len()).map(|at| unigram.score(at)).collect();
            writer.floats(Self::SCORES, &[scores.len()], &scores);
        }
        if let Some(map) = &self.charsmap {
            let bytes = map.bytes();
            writer.bytes(Self::CHARSMAP, "U8", &[bytes.len()], bytes);
        }
    }

    fn new(settings: Settings, vocabulary: Vocabulary, scores: Vec<f32>, charsmap: Option<CharsMap>) -> Self {
        let method = match settings.kind {
            Kind::WordPiece => Method::WordPiece(WordPiece { unknown: settings.unknown }),
            Kind::Unigram => Method::Unigram(Unigram::new(scores, settings.unknown)),
        };
        Self { settings, charsmap, vocabulary, method }
    }

    /// How many rows an encoder with these pieces must have.
    pub(super) fn rows(&self) -> usize {
        let special = [Some(self.settings.unknown), self.settings.begin, self.settings.end];
        let special = special.into_iter().flatten().max().unwrap_or_default() as usize + 1;
        self.vocabulary.rows().max(special)
    }

    /// The same without marks of begin and end.
    pub(super) fn without_marks(mut self) -> Self {
        (self.settings.begin, self.settings.end) = (None, None);
        self
    }

    /// The numbers of the pieces, the frequent ones first, with their probabilities where these are known. Vocabularies of
    /// words name the frequent ones first, after pieces that no text has, and after single characters.
    pub(super) fn by_frequency(&self) -> Vec<(usize, Option<f32>)> {
        let rank = |piece: &str| match piece.chars().count() {
            1 if piece.is_ascii() => 0,
            1 => 2,
            _ if piece.starts_with('[') => 3,
            _ => 1,
        };
        let mut pieces: Vec<(&str, usize)> =
            self.vocabulary.numbers.iter().map(|(piece, at)| (&**piece, *at as usize)).collect();
        pieces.sort_unstable_by_key(|(piece, at)| (rank(piece), *at));
        let probability = |at: usize| match &self.method {
            Method::WordPiece(_) => None,
            Method::Unigram(unigram) => Some(unigram.score(at).exp()),
        };
        pieces.into_iter().map(|(_, at)| (at, probability(at))).collect()
    }

    /// One piece between the marks of begin and end.
    pub(super) fn alone(&self, piece: usize) -> Vec<usize> {
        let marked = |mark: Option<u32>| mark.map(|mark| mark as usize);
        [marked(self.settings.begin), Some(piece), marked(self.settings.end)].into_iter().flatten().collect()
    }

    /// The numbers of a text's pieces between the marks of begin and end, `most` in all; the rest of the text is not read.
    pub(super) fn pieces(&self, text: &str, most: usize) -> Vec<usize> {
        let marks = [self.settings.begin, self.settings.end].iter().flatten().count();
        let room = most.saturating_sub(marks);
        let mut found = Vec::new();
        let text: String = text.trim_start().chars().take(MOST_CHARACTERS).collect();
        let normal = self.normal(text);
        let mut cut = |word: &str| {
            match &self.method {
                Method::WordPiece(method) => method.cut(word, &self.vocabulary, &mut found),
                Method::Unigram(method) => method.cut(word, &self.vocabulary, &mut found),
            }
            found.len() < room
        };
        match &self.method {
            Method::WordPiece(_) => wordpiece::words(&normal).all(&mut cut),
            Method::Unigram(_) => normal.split_whitespace().all(&mut cut),
        };
        found.truncate(room);
        let marked = |mark: Option<u32>| mark.map(|mark| mark as usize);
        let within = found.into_iter().map(|piece| piece as usize);
        marked(self.settings.begin).into_iter().chain(within).chain(marked(self.settings.end)).collect()
    }

    fn normal(&self, text: String) -> String {
        self.settings.normal.iter().fold(text, |text, step| match step {
            Step::Clean => text.chars().filter(|c| !is_control(*c)).map(space_for_blank).collect(),
            Step::Han => text.chars().fold(String::with_capacity(text.len()), |mut spaced, c| {
                let space = if is_han(c) { " " } else { "" };
                spaced.push_str(space);
                spaced.push(c);
                spaced.push_str(space);
                spaced
            }),
            Step::Bare => text.nfd().filter(|c| c.general_category() != GeneralCategory::NonspacingMark).collect(),
            Step::Lower => text.chars().flat_map(char::to_lowercase).collect(),
            Step::Nfc => text.nfc().collect(),
            Step::Nfd => text.nfd().collect(),
            Step::Nfkc => text.nfkc().collect(),
            Step::Nfkd => text.nfkd().collect(),
            Step::Charsmap => self.charsmap.as_ref().map_or_else(|| text.clone(), |map| map.apply(&text)),
        })
    }
}

/// Blanks are none, though some of them are control characters.
fn is_control(c: char) -> bool {
    !c.is_whitespace()
        && (c == char::REPLACEMENT_CHARACTER || c.general_category_group() == GeneralCategoryGroup::Other)
}

fn space_for_blank(c: char) -> char {
    if c.is_whitespace() { ' ' } else { c }
}

/// The blocks BERT takes for Chinese.
fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0x2_0000..=0x2_a6df | 0x2_a700..=0x2_ceaf | 0x2_f800..=0x2_fa1f)
}

#[cfg(test)]
mod tests;
