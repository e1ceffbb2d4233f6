//! What kind of sentence a message is: an order, a question, or neither. English; other languages by their marks.

use crate::lexicon::Message;

/// What kind of sentence a message is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Form {
    /// Something is to be done ("cancel my order", "can you cancel my order", "I want to cancel").
    Command,
    /// Something is to be told ("how do I cancel an order", "what is a cancellation fee").
    Question,
}

/// Words that a question about something begins with.
const ASKING: [&str; 10] = ["how", "what", "why", "when", "where", "who", "which", "whose", "whom", "whats"];
/// Beginnings of questions that do not begin with such a word.
const ASKING_BEGINNINGS: [&[&str]; 9] = [
    &["is", "there"],
    &["are", "there"],
    &["is", "it"],
    &["do", "you", "have"],
    &["do", "i"],
    &["does"],
    &["tell", "me", "about"],
    &["tell", "me", "how"],
    &["can", "you", "explain"],
];
/// Words that may stand before the beginning.
const BEFORE: [&str; 11] = ["hi", "hello", "hey", "please", "and", "so", "but", "ok", "okay", "also", "well"];
/// Words that negate what follows.
pub(crate) const NEGATIONS: [&str; 6] = ["don't", "dont", "not", "never", "won't", "wont"];
/// A negation reaches this many words.
const REACH: usize = 4;

/// The kind of sentence.
pub fn form_of(message: &Message) -> Form {
    let words: Vec<&str> =
        message.tokens.iter().filter(|token| token.is_word()).map(|token| token.lower.as_str()).collect();
    let words = &words[words.iter().take_while(|word| BEFORE.contains(word)).count()..];
    let first = words.first().copied().unwrap_or_default();
    let asks = ASKING.contains(&first.trim_end_matches("'s"))
        || ASKING_BEGINNINGS.iter().any(|beginning| words.starts_with(beginning));
    if asks { Form::Question } else { Form::Command }
}

/// Whether the words before a token negate what stands there.
pub(super) fn is_negated(message: &Message, token: usize) -> bool {
    let before = message.tokens[..token.min(message.tokens.len())].iter().rev().filter(|it| it.is_word()).take(REACH);
    before.into_iter().any(|it| NEGATIONS.contains(&it.lower.as_str()))
}
