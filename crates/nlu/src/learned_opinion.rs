//! What the classifiers say of a message: what it may mean, what it does not, and what is close enough to ask about.

use std::collections::BTreeSet;

use crate::candidate::{Candidate, Certainty, Expert, Reason, Target};
use crate::lexicon::Message;
use crate::model::Model;
use crate::understand::State;

/// Least probability at which what is learned from the few sentences of an app counts.
const LEAST_OF_APPS: f32 = 0.6;
/// So many words of the sentences have to be in a message.
const LEAST_WORDS_OF_APPS: usize = 2;
/// Least probability at which a message counts that has no word of the bot, where an encoder understands it.
const LEAST_OF_UNKNOWN_WORDS: f32 = 0.5;
/// Least probability at which a message counts that has function words alone ("where are you from"), and so many of them, unless
/// it is an utterance.
const LEAST_OF_FUNCTION_WORDS: f32 = 0.85;
const LEAST_FUNCTION_WORDS: usize = 3;
/// So many of the learned intents, the best first, are weighed.
const LEARNED: usize = 5;
/// An intent with so many utterances is known by them: its name says nothing that they do not.
const WELL_KNOWN: usize = 20;

/// What of the tasks that a message resembles too little to start them the user is asked about: "did you mean …".
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Suggestions {
    /// From this share of the threshold on; from 1 on nothing is asked about.
    pub from: f32,
    /// So many at the most.
    pub most: usize,
}

impl Default for Suggestions {
    fn default() -> Self {
        Self { from: 0.7, most: 3 }
    }
}

/// Nobody is asked about a task that is not so much likelier than any other: of few tasks each is likely.
const TIMES_CHANCE: f32 = 2.0;

/// Below this share of the threshold a message does not mean such an intent, as far as is known.
const DOUBTED: f32 = 0.75;

/// What the classifiers say of a message.
#[derive(Default)]
pub(crate) struct LearnedOpinion {
    /// Intents that it may mean.
    pub(crate) candidates: Vec<Candidate>,
    /// Intents that they know well, and that it does not mean as far as they know.
    pub(crate) doubted: BTreeSet<usize>,
}

impl Model {
    /// What the classifiers say: that of intents which can be meant at any time, and those of the dialogs that run.
    pub(crate) fn learned_opinion(&self, message: &Message, state: State<'_>) -> LearnedOpinion {
        let of_dialogs = state
            .dialogs
            .iter()
            .filter_map(|dialog| Some((Some(dialog.as_str()), self.learned.ml_in_dialog.get(dialog)?)));
        let experts = self.learned.ml.iter().map(|expert| (None, expert)).chain(of_dialogs);
        let thresholds = &self.data.thresholds.ml;
        let mut opinion = LearnedOpinion::default();
        // A single word says nothing, where there are only the few sentences of an app.
        if self.data.settings.by_description && self.lexicon.telling_words(message) < LEAST_WORDS_OF_APPS {
            return opinion;
        }
        // Of a message without a single known word the pieces of words say nothing. An encoder knows more words than a bot, and
        // has to be sure of what it says of them.
        let words = message.tokens.iter().filter(|token| token.is_word());
        let count = words.clone().count();
        let is_telling = words.into_iter().any(|token| !self.lexicon.is_function_word(&token.lower));
        // "please", "you", "the" say nothing, whatever they stand in.
        let is_utterance = is_telling || self.lexicon.has_phrase(&message.text);
        if !is_utterance && count < LEAST_FUNCTION_WORDS {
            return opinion;
        }
        for (dialog, expert) in experts {
            let is_familiar = self.familiar.knows(dialog, &self.lexicon, message);
            let is_heard = is_telling && self.encoder().is_some_and(|encoder| expert.takes_meanings_of(encoder));
            if !is_familiar && !is_heard {
                continue;
            }
            let mut least = thresholds.least.map_or_else(|| expert.threshold(), |least| least as f32);
            if !is_familiar {
                least = least.max(LEAST_OF_UNKNOWN_WORDS);
            }
            if !is_utterance {
                least = least.max(LEAST_OF_FUNCTION_WORDS);
            }
            if self.data.settings.by_description {
                // Apps have few sentences or none; what is learned from them has to be sure.
                least = least.max(LEAST_OF_APPS);
            }
            let ranked = expert.rank_with(self.lexicon.language(), &message.as_meant(), self.encoder(), is_familiar);
            // Whoever is in a task is asked what the task needs, and nobody is asked about what has few sentences or none.
            let suggests = state.dialogs.is_empty() && !self.data.settings.by_description && is_familiar && is_telling;
            let better_than_chance = TIMES_CHANCE / expert.intents() as f32;
            let suggested = if suggests { (least * self.suggestions.from).max(better_than_chance) } else { least };
            for (place, scored) in ranked.into_iter().enumerate() {
                let Some(intent) = self.intents.get(scored.intent) else { continue };
                let is_well_known = self.data.intents[*intent].utterances.len() >= WELL_KNOWN;
                if scored.score < least * DOUBTED && is_well_known && !self.data.settings.by_description {
                    opinion.doubted.insert(*intent);
                }
                let most = if scored.score < least { self.suggestions.most } else { LEARNED };
                if scored.score < suggested.min(least) || place >= most {
                    continue;
                }
                let certainty = match scored.score {
                    score if score < least => Certainty::Low,
                    score if f64::from(score) >= thresholds.definitive => Certainty::Definitive,
                    _ => Certainty::Probable,
                };
                opinion.candidates.push(Candidate {
                    target: Target::Intent(*intent),
                    expert: Expert::Ml,
                    certainty,
                    score: scored.score,
                    reason: Reason::Learned(scored.score),
                    range: 0..0,
                });
            }
        }
        opinion
    }
}
