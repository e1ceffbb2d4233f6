//! Meaning mixed in: a second classifier on vectors of an encoder, and how much of it to take.

use serde::{Deserialize, Serialize};

use super::calibration::{self, Judged};
use super::features::Vector;
use super::softmax::{Regression, Softmax, to_probabilities};

/// A classifier on an encoder's vectors, and its share of the answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Mixture {
    /// The encoder whose vectors it knows.
    encoder: u64,
    model: Softmax,
    share: f32,
}

/// What models of words alone say of examples that they have not seen, and of such as belong to intents they do not know.
pub(super) struct OfWords<'e> {
    pub(super) judged: &'e mut Vec<Judged>,
    pub(super) unknown: &'e mut Vec<Vec<f32>>,
}

/// The shares tried; the one that answers most examples rightly which the models have not seen is taken.
const SHARES: [f32; 4] = [0.0, 0.3, 0.5, 0.7];
/// How much the examples count against the wish for small weights.
const STRENGTH: f32 = 50.0;

impl Mixture {
    /// Learns from the vectors of the examples, of which the first `intents` classes should be recognised. What the words say
    /// becomes what both say together. `None`, and nothing else than before, where the vectors do not help.
    pub(super) fn train(
        encoder: u64,
        vectors: &[Vec<f32>],
        (labels, parts): (&[usize], &[usize]),
        intents: usize,
        of_words: OfWords<'_>,
    ) -> Option<Self> {
        let OfWords { judged, unknown } = of_words;
        let vectors: Vec<Vector> = vectors.iter().map(|vector| (0..).zip(vector.iter().copied()).collect()).collect();
        let classes = labels.iter().max()? + 1;
        let regression = Regression { features: vectors.first()?.len(), classes, strength: STRENGTH };
        let own = calibration::judge(&regression, &vectors, labels, parts);
        let mixed = |share: f32| -> Vec<Judged> {
            let pairs = judged.iter().zip(&own);
            pairs.map(|(words, meaning)| words.with_scores(mix(&words.scores, &meaning.scores, share))).collect()
        };
        let right = |examples: &[Judged]| examples.iter().filter(|it| it.best() == it.class).count();
        // Chance alone moves the count by about the square root of the mistakes. Of equal ones the smallest share.
        let mistakes = judged.len() - right(judged);
        let mut best = (right(judged) + (mistakes as f32).sqrt() as usize, 0.0, None);
        for share in SHARES.into_iter().skip(1) {
            let examples = mixed(share);
            if right(&examples) > best.0 {
                best = (right(&examples), share, Some(examples));
            }
        }
        let (_, share, examples) = best;
        *judged = examples?;
        let own = calibration::judge_unknown(&regression, &vectors, labels, intents);
        for (words, meaning) in unknown.iter_mut().zip(own) {
            *words = mix(words, &meaning, share);
        }
        let everything: Vec<usize> = (0..vectors.len()).collect();
        Some(Self { encoder, model: regression.train(&vectors, labels, &everything), share })
    }

    /// The scores of words and of a vector of this encoder together; where the words say nothing (`has_words`), of the vector.
    pub(super) fn scores(&self, words: &[f32], has_words: bool, encoder: u64, vector: &[f32]) -> Option<Vec<f32>> {
        let vector: Vector = (0..).zip(vector.iter().copied()).collect();
        let fits = self.is_of(encoder) && self.model.fits(vector.len(), words.len());
        fits.then(|| mix(words, &self.model.logits(&vector), if has_words { self.share } else { 1.0 }))
    }

    /// Whether it knows the vectors of an encoder.
    pub(super) fn is_of(&self, encoder: u64) -> bool {
        encoder == self.encoder
    }

    /// Whether it can be worked with, wherever it comes from.
    pub(super) fn is_sound(&self) -> bool {
        (0.0..=1.0).contains(&self.share)
    }

    pub(super) fn size(&self) -> usize {
        self.model.size()
    }
}

/// The logarithms of the mixed probabilities: scores again.
fn mix(words: &[f32], meaning: &[f32], share: f32) -> Vec<f32> {
    let (mut words, mut meaning) = (words.to_vec(), meaning.to_vec());
    to_probabilities(&mut words, 1.0);
    to_probabilities(&mut meaning, 1.0);
    let mixed = words.iter().zip(&meaning).map(|(words, meaning)| (1.0 - share) * words + share * meaning);
    mixed.map(|probability| probability.max(1e-9).ln()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(scores: [f32; 2], class: usize) -> Judged {
        Judged { scores: scores.to_vec(), class }
    }

    #[test]
    fn meaning_is_taken_where_it_helps_and_left_where_it_is_noise() {
        let labels: Vec<usize> = (0..40).map(|at| at / 20).collect();
        let parts: Vec<usize> = (0..40).map(|at| at % 5).collect();
        let telling: Vec<Vec<f32>> =
            labels.iter().map(|label| if *label == 0 { vec![1.0, 0.0] } else { vec![0.0, 1.0] }).collect();
        let noise: Vec<Vec<f32>> = vec![vec![0.7, 0.7]; 40];
        let order = calibration::judge(
            &Regression { features: 2, classes: 2, strength: 1.0 },
            &vec![Vector::new(); 40],
            &labels,
            &parts,
        );
        // Words alone know nothing; then they know all.
        let blind: Vec<Judged> = order.iter().map(|it| judged([0.1, 0.0], it.class)).collect();
        let sure = || -> Vec<Judged> {
            order.iter().map(|it| judged(if it.class == 0 { [2.0, 0.0] } else { [0.0, 2.0] }, it.class)).collect()
        };
        let mut judged_words = blind;
        let train = |vectors: &[Vec<f32>], judged: &mut Vec<Judged>| {
            Mixture::train(7, vectors, (&labels, &parts), 2, OfWords { judged, unknown: &mut Vec::new() })
        };
        let mixture = train(&telling, &mut judged_words).expect("meaning helps");
        assert!(judged_words.iter().all(|it| it.best() == it.class));
        assert!(mixture.scores(&[0.1, 0.0], true, 7, &[0.0, 1.0]).is_some_and(|scores| scores[1] > scores[0]));
        assert_eq!(mixture.scores(&[0.1, 0.0], true, 8, &[0.0, 1.0]), None, "another encoder");
        assert_eq!(mixture.scores(&[0.1, 0.0], true, 7, &[1.0]), None, "another width");
        assert_eq!(train(&noise, &mut sure()), None);
    }
}
