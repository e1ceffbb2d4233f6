//! Archives that exports made, kept by what is in them.

use domain::Timestamp;
use serde_json::Value;

use crate::sql::Connection;
use crate::{Error, Store, args};

/// An archive whose bytes are in the object store.
#[derive(Clone, Debug, PartialEq)]
pub struct Archive {
    /// A digest of what is in it: of the documents, the selection and the form.
    pub content_key: String,
    /// The object that holds its bytes.
    pub object_key: String,
    /// Bytes.
    pub size: i64,
    /// The SHA-256 of its bytes.
    pub digest: String,
    /// What its reader should know.
    pub notes: Value,
    /// Until when it may be offered again.
    pub expires_at: Timestamp,
}

impl Archive {
    /// Remembers the archive. One of the same content that is remembered already gives way.
    pub async fn put(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        tx.execute(
            "INSERT INTO archives (content_key, object_key, size, digest, notes, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (content_key) DO UPDATE SET \
             object_key = excluded.object_key, size = excluded.size, digest = excluded.digest, \
             notes = excluded.notes, expires_at = excluded.expires_at",
            args![&self.content_key, &self.object_key, self.size, &self.digest, &self.notes, self.expires_at],
        )
        .await
        .map(drop)
    }
}

impl Store {
    /// The archive with this content, if it has not expired.
    pub async fn archive(&self, content_key: &str) -> Result<Option<Archive>, Error> {
        let row = self
            .row(
                "SELECT content_key, object_key, size, digest, notes, expires_at FROM archives \
                 WHERE content_key = $1 AND expires_at > $2",
                args![content_key, self.clock.now()],
            )
            .await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some(Archive {
            content_key: row.get("content_key")?,
            object_key: row.get("object_key")?,
            size: row.get("size")?,
            digest: row.get("digest")?,
            notes: row.json("notes")?,
            expires_at: row.time("expires_at")?,
        }))
    }
}
