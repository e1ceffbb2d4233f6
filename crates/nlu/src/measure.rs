//! How well understanding does: what was expected against what was answered, as numbers.
//!
//! Pure functions. Batch tests report with them, and so does `botyard bench nlu`.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

/// An utterance's expected meaning and the answer. `None` is "nothing the bot knows".
pub type Answer<'a> = (Option<&'a str>, Option<&'a str>);

/// How one intent was recognised.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct IntentMeasure {
    /// The intent.
    pub intent: String,
    /// How many utterances mean it.
    pub expected: usize,
    /// How many were answered with it.
    pub answered: usize,
    /// How many of those rightly.
    pub right: usize,
}

impl IntentMeasure {
    /// The share of the answers with this intent that are right; 0 when there are none.
    pub fn precision(&self) -> f64 {
        share(self.right, self.answered)
    }

    /// The share of the utterances of this intent that were recognised; 0 when there are none.
    pub fn recall(&self) -> f64 {
        share(self.right, self.expected)
    }

    /// The harmonic mean of both, 0 to 1.
    pub fn f1(&self) -> f64 {
        share(2 * self.right, self.answered + self.expected)
    }
}

/// How often one meaning was taken for another. `None` is "nothing the bot knows".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Confusion {
    /// What was meant.
    pub expected: Option<String>,
    /// What was answered.
    pub answered: Option<String>,
    /// How many times.
    pub count: usize,
}

/// How a set of utterances was classified.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Classification {
    /// How many utterances were judged.
    pub judged: usize,
    /// How many were answered rightly; saying nothing where nothing was meant is right.
    pub right: usize,
    /// Each intent that was meant or answered, by name.
    pub intents: Vec<IntentMeasure>,
    /// The mistakes, the most frequent first.
    pub confusions: Vec<Confusion>,
}

impl Classification {
    /// Counts what was expected and what was answered.
    pub fn of<'a>(answers: impl IntoIterator<Item = Answer<'a>>) -> Self {
        let mut pairs: BTreeMap<Answer<'a>, usize> = BTreeMap::new();
        for answer in answers {
            *pairs.entry(answer).or_default() += 1;
        }
        let names: BTreeSet<&str> =
            pairs.keys().flat_map(|(expected, answered)| [*expected, *answered]).flatten().collect();
        let mut intents: BTreeMap<&str, IntentMeasure> = names
            .into_iter()
            .map(|name| (name, IntentMeasure { intent: name.to_owned(), expected: 0, answered: 0, right: 0 }))
            .collect();
        let mut confusions = Vec::new();
        let (mut judged, mut right) = (0, 0);
        for (&(expected, answered), &count) in &pairs {
            judged += count;
            if let Some(intent) = expected.and_then(|name| intents.get_mut(name)) {
                intent.expected += count;
                intent.right += if expected == answered { count } else { 0 };
            }
            if let Some(intent) = answered.and_then(|name| intents.get_mut(name)) {
                intent.answered += count;
            }
            if expected == answered {
                right += count;
            } else {
                let owned = |name: Option<&str>| name.map(str::to_owned);
                confusions.push(Confusion { expected: owned(expected), answered: owned(answered), count });
            }
        }
        confusions.sort_by_key(|confusion| std::cmp::Reverse(confusion.count));
        Self { judged, right, intents: intents.into_values().collect(), confusions }
    }

    /// The share of right answers, 0 to 1.
    pub fn accuracy(&self) -> f64 {
        share(self.right, self.judged)
    }

    /// F1 over all utterances of all intents together. Saying nothing is not an intent here: who wants it counted gives it
    /// a name, and then this is the accuracy.
    pub fn micro_f1(&self) -> f64 {
        let sum = |part: fn(&IntentMeasure) -> usize| self.intents.iter().map(part).sum::<usize>();
        share(2 * sum(|it| it.right), sum(|it| it.expected) + sum(|it| it.answered))
    }

    /// The mean of the intents' F1, each counting the same.
    pub fn macro_f1(&self) -> f64 {
        self.intents.iter().map(IntentMeasure::f1).sum::<f64>() / self.intents.len().max(1) as f64
    }
}

/// The area under the ROC curve: how likely a known utterance scores higher than an unknown one; equal scores count half.
/// 0.5 when one side is empty.
pub fn auroc(known: &[f32], unknown: &[f32]) -> f64 {
    if known.is_empty() || unknown.is_empty() {
        return 0.5;
    }
    let mut unknown = unknown.to_vec();
    unknown.sort_by(f32::total_cmp);
    let twice: usize = known
        .iter()
        .map(|score| unknown.partition_point(|it| it < score) + unknown.partition_point(|it| it <= score))
        .sum();
    twice as f64 / (2 * known.len() * unknown.len()) as f64
}

/// The share of unknown utterances that score lower than the score which lets this share of the known ones pass.
pub fn recall_at_acceptance(known: &[f32], unknown: &[f32], accepted: f64) -> f64 {
    let mut known = known.to_vec();
    known.sort_by(f32::total_cmp);
    let refused = (known.len() as f64 * (1.0 - accepted)).round() as usize;
    let Some(threshold) = known.get(refused) else { return 0.0 };
    share(unknown.iter().filter(|score| *score < threshold).count(), unknown.len())
}

/// A labelled stretch of a sequence.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Span {
    /// Its first place.
    pub start: usize,
    /// The place after its last.
    pub end: usize,
    /// What it is.
    pub label: String,
}

/// The spans that BIO tags stand for, as CoNLL's script reads them: an `I-` that continues nothing begins a span.
pub fn spans_of(tags: &[&str]) -> Vec<Span> {
    let mut spans: Vec<Span> = Vec::new();
    for (at, tag) in tags.iter().enumerate() {
        let Some((mark @ ("B" | "I"), label)) = tag.split_once('-') else { continue };
        match spans.last_mut() {
            Some(last) if mark == "I" && last.end == at && last.label == label => last.end = at + 1,
            _ => spans.push(Span { start: at, end: at + 1, label: label.to_owned() }),
        }
    }
    spans
}

/// How slots were found: a found one is right when its stretch and its label are exactly the expected ones.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SlotMeasure {
    /// How many there are.
    pub expected: usize,
    /// How many were found.
    pub found: usize,
    /// How many of those rightly.
    pub right: usize,
}

impl SlotMeasure {
    /// Counts one utterance in.
    pub fn add(&mut self, expected: &[Span], found: &[Span]) {
        let mut open: Vec<&Span> = expected.iter().collect();
        self.expected += expected.len();
        self.found += found.len();
        for span in found {
            if let Some(at) = open.iter().position(|it| *it == span) {
                open.swap_remove(at);
                self.right += 1;
            }
        }
    }

    /// The harmonic mean of precision and recall, 0 to 1.
    pub fn f1(&self) -> f64 {
        share(2 * self.right, self.expected + self.found)
    }
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn a_classification_counts_intents_and_mistakes() {
        let all = Classification::of([
            (Some("order"), Some("order")),
            (Some("order"), Some("order")),
            (Some("order"), Some("track")),
            (Some("order"), Some("track")),
            (Some("track"), None),
            (None, Some("track")),
            (None, None),
        ]);
        assert_eq!((all.judged, all.right), (7, 3));
        let [order, track] = &all.intents[..] else { panic!("{all:?}") };
        assert_eq!((order.precision(), order.recall()), (1.0, 0.5));
        assert!((order.f1() - 2.0 / 3.0).abs() < 1e-9);
        assert_eq!((track.expected, track.answered, track.right, track.f1()), (1, 3, 0, 0.0));
        assert!((all.micro_f1() - 0.4).abs() < 1e-9);
        assert!((all.macro_f1() - 1.0 / 3.0).abs() < 1e-9);
        assert_eq!(all.confusions.len(), 3);
        assert_eq!((all.confusions[0].answered.as_deref(), all.confusions[0].count), (Some("track"), 2));
        assert_eq!(Classification::of([]).accuracy(), 0.0);
    }

    #[test]
    fn the_known_and_the_unknown_are_told_apart() {
        assert_eq!(auroc(&[0.9, 0.8], &[0.1, 0.2]), 1.0);
        assert_eq!(auroc(&[0.9, 0.5], &[0.5, 0.6]), 0.625);
        assert_eq!(auroc(&[], &[0.1]), 0.5);
        let known: Vec<f32> = (1..=20u8).map(f32::from).collect();
        assert_eq!(recall_at_acceptance(&known, &[1.0, 1.5, 2.0, 3.0], 0.95), 0.5);
        assert_eq!(recall_at_acceptance(&[], &[1.0], 0.95), 0.0);
    }

    #[test]
    fn slots_count_when_exact() {
        let expected = spans_of(&["O", "B-city", "I-city", "B-city", "I-day", "O", "I-day"]);
        let places: Vec<_> = expected.iter().map(|it| (it.start, it.end, it.label.as_str())).collect();
        assert_eq!(places, [(1, 3, "city"), (3, 4, "city"), (4, 5, "day"), (6, 7, "day")]);
        let mut slots = SlotMeasure::default();
        slots.add(&expected, &spans_of(&["O", "B-city", "O", "B-city", "B-day", "O", "O"]));
        assert_eq!(slots, SlotMeasure { expected: 4, found: 3, right: 2 });
        assert!((slots.f1() - 4.0 / 7.0).abs() < 1e-9);
    }

    proptest! {
        #[test]
        fn micro_f1_is_accuracy_when_every_answer_has_a_name(answers in prop::collection::vec((0..4usize, 0..4usize), 1..50)) {
            const NAMES: [&str; 4] = ["a", "b", "c", "none"];
            let all = Classification::of(answers.iter().map(|(a, b)| (Some(NAMES[*a]), Some(NAMES[*b]))));
            prop_assert!((all.micro_f1() - all.accuracy()).abs() < 1e-12);
            prop_assert_eq!(all.confusions.iter().map(|it| it.count).sum::<usize>() + all.right, all.judged);
        }
    }
}
