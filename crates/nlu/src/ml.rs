//! The expert that learned from examples: sparse lexical features, multinomial logistic regression, calibrated scores.

mod calibration;
mod features;
mod softmax;

use crate::text::Language;
use calibration::Calibration;
use features::{Vector, Vocabulary};
use softmax::{Regression, Softmax};

/// An utterance and what it means.
#[derive(Clone, Copy, Debug)]
pub struct Example<'a> {
    /// The intent it stands for.
    pub intent: &'a str,
    /// What people say.
    pub text: &'a str,
}

/// What an intent scored on an utterance.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scored<'a> {
    /// The intent.
    pub intent: &'a str,
    /// The calibrated probability, 0 to 1.
    pub score: f32,
}

/// A trained expert of one language.
#[derive(Clone, Debug, PartialEq)]
pub struct Expert {
    intents: Vec<String>,
    vocabulary: Vocabulary,
    model: Softmax,
    calibration: Calibration,
}

/// With fewer examples than this for an intent on average, the weights are held smaller: little evidence, little trust.
const FEW_EXAMPLES: usize = 20;

impl Expert {
    /// Learns from examples. The order of the examples does not matter, and the same examples give the same expert.
    ///
    /// `None` when there are fewer than two intents: there is nothing to tell apart.
    pub fn train(language: &Language, examples: &[Example<'_>]) -> Option<Self> {
        let mut examples: Vec<Example<'_>> = examples.to_vec();
        examples.sort_unstable_by_key(|example| (example.intent, example.text));
        examples.dedup_by_key(|example| (example.intent, example.text));
        let mut intents: Vec<String> = examples.iter().map(|example| example.intent.to_owned()).collect();
        intents.dedup();
        if intents.len() < 2 {
            return None;
        }
        let labels: Vec<usize> =
            examples.iter().map(|example| intents.partition_point(|intent| intent.as_str() < example.intent)).collect();
        let texts: Vec<&str> = examples.iter().map(|example| example.text).collect();
        let vocabulary = Vocabulary::of(language, &texts);
        let vectors: Vec<Vector> = texts.iter().map(|text| vocabulary.vector(language, text)).collect();
        let regression = Regression {
            features: vocabulary.len(),
            classes: intents.len(),
            strength: if examples.len() < FEW_EXAMPLES * intents.len() { 10.0 } else { 30.0 },
        };
        let everything: Vec<usize> = (0..vectors.len()).collect();
        let model = regression.train(&vectors, &labels, &everything);
        let calibration = Calibration::of(&regression, &vectors, &labels);
        Some(Self { intents, vocabulary, model, calibration })
    }

    /// Every intent with its score, the best first.
    pub fn rank(&self, language: &Language, text: &str) -> Vec<Scored<'_>> {
        let mut scores = self.model.logits(&self.vocabulary.vector(language, text));
        self.calibration.to_probabilities(&mut scores);
        let mut ranked: Vec<Scored<'_>> =
            self.intents.iter().zip(scores).map(|(intent, score)| Scored { intent, score }).collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.intent.cmp(b.intent)));
        ranked
    }

    /// The score below which an utterance more likely means nothing the bot knows. Learned from the examples alone.
    pub fn threshold(&self) -> f32 {
        self.calibration.threshold()
    }

    /// How many bytes the expert takes in memory, roughly.
    pub fn size(&self) -> usize {
        self.vocabulary.size() + self.model.size() + self.intents.iter().map(String::len).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const EXAMPLES: [Example<'static>; 12] = [
        Example { intent: "order", text: "I would like a cappuccino" },
        Example { intent: "order", text: "get me two flat whites please" },
        Example { intent: "order", text: "can I order an espresso" },
        Example { intent: "order", text: "one latte to go" },
        Example { intent: "hours", text: "when do you open tomorrow" },
        Example { intent: "hours", text: "what are your opening hours" },
        Example { intent: "hours", text: "are you open on sunday" },
        Example { intent: "hours", text: "how late is the shop open" },
        Example { intent: "track", text: "where is my order" },
        Example { intent: "track", text: "track the delivery of my beans" },
        Example { intent: "track", text: "has my package been sent" },
        Example { intent: "track", text: "when will the delivery arrive" },
    ];

    #[test]
    fn what_was_learned_carries_over_to_other_words() {
        let language = Language::of("en");
        let expert = Expert::train(&language, &EXAMPLES).expect("three intents");
        for (text, intent) in [
            ("could i get a latte", "order"),
            ("two cappuccinos please", "order"),
            ("at what hour do you open", "hours"),
            ("opening times on sundays", "hours"),
            ("track my package", "track"),
            ("deliveries: where are they", "track"),
        ] {
            let ranked = expert.rank(&language, text);
            assert_eq!(ranked[0].intent, intent, "{text}: {ranked:?}");
            assert!((ranked.iter().map(|it| it.score).sum::<f32>() - 1.0).abs() < 1e-3);
        }
        let known = expert.rank(&language, "what are your opening hours")[0].score;
        let unknown = expert.rank(&language, "qwertz uiop asdf")[0].score;
        assert!(unknown < known, "{unknown} {known}");
        assert!(unknown < 0.6, "{unknown}");
    }

    #[test]
    fn the_same_examples_give_the_same_expert() {
        let language = Language::of("en");
        let mut turned = EXAMPLES;
        turned.reverse();
        assert_eq!(Expert::train(&language, &EXAMPLES), Expert::train(&language, &turned));
        assert_eq!(Expert::train(&language, &EXAMPLES[..4]), None);
        assert_eq!(Expert::train(&language, &[]), None);
    }
}
