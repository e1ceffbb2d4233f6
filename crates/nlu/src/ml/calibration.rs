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

/// What a threshold has to be.
#[derive(Clone, Copy)]
pub(super) struct Demands {
    /// At least this share of the right answers falls below it.
    least_sacrificed: f32,
    /// It is no lower, where no intents could be left out.
    least: f32,
    /// It is no higher.
    most: f32,
}

impl Demands {
    /// Of what words alone say.
    pub(super) const OF_WORDS: Self = Self { least_sacrificed: SACRIFICED[0], least: 0.0, most: MOST_DEMANDED };

    /// Of what words and an encoder say together: not to start more of what is beyond the bot than words alone do, where they
    /// sacrifice this share. Intents that are left out are like the others, and an encoder tells these well apart; what people
    /// say besides is not (measured on 28 intents: .72 of it refused where a smaller share would do for those left out, .78
    /// with the share of the words).
    pub(super) fn of_both(sacrificed: f32) -> Self {
        Self { least_sacrificed: sacrificed, least: LEAST_DEMANDED_OF_BOTH, most: MOST_DEMANDED_OF_BOTH }
    }
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
/// So many times a part of the intents is left out, to learn what a model says about what it does not know.
const ROUNDS_WITHOUT: usize = 2;
/// From this likeness on two examples of an intent say nearly the same: a word more or less, politely or not, in another
/// spelling. Measured with 150 intents of ten utterances, each written down in four more such ways: .76 of what is asked is
/// right; at .7 it is .74, and where every example is judged for itself .37.
const NEARLY_THE_SAME: f32 = 0.6;
/// An example is compared with so many of its intent, those that stand next to it in the order of the alphabet.
const MOST_COMPARED: usize = 500;
/// As small a share of the right answers falls below the threshold as lets it refuse this share of what belongs to intents
/// that were left out ...
const REFUSED: f32 = 0.7;
/// ... but at least the first of these and at most the last. Measured with .06 for all instead: of what real people ask beyond
/// the 28 intents of their bot .64 was refused, and not .80.
const SACRIFICED: [f32; 5] = [0.07, 0.08, 0.09, 0.1, 0.12];
/// No more is asked of an answer, however sure the models are of the examples: a bot with few intents and many utterances
/// that are like each other would understand nothing else.
const MOST_DEMANDED: f32 = 0.6;
/// What is asked of answers in which an encoder has a say: it is surer of what it knows.
const MOST_DEMANDED_OF_BOTH: f32 = 0.7;
/// At least this is asked of them where nothing was learned about the unknown: of few intents one is always a little like what
/// was said.
const LEAST_DEMANDED_OF_BOTH: f32 = 0.4;
/// Of fewer intents one or two would be left out, and what is learned from that is chance: the least share it is.
const LEAST_LEFT_OUT_OF: usize = 20;
/// Of more examples the least share refuses enough (measured: .93 of what is beyond 150 intents), and training takes its time.
const MOST_LEFT_OUT_OF: usize = 1_500;
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

/// The part that each example is judged in. Examples of one intent that say nearly the same are in one part: a model that has
/// seen the twin of an example is sure of it, and that says nothing about what people will say.
pub(super) fn parts(vectors: &[Vector], labels: &[usize]) -> Vec<usize> {
    let mut parts = Vec::with_capacity(vectors.len());
    // The examples are sorted by intent, so every part has its share of each.
    let mut groups = 0;
    // The first example of each group of an intent, and the part of the group.
    let mut leaders: Vec<(usize, usize)> = Vec::new();
    for at in 0..vectors.len() {
        if at > 0 && labels[at] != labels[at - 1] {
            leaders.clear();
        }
        let mut nearest = leaders.iter().rev().take(MOST_COMPARED);
        let twin = nearest.find(|(leader, _)| likeness(&vectors[at], &vectors[*leader]) >= NEARLY_THE_SAME);
        let part = twin.map_or(groups % PARTS, |(_, part)| *part);
        if twin.is_none() {
            groups += 1;
            leaders.push((at, part));
        }
        parts.push(part);
    }
    parts
}

/// How much two texts have in common, 0 to 1: the cosine of their vectors.
fn likeness(one: &Vector, other: &Vector) -> f32 {
    let mut rest = other.iter().peekable();
    let products = one.iter().map(|(feature, strength)| {
        while rest.next_if(|(its, _)| its < feature).is_some() {}
        rest.next_if(|(its, _)| its == feature).map_or(0.0, |(_, its)| strength * its)
    });
    products.sum()
}

/// What models say about examples that they have not seen. `parts` says which are judged together.
pub(super) fn judge(regression: &Regression, vectors: &[Vector], labels: &[usize], parts: &[usize]) -> Vec<Judged> {
    let rounds = if vectors.len() > MANY_EXAMPLES { 1 } else { PARTS };
    let mut judged = Vec::new();
    for part in 0..rounds {
        let (held, seen): (Vec<usize>, Vec<usize>) = (0..vectors.len()).partition(|at| parts[*at] == part);
        let model = regression.train(vectors, labels, &seen);
        judged.extend(held.into_iter().map(|at| Judged { scores: model.logits(&vectors[at]), class: labels[at] }));
    }
    judged
}

/// The scores that models give to examples of intents which they do not know, without those of these intents. Of the classes
/// the first `intents` are intents. Empty where
/// there are too few intents or many examples.
pub(super) fn judge_unknown(
    regression: &Regression,
    vectors: &[Vector],
    labels: &[usize],
    intents: usize,
) -> Vec<Vec<f32>> {
    let mut unknown = Vec::new();
    if intents < LEAST_LEFT_OUT_OF || vectors.len() > MOST_LEFT_OUT_OF {
        return unknown;
    }
    for round in 0..ROUNDS_WITHOUT {
        let is_out = |class: usize| class < intents && class % PARTS == round;
        let known: Vec<usize> = (0..regression.classes).filter(|class| !is_out(*class)).collect();
        let (held, seen): (Vec<usize>, Vec<usize>) = (0..vectors.len()).partition(|at| is_out(labels[*at]));
        let model = regression.train(vectors, labels, &seen);
        unknown.extend(held.into_iter().map(|at| {
            let scores = model.logits(&vectors[at]);
            known.iter().map(|class| scores[*class]).collect()
        }));
    }
    unknown
}

impl Calibration {
    /// Learns from examples that were judged, and from the scores of `unknown` ones; of the classes, the first `intents` are
    /// such that should be recognised.
    ///
    /// Beside it stands the share of the right answers that falls below the threshold.
    pub(super) fn of(judged: &[Judged], unknown: &[Vec<f32>], intents: usize, demands: Demands) -> (Self, f32) {
        if judged.len() < LEAST_JUDGED {
            let threshold = DEFAULT_THRESHOLD.max(demands.least);
            return (Self { temperature: 1.0, threshold }, demands.least_sacrificed);
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
        let unknown: Vec<f32> = unknown
            .iter()
            .map(|scores| {
                let mut probabilities = scores.clone();
                to_probabilities(&mut probabilities, temperature);
                probabilities.into_iter().fold(0.0, f32::max)
            })
            .collect();
        let threshold_at = |share: f32| right.get((right.len() as f32 * share) as usize).copied();
        let refuses_enough = |threshold: &f32| {
            let refused = unknown.iter().filter(|best| *best < threshold).count();
            refused as f32 >= REFUSED * unknown.len() as f32
        };
        let shares = SACRIFICED.into_iter().filter(|share| *share >= demands.least_sacrificed);
        let mut thresholds = shares.filter_map(|share| Some((share, threshold_at(share)?)));
        let chosen = thresholds.clone().find(|(_, threshold)| refuses_enough(threshold));
        let (share, threshold) =
            chosen.or_else(|| thresholds.next_back()).unwrap_or((demands.least_sacrificed, DEFAULT_THRESHOLD));
        let least = if unknown.is_empty() { demands.least } else { 0.0 };
        (Self { temperature, threshold: threshold.max(least).min(demands.most) }, share)
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
