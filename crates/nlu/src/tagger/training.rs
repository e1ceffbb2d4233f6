//! How the weights are learned: the likelihood of the marks is raised example by example (AdaGrad), with some words and
//! the case hidden now and then, and the weights of the later rounds averaged.

use std::collections::BTreeSet;

use super::chain::Transitions;
use super::features::{AS_WRITTEN, Feature, LOWER_CASE, REACH, View};
use super::index::{Index, mix};
use super::spans::{Label, OUTSIDE};
use super::weights::Weights;

/// An example ready to be learned from.
pub(super) struct Lesson {
    pub view: View,
    pub labels: Vec<Label>,
}

/// A feature of a token in a lesson: its place in the index, and the words it depends on.
type Seen = (u32, u8);

const ROUNDS: usize = 20;
const RATE: f32 = 0.1;
/// How strongly weights are held at nothing, each time their feature is seen.
const DECAY: f32 = 0.005;
/// How often a word is hidden, so that the words around it have to do.
const HIDE_WORD: f64 = 0.2;
/// How often an example is seen as if written in lower case, as many people type.
const HIDE_CASE: f64 = 0.3;
/// What AdaGrad starts with, so that first steps are not too long.
const FIRST_SQUARE: f32 = 0.1;

/// Learns weights from lessons.
pub(super) fn learn(lessons: &[Lesson], labels: usize) -> (Index, Weights, Transitions) {
    let pairs_of_labels: BTreeSet<(Label, Label)> =
        lessons.iter().flat_map(|lesson| lesson.labels.windows(2).map(|pair| (pair[0], pair[1]))).collect();
    let features: Vec<Vec<Vec<Feature>>> = lessons.iter().map(|lesson| lesson.view.all_features()).collect();
    let mut pairs: Vec<(u64, Label)> = Vec::new();
    for (lesson, features) in lessons.iter().zip(&features) {
        for (label, features) in lesson.labels.iter().zip(features) {
            pairs.extend(features.iter().flat_map(|feature| [(feature.key, *label), (feature.key, OUTSIDE)]));
        }
    }
    pairs.sort_unstable();
    pairs.dedup();
    let index = Index::of(pairs.iter().map(|(key, _)| *key).collect());
    let place = |feature: &Feature| (index.place(feature.key).expect("all were indexed") as u32, feature.words);
    let seen: Vec<Vec<Vec<Seen>>> =
        features.iter().map(|lesson| lesson.iter().map(|token| token.iter().map(place).collect()).collect()).collect();
    drop(features);
    let mut learner = Learner::new(Weights::new(&index, &pairs), Transitions::new(labels, pairs_of_labels));
    drop(pairs);
    let mut random = Random(1);
    let mut order: Vec<usize> = (0..lessons.len()).collect();
    for round in 0..ROUNDS {
        random.shuffle(&mut order);
        for lesson in &order {
            let shown = shown(&seen[*lesson], &mut random);
            learner.study(&shown, &lessons[*lesson].labels);
        }
        if 2 * round >= ROUNDS {
            learner.remember();
        }
    }
    let (weights, transitions) = learner.average();
    (index, weights, transitions)
}

/// What is left of a lesson with some words, and perhaps the case, hidden.
fn shown(seen: &[Vec<Seen>], random: &mut Random) -> Vec<Vec<u32>> {
    let hidden: Vec<bool> = (0..seen.len()).map(|_| random.chance(HIDE_WORD)).collect();
    let case = if random.chance(HIDE_CASE) { AS_WRITTEN } else { LOWER_CASE };
    let show = |(place, seen): (usize, &Vec<Seen>)| {
        let in_window = |bit: &usize| (place + bit).checked_sub(REACH).and_then(|it| hidden.get(it)) == Some(&true);
        let mask = (0..=2 * REACH).filter(in_window).fold(case, |mask, bit| mask | 1 << bit);
        seen.iter().filter(|(_, words)| words & mask == 0).map(|(feature, _)| *feature).collect()
    };
    seen.iter().enumerate().map(show).collect()
}

struct Learner {
    weights: Weights,
    transitions: Transitions,
    squares: Vec<f32>,
    squares_of_transitions: Vec<f32>,
    sums: Vec<f64>,
    sums_of_transitions: Vec<f64>,
    remembered: usize,
}

impl Learner {
    fn new(weights: Weights, transitions: Transitions) -> Self {
        Self {
            squares: vec![FIRST_SQUARE; weights.values.len()],
            squares_of_transitions: vec![FIRST_SQUARE; transitions.weights.len()],
            sums: vec![0.0; weights.values.len()],
            sums_of_transitions: vec![0.0; transitions.weights.len()],
            remembered: 0,
            weights,
            transitions,
        }
    }

    fn study(&mut self, shown: &[Vec<u32>], truth: &[Label]) {
        let labels = self.transitions.labels();
        let mut scores = vec![0.0; shown.len() * labels];
        for (shown, scores) in shown.iter().zip(scores.chunks_exact_mut(labels)) {
            shown.iter().for_each(|feature| self.weights.add(*feature as usize, scores));
        }
        let posterior = self.transitions.posterior(&scores);
        for (token, shown) in shown.iter().enumerate() {
            let slope: Vec<f32> = (0..labels as Label)
                .map(|label| f32::from(u8::from(label == truth[token])) - posterior.of(token, label) as f32)
                .collect();
            for feature in shown {
                for place in self.weights.range(*feature as usize) {
                    let slope = slope[usize::from(self.weights.labels[place])];
                    step(&mut self.weights.values[place], &mut self.squares[place], slope);
                }
            }
        }
        let mut slopes: Vec<f32> = self.transitions.expected(&posterior).iter().map(|it| -*it as f32).collect();
        truth.windows(2).for_each(|pair| slopes[self.transitions.place(pair[0], pair[1])] += 1.0);
        for (place, slope) in slopes.into_iter().enumerate() {
            step(&mut self.transitions.weights[place], &mut self.squares_of_transitions[place], slope);
        }
    }

    fn remember(&mut self) {
        self.remembered += 1;
        self.sums.iter_mut().zip(&self.weights.values).for_each(|(sum, weight)| *sum += f64::from(*weight));
        let transitions = self.sums_of_transitions.iter_mut().zip(&self.transitions.weights);
        transitions.for_each(|(sum, weight)| *sum += f64::from(*weight));
    }

    fn average(mut self) -> (Weights, Transitions) {
        let remembered = self.remembered.max(1) as f64;
        self.weights.values = self.sums.iter().map(|sum| (sum / remembered) as f32).collect();
        self.transitions.weights = self.sums_of_transitions.iter().map(|sum| (sum / remembered) as f32).collect();
        (self.weights, self.transitions)
    }
}

fn step(weight: &mut f32, square: &mut f32, slope: f32) {
    let slope = slope - DECAY * *weight;
    *square += slope * slope;
    *weight += RATE * slope / square.sqrt();
}

/// Numbers that look random, the same every time: SplitMix64.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        mix(self.0)
    }

    fn chance(&mut self, probability: f64) -> bool {
        ((self.next() >> 11) as f64 / (1u64 << 53) as f64) < probability
    }

    fn shuffle<T>(&mut self, items: &mut [T]) {
        for end in (1..items.len()).rev() {
            items.swap(end, (self.next() % (end as u64 + 1)) as usize);
        }
    }
}
