//! Import of a bot.

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::{Asked, Kind};
use crate::Finding;

/// Where an import goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Target {
    /// A bot that is made by it.
    New,
    /// A bot that is there.
    Existing,
}

/// The uploaded files a bot is made from, by their ids: one archive, or its parts.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct ImportFiles {
    /// The definition.
    pub bot_definition: Option<String>,
    /// The configuration.
    pub config_info: Option<String>,
    /// The icon.
    pub icon: Option<String>,
    /// Files of bot functions.
    pub bot_functions: Vec<String>,
    /// An archive of all of them.
    pub zip_info: Option<String>,
}

impl ImportFiles {
    /// All files that are not in an archive.
    pub fn parts(&self) -> impl Iterator<Item = &String> {
        [&self.bot_definition, &self.config_info, &self.icon].into_iter().flatten().chain(&self.bot_functions)
    }
}

/// What an import is asked.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct BotImport {
    /// Where it goes.
    pub target: Target,
    /// The reference id of the bot.
    pub stream_ref_id: String,
    /// What it is made from.
    pub files: ImportFiles,
    /// The name of a new bot; none: that of its files.
    #[serde(default)]
    pub name: Option<String>,
    /// The purpose of a new bot.
    #[serde(default)]
    pub purpose: Option<String>,
    /// The colour of a new bot.
    #[serde(default)]
    pub color: Option<String>,
    /// What is set about a new bot outside of its documents.
    #[serde(default, skip_serializing_if = "Map::is_empty")]
    pub settings: Map<String, Value>,
    /// The body of the call, from which the selection is read.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub body: Value,
    /// Everything is checked, and nothing is written.
    #[serde(default)]
    pub dry_run: bool,
    /// What of the body is not done.
    #[serde(default)]
    pub findings: Vec<Finding>,
}

impl BotImport {
    /// An import of these files, of which nothing else is asked.
    pub fn new(target: Target, stream_ref_id: String, files: ImportFiles) -> Self {
        Self {
            target,
            stream_ref_id,
            files,
            name: None,
            purpose: None,
            color: None,
            settings: Map::new(),
            body: Value::Null,
            dry_run: false,
            findings: Vec::new(),
        }
    }

    /// Whether a bot comes of it: a dry run of an import as new makes none.
    pub fn makes_a_bot(&self) -> bool {
        !(self.dry_run && self.target == Target::New)
    }
}

/// What came of an import.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct BotImportResult {
    /// The bot.
    pub stream_id: String,
    /// What changed in it, as the status shows it.
    #[serde(skip_serializing_if = "Value::is_null")]
    pub changes: Value,
    /// What is odd about it.
    pub warnings: Option<Vec<String>>,
    /// What was asked and not done as it was asked.
    pub findings: Vec<Finding>,
    /// Nothing was written.
    pub dry_run: Option<bool>,
    /// The revision of the draft that came of it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

impl Asked for BotImport {
    const KIND: Kind = Kind::BotImport;
    type Outcome = BotImportResult;
}
