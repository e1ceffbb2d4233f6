//! What training leaves behind: everything that cannot be read off the definition again in no time.

use std::collections::BTreeMap;

use definition::nlp::{NlpData, findings};
use serde::{Deserialize, Serialize};

use crate::lexicon::Lexicon;
use crate::ml::{self, Example};
use crate::report::{self, Report};
use crate::rule;
use crate::semantic::Meanings;
use crate::small_talk;
use crate::tagger::{Annotated, Mark, Tagger};
use crate::values;

/// Grows whenever the same definition would give another model, or models are written in another form. A model of another
/// version is trained again.
pub const TRAINER_VERSION: u32 = 2;

/// The same of models with an encoder alone: with it in their name, those of bots without one are not trained again for it.
pub const MIXTURE_VERSION: u32 = 2;

/// The learned part of a model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Learned {
    /// Tells apart what can be meant at any time.
    pub(crate) ml: Option<ml::Expert>,
    /// Tells apart what can be meant while a dialog runs, by the dialog.
    pub(crate) ml_in_dialog: BTreeMap<String, ml::Expert>,
    /// Finds entity values as they are marked in utterances. Its labels are ids of entities.
    pub(crate) tagger: Option<Tagger>,
}

/// The bytes are no model of this version.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("the bytes are no model of trainer version {TRAINER_VERSION}")]
pub struct Unreadable;

impl Learned {
    /// Learns from a bot's data, and tells what it found out. The same data give the same model, to the byte.
    pub fn train(data: &NlpData) -> (Self, Report) {
        Self::train_with(data, None)
    }

    /// The same with the vectors of the bot's texts.
    pub fn train_with(data: &NlpData, meanings: Option<&Meanings>) -> (Self, Report) {
        let lexicon = Lexicon::new(data);
        let language = lexicon.language();
        let examples = |in_dialog: Option<&str>| -> Vec<Example<'_>> {
            let here = data.intents.iter().filter(move |intent| match in_dialog {
                None => intent.scopes.is_empty(),
                Some(dialog) => intent.scopes.iter().any(|scope| scope == dialog),
            });
            here.flat_map(|intent| {
                intent.utterances.iter().map(|it| Example { intent: &intent.component_id, text: &it.text })
            })
            .collect()
        };
        // Questions of the knowledge graph are what intents are most easily taken for, and mean none of them.
        let negatives = if data.settings.none_intent { questions(data) } else { Vec::new() };
        let ml = ml::Expert::train_with(language, &examples(None), &negatives, meanings);
        // While a dialog runs, everything else can be said, too.
        let others: Vec<&str> = examples(None).iter().map(|example| example.text).collect();
        let mut dialogs: Vec<&str> = data.intents.iter().flat_map(|it| &it.scopes).map(String::as_str).collect();
        dialogs.sort_unstable();
        dialogs.dedup();
        let ml_in_dialog = dialogs.into_iter().filter_map(|dialog| {
            Some((dialog.to_owned(), ml::Expert::train_with(language, &examples(Some(dialog)), &others, meanings)?))
        });
        let ml_in_dialog = ml_in_dialog.collect();
        let concepts = std::sync::Arc::new(lexicon.concepts().clone());
        let tagger = train_tagger(data, &lexicon);
        let mut report = Report {
            intents: data.intents.len(),
            utterances: data.intents.iter().map(|intent| intent.utterances.len()).sum(),
            questions: data.faqs.len(),
            ..Report::default()
        };
        report.findings.extend(findings(data).iter().map(ToString::to_string));
        report.findings.extend_from_slice(rule::Expert::new(data, &lexicon).findings());
        report.findings.extend_from_slice(small_talk::Expert::new(data, &lexicon).findings());
        report.findings.extend(unreadable_patterns(data, &lexicon));
        report.findings.extend(values::findings(&values::entities(data, &concepts), data));
        report.judgement = ml.as_ref().map(|ml| report::by_name(ml, data));
        (Self { ml, ml_in_dialog, tagger }, report)
    }

    /// The model as bytes. The same model gives the same bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("a model has nothing that cannot be written")
    }

    /// The model that was written.
    ///
    /// # Errors
    /// The bytes are no model, or one of another version.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, Unreadable> {
        postcard::from_bytes(bytes).map_err(|_| Unreadable)
    }

    /// Roughly how much memory it takes. Bytes.
    pub fn size(&self) -> usize {
        self.ml.iter().chain(self.ml_in_dialog.values()).map(ml::Expert::size).sum()
    }
}

/// Patterns of traits and questions that cannot be read and have no effect.
fn unreadable_patterns(data: &NlpData, lexicon: &Lexicon) -> Vec<String> {
    let by_pattern = data.trait_groups.iter().filter(|group| group.match_strategy.eq_ignore_ascii_case("pattern"));
    let of_traits = by_pattern
        .flat_map(|group| &group.traits)
        .flat_map(|(name, texts)| texts.iter().map(move |text| (text, format!("the trait '{name}'"))));
    let of_questions = data.faqs.iter().flat_map(|faq| {
        let patterns = faq.alternates.iter().filter(|phrasing| phrasing.is_pattern);
        patterns.map(|phrasing| (&phrasing.text, format!("the question '{}'", faq.question.text)))
    });
    let read = |(text, owner): (&String, String)| {
        let error = lexicon.pattern(text).err()?;
        Some(format!("the pattern `{text}` of {owner} cannot be read: {error}"))
    };
    of_traits.chain(of_questions).filter_map(read).collect()
}

/// What the bot's questions are asked with.
pub(crate) fn questions(data: &NlpData) -> Vec<&str> {
    let phrasings = data.faqs.iter().flat_map(|faq| [&faq.question].into_iter().chain(&faq.alternates));
    phrasings.filter(|phrasing| !phrasing.is_pattern).map(|phrasing| phrasing.text.as_str()).collect()
}

/// Learns from the marks in utterances; nothing where there are none. Utterances of intents without any mark are left out:
/// a value is only read for the intent that was meant.
fn train_tagger(data: &NlpData, lexicon: &Lexicon) -> Option<Tagger> {
    let marked = data.intents.iter().filter(|intent| intent.utterances.iter().any(|it| !it.marks.is_empty()));
    let lists = values::lists(data, lexicon);
    let mut annotated = Vec::new();
    for utterance in marked.flat_map(|intent| &intent.utterances) {
        let marks = utterance.marks.iter().map(|mark| Mark { entity: &mark.entity_id, range: mark.range.clone() });
        annotated.push(Annotated {
            text: &utterance.text,
            marks: marks.collect(),
            hints: lists.find(lexicon.language(), &utterance.text),
        });
    }
    Tagger::train(lexicon.language(), &annotated)
}
