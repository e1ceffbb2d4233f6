//! The vectors of a bot's texts, kept so that a text is asked about once.

use std::collections::BTreeMap;

use definition::nlp::NlpData;
use serde::{Deserialize, Serialize};

use super::Encoder;

/// What an encoder says of texts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Meanings {
    encoder: u64,
    /// In whole numbers, of which [`ONE`] is 1: what is kept gives the same model as what was computed just now.
    vectors: BTreeMap<String, Vec<i16>>,
}

const ONE: f32 = 32_767.0;

impl Meanings {
    /// The vectors of all that a bot's models are trained with. What `before` knows is not computed again; how many were.
    pub fn of(encoder: &Encoder, data: &NlpData, before: Self) -> (Self, usize) {
        let known = if before.encoder == encoder.id() { before.vectors } else { BTreeMap::new() };
        let mut computed = 0;
        let utterances = data.intents.iter().flat_map(|intent| &intent.utterances).map(|it| it.text.as_str());
        let vectors = utterances.chain(crate::learned::questions(data)).map(|text| {
            let vector = known.get(text).cloned().unwrap_or_else(|| {
                computed += 1;
                encoder.embed(text).into_iter().map(|value| (value * ONE).round() as i16).collect()
            });
            (text.to_owned(), vector)
        });
        let vectors = vectors.collect();
        (Self { encoder: encoder.id(), vectors }, computed)
    }

    /// The encoder they are of.
    pub(crate) fn encoder(&self) -> u64 {
        self.encoder
    }

    /// The vectors of texts; nothing when one of them is not known.
    pub(crate) fn all(&self, texts: &[&str]) -> Option<Vec<Vec<f32>>> {
        let float = |whole: &Vec<i16>| whole.iter().map(|value| f32::from(*value) / ONE).collect();
        texts.iter().map(|text| self.vectors.get(*text).map(float)).collect()
    }

    /// The vectors as bytes.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("plain data in memory always serialises")
    }

    /// Reads what [`Meanings::to_bytes`] wrote; nothing from other bytes.
    pub fn from_bytes(bytes: &[u8]) -> Self {
        postcard::from_bytes(bytes).unwrap_or_default()
    }
}
