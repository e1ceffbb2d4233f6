//! Text as the experts see it: normalised, cut into words, stemmed.

use std::borrow::Cow;

use rust_stemmers::{Algorithm, Stemmer};
use unicode_normalization::UnicodeNormalization;
use unicode_segmentation::UnicodeSegmentation;

/// A word of a text, or a mark that carries meaning (an emoji, `?`, `{`).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// The word as it stands in the text, compatibility forms folded.
    pub surface: String,
    /// The word in lower case.
    pub lower: String,
    /// The stem of the word in the language; the lower-case word where the language has no stemmer.
    pub stem: String,
    /// Where the word begins in the original text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
}

impl Token {
    /// Whether the token is a word or a number, not a mark.
    pub fn is_word(&self) -> bool {
        self.lower.chars().any(char::is_alphanumeric)
    }
}

/// What is particular about a language.
pub struct Language {
    code: String,
    stemmer: Option<Stemmer>,
}

impl Language {
    /// The language with this code: `en`, `en_US`, `zh_cn` …; any other code is a language without particulars.
    pub fn of(code: &str) -> Self {
        let main = code.split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase();
        let stemmer = match main.as_str() {
            "ar" => Some(Algorithm::Arabic),
            "da" => Some(Algorithm::Danish),
            "de" => Some(Algorithm::German),
            "el" => Some(Algorithm::Greek),
            "en" => Some(Algorithm::English),
            "es" => Some(Algorithm::Spanish),
            "fi" => Some(Algorithm::Finnish),
            "fr" => Some(Algorithm::French),
            "hu" => Some(Algorithm::Hungarian),
            "it" => Some(Algorithm::Italian),
            "nl" => Some(Algorithm::Dutch),
            "no" | "nb" | "nn" => Some(Algorithm::Norwegian),
            "pt" => Some(Algorithm::Portuguese),
            "ro" => Some(Algorithm::Romanian),
            "ru" => Some(Algorithm::Russian),
            "sv" => Some(Algorithm::Swedish),
            "ta" => Some(Algorithm::Tamil),
            "tr" => Some(Algorithm::Turkish),
            _ => None,
        };
        Self { code: main, stemmer: stemmer.map(Stemmer::create) }
    }

    /// The main part of the code, lower case.
    pub fn code(&self) -> &str {
        &self.code
    }

    /// The stem of a lower-case word.
    pub fn stem<'w>(&self, word: &'w str) -> Cow<'w, str> {
        match &self.stemmer {
            Some(stemmer) => stemmer.stem(word),
            None => Cow::Borrowed(word),
        }
    }

    /// Cuts a text into words and marks.
    pub fn tokens(&self, text: &str) -> Vec<Token> {
        let mut tokens = Vec::new();
        for (start, piece) in text.split_word_bound_indices() {
            if piece.chars().all(char::is_whitespace) {
                continue;
            }
            let surface: String = piece.nfkc().map(plain_quote).collect();
            let lower = surface.to_lowercase();
            let stem = self.stem(&lower).into_owned();
            tokens.push(Token { surface, lower, stem, start, end: start + piece.len() });
        }
        tokens
    }
}

/// Typographic quotes as the plain ones people type.
fn plain_quote(c: char) -> char {
    match c {
        '\u{2018}' | '\u{2019}' | '\u{201b}' | '\u{2032}' | '\u{ff07}' => '\'',
        '\u{201c}' | '\u{201d}' | '\u{201f}' | '\u{2033}' => '"',
        c => c,
    }
}

/// Whether words of this script are written without blanks between them.
pub fn is_unspaced(c: char) -> bool {
    matches!(u32::from(c),
        0x0e00..=0x0eff // Thai, Lao
        | 0x1000..=0x109f // Myanmar
        | 0x1780..=0x17ff // Khmer
        | 0x3040..=0x30ff // Hiragana, Katakana
        | 0x3400..=0x9fff | 0xf900..=0xfaff | 0x2_0000..=0x3_ffff // Han
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_cut_and_stemmed_by_language() {
        for (code, text, expected) in [
            ("en", "Don’t cancel my FLIGHTS!", "don't cancel my flight !"),
            ("en_US", "two  bookings?", "two book ?"),
            ("de", "meine Buchungen", "mein buchung"),
            ("xx", "meine Buchungen", "meine buchungen"),
            ("en", "ﬁnd １２ rooms", "find 12 room"),
            ("en", "ok 👍🏽", "ok 👍🏽"),
            ("en", "", ""),
        ] {
            let stems: Vec<String> = Language::of(code).tokens(text).into_iter().map(|token| token.stem).collect();
            assert_eq!(stems.join(" "), expected, "{text}");
        }
    }

    #[test]
    fn tokens_say_where_they_stand() {
        let text = "Füge Änderungen hinzu";
        for token in Language::of("de").tokens(text) {
            assert_eq!(text[token.start..token.end].to_lowercase(), token.lower);
        }
    }
}
