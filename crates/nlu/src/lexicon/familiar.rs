//! The words that classifiers can say something about.

use std::collections::{BTreeMap, HashSet};

use definition::nlp::{Intent, NlpData};

use super::spelling::with_synonyms;
use super::{Lexicon, Message};
use crate::text::{Language, Token};

/// The stems of the words that the intents of each classifier are written with: names and sentences of those that have
/// sentences to learn from. What only others are called by says nothing to it.
pub(crate) struct Familiar {
    anywhere: HashSet<String>,
    in_dialog: BTreeMap<String, HashSet<String>>,
}

impl Familiar {
    pub(crate) fn new(data: &NlpData, language: &Language) -> Self {
        let trained = || data.intents.iter().filter(|intent| !intent.utterances.is_empty());
        let mut in_dialog: BTreeMap<String, HashSet<String>> = BTreeMap::new();
        for intent in trained() {
            for dialog in &intent.scopes {
                in_dialog.entry(dialog.clone()).or_default().extend(stems(intent, language));
            }
        }
        let anywhere = trained().filter(|intent| intent.scopes.is_empty()).flat_map(|it| stems(it, language)).collect();
        let in_dialog = in_dialog.into_iter().map(|(dialog, own)| (dialog, with_synonyms(own, data, language)));
        Self { in_dialog: in_dialog.collect(), anywhere: with_synonyms(anywhere, data, language) }
    }

    /// Whether a message has a word of a classifier: that of a dialog, or the one for any time. It has to carry meaning, where
    /// the message has any such. What is only a value of a list, or stands in a concept, says nothing about intents. Texts in
    /// scripts without blanks are taken for known: where a word ends is a guess there.
    pub(crate) fn knows(&self, dialog: Option<&str>, lexicon: &Lexicon, message: &Message) -> bool {
        let own = match dialog {
            None => Some(&self.anywhere),
            Some(dialog) => self.in_dialog.get(dialog),
        };
        let words = message.tokens.iter().filter(|token| token.is_word());
        let (empty, telling): (Vec<&Token>, Vec<&Token>) =
            words.partition(|token| lexicon.is_function_word(&token.lower));
        let deciding = if telling.is_empty() { empty } else { telling };
        let is_own = |stem: &String| own.is_some_and(|own| own.contains(stem));
        deciding.into_iter().any(|token| is_own(&token.stem) || lexicon.is_cut(token))
    }
}

/// The stems of the words of an intent.
fn stems(intent: &Intent, language: &Language) -> Vec<String> {
    let names =
        [&intent.label, &intent.dialog_name].into_iter().chain(&intent.patterns).map(|text| text.replace('_', " "));
    let texts = names.chain(intent.utterances.iter().map(|utterance| utterance.text.clone()));
    let tokens = texts.flat_map(|text| language.tokens(&text).into_iter().collect::<Vec<_>>());
    tokens.filter(Token::is_word).map(|token| token.stem).collect()
}
