//! The rule expert ("fundamental meaning"): what a message means by the names of tasks, by patterns, by the very words of
//! training utterances, and by traits. It needs no learning. (`conversation.md` §10.)

pub(crate) mod form;
pub(crate) mod names;
mod phrases;

use std::ops::Range;

use definition::nlp::{Intent, NlpData, RuleThresholds};
use patterns::{Matcher, Options, Pattern};

pub use self::form::{Form, form_of};
use self::names::{Cover, Name};
use self::phrases::Phrases;
use crate::candidate::{Candidate, Certainty, Expert as Who, Reason, Target};
use crate::lexicon::{Lexicon, Message};

/// So many utterances say little beside the name.
const FEW: usize = 2;
/// So many words that wildcards take make a pattern a likely match instead of a certain one.
const LOOSE: usize = 3;

/// The names, patterns and phrases of a bot, ready to be looked for.
pub struct Expert {
    intents: Vec<Rules>,
    phrases: Phrases,
    thresholds: RuleThresholds,
    /// From this likeness on, 0 to 1, a training utterance is as good as said.
    same: f32,
    negative_patterns: bool,
    drops_negated: bool,
    findings: Vec<String>,
}

/// What speaks for and against one intent.
struct Rules {
    names: Vec<Name>,
    patterns: Vec<(String, Pattern)>,
    negative_patterns: Vec<(String, Pattern)>,
    trait_rules: Vec<Vec<String>>,
    /// It has more than a few utterances, from which the classifier knows what else means it.
    is_learned: bool,
    /// None of its utterances is a question, so a question about the task is not yet an order.
    is_command: bool,
}

/// What the expert says about a message.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Judgement {
    /// What it may mean.
    pub candidates: Vec<Candidate>,
    /// What it cannot mean.
    pub vetoed: Vec<Veto>,
}

/// Why an intent is ruled out.
#[derive(Clone, Debug, PartialEq)]
pub struct Veto {
    /// The intent, by its place.
    pub intent: usize,
    /// The negative pattern that matched; `None` where the intent was negated ("don't …").
    pub pattern: Option<String>,
}

impl Expert {
    /// Reads the rules of a bot. Patterns that cannot be read are left out: see [`findings`](Self::findings).
    pub fn new(data: &NlpData, lexicon: &Lexicon) -> Self {
        let mut findings = Vec::new();
        let mut parse = |intent: &Intent, texts: &[String]| -> Vec<(String, Pattern)> {
            let mut patterns = Vec::new();
            for text in texts {
                match lexicon.pattern(text) {
                    Ok(pattern) => {
                        for missing in lexicon.concepts().unknown_in(&pattern) {
                            findings.push(format!(
                                "the pattern `{text}` of the intent '{}' names the concept `~{missing}`, which does not \
                                 exist; define it, or take it out",
                                intent.name
                            ));
                        }
                        patterns.push((text.clone(), pattern));
                    }
                    Err(error) => findings
                        .push(format!("the pattern `{text}` of the intent '{}' cannot be read: {error}", intent.name)),
                }
            }
            patterns
        };
        let mut intents = Vec::new();
        for intent in &data.intents {
            let is_question = |text: &str| form_of(&lexicon.read(text)) == Form::Question;
            intents.push(Rules {
                names: names::of(intent, lexicon),
                patterns: parse(intent, &intent.patterns),
                negative_patterns: parse(intent, &intent.negative_patterns),
                trait_rules: intent.trait_rules.clone(),
                is_learned: intent.utterances.len() > FEW,
                is_command: !intent.utterances.iter().any(|utterance| is_question(&utterance.text)),
            });
        }
        Self {
            intents,
            phrases: Phrases::new(data, lexicon),
            thresholds: data.thresholds.rule.clone(),
            same: data.thresholds.ml.definitive as f32,
            negative_patterns: !data.settings.ignores_negative_patterns,
            drops_negated: data.settings.drops_negated,
            findings,
        }
    }

    /// What is wrong with the bot's patterns, each in a sentence that says where and what to do.
    pub fn findings(&self) -> &[String] {
        &self.findings
    }

    /// What a message may mean, and cannot mean. `traits` are those the message has.
    pub fn judge(&self, lexicon: &Lexicon, message: &Message, traits: &[String]) -> Judgement {
        let mut judgement = Judgement::default();
        let meanings = lexicon.meanings(message);
        let written = names::words_of(lexicon, &message.text);
        let is_question = form_of(message) == Form::Question;
        let mut matcher = Matcher::new(&message.words, lexicon.concepts(), Options::INTENT);
        for (number, rules) in self.intents.iter().enumerate() {
            if self.negative_patterns
                && let Some((text, _)) = rules.negative_patterns.iter().find(|(_, it)| matcher.find(it).is_some())
            {
                judgement.vetoed.push(Veto { intent: number, pattern: Some(text.clone()) });
            }
            judgement.candidates.extend(by_pattern(number, rules, &mut matcher, message));
            let covers = rules.names.iter().filter_map(|name| name.cover(lexicon, message, &written, &meanings));
            let best = covers.max_by(|a, b| {
                let is_spelled = |it: &Cover| it.spelled.is_some();
                let by_words = a.coverage.total_cmp(&b.coverage).then(a.score.total_cmp(&b.score));
                is_spelled(a).cmp(&is_spelled(b)).then(by_words)
            });
            if let Some(cover) = best {
                if form::is_negated(message, cover.tokens.start) && self.drops_negated {
                    judgement.vetoed.push(Veto { intent: number, pattern: None });
                }
                judgement.candidates.extend(self.by_name(number, rules, cover, message, is_question));
            }
            let fits = |rule: &&Vec<String>| !rule.is_empty() && rule.iter().all(|it| traits.contains(it));
            if let Some(rule) = rules.trait_rules.iter().find(fits) {
                judgement.candidates.push(Candidate {
                    target: Target::Intent(number),
                    expert: Who::Rule,
                    certainty: Certainty::Definitive,
                    score: 1.0,
                    reason: Reason::Traits(rule.clone()),
                    range: 0..0,
                });
            }
        }
        doubt_names_in_longer_names(&mut judgement.candidates);
        for (intent, utterance, likeness) in self.phrases.like(message, self.same) {
            judgement.candidates.push(Candidate {
                target: Target::Intent(intent),
                expert: Who::Rule,
                certainty: Certainty::Definitive,
                score: likeness,
                reason: Reason::Utterance { utterance: utterance.to_owned(), likeness },
                range: 0..0,
            });
        }
        judgement
    }

    /// The intents whose names begin with all that a message says, and go on.
    pub fn begun(&self, lexicon: &Lexicon, message: &Message) -> Vec<usize> {
        let written = names::words_of(lexicon, &message.text);
        let begins = |rules: &Rules| rules.names.iter().any(|name| name.begins_with(lexicon, &written));
        (0..self.intents.len()).filter(|at| begins(&self.intents[*at])).collect()
    }

    fn by_name(
        &self,
        intent: usize,
        rules: &Rules,
        cover: Cover,
        message: &Message,
        is_question: bool,
    ) -> Option<Candidate> {
        let is_whole = (cover.coverage >= 1.0 && cover.is_close) || cover.spelled.is_some();
        let says_all = is_whole && cover.rest == 0;
        // Bots that do not go by words of names have names all the same: lists of tasks and buttons send them.
        let is_all_said = cover.spelled.as_ref() == Some(&message.extent());
        let counts = is_all_said
            || if self.thresholds.label_match {
                is_whole
                    || (f64::from(cover.coverage) * 100.0 >= self.thresholds.word_coverage && cover.words.len() > 1)
            } else {
                self.thresholds.exact_name && says_all
            };
        // What few words among others mean is better known from the utterances, where there are any: one word of a name, and
        // words that are in all messages.
        let says_little = cover.is_of_little_meaning && cover.spelled.is_none() && !says_all;
        if rules.is_learned && (says_little || cover.words.len() == 1 && cover.rest > 0) {
            return None;
        }
        // One word of a longer message may just happen to be there.
        let lonely = cover.words.len() == 1 && cover.rest > 1;
        if !counts || (lonely && !cover.is_whole_name_said_early) {
            return None;
        }
        // "The order I placed" need not mean the task "Place Order".
        let by_chance = lonely || (cover.rest > 0 && !cover.in_order);
        let asks_about = is_question && rules.is_command;
        let certain = is_whole && !by_chance && (!asks_about || says_all);
        Some(Candidate {
            target: Target::Intent(intent),
            expert: Who::Rule,
            certainty: if certain { Certainty::Definitive } else { Certainty::Probable },
            score: if certain { cover.score } else { cover.score.min(0.8) },
            range: cover.spelled.clone().unwrap_or_else(|| bytes_of(message, &cover.tokens)),
            reason: Reason::Name {
                words: cover.words,
                coverage: cover.coverage,
                synonyms: cover.synonyms,
                spelled: cover.spelled.is_some(),
            },
        })
    }
}

fn bytes_of(message: &Message, tokens: &Range<usize>) -> Range<usize> {
    message.bytes(tokens)
}

/// Who says "cancel order item" does not mean the task "Cancel Order".
fn doubt_names_in_longer_names(candidates: &mut [Candidate]) {
    let certain = |it: &Candidate| matches!(it.reason, Reason::Name { .. }) && it.certainty == Certainty::Definitive;
    let ranges: Vec<Range<usize>> = candidates.iter().filter(|it| certain(it)).map(|it| it.range.clone()).collect();
    for candidate in candidates.iter_mut().filter(|it| certain(it)) {
        let own = &candidate.range;
        let is_part_of =
            |longer: &Range<usize>| longer.start <= own.start && own.end <= longer.end && longer.len() > own.len();
        if ranges.iter().any(is_part_of) {
            candidate.certainty = Certainty::Probable;
            candidate.score = candidate.score.min(0.8);
        }
    }
}

/// The first pattern that matches.
fn by_pattern(intent: usize, rules: &Rules, matcher: &mut Matcher<'_>, message: &Message) -> Option<Candidate> {
    let mut likely = None;
    for (text, pattern) in &rules.patterns {
        let Some(hit) = matcher.find(pattern) else { continue };
        let wild: usize = hit.wildcards.iter().map(Range::len).sum();
        let candidate = Candidate {
            target: Target::Intent(intent),
            expert: Who::Rule,
            certainty: if wild < LOOSE { Certainty::Definitive } else { Certainty::Probable },
            score: if wild < LOOSE { 1.0 } else { 0.8 },
            reason: Reason::Pattern { pattern: text.clone(), skipped: wild + hit.gap_words },
            range: bytes_of(message, &hit.words),
        };
        if candidate.certainty == Certainty::Definitive {
            return Some(candidate);
        }
        likely = likely.or(Some(candidate));
    }
    likely
}
