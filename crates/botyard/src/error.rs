//! Why a server does not start, or a command does not succeed.

use std::net::SocketAddr;
use std::path::PathBuf;

use crate::config;

/// A server does not start, or a command does not succeed.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The settings cannot be used.
    #[error(transparent)]
    Config(#[from] config::Error),
    /// The data folder cannot be made.
    #[error("the data folder {path} cannot be made; choose another with --data", path = path.display())]
    DataFolder {
        /// The folder.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// The file of the master key cannot be used.
    #[error(transparent)]
    MasterKeyFile(#[from] access::MasterKeyError),
    /// There is a store, but not the key that its secrets are sealed under.
    #[error("there is a store in {store}, and the file of its master key, {file}, is missing; put a copy of that file back (mode 600; a backup made with --with-key has it), or name it with `access.master_key_file`. No new key is made, since it would open no secret of the store", file = file.display())]
    MissingMasterKey {
        /// Where the store is.
        store: String,
        /// The file that was looked for.
        file: PathBuf,
    },
    /// The key is not the one that the secrets of the store are sealed under.
    #[error(
        "the store in {store} was made with another master key than {key}; put the store's own key there (a backup made with --with-key has it as master.key), or name its file with `access.master_key_file`. Nothing was changed"
    )]
    OtherMasterKey {
        /// Where the store is.
        store: String,
        /// Where the key is from.
        key: String,
    },
    /// A backup cannot be made or restored.
    #[error(transparent)]
    Backup(#[from] store::BackupError),
    /// The master key in the settings cannot be used.
    #[error("`access.master_key` is not usable")]
    MasterKey(#[from] access::InvalidMasterKey),
    /// The database or the object store refused or cannot be reached.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// A bot cannot be talked to.
    #[error(transparent)]
    Conversation(#[from] conversation::Error),
    /// The settings of calls to services cannot be used.
    #[error("`conversation.services` is not usable")]
    Services(#[from] services::SetupError),
    /// The encoder of language understanding cannot be used.
    #[error("`nlu.embeddings` is not usable")]
    Encoder(#[from] understanding::EncoderError),
    /// No pack can be made of an encoder.
    #[error("no pack was made")]
    Pack(#[source] understanding::EncoderError),
    /// The port cannot be opened.
    #[error("cannot listen on {address}; another server may have the port, choose another with --listen")]
    Listen {
        /// The address.
        address: SocketAddr,
        /// What the system says.
        source: std::io::Error,
    },
    /// The program's own file, which script workers are started from, cannot be found.
    #[error("the program does not find its own file, from which it starts script workers")]
    Program(#[source] std::io::Error),
    /// A file cannot be read, or written.
    #[error("the file {path} cannot be used", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A key given on the command line cannot be used.
    #[error(transparent)]
    Key(#[from] access::KeyError),
    /// What was asked for cannot be done; the text says why and what to do.
    #[error("{0}")]
    Refused(String),
    /// A call to the server failed on its way.
    #[error("the server did not answer a call")]
    Call(#[from] reqwest::Error),
    /// A measurement could not be made.
    #[error(transparent)]
    Bench(#[from] crate::bench::BenchError),
    /// The standard input cannot be read, or the standard output cannot be written.
    #[error("the standard input or output failed")]
    Terminal(#[source] std::io::Error),
}

impl Error {
    /// What cannot be done, why, and what to do.
    pub(crate) fn refused(text: impl Into<String>) -> Self {
        Self::Refused(text.into())
    }

    /// The error with its causes, as one sentence.
    pub fn sentence(&self) -> String {
        let mut text = self.to_string();
        let mut cause = std::error::Error::source(self);
        while let Some(error) = cause {
            text.push_str(": ");
            text.push_str(&error.to_string());
            cause = error.source();
        }
        text
    }
}
