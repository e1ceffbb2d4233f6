//! What the author of a bot should look at before it is published: training data that cannot work as it is meant.

mod utterances;

use std::collections::{HashMap, HashSet};
use std::fmt;

use super::{NlpData, Phrasing};

/// One thing in the data of a language that probably does not work as its author meant it. The text says what, where and
/// what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Finding {
    /// Nothing but its whole name can mean the intent.
    OnlyByName {
        /// Name of the intent.
        intent: String,
        /// Code of the language.
        language: String,
    },
    /// One utterance, or two that differ in letter case, punctuation, the order of words or marked values only, stand
    /// under several intents that can be in scope together.
    SharedUtterance {
        /// The utterances with the names of their intents, one for each intent.
        utterances: Vec<(String, String)>,
        /// They are the same but for letter case and punctuation.
        same: bool,
    },
    /// A value of an entity is marked in utterances of an intent whose dialog does not ask for that entity.
    ForeignMark {
        /// Name of the intent.
        intent: String,
        /// Name of the entity; its id where the bot has no such entity.
        entity: String,
        /// The first of the utterances.
        utterance: String,
        /// How many of the intent's utterances have such a mark.
        count: usize,
    },
    /// A list entity has no values, and no list in the context either.
    EmptyList {
        /// Name of the entity.
        entity: String,
    },
    /// A regex entity has no expression.
    EmptyExpression {
        /// Name of the entity.
        entity: String,
    },
    /// Two questions are asked in the same words.
    RepeatedQuestion {
        /// The words.
        question: String,
        /// The primary questions of both.
        under: [String; 2],
    },
}

/// Everything of this kind in `data`: by kind in the order of [`Finding`], then in the order of the data. Takes time in
/// proportion to the size of the data.
pub fn findings(data: &NlpData) -> Vec<Finding> {
    let mut found = intents_known_by_name(data);
    found.extend(utterances::shared(data));
    found.extend(utterances::foreign_marks(data));
    found.extend(empty_entities(data));
    found.extend(repeated_questions(data));
    found
}

/// Intents that only their whole name means. Hidden ones are not meant to be said: events and other dialogs start them.
fn intents_known_by_name(data: &NlpData) -> Vec<Finding> {
    let names_count = data.thresholds.rule.label_match || data.thresholds.rule.exact_name;
    let is_known_by_name = |intent: &&super::Intent| {
        let has_name = names_count && intent.label.chars().any(char::is_alphanumeric);
        let lists_are_empty =
            intent.utterances.is_empty() && intent.patterns.is_empty() && intent.trait_rules.is_empty();
        lists_are_empty && !has_name && !intent.hidden
    };
    let known = data.intents.iter().filter(is_known_by_name);
    let finding =
        |intent: &super::Intent| Finding::OnlyByName { intent: intent.name.clone(), language: data.language.clone() };
    known.map(finding).collect()
}

/// Entities of which nothing can be a value. Stubs of partial exports say nothing of their values.
fn empty_entities(data: &NlpData) -> Vec<Finding> {
    let mut found = Vec::new();
    let lists = data.entities.iter().filter(|entity| entity.entity_type.starts_with("list_of"));
    for entity in lists.filter(|entity| entity.choices.is_empty() && entity.choices_from.is_none()) {
        found.push(Finding::EmptyList { entity: entity.name.clone() });
    }
    let expressions = data.entities.iter().filter(|entity| entity.entity_type == "regex");
    for entity in expressions.filter(|entity| entity.regex.trim().is_empty()) {
        found.push(Finding::EmptyExpression { entity: entity.name.clone() });
    }
    found
}

/// Questions that are the same but for letter case and punctuation, each pair of entries once.
fn repeated_questions(data: &NlpData) -> Vec<Finding> {
    let mut found = Vec::new();
    let mut first_under: HashMap<String, usize> = HashMap::new();
    let mut reported = HashSet::new();
    for (place, faq) in data.faqs.iter().enumerate() {
        for phrasing in [&faq.question].into_iter().chain(&faq.alternates) {
            let key = question_key(phrasing);
            if key.is_empty() {
                continue;
            }
            let first = *first_under.entry(key).or_insert(place);
            if first != place && reported.insert((first, place)) {
                let under = [first, place].map(|place| data.faqs[place].question.text.clone());
                found.push(Finding::RepeatedQuestion { question: phrasing.text.clone(), under });
            }
        }
    }
    found
}

fn question_key(phrasing: &Phrasing) -> String {
    // In a pattern every character counts.
    if phrasing.is_pattern { format!("||{}", phrasing.text) } else { utterances::words(&phrasing.text).join(" ") }
}

impl fmt::Display for Finding {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OnlyByName { intent, language } => write!(
                to,
                "only its whole name, word for word, can mean the intent {intent:?} in {language:?}: it has no utterance and no \
                 pattern, and the words of its name do not count; add utterances, or hide its dialog if only events and \
                 other dialogs start it"
            ),
            Self::SharedUtterance { utterances, same } => {
                let shown = utterances.iter().take(SHOWN).map(|(intent, text)| match same {
                    true => format!("{intent:?}"),
                    false => format!("{text:?} under {intent:?}"),
                });
                let rest = utterances.len().saturating_sub(SHOWN);
                let more = if rest > 0 { format!(" and {rest} more") } else { String::new() };
                let list = shown.collect::<Vec<_>>().join(", ") + &more;
                match utterances.first().filter(|_| *same) {
                    Some((_, text)) => {
                        write!(to, "the utterance {text:?} stands under {list}; keep it under one of them")
                    }
                    None => write!(
                        to,
                        "these utterances hardly differ, but mean different intents: {list}; keep one of them, or bring the \
                         intents together"
                    ),
                }
            }
            Self::ForeignMark { intent, entity, utterance, count } => {
                let others = if *count > 1 { format!(" and {} more", count - 1) } else { String::new() };
                write!(
                    to,
                    "{utterance:?}{others} under the intent {intent:?} marks values of {entity:?}, which its dialog does \
                     not ask for; remove the mark, or let the dialog ask for the entity"
                )
            }
            Self::EmptyList { entity } => {
                write!(to, "the list entity {entity:?} has no values, so it takes no answer; add values to it")
            }
            Self::EmptyExpression { entity } => {
                write!(to, "the regex entity {entity:?} has no expression, so it takes no answer; write one")
            }
            Self::RepeatedQuestion { question, under: [first, second] } => {
                write!(to, "the question {question:?} stands under the FAQs {first:?} and {second:?}; keep one of them")
            }
        }
    }
}

/// Intents that a text names before it only counts them.
const SHOWN: usize = 3;
