//! A bot that can be understood: its data, what was learned from them, and the experts made ready.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use definition::nlp::NlpData;
use entities::Entity;
use patterns::Concepts;

use crate::denial;
use crate::described;
use crate::faq;
use crate::learned::Learned;
use crate::learned_opinion::Suggestions;
use crate::lexicon::{Familiar, Lexicon};
use crate::rule;
use crate::semantic::Encoder;
use crate::small_talk;
use crate::tagger::Gazetteers;
use crate::traits::Traits;
use crate::values;

/// A trained bot in one language. Made once, shared by threads.
pub struct Model {
    pub(crate) data: NlpData,
    pub(crate) learned: Learned,
    pub(crate) lexicon: Lexicon,
    pub(crate) familiar: Familiar,
    pub(crate) rule: rule::Expert,
    /// Tasks as their app describes them; none in bots.
    pub(crate) described: Option<described::Expert>,
    pub(crate) faq: faq::Expert,
    pub(crate) small_talk: small_talk::Expert,
    pub(crate) traits: Traits,
    pub(crate) entities: Vec<Entity>,
    /// The concepts, for entities that are made while a conversation runs.
    pub(crate) concepts: Arc<Concepts>,
    /// The items of all lists, which the tagger takes hints from.
    pub(crate) lists: Gazetteers,
    /// Places of intents by the id of their component, which the classifier knows them by.
    pub(crate) intents: HashMap<String, usize>,
    encoder: Option<Arc<Encoder>>,
    /// Whether what a message denies is not meant.
    pub(crate) hears_denials: bool,
    pub(crate) suggestions: Suggestions,
    /// The intents that people mean by denying something, by the account of their utterances.
    pub(crate) denying: HashSet<usize>,
    size: usize,
}

/// What a byte of an author's text comes to in memory, with all indexes over it; measured on real bots.
const BYTES_PER_TEXT_BYTE: usize = 12;

/// An intent is one of denying where one of so many of its utterances denies.
const LEAST_OF_DENYING: usize = 4;

impl Model {
    /// Makes the experts ready. `learned` must come from training on the same data.
    pub fn new(data: NlpData, learned: Learned) -> Self {
        // What reads days and numbers of other languages takes its time once; no message should wait for that.
        if !data.entities.is_empty() {
            entities::duckling::warm_up(&data.language, &jiff::Zoned::default());
        }
        let lexicon = Lexicon::new(&data);
        let concepts = Arc::new(lexicon.concepts().clone());
        let intents = data.intents.iter().enumerate().map(|(at, intent)| (intent.component_id.clone(), at)).collect();
        let denies = |text: &str| denial::without_denied(lexicon.language().code(), text).is_some();
        let denying = data.intents.iter().enumerate();
        let denying = denying.filter(|(_, intent)| {
            // One sentence of many says that something is not wanted, and not that the intent is to deny.
            let count = intent.utterances.iter().filter(|utterance| denies(&utterance.text)).count();
            count > 0 && count * LEAST_OF_DENYING >= intent.utterances.len()
        });
        let denying = denying.map(|(at, _)| at).collect();
        let size = learned.size() + BYTES_PER_TEXT_BYTE * text_bytes(&data);
        Self {
            familiar: Familiar::new(&data, lexicon.language()),
            rule: rule::Expert::new(&data, &lexicon),
            described: described::Expert::new(&data, &lexicon),
            faq: faq::Expert::new(&data, &lexicon),
            small_talk: small_talk::Expert::new(&data, &lexicon),
            traits: Traits::new(&data, &lexicon),
            entities: values::entities(&data, &concepts),
            concepts,
            lists: values::lists(&data, &lexicon),
            intents,
            encoder: None,
            hears_denials: true,
            suggestions: Suggestions::default(),
            denying,
            size,
            lexicon,
            learned,
            data,
        }
    }

    /// The same model with the encoder it was trained with.
    pub fn with_encoder(self, encoder: Option<Arc<Encoder>>) -> Self {
        Self { encoder, ..self }
    }

    /// The same model; whether "I don't want to cancel" does not mean to cancel. It does not, unless this says otherwise.
    pub fn with_denials(self, hears_denials: bool) -> Self {
        Self { hears_denials, ..self }
    }

    /// The same model, with other limits to what users are asked about.
    pub fn with_suggestions(self, suggestions: Suggestions) -> Self {
        Self { suggestions, ..self }
    }

    pub(crate) fn encoder(&self) -> Option<&Encoder> {
        self.encoder.as_deref()
    }

    /// What the bot knows; the numbers of [`Target`](crate::candidate::Target)s are places in its lists.
    pub fn data(&self) -> &NlpData {
        &self.data
    }

    /// The words of the bot.
    pub fn lexicon(&self) -> &Lexicon {
        &self.lexicon
    }

    /// The store id of the dialog that is called so: by its name, the name or label of its intent, or an id.
    pub fn dialog_named(&self, name: &str) -> Option<&str> {
        self.data.dialog_named(name)
    }

    /// Roughly how much memory the model takes. Bytes.
    pub fn size(&self) -> usize {
        self.size
    }
}

fn text_bytes(data: &NlpData) -> usize {
    let utterances = data.intents.iter().flat_map(|intent| &intent.utterances).map(|it| it.text.len());
    let phrasings = data.faqs.iter().flat_map(|faq| [&faq.question].into_iter().chain(&faq.alternates));
    let lists = data.synonyms.iter().chain(&data.concepts).flat_map(|(_, words)| words).map(String::len);
    let choices = data.entities.iter().flat_map(|entity| &entity.choices);
    utterances.sum::<usize>()
        + phrasings.map(|it| it.text.len()).sum::<usize>()
        + lists.sum::<usize>()
        + choices.map(|it| it.title.len() + it.value.len()).sum::<usize>()
}
