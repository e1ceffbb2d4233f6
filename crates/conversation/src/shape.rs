//! The shapes of what is kept: one release writes a row, and another one reads it.
//!
//! Each kept document says the version of its shape as `v`; one without was written before they were told, which is version 1.
//! A later release that adds a field gives it a default, reads old rows with it, and leaves the version as it is: older
//! releases read past the field. It raises the version where they would misread what it writes, and reads the ones before
//! still. What is of a version that is not known is refused, never guessed at.

use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};

/// The member of a kept document that tells the version of its shape.
const VERSION: &str = "v";

/// Why a kept document cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum Unreadable {
    /// A newer release wrote it.
    #[error("{what} is of version {version}: a newer release wrote it, and this one reads up to version {newest}")]
    Newer {
        /// What it is.
        what: &'static str,
        /// Its version.
        version: Value,
        /// The newest version that is known.
        newest: u64,
    },
    /// It is not what was written.
    #[error(transparent)]
    Damaged(#[from] serde_json::Error),
}

/// What is kept as a document of a row.
pub(crate) trait Shape: Serialize + DeserializeOwned {
    /// What it is, in a message.
    const WHAT: &'static str;
    /// The version that is written, and the newest one that is read.
    const VERSION: u64 = 1;

    /// The document as it is kept.
    fn to_kept(&self) -> Value {
        let mut kept =
            serde_json::to_value(self).expect("every map in it has texts as keys, and nothing else could fail");
        mark(&mut kept, Self::VERSION);
        kept
    }

    /// Reads a kept document.
    fn of_kept(kept: &Value) -> Result<Self, Unreadable> {
        check(Self::WHAT, Self::VERSION, kept)?;
        Ok(Self::deserialize(kept)?)
    }
}

/// Writes the version into a document.
pub(crate) fn mark(document: &mut Value, version: u64) {
    if let Value::Object(members) = document {
        members.insert(VERSION.to_owned(), json!(version));
    }
}

/// Refuses a document of a version that is not known.
pub(crate) fn check(what: &'static str, newest: u64, document: &Value) -> Result<(), Unreadable> {
    match document.get(VERSION) {
        None => Ok(()),
        Some(version) if version.as_u64().is_some_and(|version| (1..=newest).contains(&version)) => Ok(()),
        Some(version) => Err(Unreadable::Newer { what, version: version.clone(), newest }),
    }
}
