//! The weights of features, for the labels they were seen with.

use std::ops::Range;

use serde::{Deserialize, Serialize};

use super::index::Index;
use super::spans::Label;

/// For each feature the labels it was seen with and how much it speaks for them.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Weights {
    starts: Vec<u32>,
    pub labels: Vec<Label>,
    pub values: Vec<f32>,
}

impl Weights {
    /// No weight yet, for sorted pairs of a feature and a label.
    pub fn new(index: &Index, pairs: &[(u64, Label)]) -> Self {
        let mut starts = Vec::with_capacity(index.len() + 1);
        for (place, (key, _)) in pairs.iter().enumerate() {
            if place == 0 || pairs[place - 1].0 != *key {
                starts.push(place as u32);
            }
        }
        starts.push(pairs.len() as u32);
        Self { starts, labels: pairs.iter().map(|(_, label)| *label).collect(), values: vec![0.0; pairs.len()] }
    }

    /// Where the weights of a feature stand.
    pub fn range(&self, feature: usize) -> Range<usize> {
        self.starts[feature] as usize..self.starts[feature + 1] as usize
    }

    /// Adds what a feature says to the scores of the labels.
    pub fn add(&self, feature: usize, scores: &mut [f32]) {
        let range = self.range(feature);
        for (label, value) in self.labels[range.clone()].iter().zip(&self.values[range]) {
            scores[usize::from(*label)] += value;
        }
    }
}
