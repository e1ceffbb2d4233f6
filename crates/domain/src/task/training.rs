//! Training of a draft in one language, of its intents and of its questions.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, Kind};

/// What a training of intents is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct MlTraining {
    /// The language; none: the bot's default.
    pub language: Option<String>,
    /// What clients find it by.
    pub training_id: Option<String>,
}

/// What a training of questions is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct FaqTraining {
    /// The language; none: the bot's default.
    pub language: Option<String>,
}

/// What came of a training.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct TrainingResult {
    /// The digest of the definition that was learned from.
    pub definition: String,
    /// What training found, as the status shows it.
    pub report: Value,
}

impl Asked for MlTraining {
    const KIND: Kind = Kind::MlTraining;
    type Outcome = TrainingResult;
}

impl Asked for FaqTraining {
    const KIND: Kind = Kind::FaqTraining;
    type Outcome = TrainingResult;
}
