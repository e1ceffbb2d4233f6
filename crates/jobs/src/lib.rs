//! Requests carried out by workers. One file per kind of request.
//!
//! This crate knows no HTTP server: it takes a request row, does what it asks, and writes what came of it. Every kind may
//! run twice (a worker can die at any point), so a kind only prepares; the runner then writes the effect and the end of
//! the request in one transaction that names the attempt.

mod batch_test;
mod bot_export;
mod bot_import;
mod documents;
mod erase;
mod export_file;
mod failure;
mod import_files;
mod import_room;
mod publish;
mod runner;
mod sweep;
mod training;
mod utterance_export;
mod utterance_import;
mod webhook_delivery;

use serde::{Deserialize, Serialize};

pub use failure::JobError;
pub use import_room::ImportRoom;
pub use runner::{Options, Runner};

/// What the kinds of requests share.
pub struct Context {
    /// The durable state.
    pub store: store::Store,
    /// Models of language understanding.
    pub models: understanding::Models,
    /// Reads JavaScript in a child process.
    pub checker: script::Checker,
    /// What the owner of the server decides.
    pub settings: Settings,
    /// Sends announcements to webhooks.
    pub services: services::Client,
    /// Waits for the turns of users who are erased.
    pub conversations: conversation::Conversations,
    /// Room for the documents of imports.
    pub room: ImportRoom,
}

/// What the owner of the server decides about requests.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Settings {
    /// How long an export archive is kept. Seconds.
    pub export_retention_s: u64,
    /// The largest definition, configuration or functions file of an import, unpacked. Bytes.
    pub max_document_bytes: u64,
    /// The most entries an archive of an import may hold.
    pub max_archive_entries: usize,
    /// How many times its packed size a large entry of an archive may unpack to.
    pub max_archive_ratio: u64,
    /// How long all scripts of a bot may take to be read at publish. Milliseconds.
    pub script_check_ms: u64,
    /// Whether a bot without an enabled channel may not be published.
    pub publish_needs_channel: bool,
    /// How long a webhook may take to answer. Milliseconds.
    pub webhook_timeout_ms: u64,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            export_retention_s: 7 * 24 * 3600,
            max_document_bytes: 256 << 20,
            max_archive_entries: 1000,
            max_archive_ratio: 200,
            script_check_ms: 30_000,
            publish_needs_channel: false,
            webhook_timeout_ms: 10_000,
        }
    }
}

impl Settings {
    fn archive_limits(&self, import_bytes: u64) -> archive::read::Limits {
        archive::read::Limits {
            max_entries: self.max_archive_entries,
            max_entry_bytes: self.max_document_bytes,
            max_total_bytes: import_bytes,
            max_ratio: self.max_archive_ratio,
        }
    }
}
