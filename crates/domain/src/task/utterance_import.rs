//! Import of training utterances.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, Kind};
use crate::Finding;

/// What an import of utterances is asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct UtteranceImport {
    /// The uploaded file.
    #[serde(default)]
    pub file_id: String,
    /// The member of the body that named it; clients write it in two ways.
    #[serde(default = "file_id")]
    pub file_member: String,
    /// The name that the caller gives the file.
    #[serde(default)]
    pub file_name: Option<String>,
    /// Utterances that the file does not list go.
    #[serde(default)]
    pub replace: bool,
    /// What of the body is not done.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

fn file_id() -> String {
    "fileId".to_owned()
}

/// What came of an import of utterances.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UtteranceImportResult {
    /// How many rows were taken.
    pub count: usize,
    /// How many of them are new.
    pub added: usize,
    /// How many were not taken.
    pub rejected_count: usize,
    /// The first of those, each with the reason.
    pub rejected: Value,
    /// What the file names and the bot has not.
    pub findings: Vec<Finding>,
}

impl Asked for UtteranceImport {
    const KIND: Kind = Kind::UtteranceImport;
    type Outcome = UtteranceImportResult;
}
