//! Arbitrary text as a pattern and as a message: no panic, errors that point into the pattern, and a search that ends.
//!
//! The first line is the pattern, the rest the message.
#![no_main]

use libfuzzer_sys::fuzz_target;
use patterns::{Concepts, Kind, Options, Pattern, Word, number_sentences};

fuzz_target!(|text: &str| {
    let (written, message) = text.split_once('\n').unwrap_or((text, ""));
    let stem = |word: &str| word.trim_end_matches('s').to_owned();
    let pattern = match Pattern::parse(written, &stem) {
        Ok(pattern) => pattern,
        Err(error) => {
            assert!(error.position <= written.chars().count(), "{error}");
            return;
        }
    };
    let mut words: Vec<Word> = Vec::new();
    for (at, piece) in message.split(' ').enumerate() {
        let kind = if piece.chars().any(char::is_alphanumeric) { Kind::Word } else { Kind::Mark };
        let lower = piece.to_lowercase();
        words.push(Word { stem: stem(&lower), lower, start: 2 * at, end: 2 * at + 1, kind, sentence: 0 });
    }
    number_sentences(&mut words);
    let lists = [("greeting", vec!["hello", "good_morning", "~farewell"]), ("farewell", vec!["bye", written])];
    let concepts = Concepts::new(lists, &stem);
    let _ = pattern.find(&words, &concepts, Options::INTENT);
});
