//! Export of training utterances.

use serde::{Deserialize, Serialize};

use super::{Asked, Kind};

/// Which content of a bot is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum UtteranceState {
    /// The draft.
    #[default]
    Configured,
    /// The version in force.
    Published,
}

/// The form of the file.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum FileType {
    /// A JSON list.
    #[default]
    Json,
    /// Lines of values with commas between.
    Csv,
}

impl FileType {
    /// The extension of the file's name.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Json => "json",
            Self::Csv => "csv",
        }
    }
}

/// What an export of utterances is asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UtteranceExport {
    /// Which content.
    pub state: UtteranceState,
    /// In which form.
    pub file_type: FileType,
}

/// What came of an export of utterances.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct UtteranceExportResult {
    /// The file.
    pub file_id: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its digest, in hexadecimal digits.
    pub sha256: String,
    /// How many utterances it has.
    pub count: usize,
}

impl Asked for UtteranceExport {
    const KIND: Kind = Kind::UtteranceExport;
    type Outcome = UtteranceExportResult;
}
