//! Removal of objects nothing refers to: what a crash between the object and its row left behind.

use std::collections::HashSet;
use std::time::Duration;

use crate::blobs::content_key;
use crate::{Content, Error, Store};

/// An object this young may belong to work that goes on.
const AGE: Duration = Duration::from_secs(24 * 3600);

impl Store {
    /// Removes objects older than a day that no bot, version or file refers to; how many.
    pub async fn sweep_objects(&self) -> Result<u64, Error> {
        let before = self.clock.now().minus(AGE);
        // The objects are listed before the references are read: what is referred to later is not in the list.
        let mut found = HashSet::new();
        for folder in ["content", "uploads", "exports", "icons"] {
            found.extend(self.blobs.names(folder, before).await?);
        }
        for name in self.referenced_objects().await? {
            found.remove(&name);
        }
        for name in &found {
            self.blobs.delete(name).await?;
        }
        self.blobs.remove_abandoned_uploads(before).await?;
        Ok(found.len() as u64)
    }

    async fn referenced_objects(&self) -> Result<HashSet<String>, Error> {
        let mut names = HashSet::new();
        for sql in ["SELECT content FROM bots", "SELECT DISTINCT content FROM versions"] {
            for row in self.rows(sql, vec![]).await? {
                let content: Content = row.json("content")?;
                let functions = content.functions.iter().map(|file| &file.digest);
                for digest in [&content.definition, &content.config].into_iter().chain(functions) {
                    names.insert(content_key(digest));
                }
                names.extend(content.icon.map(|icon| format!("icons/{}", icon.digest)));
            }
        }
        for row in self.rows("SELECT DISTINCT object_key FROM files", vec![]).await? {
            names.insert(row.get("object_key")?);
        }
        Ok(names)
    }
}
