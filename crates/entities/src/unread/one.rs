//! The value that is meant, of several in the answer to a question for one.

use std::ops::Range;

use super::english;
use crate::calendar::{Reading, mentions};
use crate::tokens::Token;
use crate::tongue::{self, Script};
use crate::{Extractor, Found, Kind, Surroundings, currency, language};

/// More values than this are not shown to choose from.
const MOST_SHOWN: usize = 5;
/// Nobody means one of so many, and each is compared with the others.
const MOST_LOOKED_AT: usize = 64;
/// So many words behind the only value may take it back.
const WORDS_BEHIND: usize = 3;

/// Of several values the one that is meant: what stands behind a correction ("5, no, 6"), else any of them, and which one is for
/// the user to say. None of more than a few.
pub(crate) fn one(kind: Kind, text: &str, found: Vec<Found>, surroundings: &Surroundings<'_>) -> Vec<Found> {
    if found.is_empty() || found.len() > MOST_LOOKED_AT {
        return Vec::new();
    }
    let mut distinct: Vec<Found> = Vec::new();
    for found in without_those_of_others(kind, text, found, surroundings) {
        if distinct.iter().all(|other| other.value != found.value && !other.others.contains(&found.value)) {
            distinct.push(found);
        }
    }
    let tokens = tongue::tokens(text, surroundings.language);
    let script = tongue::of(surroundings.language).map(|it| Script::new(it, text, &tokens, surroundings.language));
    let takes_back = |from: usize, to: usize| {
        let first = tokens.partition_point(|token| token.range.start < from);
        let next = tokens.partition_point(|token| token.range.start < to);
        match &script {
            Some(script) => script.takes_back(first, next),
            None => language::is_english(surroundings.language) && english::takes_back(&tokens[first..next]),
        }
    };
    match distinct.as_slice() {
        // "tomorrow 5 pm, no, 6 pm": the day stays, and the words do not say so.
        [.., before, last] if takes_back(before.range.end, last.range.start) => match kind {
            Kind::DateTime => return Vec::new(),
            _ => return distinct.split_off(distinct.len() - 1),
        },
        // "friday, I mean the day after": it is taken back, and what is meant was not understood.
        [only] => {
            let words = tokens.iter().filter(|token| token.range.start >= only.range.end && token.is_word());
            let end = words.take(WORDS_BEHIND).last().map_or(only.range.end, |word: &Token| word.range.end);
            if takes_back(only.range.end, end) {
                return Vec::new();
            }
        }
        _ => {}
    }
    let mut all = distinct.into_iter();
    let Some(mut first) = all.next() else { return Vec::new() };
    for more in all {
        first.others.extend(std::iter::once(more.value).chain(more.others));
    }
    if first.others.len() < MOST_SHOWN { vec![first] } else { Vec::new() }
}

/// A number that is the hour of a moment or the price of something is none of its own: "table for 4, 7 pm". Nor is a number an
/// amount where another one has its currency: "50 dollars to account 1234".
fn without_those_of_others(kind: Kind, text: &str, found: Vec<Found>, surroundings: &Surroundings<'_>) -> Vec<Found> {
    if found.len() < 2 {
        return found;
    }
    let others: Vec<Range<usize>> = match kind {
        Kind::Number => {
            let moments = mentions(text, &Reading::new(surroundings)).into_iter().map(|it| it.range);
            let priced = currency::Amounts::default().find(text, surroundings).into_iter().map(|it| it.range);
            moments.chain(priced).collect()
        }
        _ => Vec::new(),
    };
    let is_of_another = |found: &Found| {
        let own = &found.range;
        let is_bare = || text[own.clone()].chars().all(|c| c.is_numeric() || matches!(c, '.' | ',' | '\'' | ' '));
        match kind {
            Kind::Currency | Kind::CurrencyV2 => is_bare(),
            _ => others.iter().any(|it| it.start <= own.start && own.end <= it.end && it != own),
        }
    };
    match found.iter().all(is_of_another) {
        true => found,
        false => found.into_iter().filter(|found| !is_of_another(found)).collect(),
    }
}
