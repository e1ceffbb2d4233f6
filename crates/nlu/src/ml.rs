//! The expert that learned from examples: sparse lexical features, multinomial logistic regression, calibrated scores.

mod calibration;
mod features;
mod mixture;
mod softmax;
mod stored;

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};

use crate::measure::Classification;
use crate::semantic::{Encoder, Meanings};
use crate::text::Language;
use calibration::{Calibration, Demands};
use features::{Vector, Vocabulary};
use mixture::{Mixture, OfWords};
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

/// A word of an utterance, or two neighbouring ones, and how it speaks for an intent.
#[derive(Clone, Debug, PartialEq)]
pub struct Evidence {
    /// The words, in lower case.
    pub words: String,
    /// What they add to the intent's score before it is made a probability; below 0 they speak against it.
    pub weight: f32,
}

/// The bytes are no expert that could be worked with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidExpert;

impl std::fmt::Display for InvalidExpert {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("what was learned from examples cannot be read; the bot has to be trained again")
    }
}

impl std::error::Error for InvalidExpert {}

/// A trained expert of one language.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "stored::Stored")]
pub struct Expert {
    intents: Vec<String>,
    /// Whether there is one class more than intents: that nothing is meant which the bot knows.
    has_none: bool,
    vocabulary: Vocabulary,
    model: Softmax,
    calibration: Calibration,
    judgement: Classification,
    /// What an encoder adds, where one was given and helps.
    mixture: Option<Mixture>,
}

/// How much the examples count against the wish for small weights.
const STRENGTH: f32 = 20.0;

impl Expert {
    /// Learns from examples, and from texts that mean nothing the bot knows, if there are any. The order does not matter,
    /// and the same examples give the same expert. A text that is an example is not taken for one that means nothing.
    ///
    /// `None` when there is nothing to tell apart: fewer than two intents, or one intent and no other texts.
    pub fn train(language: &Language, examples: &[Example<'_>], negatives: &[&str]) -> Option<Self> {
        Self::train_with(language, examples, negatives, None)
    }

    /// The same with the vectors of all the texts, whose share of the answers is chosen by cross-validation and may be none.
    pub fn train_with(
        language: &Language,
        examples: &[Example<'_>],
        negatives: &[&str],
        meanings: Option<&Meanings>,
    ) -> Option<Self> {
        let mut examples: Vec<Example<'_>> = examples.to_vec();
        examples.sort_unstable_by_key(|example| (example.intent, example.text));
        examples.dedup_by_key(|example| (example.intent, example.text));
        let mut intents: Vec<String> = examples.iter().map(|example| example.intent.to_owned()).collect();
        intents.dedup();
        let known: BTreeSet<&str> = examples.iter().map(|example| example.text).collect();
        let negatives: BTreeSet<&str> = negatives.iter().copied().filter(|text| !known.contains(text)).collect();
        let has_none = !negatives.is_empty();
        let classes = intents.len() + usize::from(has_none);
        if intents.is_empty() || classes < 2 {
            return None;
        }
        let mut labels: Vec<usize> =
            examples.iter().map(|example| intents.partition_point(|intent| intent.as_str() < example.intent)).collect();
        labels.resize(labels.len() + negatives.len(), intents.len());
        let texts: Vec<&str> = examples.iter().map(|example| example.text).chain(negatives).collect();
        let vocabulary = Vocabulary::of(language, &texts);
        let vectors: Vec<Vector> = texts.iter().map(|text| vocabulary.vector(language, text)).collect();
        let regression = Regression { features: vocabulary.len(), classes, strength: STRENGTH };
        let everything: Vec<usize> = (0..vectors.len()).collect();
        let model = regression.train(&vectors, &labels, &everything);
        let parts = calibration::parts(&vectors, &labels);
        let mut judged = calibration::judge(&regression, &vectors, &labels, &parts);
        let mut unknown = calibration::judge_unknown(&regression, &vectors, &labels, intents.len());
        let (mut calibration, sacrificed) = Calibration::of(&judged, &unknown, intents.len(), Demands::OF_WORDS);
        let mixture = meanings.and_then(|meanings| {
            let of_words = OfWords { judged: &mut judged, unknown: &mut unknown };
            Mixture::train(meanings.encoder(), &meanings.all(&texts)?, (&labels, &parts), intents.len(), of_words)
        });
        if mixture.is_some() {
            calibration = Calibration::of(&judged, &unknown, intents.len(), Demands::of_both(sacrificed)).0;
        }
        let name = |class: usize| intents.get(class).map(String::as_str);
        let judgement = Classification::of(judged.iter().map(|it| (name(it.class), name(it.best()))));
        Some(Self { intents, has_none, vocabulary, model, calibration, judgement, mixture })
    }

    /// How the examples were answered by models that had not seen them, without regard to the threshold. Of many examples
    /// only a part is judged.
    pub fn judgement(&self) -> &Classification {
        &self.judgement
    }

    /// The words of a text that speak for an intent or against it, those with the most weight first. Only words that the
    /// examples have; none for an intent that is not known. Pieces of words count in scores too and are not shown.
    pub fn evidence(&self, language: &Language, text: &str, intent: &str) -> Vec<Evidence> {
        let Ok(class) = self.intents.binary_search_by(|it| it.as_str().cmp(intent)) else { return Vec::new() };
        let words = self.vocabulary.words(language, text).into_iter();
        let mut evidence: Vec<Evidence> = words
            .map(|(words, number, strength)| Evidence { words, weight: strength * self.model.weight(number, class) })
            .collect();
        evidence.sort_by(|a, b| b.weight.abs().total_cmp(&a.weight.abs()).then_with(|| a.words.cmp(&b.words)));
        evidence
    }

    /// Every intent with its score, the best first. Where there were texts that mean nothing the bot knows, the scores
    /// leave out of 1 how likely this is one more.
    pub fn rank(&self, language: &Language, text: &str) -> Vec<Scored<'_>> {
        self.rank_with(language, text, None, true)
    }

    /// The same with the encoder it was trained with. Another encoder, or none, leaves the words alone to answer; a text that has
    /// none of the examples' words (`has_words`) leaves it to the encoder.
    pub fn rank_with(
        &self,
        language: &Language,
        text: &str,
        encoder: Option<&Encoder>,
        has_words: bool,
    ) -> Vec<Scored<'_>> {
        let mut scores = self.model.logits(&self.vocabulary.vector(language, text));
        if let (Some(mixture), Some(encoder)) = (&self.mixture, encoder)
            && let Some(mixed) = mixture.scores(&scores, has_words, encoder.id(), &encoder.embed(text))
        {
            scores = mixed;
        }
        self.calibration.to_probabilities(&mut scores);
        let mut ranked: Vec<Scored<'_>> =
            self.intents.iter().zip(scores).map(|(intent, score)| Scored { intent, score }).collect();
        ranked.sort_by(|a, b| b.score.total_cmp(&a.score).then_with(|| a.intent.cmp(b.intent)));
        ranked
    }

    /// How many intents it tells apart.
    pub fn intents(&self) -> usize {
        self.intents.len()
    }

    /// Whether what an encoder says has a share in the answers.
    pub fn takes_meanings_of(&self, encoder: &Encoder) -> bool {
        self.mixture.as_ref().is_some_and(|mixture| mixture.is_of(encoder.id()))
    }

    /// The score below which an utterance more likely means nothing the bot knows. Learned from the examples alone.
    pub fn threshold(&self) -> f32 {
        self.calibration.threshold()
    }

    /// How many bytes the expert takes in memory, roughly.
    pub fn size(&self) -> usize {
        self.vocabulary.size()
            + self.model.size()
            + self.mixture.as_ref().map_or(0, Mixture::size)
            + self.intents.iter().map(String::len).sum::<usize>()
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
        let expert = Expert::train(&language, &EXAMPLES, &[]).expect("three intents");
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
        assert_eq!(Expert::train(&language, &EXAMPLES, &[]), Expert::train(&language, &turned, &[]));
        assert_eq!(Expert::train(&language, &EXAMPLES[..4], &[]), None);
        assert_eq!(Expert::train(&language, &[], &[]), None);
    }

    #[test]
    fn negatives_take_from_the_scores() {
        let language = Language::of("en");
        let negatives = ["sell my espresso machine", "I want to sell coffee", "selling beans", "where is my order"];
        let without = Expert::train(&language, &EXAMPLES, &[]).expect("three intents");
        let with = Expert::train(&language, &EXAMPLES, &negatives).expect("three intents");
        let best = |expert: &Expert, text: &str| expert.rank(&language, text)[0].score;
        assert!(best(&with, "sell an espresso") < best(&without, "sell an espresso"));
        assert_eq!(with.rank(&language, "where is my order")[0].intent, "track");
        assert_eq!((without.judgement().judged, with.judgement().judged), (12, 15));
        let one = Expert::train(&language, &EXAMPLES[..4], &negatives).expect("one intent and the rest");
        assert_eq!(one.rank(&language, "an espresso please").len(), 1);
        assert_eq!(Expert::train(&language, &[], &negatives), None);
    }

    #[test]
    fn words_are_evidence() {
        let language = Language::of("en");
        let expert = Expert::train(&language, &EXAMPLES, &[]).expect("three intents");
        let evidence = expert.evidence(&language, "open on zebra Sundays, open", "hours");
        assert_eq!(evidence[0].words, "open");
        assert!(evidence[0].weight > 0.0 && evidence.iter().filter(|it| it.words == "open").count() == 1);
        assert!(evidence.iter().all(|it| it.words != "zebra"));
        assert_eq!(expert.evidence(&language, "open", "unheard of"), []);
    }

    #[test]
    fn an_expert_survives_being_stored_and_damage_is_noticed() {
        let language = Language::of("en");
        let expert = Expert::train(&language, &EXAMPLES, &["sell coffee"]).expect("three intents");
        let bytes = expert.to_bytes();
        assert_eq!(Expert::from_bytes(&bytes).as_ref(), Ok(&expert));
        assert_eq!(Expert::train(&language, &EXAMPLES, &["sell coffee"]).expect("three intents").to_bytes(), bytes);
        for length in (0..bytes.len()).step_by(97) {
            assert_eq!(Expert::from_bytes(&bytes[..length]), Err(InvalidExpert));
        }
        assert_eq!(Expert::from_bytes(&[&bytes[..], &[0]].concat()), Err(InvalidExpert));
        // Whatever still reads as an expert after a change of one byte must work.
        for at in (0..bytes.len()).step_by(53).chain(0..64) {
            let mut damaged = bytes.clone();
            damaged[at] = !damaged[at];
            if let Ok(expert) = Expert::from_bytes(&damaged) {
                assert_eq!(expert.rank(&language, "one latte to go").len(), 3);
            }
        }
    }
}
