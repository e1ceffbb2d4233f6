//! What the examples say of words, before any weight is learned.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::gazetteers::{Entry, Found, Gazetteers};
use super::index::{Index, hash};
use crate::text::Token;

/// The words of the examples and the values that were marked in them.
///
/// An example is always looked at as if it had not been there when the lexicon was made; else the tagger would learn
/// that values are known, and be at a loss with a new one.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Lexicon {
    stems: Index,
    words: Vec<Word>,
    values: Gazetteers,
    parts: Gazetteers,
}

/// What is known of a stem.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
struct Word {
    /// In how many examples it occurs.
    examples: u32,
    /// How often it occurs.
    times: u32,
    /// How often outside of entities.
    outside: u32,
}

/// The marks of an example: tokens, and the name of the entity.
pub(super) type Spans<'a> = Vec<(Range<usize>, &'a str)>;

/// What the lexicon knows of the tokens of a text.
#[derive(Debug, Default)]
pub(super) struct Knowledge {
    /// Whether a token occurs in the examples.
    pub known: Vec<bool>,
    /// Whether a token is a word of the frame in which entities stand: "to", "my", "please".
    pub frame: Vec<bool>,
    /// Values of the examples.
    pub values: Vec<Found>,
    /// Single words of such values.
    pub parts: Vec<Found>,
}

/// A word in at least so many other examples may be one of the frame.
const FRAME_EXAMPLES: u32 = 2;

impl Lexicon {
    pub fn of(examples: &[(&[Token], &Spans<'_>)]) -> Self {
        let mut words: BTreeMap<u64, Word> = BTreeMap::new();
        for (tokens, spans) in examples {
            for (stem, own) in words_of(tokens, spans) {
                let word = words.entry(stem).or_default();
                word.examples += own.examples;
                word.times += own.times;
                word.outside += own.outside;
            }
        }
        let values = examples
            .iter()
            .flat_map(|(tokens, spans)| spans.iter().map(move |(span, entity)| (*entity, &tokens[span.clone()])));
        let parts = values.clone().flat_map(|(entity, tokens)| tokens.chunks(1).map(move |token| (entity, token)));
        Self {
            stems: Index::of(words.keys().copied().collect()),
            values: Gazetteers::of(values),
            parts: Gazetteers::of(parts),
            words: words.into_values().collect(),
        }
    }

    /// What is known of a text that is not among the examples.
    pub fn look(&self, tokens: &[Token]) -> Knowledge {
        self.look_without(tokens, &Spans::new(), &BTreeMap::new())
    }

    /// What would be known of an example, were it not one.
    pub fn look_at_own(&self, tokens: &[Token], spans: &Spans<'_>) -> Knowledge {
        self.look_without(tokens, spans, &words_of(tokens, spans))
    }

    fn look_without(&self, tokens: &[Token], spans: &Spans<'_>, own: &BTreeMap<u64, Word>) -> Knowledge {
        let mut knowledge = Knowledge::default();
        for token in tokens {
            let stem = hash(0, &token.stem);
            let word = self.stems.place(stem).map(|place| self.words[place]).unwrap_or_default();
            let own = own.get(&stem).copied().unwrap_or_default();
            let (examples, times) = (word.examples - own.examples, word.times - own.times);
            let outside = word.outside - own.outside;
            knowledge.known.push(examples > 0);
            knowledge.frame.push(examples >= FRAME_EXAMPLES && 5 * outside >= 3 * times);
        }
        let same = |one: &[Token], other: &[Token]| one.iter().map(|it| &it.stem).eq(other.iter().map(|it| &it.stem));
        let others = |lists: &Gazetteers, entry: Entry, own: usize, name: &str| {
            lists.name(entry.list as usize) != name || entry.count as usize > own
        };
        knowledge.values = self.values.find_in(tokens, |entry, range| {
            let name = self.values.name(entry.list as usize);
            let own =
                spans.iter().filter(|(span, it)| *it == name && same(&tokens[span.clone()], &tokens[range.clone()]));
            others(&self.values, entry, own.count(), name)
        });
        knowledge.parts = self.parts.find_in(tokens, |entry, range| {
            let name = self.parts.name(entry.list as usize);
            let own = spans.iter().filter(|(_, it)| *it == name).flat_map(|(span, _)| &tokens[span.clone()]);
            let own = own.filter(|token| token.stem == tokens[range.start].stem);
            others(&self.parts, entry, own.count(), name)
        });
        knowledge
    }
}

/// The words of one example.
fn words_of(tokens: &[Token], spans: &Spans<'_>) -> BTreeMap<u64, Word> {
    let mut words: BTreeMap<u64, Word> = BTreeMap::new();
    let mut spans = spans.iter().peekable();
    for (place, token) in tokens.iter().enumerate() {
        while spans.next_if(|(span, _)| span.end <= place).is_some() {}
        let outside = spans.peek().is_none_or(|(span, _)| place < span.start);
        let word = words.entry(hash(0, &token.stem)).or_default();
        word.examples = 1;
        word.times += 1;
        word.outside += u32::from(outside);
    }
    words
}
