//! How large everything may be that a caller, a bot or a service can make grow.
//!
//! Each limit is refused at the door, with what and how much, or ends the task of a turn by its documented failure;
//! `docs/limits.md` says which. Sizes of values are those of their JSON, unless a limit says otherwise.

use serde::{Deserialize, Serialize};

/// How large everything may be. Every limit has a default, so settings of an earlier release are whole.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Limits {
    /// All that a turn says, and each text that it fills in. Bytes.
    pub turn_bytes: usize,
    /// The bubbles that a turn says.
    pub turn_bubbles: usize,
    /// What the debug log keeps of a turn. Bytes.
    pub turn_log_bytes: usize,
    /// What services, language models and tables answered a turn, all together. Bytes.
    pub turn_journal_bytes: usize,
    /// The tags for reports that a turn leaves.
    pub turn_tags: usize,
    /// Each store: `EnterpriseContext`, `BotContext`, `UserSession`, `BotUserSession` and `UserContext`. Bytes.
    pub store_bytes: usize,
    /// Where a conversation stands: the contexts of all its dialogs and its stores. Bytes.
    pub conversation_bytes: usize,
    /// How deep the JSON of a request, of a service's answer and of a value in the context may nest. Levels.
    pub json_depth: usize,
    /// The body of a request that brings a message. Bytes.
    pub message_bytes: usize,
    /// The text of a message. Bytes.
    pub text_bytes: usize,
    /// `customData` of a message. Bytes.
    pub custom_data_bytes: usize,
    /// `userInfo` of a message. Bytes.
    pub user_info_bytes: usize,
    /// `metaInfo` of a message. Bytes.
    pub meta_info_bytes: usize,
    /// The files of a message.
    pub message_attachments: usize,
    /// The tags that come with a message, on each level.
    pub message_tags: usize,
    /// The name, and the value, of a tag. Bytes.
    pub tag_bytes: usize,
    /// The tags that a session, and a user, keep.
    pub kept_tags: usize,
    /// An address that is called: of a webhook, a channel, a BotKit server. Bytes.
    pub url_bytes: usize,
    /// The data tables of a bot.
    pub tables: usize,
    /// The rows of a data table.
    pub table_rows: usize,
    /// A row of a data table. Bytes.
    pub table_row_bytes: usize,
    /// The test suites of a bot.
    pub test_suites: usize,
    /// The variables of a bot, in each of their kinds.
    pub variables: usize,
    /// The value of a variable. Bytes.
    pub variable_bytes: usize,
    /// The utterances of an import of utterances.
    pub utterances: usize,
    /// A text that a bot learns from. Bytes.
    pub utterance_bytes: usize,
    /// The files that an account uploaded and that have not expired.
    pub uploads: usize,
    /// The same files together. Bytes.
    pub upload_bytes: u64,
    /// The documents of one import, unpacked. Bytes.
    pub import_bytes: u64,
    /// The documents of all imports that this process works on at a time; more wait. Bytes.
    pub imports_bytes: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            turn_bytes: 1 << 20,
            turn_bubbles: 200,
            turn_log_bytes: 1 << 20,
            turn_journal_bytes: 32 << 20,
            turn_tags: 200,
            store_bytes: 1 << 20,
            conversation_bytes: 8 << 20,
            json_depth: 64,
            message_bytes: 512 << 10,
            text_bytes: 64 << 10,
            custom_data_bytes: 128 << 10,
            user_info_bytes: 64 << 10,
            meta_info_bytes: 64 << 10,
            message_attachments: 20,
            message_tags: 50,
            tag_bytes: 2 << 10,
            kept_tags: 1_000,
            url_bytes: 2 << 10,
            tables: 200,
            table_rows: 10_000,
            table_row_bytes: 64 << 10,
            test_suites: 500,
            variables: 10_000,
            variable_bytes: 1 << 20,
            utterances: 200_000,
            utterance_bytes: 16 << 10,
            uploads: 10_000,
            upload_bytes: 8 << 30,
            import_bytes: 128 << 20,
            imports_bytes: 256 << 20,
        }
    }
}

/// Something is larger than it may be: a fragment for people, with what and how much.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{what} has {found} {unit}, at most {most} are allowed")]
pub struct TooLarge {
    /// What, such as "`customData`".
    pub what: String,
    /// How much there is, or how much was seen before looking stopped.
    pub found: u64,
    /// How much may be.
    pub most: u64,
    /// Of what: `bytes`, `levels`, `tags` …
    pub unit: &'static str,
}

impl TooLarge {
    /// Refuses what is more than it may be.
    ///
    /// # Errors
    /// When `found` is more than `most`.
    pub fn check(what: impl Into<String>, found: usize, most: usize, unit: &'static str) -> Result<(), Self> {
        if found <= most {
            return Ok(());
        }
        Err(Self { what: what.into(), found: found as u64, most: most as u64, unit })
    }
}
