//! Publish of a bot.

use serde::{Deserialize, Serialize};

use super::{Asked, Kind};
use crate::Finding;

/// What a publish is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Publish {
    /// What its author says of the version.
    #[serde(default)]
    pub version_comment: String,
    /// Whether models are trained first; else when they are first needed.
    #[serde(default = "yes")]
    pub initiate_training: bool,
    /// A version that is published again; none: the draft.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// What of the body is not done.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

const fn yes() -> bool {
    true
}

/// What came of a publish.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PublishResult {
    /// The number of the version.
    pub version: i64,
    /// How many things are odd about it.
    pub warnings: usize,
    /// The digest of the definition that was published.
    pub definition: String,
}

impl Asked for Publish {
    const KIND: Kind = Kind::Publish;
    type Outcome = PublishResult;
}
