//! An expert as bytes.

use serde::Deserialize;

use super::calibration::Calibration;
use super::features::Vocabulary;
use super::mixture::Mixture;
use super::softmax::Softmax;
use super::{Expert, InvalidExpert};
use crate::measure::Classification;

/// What is read, before it is known to fit together.
#[derive(Deserialize)]
pub(super) struct Stored {
    intents: Vec<String>,
    has_none: bool,
    vocabulary: Vocabulary,
    model: Softmax,
    calibration: Calibration,
    judgement: Classification,
    mixture: Option<Mixture>,
}

impl TryFrom<Stored> for Expert {
    type Error = InvalidExpert;

    fn try_from(stored: Stored) -> Result<Self, InvalidExpert> {
        let Stored { intents, has_none, vocabulary, model, calibration, judgement, mixture } = stored;
        let classes = intents.len() + usize::from(has_none);
        let sound = classes >= 2
            && vocabulary.is_sound()
            && model.fits(vocabulary.len(), classes)
            && calibration.is_sound()
            && mixture.as_ref().is_none_or(Mixture::is_sound);
        if sound {
            Ok(Self { intents, has_none, vocabulary, model, calibration, judgement, mixture })
        } else {
            Err(InvalidExpert)
        }
    }
}

impl Expert {
    /// The expert as bytes: the same for the same examples, on every machine of the same floating-point arithmetic.
    pub fn to_bytes(&self) -> Vec<u8> {
        postcard::to_allocvec(self).expect("plain data in memory always serialises")
    }

    /// Reads what [`Expert::to_bytes`] wrote.
    ///
    /// # Errors
    /// When the bytes are no expert, or there are more of them than one takes.
    pub fn from_bytes(bytes: &[u8]) -> Result<Self, InvalidExpert> {
        match postcard::take_from_bytes(bytes) {
            Ok((expert, [])) => Ok(expert),
            _ => Err(InvalidExpert),
        }
    }
}
