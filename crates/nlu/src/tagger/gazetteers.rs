//! Lists of phrases, found in texts by their stems.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::Hint;
use super::index::{Index, hash, join};
use crate::text::{Language, Token};

/// Phrases longer than this are not looked for.
const LONGEST: usize = 12;

/// Named lists of phrases: cities, the items of a list of values …
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Gazetteers {
    names: Vec<String>,
    /// The phrases and the beginnings of phrases.
    phrases: Index,
    /// For each phrase where its entries begin; one more at the end.
    starts: Vec<u32>,
    entries: Vec<Entry>,
}

/// A phrase of a list.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Entry {
    pub list: u32,
    /// How often the phrase was given.
    pub count: u32,
}

/// A phrase found among tokens.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Found {
    pub list: usize,
    pub tokens: Range<usize>,
}

impl Gazetteers {
    /// Reads lists, given as pairs of the name of the list and a phrase in it.
    pub fn new<'a>(language: &Language, phrases: impl IntoIterator<Item = (&'a str, &'a str)>) -> Self {
        let tokens: Vec<(&str, Vec<Token>)> =
            phrases.into_iter().map(|(name, phrase)| (name, language.tokens(phrase))).collect();
        Self::of(tokens.iter().map(|(name, tokens)| (*name, tokens.as_slice())))
    }

    pub(super) fn of<'a>(phrases: impl Iterator<Item = (&'a str, &'a [Token])>) -> Self {
        let mut lists: BTreeMap<&str, BTreeMap<u64, u32>> = BTreeMap::new();
        let mut keys = Vec::new();
        for (name, tokens) in phrases {
            if tokens.is_empty() || tokens.len() > LONGEST {
                continue;
            }
            let mut key = 0;
            for token in tokens {
                key = join(key, hash(0, &token.stem));
                keys.push(key);
            }
            *lists.entry(name).or_default().entry(key).or_default() += 1;
        }
        let phrases = Index::of(keys);
        let mut of_phrase: Vec<Vec<Entry>> = vec![Vec::new(); phrases.len()];
        for (list, phrases_of_list) in lists.values().enumerate() {
            for (key, count) in phrases_of_list {
                let place = phrases.place(*key).expect("every key is in the index");
                of_phrase[place].push(Entry { list: list as u32, count: *count });
            }
        }
        let mut starts = vec![0];
        let mut entries = Vec::new();
        for of_phrase in of_phrase {
            entries.extend(of_phrase);
            starts.push(entries.len() as u32);
        }
        Self { names: lists.into_keys().map(str::to_owned).collect(), phrases, starts, entries }
    }

    /// The phrases that occur in a text, as hints named like their lists: for each list the longest ones, in order,
    /// not overlapping. Takes time linear in the text.
    pub fn find(&self, language: &Language, text: &str) -> Vec<Hint<'_>> {
        let tokens = language.tokens(text);
        let found = self.find_in(&tokens, |_, _| true);
        let range = |range: Range<usize>| tokens[range.start].start..tokens[range.end - 1].end;
        found.into_iter().map(|it| Hint { kind: self.name(it.list), range: range(it.tokens) }).collect()
    }

    pub(super) fn name(&self, list: usize) -> &str {
        &self.names[list]
    }

    /// The phrases among tokens that `accept` lets pass.
    pub(super) fn find_in(&self, tokens: &[Token], accept: impl Fn(Entry, Range<usize>) -> bool) -> Vec<Found> {
        if self.entries.is_empty() {
            return Vec::new();
        }
        let stems: Vec<u64> = tokens.iter().map(|token| hash(0, &token.stem)).collect();
        let mut free = vec![0; self.names.len()]; // for each list, the end of its last find
        let mut found: Vec<Found> = Vec::new();
        let mut here: Vec<Found> = Vec::new();
        for start in 0..stems.len() {
            let mut key = 0;
            for end in start + 1..=stems.len().min(start + LONGEST) {
                key = join(key, stems[end - 1]);
                let Some(place) = self.phrases.place(key) else { break };
                for entry in &self.entries[self.starts[place] as usize..self.starts[place + 1] as usize] {
                    let list = entry.list as usize;
                    if free[list] > start || !accept(*entry, start..end) {
                        continue;
                    }
                    here.retain(|it| it.list != list);
                    here.push(Found { list, tokens: start..end });
                }
            }
            for it in &here {
                free[it.list] = it.tokens.end;
            }
            found.append(&mut here);
        }
        found
    }
}
