//! What training found out about a bot.

use definition::nlp::NlpData;

use crate::measure::{Classification, Confusion};
use crate::ml;

/// What a bot was trained on, and what its author should look at.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Report {
    /// How many intents there are.
    pub intents: usize,
    /// How many utterances they have.
    pub utterances: usize,
    /// How many questions with answers there are.
    pub questions: usize,
    /// What should be looked at, each in a sentence that says where and what to do.
    pub findings: Vec<String>,
    /// How utterances were understood by models that had not seen them, by the names of intents; nothing where there are
    /// fewer than two intents with utterances.
    pub judgement: Option<Classification>,
}

/// The judgement of a classifier, which knows intents by their ids, with their names.
pub(crate) fn by_name(expert: &ml::Expert, data: &NlpData) -> Classification {
    let name = |id: &str| {
        let intent = data.intents.iter().find(|intent| intent.component_id == id);
        intent.map_or_else(|| id.to_owned(), |intent| intent.name.clone())
    };
    let mut judgement = expert.judgement().clone();
    for measure in &mut judgement.intents {
        measure.intent = name(&measure.intent);
    }
    for Confusion { expected, answered, .. } in &mut judgement.confusions {
        for id in [expected, answered] {
            *id = id.as_deref().map(name);
        }
    }
    judgement
}
