//! Tasks found by what their app says of them: names, descriptions, choices, utterances (export-format-xo11.md §6.4). For
//! apps whose platform leaves this to a language model, where the experts found nothing.
//!
//! A task is a document of words. A message that says every word of a name means that task; else the task whose words fit
//! best is taken, if it fits clearly better than the next. Rather nothing is found than a wrong task.

use std::collections::{BTreeSet, HashMap};

use definition::nlp::{Intent, NlpData};

use crate::lexicon::{Lexicon, Message};

/// What the words of a message say about tasks.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Described {
    /// Place of the intent.
    pub(crate) intent: usize,
    /// How well it fits; comparable within one message.
    pub(crate) score: f32,
    /// The words that speak for it, as the message has them.
    pub(crate) words: Vec<String>,
    /// Every word of its name is said.
    pub(crate) is_named: bool,
}

/// Tasks as documents.
pub(crate) struct Expert {
    documents: Vec<Document>,
    /// In how many documents a term stands.
    frequencies: HashMap<String, f32>,
    /// The heads (numbered lists of synonyms) of a stem.
    heads: HashMap<String, Vec<usize>>,
}

struct Document {
    intent: usize,
    /// The content words of each name.
    names: Vec<Vec<String>>,
    /// Weight of each term.
    terms: HashMap<String, f32>,
}

/// The best task has to fit this much better than the next.
const LEAD: f32 = 1.3;
/// A task that fits less is not meant.
const FLOOR: f32 = 0.6;
/// How much the words of a name, of an utterance, and of anything else weigh.
const NAME: f32 = 3.0;
const UTTERANCE: f32 = 2.0;
const OTHER: f32 = 1.0;
/// Where the weight of a term is half of what it can be.
const SATURATION: f32 = 1.2;

/// Words that ask for the same, beside the bot's own synonyms. English.
const VERBS: [&[&str]; 7] = [
    &["cancel", "delete", "remove", "drop", "withdraw"],
    &["change", "modify", "reschedule", "update", "edit", "alter", "move", "postpone"],
    &["book", "reserve", "schedule", "arrange", "fly"],
    &["get", "show", "view", "see", "check", "find", "retrieve", "fetch", "display", "lookup"],
    &["detail", "information", "info", "status"],
    &["booking", "reservation"],
    &["appointment", "visit", "consultation", "meeting"],
];

impl Expert {
    /// Reads the tasks of an app; nothing where they are not found this way.
    pub(crate) fn new(data: &NlpData, lexicon: &Lexicon) -> Option<Self> {
        if !data.settings.by_description {
            return None;
        }
        let mut heads: HashMap<String, Vec<usize>> = HashMap::new();
        let mut groups: Vec<Vec<String>> = Vec::new();
        if lexicon.language().code() == "en" {
            groups.extend(VERBS.iter().map(|group| group.iter().map(|word| (*word).to_owned()).collect()));
        }
        for (term, words) in &data.synonyms {
            groups.push(std::iter::once(term).chain(words).cloned().collect());
        }
        for (number, group) in groups.iter().enumerate() {
            for word in group {
                let mut tokens = lexicon.language().tokens(word).into_iter().filter(|token| token.is_word());
                // Of several words none stands for all of them.
                if let (Some(only), None) = (tokens.next(), tokens.next()) {
                    let numbers = heads.entry(lexicon.canonical(&only.lower)).or_default();
                    if numbers.last() != Some(&number) {
                        numbers.push(number);
                    }
                }
            }
        }
        let mut expert = Self { documents: Vec::new(), frequencies: HashMap::new(), heads };
        for (at, intent) in data.intents.iter().enumerate() {
            if intent.scopes.is_empty() && !intent.internal && !intent.follow_up {
                expert.documents.push(expert.document(at, intent, lexicon));
            }
        }
        for document in &expert.documents {
            for term in document.terms.keys() {
                *expert.frequencies.entry(term.clone()).or_default() += 1.0;
            }
        }
        Some(expert)
    }

    fn document(&self, at: usize, intent: &Intent, lexicon: &Lexicon) -> Document {
        let mut names: Vec<Vec<String>> = Vec::new();
        let mut terms: HashMap<String, f32> = HashMap::new();
        let mut add = |words: &[String], weight: f32| {
            for term in words.iter().flat_map(|word| self.terms_of(word)) {
                *terms.entry(term).or_default() += weight;
            }
        };
        for name in [&intent.label, &intent.dialog_name, &intent.name] {
            let words = content_words(&spaced(name), lexicon);
            if !words.is_empty() && !names.contains(&words) {
                names.push(words);
            }
        }
        for name in &names {
            add(name, NAME / names.len() as f32);
        }
        for other in intent.descriptions.iter().chain(&intent.choices) {
            add(&content_words(other, lexicon), OTHER);
        }
        for utterance in &intent.utterances {
            add(&content_words(&utterance.text, lexicon), UTTERANCE / intent.utterances.len() as f32);
        }
        Document { intent: at, names, terms }
    }

    /// A word and the heads it stands under, as terms.
    fn terms_of(&self, stem: &str) -> Vec<String> {
        let heads = self.heads.get(stem).into_iter().flatten().map(|number| format!("#{number}"));
        std::iter::once(stem.to_owned()).chain(heads).collect()
    }

    /// The tasks that a message means, as far as their words say so: one, several alike, or none.
    pub(crate) fn find(&self, lexicon: &Lexicon, message: &Message) -> Vec<Described> {
        let said: Vec<(String, String)> = message
            .tokens
            .iter()
            .zip(&message.words)
            .filter(|(token, _)| token.is_word() && !is_empty_word(lexicon, &token.lower))
            .map(|(token, word)| (word.stem.clone(), token.surface.clone()))
            .collect();
        if said.is_empty() {
            return Vec::new();
        }
        let mut named: Vec<(usize, Described)> = Vec::new();
        let mut fitting: Vec<Described> = Vec::new();
        for document in &self.documents {
            let covered = |name: &&Vec<String>| name.len() > 1 && name.iter().all(|word| self.is_said(word, &said));
            if let Some(name) = document.names.iter().filter(covered).max_by_key(|name| name.len()) {
                named.push((name.len(), self.judge(document, &said, true)));
            } else {
                let judged = self.judge(document, &said, false);
                // One word among others may just happen to be there.
                let is_chance = judged.words.len() == 1 && said.len() > 1;
                if judged.score >= FLOOR && !is_chance && self.is_telling(document, &said) {
                    fitting.push(judged);
                }
            }
        }
        // The longest name that is said is meant; several of one length are asked about.
        if let Some(longest) = named.iter().map(|(length, _)| *length).max() {
            return named.into_iter().filter(|(length, _)| *length == longest).map(|(_, it)| it).collect();
        }
        fitting.sort_by(|a, b| b.score.total_cmp(&a.score).then(a.intent.cmp(&b.intent)));
        let Some(best) = fitting.first().map(|best| best.score) else { return fitting };
        fitting.retain(|it| it.score * LEAD >= best);
        fitting
    }

    /// Whether a word, or one that asks for the same, is said.
    fn is_said(&self, word: &str, said: &[(String, String)]) -> bool {
        let wanted: BTreeSet<String> = self.terms_of(word).into_iter().collect();
        said.iter().any(|(stem, _)| self.terms_of(stem).iter().any(|term| wanted.contains(term)))
    }

    /// Whether a word is said that at most half of the tasks have.
    fn is_telling(&self, document: &Document, said: &[(String, String)]) -> bool {
        let half = (self.documents.len() as f32 / 2.0).max(1.0);
        let is_rare = |term: &String| self.frequencies.get(term).is_some_and(|count| *count <= half);
        said.iter().any(|(stem, _)| self.terms_of(stem).iter().any(|it| document.terms.contains_key(it) && is_rare(it)))
    }

    /// How well the words of a message fit a task.
    fn judge(&self, document: &Document, said: &[(String, String)], is_named: bool) -> Described {
        let count = self.documents.len() as f32;
        let mut score = 0.0;
        let mut words = Vec::new();
        let mut seen: BTreeSet<&str> = BTreeSet::new();
        for (stem, surface) in said {
            if !seen.insert(stem) {
                continue;
            }
            let terms = self.terms_of(stem);
            let gains = terms.iter().filter_map(|term| {
                let weight = document.terms.get(term)?;
                let frequency = self.frequencies.get(term)?;
                // 1 for a word of one task alone, about a half for one that all have: apps have few tasks.
                let rarity = (1.0 + count / frequency).ln() / (1.0 + count).ln();
                Some(rarity * weight / (weight + SATURATION))
            });
            let best = gains.fold(0.0_f32, f32::max);
            if best > 0.0 {
                score += best;
                words.push(surface.clone());
            }
        }
        Described { intent: document.intent, score, words, is_named }
    }
}

/// The stems of the words of a text that carry meaning.
fn content_words(text: &str, lexicon: &Lexicon) -> Vec<String> {
    let tokens = lexicon.language().tokens(text).into_iter().filter(|token| token.is_word());
    tokens.filter(|it| !is_empty_word(lexicon, &it.lower)).map(|it| lexicon.canonical(&it.lower)).collect()
}

/// Verbs that ask for something are no empty words here, though they are in a question.
fn is_empty_word(lexicon: &Lexicon, word: &str) -> bool {
    lexicon.is_function_word(word) && !matches!(word, "get" | "show")
}

/// Names of components as words.
fn spaced(name: &str) -> String {
    crate::rule::names::spaced(name)
}
