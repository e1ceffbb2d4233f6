//! From the words of a text to the items it names.

use std::collections::BTreeMap;
use std::ops::Range;

use patterns::{Matcher, Options};

use super::index::{Need, Reading, counts, folded};
use super::spelling::nearest;
use super::{Degree, List, Naming};
use crate::text::Token;
use crate::words::pattern_words;

/// Most misspelt words that are looked up in one text.
const MOST_MISSPELT: usize = 16;

/// How well an item was named; the greatest wins.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Score {
    degree: Degree,
    /// Different words that carry meaning and were said.
    said: usize,
    /// Words of the longest name that stands in one piece.
    together: usize,
}

/// The words of a text as the list knows them.
struct Read {
    tokens: Vec<Token>,
    /// For each token its numbers in the list.
    numbers: Vec<Vec<u32>>,
}

impl List {
    /// The items a text names, in the order of the text. One naming at most unless the list takes many.
    pub fn named(&self, text: &str) -> Vec<Naming> {
        let read = self.read(text);
        let found = self.named_in(text, &read);
        let sure = found.iter().any(|naming| naming.items.len() == 1 && naming.degree > Degree::Part);
        if sure || self.options.spell_threshold <= 0.0 {
            return found;
        }
        match self.respelt(&read) {
            Some(read) => {
                let respelt = self.named_in(text, &read);
                if respelt.is_empty() { found } else { respelt }
            }
            None => found,
        }
    }

    fn reading(&self) -> Reading<'_> {
        Reading {
            language: &self.language,
            ignored: &self.options.ignored,
            unstemmed: &self.options.unstemmed,
            no_stems: self.options.no_stems,
        }
    }

    fn read(&self, text: &str) -> Read {
        let tokens: Vec<Token> = self.language.tokens(text);
        let numbers = tokens
            .iter()
            .map(|token| if counts(token) { self.index.numbers_of(&token.lower, &token.stem) } else { Vec::new() })
            .collect();
        Read { tokens, numbers }
    }

    /// The same text with the nearest words of the list in place of unknown ones; `None` where there are none.
    fn respelt(&self, read: &Read) -> Option<Read> {
        let mut numbers = read.numbers.clone();
        let mut looked_up = 0;
        let mut changed = false;
        for (token, numbers) in read.tokens.iter().zip(&mut numbers) {
            let known = !numbers.is_empty() || self.index.dictionary.contains(&token.lower);
            if known || looked_up >= MOST_MISSPELT || self.reading().is_small(token) {
                continue;
            }
            looked_up += 1;
            for word in nearest(&token.lower, &self.index.dictionary, self.options.spell_threshold) {
                numbers.extend(self.index.numbers_of(word, &self.language.stem(word)));
                changed = true;
            }
        }
        changed.then(|| Read { tokens: read.tokens.clone(), numbers })
    }

    fn named_in(&self, text: &str, read: &Read) -> Vec<Naming> {
        let whole = 0..read.tokens.len();
        if let Some(items) = self.index.written.get(&folded(text)) {
            let range = span(&read.tokens, &whole);
            return vec![Naming { range, items: items.clone(), degree: Degree::Full }];
        }
        let best = self.best(read, whole, true);
        let full = best.as_ref().is_some_and(|naming| naming.degree == Degree::Full);
        if !self.options.many || full {
            return best.into_iter().collect();
        }
        self.several(read)
    }

    /// Names in one piece first, then what the pieces between them and between separators name.
    fn several(&self, read: &Read) -> Vec<Naming> {
        let mut namings: Vec<Naming> = Vec::new();
        let mut pieces: Vec<Range<usize>> = Vec::new();
        let mut piece_start = 0;
        let mut at = 0;
        while at < read.tokens.len() {
            let (items, length) = self.standing_at(read, at);
            let separates = is_separator(&read.tokens[at]);
            if items.is_empty() && !separates {
                at += 1;
                continue;
            }
            pieces.push(piece_start..at);
            let end = at + length.max(1);
            if !items.is_empty() {
                namings.push(Naming { range: span(&read.tokens, &(at..end)), items, degree: Degree::Words });
            }
            (piece_start, at) = (end, end);
        }
        pieces.push(piece_start..read.tokens.len());
        let sure: Vec<usize> = namings.iter().flat_map(|naming| naming.items.iter().copied()).collect();
        for piece in pieces {
            let naming = self.best(read, piece, false);
            namings.extend(naming.filter(|naming| !naming.items.iter().any(|item| sure.contains(item))));
        }
        namings.sort_by_key(|naming| (naming.range.start, naming.range.end));
        let mut seen: Vec<Vec<usize>> = Vec::new();
        namings.retain(|naming| {
            let new = !seen.contains(&naming.items);
            if new {
                seen.push(naming.items.clone());
            }
            new
        });
        namings
    }

    /// The items of the longest names that stand in one piece at a place, and their length in tokens.
    fn standing_at(&self, read: &Read, at: usize) -> (Vec<usize>, usize) {
        let mut longest = 0;
        let mut items = Vec::new();
        self.index.standing(&read.numbers[at..], &mut |form, length| {
            let form = &self.index.forms[form];
            if form.need == Need::Whole || (form.weight == 0 && form.length == 1) {
                return;
            }
            if length > longest {
                longest = length;
                items.clear();
            }
            items.push(form.item);
        });
        items.sort_unstable();
        items.dedup();
        (items, longest)
    }

    /// The items a piece of text names best. `whole` says that the piece is the whole text.
    fn best(&self, read: &Read, piece: Range<usize>, whole: bool) -> Option<Naming> {
        let mut scores: BTreeMap<usize, (Score, Range<usize>)> = BTreeMap::new();
        let mut keep = |item: usize, score: Score, range: Range<usize>| {
            let entry = scores.entry(item).or_insert_with(|| (score, range.clone()));
            if score > entry.0 {
                *entry = (score, range);
            }
        };
        self.score_pieces(read, &piece, whole, &mut keep);
        self.score_words(read, &piece, &mut keep);
        self.score_concepts(read, &piece, &mut keep);
        let best = scores.values().map(|(score, _)| *score).max()?;
        scores.retain(|_, (score, _)| *score == best);
        let start = scores.values().map(|(_, range)| range.start).min()?;
        let end = scores.values().map(|(_, range)| range.end).max()?;
        Some(Naming {
            range: span(&read.tokens, &(start..end)),
            items: scores.into_keys().collect(),
            degree: best.degree,
        })
    }

    /// Names that stand in one piece.
    fn score_pieces(&self, read: &Read, piece: &Range<usize>, whole: bool, keep: &mut Keep<'_>) {
        // Marks do not stand between the words of a name.
        let places: Vec<usize> = piece.clone().filter(|at| counts(&read.tokens[*at])).collect();
        let words: Vec<Vec<u32>> = places.iter().map(|at| read.numbers[*at].clone()).collect();
        for at in 0..words.len() {
            self.index.standing(&words[at..], &mut |form, length| {
                let form = &self.index.forms[form];
                let full = whole && length == words.len();
                let alone = form.weight == 0 && form.length == 1;
                if !full && (form.need == Need::Whole || alone) {
                    return;
                }
                let degree = if full { Degree::Full } else { Degree::Words };
                let score = Score { degree, said: form.weight.max(1), together: length };
                keep(form.item, score, places[at]..places[at + length - 1] + 1);
            });
        }
    }

    /// Words of names, wherever they stand.
    fn score_words(&self, read: &Read, piece: &Range<usize>, keep: &mut Keep<'_>) {
        let mut first_places: BTreeMap<u32, usize> = BTreeMap::new();
        for at in piece.clone() {
            if self.reading().is_small(&read.tokens[at]) {
                continue;
            }
            for word in &read.numbers[at] {
                first_places.entry(*word).or_insert(at);
            }
        }
        let mut said: BTreeMap<usize, (usize, Range<usize>)> = BTreeMap::new();
        for (word, at) in first_places {
            for form in self.index.forms_with(word) {
                let entry = said.entry(*form).or_insert((0, at..at + 1));
                entry.0 += 1;
                entry.1 = entry.1.start.min(at)..entry.1.end.max(at + 1);
            }
        }
        for (form, (said, range)) in said {
            let form = &self.index.forms[form];
            let all = said >= form.weight;
            match form.need {
                Need::Whole => continue,
                Need::All if !all => continue,
                _ => {}
            }
            let degree = if all { Degree::Words } else { Degree::Part };
            keep(form.item, Score { degree, said, together: 0 }, range);
        }
    }

    /// Concepts among the synonyms.
    fn score_concepts(&self, read: &Read, piece: &Range<usize>, keep: &mut Keep<'_>) {
        if self.concepts.is_empty() || piece.is_empty() {
            return;
        }
        let words = pattern_words(&read.tokens[piece.clone()]);
        let mut matcher = Matcher::new(&words, &self.options.concepts, Options::ENTITY);
        for (item, pattern) in &self.concepts {
            let Some(found) = matcher.find(pattern) else { continue };
            let length = found.words.len();
            let degree = if length == words.len() { Degree::Full } else { Degree::Words };
            let range = piece.start + found.words.start..piece.start + found.words.end;
            keep(*item, Score { degree, said: length.max(1), together: length }, range);
        }
    }
}

type Keep<'k> = dyn FnMut(usize, Score, Range<usize>) + 'k;

/// The bytes of some tokens.
fn span(tokens: &[Token], places: &Range<usize>) -> Range<usize> {
    match (tokens.get(places.start), places.end.checked_sub(1).and_then(|last| tokens.get(last))) {
        (Some(first), Some(last)) => first.start..last.end,
        _ => 0..0,
    }
}

/// What stands between the items of an enumeration.
fn is_separator(token: &Token) -> bool {
    matches!(token.lower.as_str(), "," | ";" | "/" | "&" | "+" | "、" | "，" | "and" | "und" | "et" | "y" | "e" | "dan")
}
