//! Texts as pieces of words, as uncased BERT cuts them.

use std::collections::HashMap;

use entities::text::is_unspaced;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::{EncoderError, VOCABULARY};

/// The pieces an encoder knows, by their line in `vocab.txt`.
pub(super) struct WordPieces {
    numbers: HashMap<String, usize>,
    begin: usize,
    end: usize,
    unknown: usize,
    longest: usize,
}

/// Longer words are unknown as a whole.
const LONGEST_WORD: usize = 100;

impl WordPieces {
    pub(super) fn read(vocabulary: &str) -> Result<Self, EncoderError> {
        let numbers: HashMap<String, usize> =
            vocabulary.lines().enumerate().map(|(number, piece)| (piece.trim_end().to_owned(), number)).collect();
        if numbers.len() != vocabulary.lines().count() {
            return Err(EncoderError::new(VOCABULARY, "a piece stands in it twice; fetch the file again"));
        }
        let special = |name: &str| {
            let number = numbers.get(name).copied();
            number.ok_or_else(|| EncoderError::new(VOCABULARY, format!("the piece {name} is missing")))
        };
        Ok(Self {
            begin: special("[CLS]")?,
            end: special("[SEP]")?,
            unknown: special("[UNK]")?,
            longest: numbers.keys().map(|piece| piece.chars().count()).max().unwrap_or(0),
            numbers,
        })
    }

    pub(super) fn len(&self) -> usize {
        self.numbers.len()
    }

    /// The pieces of a text between the marks of its beginning and end, at most so many.
    pub(super) fn of(&self, text: &str, most: usize) -> Vec<usize> {
        let room = most.saturating_sub(2);
        let mut pieces = vec![self.begin];
        for word in words(text, room) {
            if pieces.len() > room {
                break;
            }
            self.cut(&word, &mut pieces);
        }
        pieces.truncate(room + 1);
        pieces.push(self.end);
        pieces
    }

    /// Cuts a word from the left into the longest pieces there are.
    fn cut(&self, word: &str, pieces: &mut Vec<usize>) {
        let letters: Vec<char> = word.chars().collect();
        let before = pieces.len();
        let mut start = 0;
        while start < letters.len() && letters.len() <= LONGEST_WORD {
            let most = letters.len().min(start + self.longest);
            let found = (start + 1..=most).rev().find_map(|end| {
                let mut piece: String = letters[start..end].iter().collect();
                if start > 0 {
                    piece.insert_str(0, "##");
                }
                Some((end, *self.numbers.get(&piece)?))
            });
            let Some((end, number)) = found else { break };
            pieces.push(number);
            start = end;
        }
        if start < letters.len() {
            pieces.truncate(before);
            pieces.push(self.unknown);
        }
    }
}

/// The first words of a text in lower case without accents; marks and ideographs are words of their own.
fn words(text: &str, most: usize) -> Vec<String> {
    let mut words = vec![String::new()];
    let letters = text.chars().filter(|letter| !letter.is_control() || letter.is_whitespace());
    let plain = letters.flat_map(char::to_lowercase).nfd().filter(|letter| !is_combining_mark(*letter));
    for letter in plain {
        if words.len() > most {
            break;
        }
        if letter.is_whitespace() {
            words.push(String::new());
        } else if is_mark(letter) || is_unspaced(letter) {
            words.push(letter.to_string());
            words.push(String::new());
        } else if let Some(word) = words.last_mut() {
            word.push(letter);
        }
    }
    words.retain(|word| !word.is_empty());
    words
}

fn is_mark(letter: char) -> bool {
    letter.is_ascii_punctuation() || (!letter.is_alphanumeric() && !letter.is_ascii() && !is_combining_mark(letter))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_into_the_longest_pieces() {
        let vocabulary = "[PAD]\n[UNK]\n[CLS]\n[SEP]\nflow\n##ers\n##er\nsend\n!\ncafe\n花\n";
        let pieces = WordPieces::read(vocabulary).unwrap();
        for (text, expected) in [
            ("Send FLOWERS!", &[2, 7, 4, 5, 8, 3][..]),
            ("flower", &[2, 4, 6, 3]),
            ("café 花花", &[2, 9, 10, 10, 3]),
            ("sendxyz send", &[2, 1, 7, 3]),
            ("", &[2, 3]),
        ] {
            assert_eq!(pieces.of(text, 16), expected, "{text}");
        }
        assert_eq!(pieces.of("send send send send", 4), [2, 7, 7, 3]);
        assert!(WordPieces::read("[CLS]\n[SEP]\n").is_err());
    }
}
