//! What requests ask for, typed: one file per kind, each with what is asked and what came of it.
//!
//! A request is a row, and what it asks is JSON in that row. [`Task`] is what goes in, [`read`] what comes out. Rows
//! outlive releases: a row of an earlier release is read by this one (members that it did not have yet have a default), and
//! one of a later release is refused by name instead of being half understood.

mod batch_test;
mod bot_export;
mod bot_import;
mod publish;
mod training;
mod utterance_export;
mod utterance_import;
mod webhook_delivery;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::Value;

pub use batch_test::{BatchTest, BatchTestResult, TestedVersion};
pub use bot_export::{BotExport, BotExportResult, ExportType};
pub use bot_import::{BotImport, BotImportResult, ImportFiles, Target};
pub use publish::{Publish, PublishResult};
pub use training::{FaqTraining, MlTraining, TrainingResult};
pub use utterance_export::{FileType, UtteranceExport, UtteranceExportResult, UtteranceState};
pub use utterance_import::{UtteranceImport, UtteranceImportResult};
pub use webhook_delivery::{WebhookDelivery, WebhookDeliveryResult};

/// The kind of a request.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Kind {
    /// Import of a bot, new or existing.
    BotImport,
    /// Export of a bot.
    BotExport,
    /// Publish of a bot.
    Publish,
    /// Import of training utterances.
    UtteranceImport,
    /// Export of training utterances.
    UtteranceExport,
    /// Training of a draft's intents in a language.
    MlTraining,
    /// Training of a draft's questions in a language.
    FaqTraining,
    /// Run of a suite of batch tests.
    BatchTest,
    /// Announcement of a finished request to a webhook.
    WebhookDelivery,
}

impl Kind {
    /// All kinds.
    pub const ALL: [Self; 9] = [
        Self::BotImport,
        Self::BotExport,
        Self::Publish,
        Self::UtteranceImport,
        Self::UtteranceExport,
        Self::MlTraining,
        Self::FaqTraining,
        Self::BatchTest,
        Self::WebhookDelivery,
    ];

    /// The word for it in the database, in metrics and in lists.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::BotImport => "bot_import",
            Self::BotExport => "bot_export",
            Self::Publish => "publish",
            Self::UtteranceImport => "utterance_import",
            Self::UtteranceExport => "utterance_export",
            Self::MlTraining => "ml_training",
            Self::FaqTraining => "faq_training",
            Self::BatchTest => "batch_test",
            Self::WebhookDelivery => "webhook_delivery",
        }
    }

    /// The prefix of its ids.
    pub const fn prefix(self) -> &'static str {
        match self {
            Self::BotImport | Self::UtteranceImport => "bir",
            Self::BotExport => "ber",
            Self::Publish | Self::UtteranceExport | Self::MlTraining | Self::FaqTraining => "ds",
            Self::BatchTest => "tr",
            Self::WebhookDelivery => "whd",
        }
    }
}

/// No kind of request has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a kind of request; `bot_import` is one")]
pub struct UnknownKind(String);

impl std::str::FromStr for Kind {
    type Err = UnknownKind;

    fn from_str(text: &str) -> Result<Self, UnknownKind> {
        Self::ALL.into_iter().find(|kind| kind.as_str() == text).ok_or_else(|| UnknownKind(text.to_owned()))
    }
}

/// What is asked by one kind of request.
pub trait Asked: Serialize + DeserializeOwned {
    /// The kind.
    const KIND: Kind;
    /// Grows when a row of the release before would mean something else than one of this.
    const VERSION: u32 = 1;
    /// What comes of it.
    type Outcome: Serialize + DeserializeOwned;
}

/// What a request asks for.
#[derive(Clone, Debug, PartialEq)]
pub enum Task {
    /// See [`Kind::BotImport`].
    BotImport(Box<BotImport>),
    /// See [`Kind::BotExport`].
    BotExport(BotExport),
    /// See [`Kind::Publish`].
    Publish(Publish),
    /// See [`Kind::UtteranceImport`].
    UtteranceImport(UtteranceImport),
    /// See [`Kind::UtteranceExport`].
    UtteranceExport(UtteranceExport),
    /// See [`Kind::MlTraining`].
    MlTraining(MlTraining),
    /// See [`Kind::FaqTraining`].
    FaqTraining(FaqTraining),
    /// See [`Kind::BatchTest`].
    BatchTest(BatchTest),
    /// See [`Kind::WebhookDelivery`].
    WebhookDelivery(WebhookDelivery),
}

/// What a row asks cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum UnreadableTask {
    /// It was written by a later release.
    #[error(
        "the request `{kind}` has the form {found}, and this release reads forms up to {known}; let the release that wrote it \
         end it"
    )]
    Newer {
        /// The kind.
        kind: &'static str,
        /// The version of the row.
        found: u64,
        /// The version of this release.
        known: u32,
    },
    /// It is not what any release wrote.
    #[error("the request cannot be read as `{kind}`")]
    Malformed {
        /// The kind.
        kind: &'static str,
        /// What is wrong with it.
        source: serde_json::Error,
    },
}

/// The member of a row that says in which form it is; rows without it are of the first form.
const VERSION: &str = "v";

fn row<T: Asked>(asked: &T) -> Result<Value, serde_json::Error> {
    let mut row = serde_json::to_value(asked)?;
    if let Value::Object(members) = &mut row {
        members.insert(VERSION.to_owned(), Value::from(T::VERSION));
    }
    Ok(row)
}

/// What a row asks.
///
/// # Errors
/// The row is of a later release, or no release wrote it.
pub fn read<T: Asked>(row: &Value) -> Result<T, UnreadableTask> {
    let kind = T::KIND.as_str();
    let found = row.get(VERSION).and_then(Value::as_u64).unwrap_or(1);
    if found > u64::from(T::VERSION) {
        return Err(UnreadableTask::Newer { kind, found, known: T::VERSION });
    }
    T::deserialize(row).map_err(|source| UnreadableTask::Malformed { kind, source })
}

/// What came of a task, of which a row holds the JSON.
///
/// # Errors
/// No release wrote it.
pub fn outcome<T: Asked>(result: &Value) -> Result<T::Outcome, UnreadableTask> {
    T::Outcome::deserialize(result).map_err(|source| UnreadableTask::Malformed { kind: T::KIND.as_str(), source })
}

/// The findings of a row, or of what came of it, as they stand there; rows from before have no such list.
pub fn findings(row: &Value) -> impl Iterator<Item = &Value> {
    row.get("findings").and_then(Value::as_array).into_iter().flatten()
}

macro_rules! tasks {
    ($($kind:ident),*) => {
        impl Task {
            /// The kind.
            pub const fn kind(&self) -> Kind {
                match self {
                    $(Self::$kind(_) => Kind::$kind,)*
                }
            }

            /// The JSON of the row.
            ///
            /// # Errors
            /// What is asked cannot be written, which plain data always can.
            pub fn to_row(&self) -> Result<Value, serde_json::Error> {
                match self {
                    $(Self::$kind(asked) => row::<$kind>(asked),)*
                }
            }
        }

        $(impl From<$kind> for Task {
            fn from(asked: $kind) -> Self {
                Self::$kind(asked.into())
            }
        })*
    };
}

tasks!(
    BotImport,
    BotExport,
    Publish,
    UtteranceImport,
    UtteranceExport,
    MlTraining,
    FaqTraining,
    BatchTest,
    WebhookDelivery
);
