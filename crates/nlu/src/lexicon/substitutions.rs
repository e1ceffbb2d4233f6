//! Words that are replaced before anything else looks at a message: what the author says (`wanna|want to`), and the
//! contractions of English.

use std::collections::HashMap;

use definition::nlp::NlpData;

use super::english;
use crate::text::{Language, Token};

/// The concept that replaces words: its members are `said|meant`.
const CONCEPT: &str = "~bot_substitutions";

/// The words said, and those meant.
type Rule = (Vec<String>, Vec<Token>);

pub(super) struct Substitutions {
    /// By the first word said. The longest first.
    by_first: HashMap<String, Vec<Rule>>,
    is_english: bool,
}

impl Substitutions {
    pub(super) fn new(data: &NlpData, language: &Language) -> Self {
        let mut by_first: HashMap<String, Vec<Rule>> = HashMap::new();
        for (said, meant) in data
            .concepts
            .iter()
            .filter(|(name, _)| name == CONCEPT)
            .flat_map(|(_, members)| members.iter().filter_map(|member| member.split_once('|')))
        {
            let said = language.tokens(&said.replace('_', " ")).into_iter().map(|it| it.lower);
            let said: Vec<String> = said.collect();
            if let Some(first) = said.first() {
                by_first.entry(first.clone()).or_default().push((said, language.tokens(&meant.replace('_', " "))));
            }
        }
        for rules in by_first.values_mut() {
            rules.sort_by_key(|(said, _)| std::cmp::Reverse(said.len()));
        }
        Self { by_first, is_english: language.code() == "en" }
    }

    /// Puts what was meant in the place of what was said, from left to right. All new words stand where the old ones
    /// stood. What was put in is not replaced again, but its contractions are.
    pub(super) fn apply(&self, language: &Language, tokens: Vec<Token>) -> Vec<Token> {
        let mut replaced = Vec::with_capacity(tokens.len() + 4);
        let mut at = 0;
        while let Some(token) = tokens.get(at) {
            let rest = &tokens[at..];
            let stands = |said: &[String]| {
                said.len() <= rest.len() && said.iter().zip(rest).all(|(word, token)| *word == token.lower)
            };
            let rules = self.by_first.get(&token.lower).into_iter().flatten();
            let Some((said, meant)) = rules.into_iter().find(|(said, _)| stands(said)) else {
                self.expand(language, token.clone(), &mut replaced);
                at += 1;
                continue;
            };
            let end = rest[said.len() - 1].end;
            for word in meant {
                self.expand(language, Token { start: token.start, end, ..word.clone() }, &mut replaced);
            }
            at += said.len();
        }
        replaced
    }

    fn expand(&self, language: &Language, token: Token, out: &mut Vec<Token>) {
        match english::expanded(&token.lower).filter(|_| self.is_english) {
            None => out.push(token),
            Some(words) => out.extend(words.map(|word| Token {
                surface: word.to_owned(),
                lower: word.to_owned(),
                stem: language.stem(word).into_owned(),
                start: token.start,
                end: token.end,
            })),
        }
    }
}

/// A pattern or the member of a word list with its contractions expanded: `don't` is `do_not`. What is asked for in its
/// very form (`'don't`) stays.
pub(super) fn expanded_in(text: &str) -> String {
    let mut expanded = String::with_capacity(text.len() + 8);
    let mut quoted = false;
    let mut rest = text;
    while let Some(first) = rest.chars().next() {
        let length = rest.find(|c: char| !c.is_alphanumeric() && !matches!(c, '\'' | '’')).unwrap_or(rest.len());
        if length == 0 || first == '\'' || first == '’' {
            quoted ^= first == '"';
            let length = length.max(first.len_utf8());
            expanded.push_str(&rest[..length]);
            rest = &rest[length..];
            continue;
        }
        let word = rest[..length].replace('’', "'").to_lowercase();
        match english::expanded(&word) {
            Some(words) => expanded.push_str(&words.join(if quoted { " " } else { "_" })),
            None => expanded.push_str(&rest[..length]),
        }
        rest = &rest[length..];
    }
    expanded
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn contractions_in_patterns() {
        for (text, expected) in [
            ("[stop don't Don’t] * it", "[stop do_not do_not] * it"),
            ("< 'don't >", "< 'don't >"),
            ("\"I'm in\"", "\"i am in\""),
            ("~can't_go", "~can_not_go"),
            ("Anna's", "Anna's"),
            ("", ""),
        ] {
            assert_eq!(expanded_in(text), expected, "{text}");
        }
    }
}
