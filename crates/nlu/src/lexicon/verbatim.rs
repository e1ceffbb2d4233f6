//! Words that stand for themselves and are never taken for misspelt ones: parts of codes and addresses, and names.

use crate::text::{Language, Token};

/// Languages whose nouns are written with capitals: there a capital says nothing.
const CAPITALISE_NOUNS: [&str; 2] = ["de", "lb"];
/// Words of English that a name follows.
const ANNOUNCE: [&str; 8] = ["mr", "mrs", "ms", "miss", "dr", "named", "name's", "surname"];
/// Two words that a name follows.
const ANNOUNCE_TOGETHER: [[&str; 2]; 4] = [["name", "is"], ["name", ":"], ["call", "me"], ["mr", "."]];

/// Whether the word at a place of a message stands for itself.
pub(super) fn stands_for_itself(language: &Language, text: &str, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    // Words that were put in for others are what the author wrote.
    text.get(token.start..token.end) != Some(token.surface.as_str())
        || is_in_code(text, token)
        || is_capital_name(language, tokens, at)
        || language.code() == "en" && is_announced(tokens, at)
}

/// Whether more than words and the marks between them stands around a word without a blank: digits, `@`, `_`, `/`, or a dot
/// that goes on.
fn is_in_code(text: &str, token: &Token) -> bool {
    let start = text[..token.start].rfind(char::is_whitespace).map_or(0, |at| at + 1);
    let end = text[token.end..].find(char::is_whitespace).map_or(text.len(), |at| token.end + at);
    let around = text.get(start..end).unwrap_or(text);
    let around = around.trim_end_matches(|c: char| !c.is_alphanumeric());
    around.chars().any(|c| c.is_numeric() || "@_/\\#&=+%$<>{}|~^*".contains(c))
        || around.trim_start_matches(|c: char| !c.is_alphanumeric()).contains(['.', ':'])
}

/// Whether a word has capitals that neither the beginning of a sentence nor the way of the whole message explains.
fn is_capital_name(language: &Language, tokens: &[Token], at: usize) -> bool {
    let token = &tokens[at];
    let is_upper = |token: &Token| token.surface.chars().next().is_some_and(char::is_uppercase);
    let words = || tokens.iter().filter(|token| token.is_word());
    if words().all(|token| !token.surface.chars().any(char::is_lowercase)) {
        return false;
    }
    if token.surface.chars().skip(1).any(char::is_uppercase) {
        return true;
    }
    let begins = at == 0 || !tokens[at - 1].is_word() && tokens[at - 1].surface != ",";
    let is_title = words().filter(|token| token.surface.chars().count() > 3).all(is_upper);
    is_upper(token) && !begins && !is_title && !CAPITALISE_NOUNS.contains(&language.code())
}

/// Whether the words before say that a name follows.
fn is_announced(tokens: &[Token], at: usize) -> bool {
    let before: Vec<&str> = tokens[..at].iter().rev().take(2).map(|token| token.lower.as_str()).collect();
    before.first().is_some_and(|last| ANNOUNCE.contains(last))
        || matches!(before[..], [last, other] if ANNOUNCE_TOGETHER.contains(&[other, last]))
}
