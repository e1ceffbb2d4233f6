//! Finding patterns in a message.

use std::cmp::Reverse;
use std::ops::Range;

use crate::concepts::Concepts;
use crate::engine::{Engine, NONE};
use crate::pattern::Pattern;
use crate::sentence::Sentence;
use crate::trace::Trace;
use crate::word::Word;

/// How a pattern is looked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Options {
    /// Most words that may stand between two elements of a pattern.
    pub gap: u32,
    /// Whether a match may go on in the next sentence.
    pub sentences: Sentences,
}

/// Whether a match may go on in the next sentence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Sentences {
    /// Each sentence is searched on its own.
    Apart,
    /// The message counts as one sentence, also for `<` and `>`.
    Joined,
}

impl Options {
    /// For intents and small talk: up to three words between two elements, one sentence.
    pub const INTENT: Self = Self { gap: 3, sentences: Sentences::Apart };
    /// For entities: up to two words between two elements, one sentence.
    pub const ENTITY: Self = Self { gap: 2, sentences: Sentences::Apart };
    /// For entities of type description, whose values span sentences.
    pub const DESCRIPTION: Self = Self { gap: 2, sentences: Sentences::Joined };
}

/// A value the caller already found, for `@name`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entity {
    /// Name of the entity, without `@`; ASCII case does not matter.
    pub name: String,
    /// The words it takes, by index.
    pub words: Range<usize>,
}

/// A pattern found in a message. All ranges are indices of words in the message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Match {
    /// From the first to the last word that an element took, words of wildcards included. Empty if no element took one
    /// (`!x` alone).
    pub words: Range<usize>,
    /// What each wildcard took, in order, without marks at the ends; may be empty.
    pub wildcards: Vec<Range<usize>>,
    /// Words passed over between elements; those of wildcards are not counted.
    pub gap_words: usize,
    /// What `_x` remembered, in the order of the pattern; `None` where the match went another way.
    pub captures: Vec<Option<Range<usize>>>,
}

/// One message, searched for any number of patterns.
///
/// A sentence is searched from its first word on. Of all matches the one that starts first wins; of these the one that
/// passes over the fewest words; of these the longest. So a wildcard in the middle takes as few words as it can, and one
/// at the end of a pattern takes the rest of the sentence.
///
/// A search takes at most `elements × words` steps for the elements of the pattern and of the concepts it names (see
/// [`Self::WORK_LIMIT`] for the exception).
#[derive(Debug)]
pub struct Matcher<'a> {
    words: &'a [Word],
    concepts: &'a Concepts,
    entities: &'a [Entity],
    options: Options,
    steps: u64,
}

impl<'a> Matcher<'a> {
    /// Most positions looked at in one call. Only concepts whose member patterns name concepts again, many times over,
    /// come near it; a search that reaches it finds nothing.
    pub const WORK_LIMIT: u64 = 20_000_000;
    /// Most matches [`Self::find_all`] returns.
    pub const MOST_MATCHES: usize = 100;

    /// A message to be searched.
    pub fn new(words: &'a [Word], concepts: &'a Concepts, options: Options) -> Self {
        Self { words, concepts, entities: &[], options, steps: 0 }
    }

    /// The same with values for `@name`.
    pub fn with_entities(self, entities: &'a [Entity]) -> Self {
        Self { entities, ..self }
    }

    /// Work done by the last call, in positions looked at.
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The first match. A message without words has none.
    pub fn find(&mut self, pattern: &Pattern) -> Option<Match> {
        self.search(pattern, 1).into_iter().next()
    }

    /// Matches one after the other, none overlapping the one before; at most [`Self::MOST_MATCHES`].
    pub fn find_all(&mut self, pattern: &Pattern) -> Vec<Match> {
        self.search(pattern, Self::MOST_MATCHES)
    }

    /// Which of several patterns is found first: the one whose match starts first; of these the longest; of these the
    /// first in the list. Decides between yes and no.
    pub fn earliest(&mut self, patterns: &[&Pattern]) -> Option<(usize, Match)> {
        let mut steps = 0;
        let mut found = Vec::new();
        for (number, pattern) in patterns.iter().enumerate() {
            let first = self.find(pattern);
            steps += self.steps;
            found.extend(first.map(|first| (number, first)));
        }
        self.steps = steps;
        found.into_iter().min_by_key(|(number, found)| (found.words.start, Reverse(found.words.end), *number))
    }

    fn search(&mut self, pattern: &Pattern, most: usize) -> Vec<Match> {
        self.steps = 0;
        let mut matches = Vec::new();
        for range in self.sentences() {
            let mut engine = Engine {
                sentence: Sentence::new(&self.words[range.clone()], range.start),
                concepts: self.concepts,
                entities: self.entities,
                gap: self.options.gap,
                unit: 1,
                steps: self.steps,
                depth: 0,
                limit: Self::WORK_LIMIT,
            };
            let mut from = 0;
            while from < range.len() && matches.len() < most {
                let Some((start, end)) = first_span(&mut engine, pattern, from) else { break };
                let mut trace = Trace { captures: vec![None; pattern.captures], ..Trace::default() };
                engine.trace(&pattern.root, start, end, &mut trace);
                if engine.steps > engine.limit {
                    break;
                }
                from = end.max(start + 1);
                matches.push(in_message(trace, start, range.start));
            }
            self.steps = engine.steps;
            if matches.len() >= most {
                break;
            }
        }
        matches
    }

    fn sentences(&self) -> Vec<Range<usize>> {
        let mut ranges = Vec::new();
        let mut start = 0;
        for end in 1..=self.words.len() {
            let last = end == self.words.len();
            let apart = self.options.sentences == Sentences::Apart;
            if last || (apart && self.words[end].sentence != self.words[end - 1].sentence) {
                ranges.push(start..end);
                start = end;
            }
        }
        ranges
    }
}

/// Start and end of the best match that starts at `from` or later.
fn first_span(engine: &mut Engine, pattern: &Pattern, from: usize) -> Option<(usize, usize)> {
    let mut labels = vec![NONE; engine.sentence.len() + 1];
    for (position, label) in labels.iter_mut().enumerate().skip(from) {
        *label = (position as u64) << 32;
    }
    engine.unit = 1;
    let ends = engine.advance(&pattern.root, &labels);
    if engine.steps > engine.limit {
        return None;
    }
    let (end, label) = ends.into_iter().enumerate().min_by_key(|(end, label)| (*label, Reverse(*end)))?;
    (label != NONE).then_some(((label >> 32) as usize, end))
}

fn in_message(trace: Trace, start: usize, base: usize) -> Match {
    let shift = |range: Range<usize>| range.start + base..range.end + base;
    Match {
        words: shift(trace.extent.unwrap_or(start..start)),
        wildcards: trace.wildcards.into_iter().map(shift).collect(),
        gap_words: trace.gap_words,
        captures: trace.captures.into_iter().map(|range| range.map(shift)).collect(),
    }
}
