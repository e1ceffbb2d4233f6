//! The expert that finds entities by what people marked in examples.

mod chain;
mod features;
mod gazetteers;
mod index;
mod lexicon;
mod spans;
mod training;
mod weights;

use std::collections::BTreeSet;
use std::ops::Range;

use serde::{Deserialize, Serialize};

use crate::text::{Language, Token};
use chain::Transitions;
use features::{Sight, View};
pub use gazetteers::Gazetteers;
use index::{Index, hash};
use lexicon::{Lexicon, Spans};
use weights::Weights;

/// A text and the entities that people marked in it.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Annotated<'a> {
    /// What people say.
    pub text: &'a str,
    /// What they marked.
    pub marks: Vec<Mark<'a>>,
    /// What others found in it.
    pub hints: Vec<Hint<'a>>,
}

/// An entity in a text.
#[derive(Clone, Debug, PartialEq)]
pub struct Mark<'a> {
    /// The entity.
    pub entity: &'a str,
    /// Where it stands, in bytes. It need not fit: it is snapped to words, or dropped where there are none.
    pub range: Range<usize>,
}

/// What something else found in a text: a number, a date, a city.
#[derive(Clone, Debug, PartialEq)]
pub struct Hint<'a> {
    /// What was found.
    pub kind: &'a str,
    /// Where, in bytes; snapped to words like a mark.
    pub range: Range<usize>,
}

/// An entity that the tagger found.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Tagged<'a> {
    /// The entity.
    pub entity: &'a str,
    /// Where it begins, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// How likely it is that it stands exactly there, 0 to 1.
    pub score: f32,
}

/// A trained tagger of one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Tagger {
    entities: Vec<String>,
    lexicon: Lexicon,
    features: Index,
    weights: Weights,
    transitions: Transitions,
}

/// Longer texts are read in pieces of so many tokens.
const PIECE: usize = 512;

impl Tagger {
    /// Learns from examples, of which the first 512 words are read. The order of the examples does not matter, and the
    /// same examples give the same tagger; an example given twice counts once.
    ///
    /// `None` when nothing is marked in them: there is nothing to learn.
    pub fn train(language: &Language, examples: &[Annotated<'_>]) -> Option<Self> {
        let mut examples: Vec<&Annotated<'_>> = examples.iter().collect();
        examples.sort_by_cached_key(|example| key(example));
        examples.dedup();
        let tokens: Vec<Vec<Token>> = examples
            .iter()
            .map(|example| {
                let mut tokens = language.tokens(example.text);
                tokens.truncate(PIECE);
                tokens
            })
            .collect();
        let spans: Vec<Spans<'_>> = examples
            .iter()
            .zip(&tokens)
            .map(|(example, tokens)| {
                let usable = spans::usable(tokens, &example.marks);
                usable.into_iter().map(|(span, mark)| (span, example.marks[mark].entity)).collect()
            })
            .collect();
        let names: BTreeSet<&str> = spans.iter().flatten().map(|(_, entity)| *entity).collect();
        let entities: Vec<String> = names.into_iter().take(spans::MOST_ENTITIES).map(str::to_owned).collect();
        if entities.is_empty() {
            return None;
        }
        let pairs: Vec<(&[Token], &Spans<'_>)> = tokens.iter().map(Vec::as_slice).zip(&spans).collect();
        let lexicon = Lexicon::of(&pairs);
        let lessons: Vec<training::Lesson> = examples
            .iter()
            .zip(&pairs)
            .map(|(example, (tokens, spans))| {
                let knowledge = lexicon.look_at_own(tokens, spans);
                let sights = sights(tokens, &example.hints);
                let mut labels = vec![spans::OUTSIDE; tokens.len()];
                for (span, entity) in spans.iter() {
                    let Ok(entity) = entities.binary_search_by(|it| it.as_str().cmp(entity)) else { continue };
                    labels[span.clone()].fill(spans::inside(entity));
                    labels[span.start] = spans::begin(entity);
                }
                let view = View::of(tokens, &knowledge, |found| found.list as u64, &sights);
                training::Lesson { view, labels }
            })
            .collect();
        let (features, weights, transitions) = training::learn(&lessons, 1 + 2 * entities.len());
        Some(Self { entities, lexicon, features, weights, transitions })
    }

    /// The entities in a text, in order, not overlapping.
    pub fn tag(&self, language: &Language, text: &str, hints: &[Hint<'_>]) -> Vec<Tagged<'_>> {
        let tokens = language.tokens(text);
        let sights = sights(&tokens, hints);
        let mut tagged = Vec::new();
        for (piece, tokens) in tokens.chunks(PIECE).enumerate() {
            let first = piece * PIECE;
            let sights: Vec<Sight> = sights
                .iter()
                .filter(|(_, range)| first <= range.start && range.end <= first + tokens.len())
                .map(|(kind, range)| (*kind, range.start - first..range.end - first))
                .collect();
            self.tag_piece(tokens, &sights, &mut tagged);
        }
        tagged
    }

    fn tag_piece<'s>(&'s self, tokens: &[Token], sights: &[Sight], tagged: &mut Vec<Tagged<'s>>) {
        let knowledge = self.lexicon.look(tokens);
        let view = View::of(tokens, &knowledge, |found| found.list as u64, sights);
        let labels = self.transitions.labels();
        let mut scores = vec![0.0; tokens.len() * labels];
        let mut features = Vec::new();
        for (place, scores) in scores.chunks_exact_mut(labels).enumerate() {
            view.features(place, &mut features);
            for feature in features.iter().filter(|it| it.words & features::LOWER_CASE == 0) {
                if let Some(place) = self.features.place(feature.key) {
                    self.weights.add(place, scores);
                }
            }
        }
        let best = self.transitions.best(&scores);
        if best.iter().all(|it| *it == spans::OUTSIDE) {
            return;
        }
        let posterior = self.transitions.posterior(&scores);
        let mut start = 0;
        while start < best.len() {
            let mut end = start + 1;
            if let Some(entity) = spans::entity(best[start]) {
                while best.get(end).is_some_and(|it| *it == spans::inside(entity)) {
                    end += 1;
                }
                let score = self.transitions.confidence(&posterior, best[start], start..end) as f32;
                tagged.push(Tagged {
                    entity: &self.entities[entity],
                    start: tokens[start].start,
                    end: tokens[end - 1].end,
                    score,
                });
            }
            start = end;
        }
    }
}

/// A name and where it stands.
type Named<'a> = (&'a str, usize, usize);

/// What examples are sorted by.
fn key<'a>(example: &Annotated<'a>) -> (&'a str, Vec<Named<'a>>, Vec<Named<'a>>) {
    let marks = example.marks.iter().map(|mark| (mark.entity, mark.range.start, mark.range.end));
    let hints = example.hints.iter().map(|hint| (hint.kind, hint.range.start, hint.range.end));
    (example.text, marks.collect(), hints.collect())
}

/// What others saw, in an order of our own, so that theirs does not matter.
fn sights(tokens: &[Token], hints: &[Hint<'_>]) -> Vec<Sight> {
    let mut sights: Vec<Sight> =
        hints.iter().filter_map(|hint| Some((hash(9, hint.kind), spans::snap(tokens, &hint.range)?))).collect();
    sights.sort_unstable_by_key(|(kind, range)| (range.start, range.end, *kind));
    sights
}

#[cfg(test)]
mod tests;
