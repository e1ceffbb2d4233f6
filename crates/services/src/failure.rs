//! Why a call got no answer.

use std::path::PathBuf;
use std::time::Duration;

/// A call got no answer.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Failure {
    /// There was no complete answer in time.
    #[error("no complete answer within {} ms", after.as_millis())]
    Timeout {
        /// The time the call had.
        after: Duration,
    },
    /// The call may not go there.
    #[error("the call is refused: {reason}")]
    Refused {
        /// Where it was to go, what is wrong with that, and how to allow it.
        reason: String,
    },
    /// The service cannot be reached, or breaks off.
    #[error("the service cannot be reached: {reason}")]
    Unreachable {
        /// The host, and what happened.
        reason: String,
    },
    /// The answer is too long.
    #[error("the answer is longer than {limit} bytes; ask the service for less, or raise the limit on answers")]
    TooLarge {
        /// The longest body of an answer. Bytes.
        limit: u64,
    },
    /// The request is none: a malformed URL, header or method.
    #[error("the request cannot be sent: {reason}")]
    BadRequest {
        /// What is wrong.
        reason: String,
    },
    /// Calls are answered from recordings, and there is none for this one.
    #[error("{name} has no recording: {hint}")]
    NoRecording {
        /// The component.
        name: String,
        /// What to do about it.
        hint: String,
    },
    /// A recording cannot be read or written.
    #[error("recordings of {name} cannot be used: {reason}")]
    Recording {
        /// The component.
        name: String,
        /// The file, and what is wrong.
        reason: String,
    },
    /// The server of tokens gives none, or a language model does not accept the key.
    #[error("not authorized: {reason}")]
    Auth {
        /// Who refused, and with what words.
        reason: String,
    },
    /// The language model answered, but not with a text.
    #[error("the language model gave no text: {reason}")]
    Model {
        /// What it said instead.
        reason: String,
    },
}

/// The options do not allow to make calls.
#[derive(Debug, thiserror::Error)]
pub enum SetupError {
    /// An entry of the allow list cannot be read.
    #[error("`{entry}` in the list of allowed hosts is {reason}")]
    Allowed {
        /// The entry.
        entry: String,
        /// What is wrong, and what to write.
        reason: &'static str,
    },
    /// Calls are to be recorded, but not where.
    #[error("calls are to be recorded, but `cassettes` names no folder for the recordings")]
    NoFolder,
    /// The folder of recordings is not one.
    #[error("`cassettes` names {}, which is no folder", .0.display())]
    NotAFolder(PathBuf),
    /// The HTTP client cannot be started, for instance for lack of root certificates.
    #[error("cannot start the HTTP client: {0}")]
    Http(#[from] reqwest::Error),
}
