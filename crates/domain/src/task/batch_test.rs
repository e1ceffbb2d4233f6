//! Run of a suite of batch tests.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, Kind};
use crate::Finding;

/// Which content of a bot is tested.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TestedVersion {
    /// The draft.
    #[default]
    InDevelopment,
    /// The version in force.
    Published,
}

/// What a run is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BatchTest {
    /// What the suite is found by: its id, or the key of the suite that every bot has.
    #[serde(default)]
    pub suite_key: String,
    /// The imported suite; none: everything that the bot's developers wrote.
    #[serde(default)]
    pub suite_id: Option<String>,
    /// Its name, for the file of the results.
    #[serde(default)]
    pub suite_name: Option<String>,
    /// Which content.
    #[serde(default)]
    pub version: TestedVersion,
    /// The language of what the developers wrote; none: the bot's default.
    #[serde(default)]
    pub language: Option<String>,
    /// What of the body is not done.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// What came of a run.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BatchTestResult {
    /// How many utterances were tested.
    pub utterances: usize,
    /// The harmonic mean of precision and recall.
    pub f1_score: f64,
    /// The share of what was recognised that was right.
    pub precision: f64,
    /// The share of what should have been recognised that was.
    pub recall: f64,
    /// Counts and figures per family, as the status shows them.
    pub results: Value,
    /// The file of all cases.
    #[serde(rename = "fileId")]
    pub file_id: String,
    /// The language that was tested.
    pub language: String,
    /// What the cases name and the bot has not.
    pub findings: Vec<Finding>,
}

impl Asked for BatchTest {
    const KIND: Kind = Kind::BatchTest;
    type Outcome = BatchTestResult;
}
