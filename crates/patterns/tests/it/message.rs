//! A small text processing of the tests' own.

use patterns::{Concepts, Kind, Options, Pattern, Word, number_sentences};

/// The canonical form: a few irregular words, else without a plural `s`.
pub fn stem(word: &str) -> String {
    match word {
        "is" | "are" | "am" | "was" => "be".to_owned(),
        "went" | "goes" => "go".to_owned(),
        _ if word.len() > 3 => word.strip_suffix('s').unwrap_or(word).to_owned(),
        _ => word.to_owned(),
    }
}

/// Splits at white space and takes marks off the ends of words; smileys are marks of several characters.
pub fn words(text: &str) -> Vec<Word> {
    let mut words = Vec::new();
    let mut offset = 0;
    for chunk in text.split(' ') {
        let mut from = 0;
        let mut rest = chunk;
        while let Some(first) = rest.chars().next() {
            let is_word = first.is_alphanumeric();
            let length = match is_word {
                true => rest.find(|c: char| ",.?!;:)".contains(c)).unwrap_or(rest.len()),
                false => first.len_utf8(),
            };
            let lower = rest[..length].to_lowercase();
            words.push(Word {
                stem: stem(&lower),
                lower,
                start: offset + from,
                end: offset + from + length,
                kind: if is_word { Kind::Word } else { Kind::Mark },
                sentence: 0,
            });
            from += length;
            rest = &rest[length..];
        }
        offset += chunk.len() + 1;
    }
    number_sentences(&mut words);
    words
}

pub fn pattern(text: &str) -> Pattern {
    Pattern::parse(text, &stem).unwrap_or_else(|error| panic!("{text}: {error}"))
}

/// The matched words as text, or `-`.
pub fn found(pattern_text: &str, text: &str, concepts: &Concepts, options: Options) -> String {
    let words = words(text);
    match pattern(pattern_text).find(&words, concepts, options) {
        Some(found) => join(&words[found.words]),
        None => "-".to_owned(),
    }
}

pub fn join(words: &[Word]) -> String {
    words.iter().map(|word| word.lower.as_str()).collect::<Vec<_>>().join(" ")
}
