//! Multinomial logistic regression on sparse vectors, trained by stochastic gradient descent.

use serde::{Deserialize, Serialize};

use super::features::Vector;

/// What is to be trained.
#[derive(Clone, Copy, Debug)]
pub(super) struct Regression {
    pub(super) features: usize,
    pub(super) classes: usize,
    /// How much the examples count against the wish for small weights (`C` of the usual notation).
    pub(super) strength: f32,
}

/// Passes over the examples. The rate falls from pass to pass.
const PASSES: usize = 10;
/// The model is the average of what the last passes ended with: single steps, taken in a random order, even out, and fewer
/// passes do.
const AVERAGED: usize = 5;
const FIRST_RATE: f32 = 10.0;
/// The bias learns slowly: intents with many examples should not win by default.
const BIAS_RATE: f32 = 0.01;
/// Classes that an example hardly concerns are not touched by it; that is most of them, and nearly all of the time.
const LEAST_GRADIENT: f32 = 2e-3;
/// The common factor of all weights is multiplied in when it falls below this.
const LEAST_SCALE: f32 = 1e-3;
const SEED: u64 = 0x1234_5678_9abc_def0;

/// A trained regression. The weights of a feature for all classes lie together.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Softmax {
    weights: Vec<f32>,
    bias: Vec<f32>,
}

impl Regression {
    /// Trains on those of the vectors that `chosen` names.
    pub(super) fn train(&self, vectors: &[Vector], labels: &[usize], chosen: &[usize]) -> Softmax {
        let classes = self.classes;
        let mut weights = vec![0.0_f32; self.features * classes];
        let mut bias = vec![0.0_f32; classes];
        let decay = 1.0 / (self.strength * chosen.len().max(1) as f32);
        let mut order = chosen.to_vec();
        let mut random = SEED;
        let mut average = Softmax { weights: vec![0.0; weights.len()], bias: vec![0.0; classes] };
        let mut scale = 1.0_f32;
        let mut errors = vec![0.0_f32; classes];
        let mut concerned: Vec<(usize, f32)> = Vec::with_capacity(classes);
        for pass in 0..PASSES {
            shuffle(&mut order, &mut random);
            let rate = FIRST_RATE / (1.0 + 0.5 * pass as f32);
            for &at in &order {
                errors.copy_from_slice(&bias);
                add_products(&weights, &vectors[at], scale, &mut errors);
                to_probabilities(&mut errors, 1.0);
                errors[labels[at]] -= 1.0;
                // All weights shrink a little at every step; doing that to one common factor makes it free.
                scale *= 1.0 - rate * decay;
                concerned.clear();
                concerned.extend(errors.iter().copied().enumerate().filter(|(_, error)| error.abs() > LEAST_GRADIENT));
                for &(class, error) in &concerned {
                    bias[class] -= rate * BIAS_RATE * error;
                }
                for &(feature, strength) in &vectors[at] {
                    let row = &mut weights[feature as usize * classes..][..classes];
                    let step = rate * strength / scale;
                    for &(class, error) in &concerned {
                        row[class] -= step * error;
                    }
                }
                if scale < LEAST_SCALE {
                    weights.iter_mut().for_each(|weight| *weight *= scale);
                    scale = 1.0;
                }
            }
            if pass + AVERAGED >= PASSES {
                add(&mut average.weights, &weights, scale / AVERAGED as f32);
                add(&mut average.bias, &bias, 1.0 / AVERAGED as f32);
            }
        }
        average
    }
}

impl Softmax {
    /// The score of each class before it is made a probability.
    pub(super) fn logits(&self, vector: &Vector) -> Vec<f32> {
        let mut scores = self.bias.clone();
        add_products(&self.weights, vector, 1.0, &mut scores);
        scores
    }

    /// The weight of a feature for a class.
    pub(super) fn weight(&self, feature: u32, class: usize) -> f32 {
        self.weights[feature as usize * self.bias.len() + class]
    }

    /// Whether it has what so many features and classes need, wherever it comes from.
    pub(super) fn fits(&self, features: usize, classes: usize) -> bool {
        self.bias.len() == classes && features.checked_mul(classes) == Some(self.weights.len())
    }

    /// Bytes in memory.
    pub(super) fn size(&self) -> usize {
        (self.weights.len() + self.bias.len()) * size_of::<f32>()
    }
}

/// Scores as probabilities. A higher temperature makes them more alike.
pub(super) fn to_probabilities(scores: &mut [f32], temperature: f32) {
    let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for score in scores.iter_mut() {
        *score = ((*score - most) / temperature).exp();
        sum += *score;
    }
    for score in scores.iter_mut() {
        *score /= sum;
    }
}

fn add_products(weights: &[f32], vector: &Vector, scale: f32, scores: &mut [f32]) {
    let classes = scores.len();
    for &(feature, strength) in vector {
        add(scores, &weights[feature as usize * classes..][..classes], strength * scale);
    }
}

fn add(sums: &mut [f32], numbers: &[f32], factor: f32) {
    for (sum, number) in sums.iter_mut().zip(numbers) {
        *sum += factor * number;
    }
}

/// Fisher and Yates' shuffle, driven by Marsaglia's xorshift: the same order for the same seed on every machine.
fn shuffle(order: &mut [usize], random: &mut u64) {
    for at in (1..order.len()).rev() {
        *random ^= *random << 13;
        *random ^= *random >> 7;
        *random ^= *random << 17;
        let other = usize::try_from(*random % (at as u64 + 1)).unwrap_or(at);
        order.swap(at, other);
    }
}
