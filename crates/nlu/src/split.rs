//! Several tasks in one message: where it falls apart.
//!
//! People join tasks with a few phrases ("… and then …", "first …, after that …"). A message is cut only there, and what
//! is cut counts only where each part means something of its own: the caller sees to that.

use std::ops::Range;

use crate::text::Token;

/// What stands between two tasks, the longest first. English; other languages cut at marks only.
const CONNECTORS: [&[&str]; 11] = [
    &["and", "after", "that"],
    &["and", "before", "that"],
    &["and", "then"],
    &["and", "also"],
    &["after", "that"],
    &["before", "that"],
    &["then"],
    &["also"],
    &["first"],
    &["finally"],
    &["and"],
];

/// Marks between two tasks.
const MARKS: [&str; 4] = [",", ";", ".", "!"];

/// The parts of a message, in the order in which they are to be done, in bytes. One part where there is nothing to cut.
/// "X before that Y" turns the order: Y comes first.
pub(crate) fn split(tokens: &[Token]) -> Vec<Range<usize>> {
    let mut parts: Vec<(bool, Vec<&Token>)> = vec![(false, Vec::new())];
    let mut at = 0;
    while at < tokens.len() {
        match connector_at(tokens, at) {
            Some((length, turns)) => {
                parts.push((turns, Vec::new()));
                at += length;
            }
            None => {
                if let Some((_, part)) = parts.last_mut() {
                    part.push(&tokens[at]);
                }
                at += 1;
            }
        }
    }
    let mut ordered: Vec<Range<usize>> = Vec::new();
    let mut turns_next = false;
    for (turns, part) in parts {
        turns_next |= turns;
        let mut words = part.iter().filter(|token| token.is_word());
        let Some(first) = words.next() else { continue };
        let range = first.start..words.next_back().unwrap_or(first).end;
        let place = if turns_next { ordered.len().saturating_sub(1) } else { ordered.len() };
        ordered.insert(place, range);
        turns_next = false;
    }
    ordered
}

/// The length of the connector at a place, and whether it turns the order.
fn connector_at(tokens: &[Token], at: usize) -> Option<(usize, bool)> {
    if MARKS.contains(&tokens[at].lower.as_str()) {
        return Some((1, false));
    }
    let stands = |words: &&&[&str]| {
        tokens.get(at..at + words.len()).is_some_and(|there| there.iter().zip(words.iter()).all(|(a, b)| a.lower == *b))
    };
    CONNECTORS.iter().find(stands).map(|words| (words.len(), words.contains(&"before")))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::text::Language;

    #[test]
    fn messages_fall_apart_at_connectors() {
        let table: [(&str, &[&str]); 9] = [
            ("book a flight and then book a hotel", &["book a flight", "book a hotel"]),
            ("bookflight and bookhotel", &["bookflight", "bookhotel"]),
            ("First check my balance, after that pay the bill.", &["check my balance", "pay the bill"]),
            ("pay the bill but before that check my balance", &["check my balance", "pay the bill but"]),
            ("order tea; also order cake", &["order tea", "order cake"]),
            ("a, b and c", &["a", "b", "c"]),
            ("just one thing", &["just one thing"]),
            ("and then", &[]),
            ("", &[]),
        ];
        for (text, expected) in table {
            let tokens = Language::of("en").tokens(text);
            let parts: Vec<&str> = split(&tokens).into_iter().map(|range| &text[range]).collect();
            assert_eq!(parts, expected, "{text}");
        }
    }
}
