//! Removal of what nobody refers to any more.
//!
//! An object can be taken up again at the moment a sweep finds it unused: documents are named by their content, and an
//! import of the same bot reuses them. So a sweep first writes down what it is about to remove, then looks at the
//! references, and only then removes. Who makes a bot refer to documents looks whether one of them is written down, and
//! starts over if so. The lock on the one row of `sweeps` puts the two in order: either the sweep sees the reference, or
//! the other sees the name.
//!
//! Sessions refer to no object: one that goes on with the version of a bot it began with keeps that version's number.
//! Versions stay as long as their bot, whether or not they are the published one, and sessions go with the bot. So what
//! an active session is pinned to is never removed; a draft, which is no version, cannot be pinned.

use std::collections::HashSet;
use std::time::Duration;

use crate::blobs::content_key;
use crate::sql::Connection;
use crate::{Content, Error, Store, args, models};

/// An object this young may belong to work that goes on.
const AGE: Duration = Duration::from_secs(24 * 3600);

impl Content {
    /// The names of the objects this content consists of.
    fn objects(&self) -> impl Iterator<Item = String> {
        let functions = self.functions.iter().map(|file| &file.digest);
        let documents = [&self.definition, &self.config].into_iter().chain(functions).map(|digest| content_key(digest));
        documents.chain(self.icon.iter().map(|icon| format!("icons/{}", icon.digest)))
    }

    /// Makes sure that a bot may refer to these objects from this transaction on; [`Error::Conflict`] when a sweep is
    /// removing one of them.
    pub(crate) async fn hold(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        let lock = tx.for_update(" FOR SHARE");
        tx.row(format!("SELECT id FROM sweeps WHERE id = 1{lock}"), vec![]).await?;
        for name in self.objects() {
            if tx.row("SELECT name FROM doomed_objects WHERE name = $1", args![&name]).await?.is_some() {
                return Err(Error::Conflict(format!("the object {name}, which is being removed,")));
            }
        }
        Ok(())
    }
}

/// A model is needed as long as the definition it was learned from.
fn is_referenced(name: &str, referenced: &HashSet<String>) -> bool {
    match models::definition_of(name) {
        Some(definition) => referenced.contains(&content_key(definition)),
        None => referenced.contains(name),
    }
}

impl Store {
    /// Removes objects older than a day that no bot, version or file refers to; how many.
    pub async fn sweep_objects(&self) -> Result<u64, Error> {
        let now = self.clock.now();
        let before = now.minus(AGE);
        let mut found = HashSet::new();
        for folder in ["content", "uploads", "exports", "icons", models::FOLDER] {
            found.extend(self.blobs.names(folder, before).await?);
        }
        let referenced = self.referenced_objects().await?;
        found.retain(|name| !is_referenced(name, &referenced));
        let doomed: Vec<String> = found.into_iter().collect();
        let names = doomed.clone();
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute("UPDATE sweeps SET last_at = $1 WHERE id = 1", args![now]).await?;
                for name in names {
                    tx.execute(
                        "INSERT INTO doomed_objects (name) VALUES ($1) ON CONFLICT (name) DO NOTHING",
                        args![name],
                    )
                    .await?;
                }
                Ok(())
            })
        })
        .await?;
        // From here on nobody takes them up; who did before is seen now.
        let referenced = self.referenced_objects().await?;
        let mut removed = 0;
        for name in &doomed {
            if !is_referenced(name, &referenced) {
                self.blobs.delete(name).await?;
                removed += 1;
            }
        }
        self.execute("DELETE FROM doomed_objects", vec![]).await?;
        self.blobs.remove_abandoned_uploads(before).await?;
        Ok(removed)
    }

    async fn referenced_objects(&self) -> Result<HashSet<String>, Error> {
        let mut names = HashSet::new();
        for sql in ["SELECT content FROM bots", "SELECT DISTINCT content FROM versions"] {
            for row in self.rows(sql, vec![]).await? {
                let content: Content = row.json("content")?;
                names.extend(content.objects());
            }
        }
        for row in self.rows("SELECT DISTINCT object_key FROM files", vec![]).await? {
            names.insert(row.get("object_key")?);
        }
        Ok(names)
    }
}
