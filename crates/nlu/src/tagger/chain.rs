//! A conditional random field on a chain of tokens.
//!
//! Only the pairs of labels that stand side by side in the examples have a weight of their own; all others share one.
//! So the time a token takes grows with the number of labels, not with its square.

use serde::{Deserialize, Serialize};

use super::spans::{Label, OUTSIDE, continues};

/// The weights of labels side by side.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Transitions {
    /// Pairs with a weight of their own, sorted by the second label: (first, second).
    pub pairs: Vec<(Label, Label)>,
    /// Their weights, and at the end the one of all other pairs.
    pub weights: Vec<f32>,
    labels: usize,
}

impl Transitions {
    /// Transitions between so many labels, those of the same entity and the ones seen with weights of their own.
    pub fn new(labels: usize, seen: impl IntoIterator<Item = (Label, Label)>) -> Self {
        let mut pairs: Vec<(Label, Label)> = seen.into_iter().filter(|(_, second)| !continues(*second)).collect();
        for label in (2..labels as Label).step_by(2) {
            pairs.extend([(label - 1, label), (label, label)]);
        }
        pairs.sort_unstable_by_key(|(first, second)| (*second, *first));
        pairs.dedup();
        Self { weights: vec![0.0; pairs.len() + 1], pairs, labels }
    }

    /// How many labels there are.
    pub fn labels(&self) -> usize {
        self.labels
    }

    fn rest(&self) -> f32 {
        *self.weights.last().expect("the shared weight is always there")
    }

    /// The best labels for the scores of labels, given for one token after the other.
    pub fn best(&self, scores: &[f32]) -> Vec<Label> {
        let labels = self.labels;
        let tokens = scores.len() / labels;
        let mut came_from: Vec<Label> = vec![OUTSIDE; scores.len()];
        let mut current: Vec<f32> = first(scores, labels);
        let mut order: Vec<Label> = (0..labels as Label).collect();
        let mut own = Vec::new();
        for token in 1..tokens {
            order.sort_by(|a, b| current[usize::from(*b)].total_cmp(&current[usize::from(*a)]));
            let mut next = vec![f32::NEG_INFINITY; labels];
            let from = &mut came_from[token * labels..(token + 1) * labels];
            let mut pairs = self.pairs.iter().zip(&self.weights).peekable();
            for label in 0..labels {
                own.clear();
                while let Some(((first, _), weight)) = pairs.next_if(|((_, second), _)| usize::from(*second) == label) {
                    own.push(*first);
                    consider(&mut next[label], &mut from[label], *first, current[usize::from(*first)] + weight);
                }
                if !continues(label as Label)
                    && let Some(other) = order.iter().find(|it| own.binary_search(it).is_err())
                {
                    consider(&mut next[label], &mut from[label], *other, current[usize::from(*other)] + self.rest());
                }
                next[label] += scores[token * labels + label];
            }
            current = next;
        }
        let mut best = vec![OUTSIDE; tokens];
        let mut label = argmax(&current) as Label;
        for token in (0..tokens).rev() {
            best[token] = label;
            label = came_from[token * labels + usize::from(label)];
        }
        best
    }

    /// How likely each label of each token is, and how likely each pair is, over all that could be.
    pub fn posterior(&self, scores: &[f32]) -> Posterior {
        let labels = self.labels;
        let tokens = scores.len() / labels;
        let rest = f64::from(self.rest()).exp();
        // What a pair has beyond the shared weight; a continued entity shares none.
        let extra: Vec<f64> = self
            .pairs
            .iter()
            .zip(&self.weights)
            .map(|((_, second), weight)| f64::from(*weight).exp() - if continues(*second) { 0.0 } else { rest })
            .collect();
        let likely: Vec<f64> = scores
            .chunks_exact(labels)
            .flat_map(|scores| {
                let most = scores.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                scores.iter().map(move |score| f64::from(score - most).exp())
            })
            .collect();
        let mut forward = vec![0.0; scores.len()];
        let mut scales = vec![0.0; tokens];
        for token in 0..tokens {
            let (done, open) = forward.split_at_mut(token * labels);
            let now = &mut open[..labels];
            if token == 0 {
                now.iter_mut().step_by(2).skip(1).for_each(|it| *it = 0.0);
                now[0] = 1.0;
                now.iter_mut().skip(1).step_by(2).for_each(|it| *it = 1.0);
            } else {
                let before = &done[(token - 1) * labels..];
                now[0] = rest; // what was before sums up to one
                now.iter_mut().skip(1).step_by(2).for_each(|it| *it = rest);
                for ((first, second), extra) in self.pairs.iter().zip(&extra) {
                    now[usize::from(*second)] += before[usize::from(*first)] * extra;
                }
            }
            now.iter_mut().zip(&likely[token * labels..]).for_each(|(now, likely)| *now = now.max(0.0) * likely);
            let scale = now.iter().sum::<f64>().max(f64::MIN_POSITIVE);
            now.iter_mut().for_each(|it| *it /= scale);
            scales[token] = scale;
        }
        let mut backward = vec![1.0; scores.len()];
        for token in (0..tokens.saturating_sub(1)).rev() {
            let (open, done) = backward.split_at_mut((token + 1) * labels);
            let ahead: Vec<f64> = (0..labels)
                .map(|label| done[label] * likely[(token + 1) * labels + label] / scales[token + 1])
                .collect();
            let shared: f64 = (0..labels).filter(|label| !continues(*label as Label)).map(|label| ahead[label]).sum();
            let now = &mut open[token * labels..];
            now.fill(shared * rest);
            for ((first, second), extra) in self.pairs.iter().zip(&extra) {
                now[usize::from(*first)] += ahead[usize::from(*second)] * extra;
            }
        }
        Posterior { labels, forward, backward, likely, scales }
    }

    /// Where the weight of a pair stands.
    pub fn place(&self, first: Label, second: Label) -> usize {
        let place = self.pairs.binary_search_by_key(&(second, first), |(first, second)| (*second, *first));
        place.unwrap_or(self.pairs.len())
    }

    /// How likely the pairs with weights of their own are, summed up over the text, and at the end all the others.
    pub fn expected(&self, posterior: &Posterior) -> Vec<f64> {
        let labels = self.labels;
        let mut expected = vec![0.0; self.weights.len()];
        let mut all = 0.0;
        for token in 1..posterior.scales.len() {
            let before = &posterior.forward[(token - 1) * labels..token * labels];
            let ahead: Vec<f64> = (0..labels)
                .map(|label| {
                    posterior.backward[token * labels + label] * posterior.likely[token * labels + label]
                        / posterior.scales[token]
                })
                .collect();
            for (((first, second), weight), expected) in self.pairs.iter().zip(&self.weights).zip(&mut expected) {
                *expected += before[usize::from(*first)] * f64::from(*weight).exp() * ahead[usize::from(*second)];
            }
            all += 1.0;
        }
        let own: f64 = expected.iter().sum();
        *expected.last_mut().expect("the shared weight is always there") = f64::max(all - own, 0.0);
        expected
    }

    /// How likely it is that an entity with this first label stands exactly on these tokens.
    pub fn confidence(&self, posterior: &Posterior, begin: Label, tokens: std::ops::Range<usize>) -> f64 {
        let step = |token: usize, first: Label, second: Label| {
            let labels = self.labels;
            let behind = posterior.backward[(token - 1) * labels + usize::from(first)];
            let ahead = posterior.backward[token * labels + usize::from(second)]
                * posterior.likely[token * labels + usize::from(second)]
                / posterior.scales[token];
            f64::from(self.weights[self.place(first, second)]).exp() * ahead / behind.max(f64::MIN_POSITIVE)
        };
        let mut confidence = posterior.of(tokens.start, begin);
        let mut last = begin;
        for token in tokens.start + 1..tokens.end {
            confidence *= step(token, last, begin + 1);
            last = begin + 1;
        }
        if tokens.end < posterior.scales.len() {
            confidence *= 1.0 - step(tokens.end, last, begin + 1).min(1.0);
        }
        confidence.clamp(0.0, 1.0)
    }
}

/// How likely labels are, seen from all labellings of a text.
#[derive(Debug)]
pub(super) struct Posterior {
    labels: usize,
    forward: Vec<f64>,
    backward: Vec<f64>,
    likely: Vec<f64>,
    scales: Vec<f64>,
}

impl Posterior {
    /// How likely a label is for a token.
    pub fn of(&self, token: usize, label: Label) -> f64 {
        let place = token * self.labels + usize::from(label);
        self.forward[place] * self.backward[place]
    }
}

/// The scores of the first token: nothing can go on there.
fn first(scores: &[f32], labels: usize) -> Vec<f32> {
    let of = |label: usize| if continues(label as Label) { f32::NEG_INFINITY } else { scores[label] };
    (0..labels.min(scores.len())).map(of).collect()
}

fn consider(best: &mut f32, from: &mut Label, label: Label, score: f32) {
    if score > *best {
        (*best, *from) = (score, label);
    }
}

fn argmax(scores: &[f32]) -> usize {
    let mut best = 0;
    for (place, score) in scores.iter().enumerate() {
        if *score > scores[best] {
            best = place;
        }
    }
    best
}
