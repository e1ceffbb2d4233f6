//! A copy of a store in a folder, and a store from such a copy.
//!
//! The copy belongs to no engine: rows are lines of JSON, objects are files, and a manifest says how many of what there
//! are, with digests. So one way of backing up serves both engines, and a store can move from one to the other.
//!
//! All rows are of one moment. Objects are copied after them, and a [sweep](crate::Sweep) is held meanwhile, so every
//! object that a copied row names is in the copy. The manifest is written last: a folder without one is no backup.
//!
//! ```text
//! manifest.json    what is here, and how it looks when it is whole
//! rows/<table>.jsonl   a row per line, the values in the order of the manifest's columns
//! objects.jsonl    an object per line: name, size, SHA-256
//! objects/<name>   the objects
//! master.key       on request only
//! ```

mod catalog;
mod make;
mod objects;
mod restore;

use std::io;
use std::path::{Path, PathBuf};

use aws_lc_rs::digest::{Context, SHA256};
use domain::Timestamp;
use serde::{Deserialize, Serialize};

use crate::blobs::{BlobError, hex};
use crate::{Error, Store};

pub use make::NewBackup;
pub use restore::Backup;

/// The form of the folder. Another number is another form.
const FORMAT: u32 = 1;
const MANIFEST: &str = "manifest.json";
const ROWS: &str = "rows";
const OBJECTS: &str = "objects";
const OBJECT_LIST: &str = "objects.jsonl";
/// The file of the master key in a backup that has it.
const KEY: &str = "master.key";

/// What a backup holds.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Manifest {
    /// The form of the folder.
    pub format: u32,
    /// The release that made it.
    pub release: String,
    /// When the rows were as they are here.
    pub made_at: Timestamp,
    /// The versions of the schema that the database had.
    pub schema: Vec<i64>,
    /// What tells the store's master key from others.
    pub key_fingerprint: String,
    /// Whether the master key is here.
    pub has_key: bool,
    /// The tables.
    pub tables: Vec<TableCopy>,
    /// The objects.
    pub objects: ObjectCopies,
    /// Objects that rows name and that were not there to be copied.
    #[serde(default)]
    pub missing: Vec<String>,
}

/// A table in a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct TableCopy {
    /// Its name.
    pub name: String,
    /// Its columns, in the order of the values.
    pub columns: Vec<String>,
    /// How many rows there are.
    pub rows: u64,
    /// The SHA-256 of its file.
    pub sha256: String,
}

/// The objects in a backup.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct ObjectCopies {
    /// How many there are.
    pub count: u64,
    /// How large they are in all. Bytes.
    pub bytes: u64,
    /// The SHA-256 of the list of them.
    pub sha256: String,
}

/// A line of the list of objects.
#[derive(Clone, Debug, Serialize, Deserialize)]
struct ObjectCopy {
    name: String,
    size: u64,
    sha256: String,
}

impl Manifest {
    /// How many rows there are in all tables.
    pub fn rows(&self) -> u64 {
        self.tables.iter().map(|table| table.rows).sum()
    }
}

/// Why a backup was not made, or cannot be restored.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The store failed.
    #[error(transparent)]
    Store(#[from] Error),
    /// A file cannot be read or written.
    #[error("the file {path} of the backup cannot be used", path = path.display())]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The folder for a new backup holds something.
    #[error("the folder {path} is not empty; choose a new one for the backup", path = .0.display())]
    NotEmpty(PathBuf),
    /// Sweeps and other backups went on for too long.
    #[error("another backup or a sweep of the same store goes on; try again when it is done")]
    Busy,
    /// There is no manifest.
    #[error("the folder {path} is no backup, or one that was not finished: it has no {MANIFEST}", path = .0.display())]
    NoManifest(PathBuf),
    /// A newer release made it.
    #[error("the backup has the form {format}, which this release does not know; use release {release} or a newer one")]
    UnknownForm {
        /// The form.
        format: u32,
        /// The release that made it.
        release: String,
    },
    /// A file is not what the manifest says.
    #[error("the backup is damaged: {path} {what}; nothing was restored", path = path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// The database of the target is in use.
    #[error(
        "there is a store in this database already; restore into an empty one (another data folder, or a new database), nothing was changed"
    )]
    Founded,
    /// The place for objects holds others.
    #[error(
        "the place for objects holds what is not of this backup, such as {0}; restore into an empty one, nothing was changed"
    )]
    OtherObjects(String),
    /// The database refused a row.
    #[error("the database refused a row of the table {table}; nothing was restored")]
    Refused {
        /// The table.
        table: String,
        /// What it said.
        source: Box<Error>,
    },
}

impl From<BlobError> for BackupError {
    fn from(error: BlobError) -> Self {
        Self::Store(error.into())
    }
}

impl From<sqlx::Error> for BackupError {
    fn from(error: sqlx::Error) -> Self {
        Self::Store(error.into())
    }
}

/// What a file's error becomes.
fn at(path: &Path) -> impl Fn(io::Error) -> BackupError {
    let path = path.to_owned();
    move |source| BackupError::File { path: path.clone(), source }
}

/// A writer or reader beside which the bytes that pass are digested and counted.
struct Digested<T> {
    inner: T,
    hash: Context,
    size: u64,
}

impl<T> Digested<T> {
    fn new(inner: T) -> Self {
        Self { inner, hash: Context::new(&SHA256), size: 0 }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.hash.update(bytes);
        self.size += bytes.len() as u64;
    }

    fn sha256(&self) -> String {
        hex(self.hash.clone().finish().as_ref())
    }
}

impl<T: io::Write> io::Write for Digested<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.count(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl<T: io::Read> io::Read for Digested<T> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count(&buffer[..read]);
        Ok(read)
    }
}

impl Store {
    /// Copies this store into a new folder while it is in use.
    ///
    /// # Errors
    /// When the folder is not empty or cannot be written, or the store cannot be read.
    pub async fn back_up(&self, new: &NewBackup) -> Result<Manifest, BackupError> {
        make::make(self, new).await
    }
}
