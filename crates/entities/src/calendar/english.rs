//! Days and times in English.

mod clock;
mod day;
mod holidays;
mod relative;
mod words;

use super::{Clock, Days, Length, Mention, Reading, digits};
use crate::spoken;
use crate::tokens::Token;

/// The words of a text, with questions about them.
struct Words<'a> {
    text: &'a str,
    tokens: &'a [Token],
}

/// What a rule reads: the meaning, and the token after it.
struct Piece {
    days: Option<Days>,
    clock: Option<Clock>,
    length: Option<Length>,
    next: usize,
}

impl Piece {
    fn days(days: Days, next: usize) -> Self {
        Self { days: Some(days), clock: None, length: None, next }
    }

    fn clock(clock: Clock, next: usize) -> Self {
        Self { days: None, clock: Some(clock), length: None, next }
    }
}

/// What the text says of time.
pub(super) fn mentions(text: &str, tokens: &[Token], reading: &Reading<'_>) -> Vec<Mention> {
    let words = Words { text, tokens };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let digits = digits::date(tokens, at, reading).map(|(days, next)| Piece::days(days, next));
        let rules = [
            digits,
            relative::relative(&words, at, reading),
            day::day(&words, at, reading),
            holidays::holiday(&words, at, reading).map(|(day, next)| Piece::days(Days::day(day), next)),
            clock::clock(&words, at, reading),
        ];
        // The longest reading; among equals the first rule.
        let longest =
            rules.into_iter().flatten().reduce(|best, piece| if piece.next > best.next { piece } else { best });
        let Some(piece) = longest.filter(|piece| words.ends_word(piece.next)) else {
            at += 1;
            continue;
        };
        let range = tokens[at].range.start..tokens[piece.next - 1].range.end;
        found.push(Mention { range, days: piece.days, clock: piece.clock, length: piece.length });
        at = piece.next;
    }
    found
}

impl<'a> Words<'a> {
    /// The word or mark at a place, in small letters.
    fn word(&self, at: usize) -> Option<&'a str> {
        self.tokens.get(at).map(|token| token.lower.as_str())
    }

    fn is(&self, at: usize, word: &str) -> bool {
        self.word(at) == Some(word)
    }

    fn before(&self, at: usize) -> Option<&'a str> {
        self.word(at.checked_sub(1)?)
    }

    /// Whether the token before a place does not go on in the one at it: "8pm" in "8pmx" does.
    fn ends_word(&self, at: usize) -> bool {
        let Some(token) = self.tokens.get(at) else { return true };
        let before = &self.tokens[at - 1];
        // "2017-10-10T18:00"
        if token.lower == "t" && self.tokens.get(at + 1).is_some_and(|after| after.glued && after.is_digits()) {
            return true;
        }
        !(token.glued && (token.is_word() || token.is_digits()) && (before.is_word() || before.is_digits()))
    }

    /// Whether the text has nothing but these tokens and thanks.
    fn is_whole(&self, from: usize, to: usize) -> bool {
        let filler = |token: &Token| {
            token.shape == crate::tokens::Shape::Mark
                || matches!(token.lower.as_str(), "please" | "thanks" | "ok" | "okay" | "the" | "in" | "on" | "maybe")
        };
        self.tokens[..from].iter().all(filler) && self.tokens[to.min(self.tokens.len())..].iter().all(filler)
    }

    /// A year from 1900 to 2100, in digits.
    fn year(&self, at: usize) -> Option<i16> {
        let token = self.tokens.get(at).filter(|token| token.is_digits() && token.lower.len() == 4)?;
        let glued = self.tokens.get(at + 1).is_some_and(|after| {
            after.glued && !matches!(after.lower.as_str(), "." | "," | "?" | "!" | ")" | ";" | "-")
        });
        let year = token.lower.parse().ok()?;
        ((1900..=2100).contains(&year) && !glued).then_some(year)
    }

    /// So many words from a place on, without apostrophes; `None` where there are marks among them.
    fn plain_name(&self, at: usize, count: usize) -> Option<String> {
        let tokens = self.tokens.get(at..at + count)?;
        let words: Option<Vec<String>> = tokens
            .iter()
            .enumerate()
            .filter(|(_, token)| !token.is_mark("."))
            .map(|(_, token)| token.is_word().then(|| token.lower.replace('\'', "")))
            .collect();
        Some(words?.join(" "))
    }

    /// How many: digits, words, "a couple of".
    fn count(&self, at: usize) -> Option<(i64, usize)> {
        let digits = self.tokens.get(at).filter(|token| token.is_digits() && token.lower.len() <= 4);
        if let Some(token) = digits {
            let fraction = self.is(at + 1, ".") && self.tokens.get(at + 2).is_some_and(|token| token.glued);
            return (!fraction && digits::begins(self.tokens, at)).then_some((token.lower.parse().ok()?, at + 1));
        }
        match self.word(at)? {
            "a" | "an" if self.is(at + 1, "couple") => Some((2, at + 2 + usize::from(self.is(at + 2, "of")))),
            "a" | "an" if self.is(at + 1, "few") => Some((3, at + 2)),
            "couple" => Some((2, at + 1 + usize::from(self.is(at + 1, "of")))),
            "a" | "an" => Some((1, at + 1)),
            _ => spoken::cardinal(self.tokens, at).filter(|(count, _)| *count <= 9999),
        }
    }
}
