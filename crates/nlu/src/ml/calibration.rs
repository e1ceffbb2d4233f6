//! How far scores can be trusted: learned from what the expert says about examples it has not seen.

use serde::{Deserialize, Serialize};

use super::features::Vector;
use super::softmax::{Regression, to_probabilities};

/// What makes scores probabilities, and from where on they count.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Calibration {
    temperature: f32,
    threshold: f32,
}

/// What a model that has not seen an example says about it.
pub(super) struct Judged {
    pub(super) scores: Vec<f32>,
    /// The class of the example.
    pub(super) class: usize,
}

/// The examples are split into this many parts; each part is judged by a model of the others.
const PARTS: usize = 5;
/// Above this many examples one part says enough, and training five models would take long.
const MANY_EXAMPLES: usize = 4_000;
/// This share of the right answers may fall below the threshold.
const SACRIFICED: f32 = 0.1;
/// Temperatures tried, from sure to unsure. None below 1: scores that are made surer tell the unknown from the known less
/// well (measured: .954 against .962 of the area under the curve on 150 intents), whatever they gain on the known.
const TEMPERATURES: [f32; 5] = [1.0, 1.2, 1.5, 2.0, 3.0];
/// A bot with too few examples to learn this from gets the original's default threshold.
const DEFAULT_THRESHOLD: f32 = 0.3;
const LEAST_JUDGED: usize = 10;

impl Judged {
    /// The class with the best score.
    pub(super) fn best(&self) -> usize {
        let better = |best: usize, at: usize| if self.scores[at] > self.scores[best] { at } else { best };
        (0..self.scores.len()).fold(0, better)
    }

    /// The same example with other scores.
    pub(super) fn with_scores(&self, scores: Vec<f32>) -> Self {
        Self { scores, class: self.class }
    }

    fn probability(&self, temperature: f32) -> f32 {
        let mut probabilities = self.scores.clone();
        to_probabilities(&mut probabilities, temperature);
        probabilities[self.class]
    }
}

/// What models say about examples that they have not seen.
pub(super) fn judge(regression: &Regression, vectors: &[Vector], labels: &[usize]) -> Vec<Judged> {
    let rounds = if vectors.len() > MANY_EXAMPLES { 1 } else { PARTS };
    let mut judged = Vec::new();
    for part in 0..rounds {
        // The examples are sorted by intent, so every part has its share of each.
        let (held, seen): (Vec<usize>, Vec<usize>) = (0..vectors.len()).partition(|at| at % PARTS == part);
        let model = regression.train(vectors, labels, &seen);
        judged.extend(held.into_iter().map(|at| Judged { scores: model.logits(&vectors[at]), class: labels[at] }));
    }
    judged
}

impl Calibration {
    /// Learns from examples that were judged; of the classes, the first `intents` are such that should be recognised.
    pub(super) fn of(judged: &[Judged], intents: usize) -> Self {
        if judged.len() < LEAST_JUDGED {
            return Self { temperature: 1.0, threshold: DEFAULT_THRESHOLD };
        }
        let loss = |temperature: f32| -> f32 {
            judged.iter().map(|example| -example.probability(temperature).max(1e-9).ln()).sum()
        };
        let losses = TEMPERATURES.map(|temperature| (temperature, loss(temperature)));
        let best = losses.into_iter().min_by(|a, b| a.1.total_cmp(&b.1));
        let temperature = best.map_or(1.0, |(temperature, _)| temperature);
        let mut right: Vec<f32> = judged
            .iter()
            .filter(|example| example.class < intents && example.best() == example.class)
            .map(|example| example.probability(temperature))
            .collect();
        right.sort_by(f32::total_cmp);
        let threshold = right.get((right.len() as f32 * SACRIFICED) as usize).copied().unwrap_or(DEFAULT_THRESHOLD);
        Self { temperature, threshold }
    }

    pub(super) fn to_probabilities(&self, scores: &mut [f32]) {
        to_probabilities(scores, self.temperature);
    }

    pub(super) fn threshold(&self) -> f32 {
        self.threshold
    }

    /// Whether it can be worked with, wherever it comes from.
    pub(super) fn is_sound(&self) -> bool {
        self.temperature >= TEMPERATURES[0] && (0.0..=1.0).contains(&self.threshold)
    }
}
