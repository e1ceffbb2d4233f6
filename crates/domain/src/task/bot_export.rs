//! Export of a bot.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, Kind};
use crate::Finding;

/// Which content of a bot is exported.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum ExportType {
    /// The draft.
    #[default]
    Latest,
    /// The version in force.
    Published,
}

/// What an export is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotExport {
    /// Which content, where no version is named.
    #[serde(default)]
    pub export_type: ExportType,
    /// The number of a version.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<i64>,
    /// The body of the call, from which the selection is read.
    #[serde(default)]
    pub body: Value,
    /// What of the body is not done.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

/// What came of an export.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BotExportResult {
    /// The file of the archive.
    pub file_id: String,
    /// Its size in bytes.
    pub size: i64,
    /// Its digest, in hexadecimal digits.
    pub sha256: String,
    /// The version that was exported; none: the draft.
    pub version: Option<i64>,
    /// What a reader of the archive should know: `stubs` and `findings`.
    pub notes: Value,
    /// What was asked and not done as it was asked.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub findings: Value,
}

impl Asked for BotExport {
    const KIND: Kind = Kind::BotExport;
    type Outcome = BotExportResult;
}
