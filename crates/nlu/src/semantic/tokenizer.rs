//! Text as the pieces of words an encoder knows: the tokeniser of uncased BERT.

use std::collections::HashMap;

use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

use super::{EncoderError, VOCABULARY};

/// Longer words are unknown to the encoder, whatever they are made of.
const LONGEST_WORD: usize = 100;

/// The pieces, numbered by their lines in `vocab.txt`.
#[derive(Clone, Debug)]
pub(super) struct Tokenizer {
    pieces: HashMap<String, usize>,
    longest: usize,
    unknown: usize,
    begin: usize,
    end: usize,
}

impl Tokenizer {
    /// Reads `vocab.txt`, whose pieces must not be more than the encoder has embeddings for.
    pub(super) fn read(vocabulary: &str, embeddings: usize) -> Result<Self, EncoderError> {
        let pieces: HashMap<String, usize> =
            vocabulary.lines().enumerate().map(|(number, piece)| (piece.trim_end().to_owned(), number)).collect();
        let lines = vocabulary.lines().count();
        if lines > embeddings {
            let reason = format!("it has {lines} lines, but the encoder has embeddings for {embeddings} only");
            return Err(EncoderError::new(VOCABULARY, reason));
        }
        let special = |piece: &str| {
            let missing = || EncoderError::new(VOCABULARY, format!("there is no line {piece}; fetch the file again"));
            pieces.get(piece).copied().ok_or_else(missing)
        };
        let (unknown, begin, end) = (special("[UNK]")?, special("[CLS]")?, special("[SEP]")?);
        let longest = pieces.keys().map(|piece| piece.chars().count()).max().unwrap_or_default();
        Ok(Self { pieces, longest, unknown, begin, end })
    }

    /// The numbers of a text's pieces between the marks of begin and end, `most` in all; the rest of the text is not read.
    pub(super) fn pieces(&self, text: &str, most: usize) -> Vec<usize> {
        let room = most.saturating_sub(1);
        let mut found = vec![self.begin];
        let mut word = Vec::new();
        for letter in letters(text).chain([' ']) {
            let alone = is_mark(letter) || is_han(letter);
            if alone || letter == ' ' {
                self.cut(&word, &mut found);
                word.clear();
                if alone {
                    self.cut(&[letter], &mut found);
                }
                if found.len() >= room {
                    break;
                }
            } else if word.len() <= LONGEST_WORD {
                word.push(letter);
            }
        }
        found.truncate(room);
        found.push(self.end);
        found
    }

    /// Cuts a word into the longest pieces from its beginning on. A word that cannot be cut is unknown as a whole.
    fn cut(&self, word: &[char], found: &mut Vec<usize>) {
        let before = found.len();
        let mut start = if word.len() > LONGEST_WORD { usize::MAX } else { 0 };
        while start < word.len() {
            let lead = if start == 0 { "" } else { "##" };
            let mut piece: String = lead.chars().chain(word[start..].iter().copied().take(self.longest)).collect();
            let mut end = word.len().min(start + self.longest);
            while end > start {
                if let Some(number) = self.pieces.get(&piece) {
                    found.push(*number);
                    break;
                }
                piece.pop();
                end -= 1;
            }
            start = if end > start { end } else { usize::MAX };
        }
        if start == usize::MAX {
            found.truncate(before);
            found.push(self.unknown);
        }
    }
}

/// The letters of a text that count: no control characters, no accents, lower case, every blank a space.
fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    let blank = |c: char| if c.is_whitespace() { ' ' } else { c };
    let cleaned = text
        .chars()
        .map(blank)
        .filter(|c| *c != char::REPLACEMENT_CHARACTER && c.general_category_group() != GeneralCategoryGroup::Other);
    let bare = cleaned.nfd().filter(|c| c.general_category() != GeneralCategory::NonspacingMark);
    bare.flat_map(char::to_lowercase)
}

fn is_mark(c: char) -> bool {
    c.is_ascii_punctuation() || c.general_category_group() == GeneralCategoryGroup::Punctuation
}

/// The blocks BERT takes for Chinese, each letter a word.
fn is_han(c: char) -> bool {
    matches!(u32::from(c),
        0x3400..=0x4dbf | 0x4e00..=0x9fff | 0xf900..=0xfaff
        | 0x2_0000..=0x2_a6df | 0x2_a700..=0x2_ceaf | 0x2_f800..=0x2_fa1f)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const VOCABULARY: &str =
        "[PAD]\n[UNK]\n[CLS]\n[SEP]\nplay\n##ing\n##s\nun\n##play\n##able\n!\n,\ncafe\n訂\n票\na\n##a\n'";

    fn tokenizer() -> Tokenizer {
        Tokenizer::read(VOCABULARY, 30).unwrap()
    }

    #[test]
    fn words_are_cut_into_pieces() {
        let lines: Vec<&str> = VOCABULARY.lines().collect();
        let long = "a".repeat(101);
        for (text, expected) in [
            ("playing", "play ##ing"),
            ("  Plays,unplayable!\n", "play ##s , un ##play ##able !"),
            ("CAFÉ cafe\u{301}", "cafe cafe"),
            ("訂票", "訂 票"),
            ("pl\u{ad}ay\u{0}\u{200b}ing \u{fffd}", "play ##ing"),
            ("play\u{a0}play\tplay", "play play play"),
            ("playx a", "[UNK] a"),
            ("’ ' 🙂", "[UNK] ' [UNK]"),
            (&long, "[UNK]"),
            ("[SEP]", "[UNK] [UNK] [UNK]"),
            ("", ""),
        ] {
            let pieces = tokenizer().pieces(text, 128);
            let names: Vec<&str> = pieces.iter().map(|number| lines[*number]).collect();
            assert_eq!(names.join(" "), format!("[CLS] {expected} [SEP]").replace("  ", " "), "{text:?}");
        }
        assert_eq!(tokenizer().pieces(&"a".repeat(100), 128).len(), 102);
        assert_eq!(tokenizer().pieces(&"play, ".repeat(10_000), 8).len(), 8);
        assert_eq!(tokenizer().pieces(&"a".repeat(500_000), 8), [2, 1, 3]);
    }

    #[test]
    fn a_vocabulary_that_does_not_fit_is_refused() {
        for (text, part) in [("", "[UNK]"), ("[UNK]\n[CLS]\n", "[SEP]"), ("a\nb\nc\nd\n", "4 lines")] {
            let error = Tokenizer::read(text, 3).unwrap_err().to_string();
            assert!(error.starts_with("vocab.txt: ") && error.contains(part), "{error}");
        }
    }

    proptest! {
        #[test]
        fn any_text_has_pieces(text in any::<String>(), most in 2_usize..20) {
            let pieces = tokenizer().pieces(&text, most);
            prop_assert!((2..=most).contains(&pieces.len()));
            prop_assert_eq!((pieces[0], pieces[pieces.len() - 1]), (2, 3));
        }
    }
}
