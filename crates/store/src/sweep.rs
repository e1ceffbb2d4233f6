//! Removal of what nobody refers to any more.
//!
//! An object can be taken up again at the moment a sweep finds it unused: documents are named by their content, and an
//! import of the same bot reuses them. So a sweep first writes down what it is about to remove, then looks at the
//! references, and only then removes. Who makes a bot refer to documents looks whether one of them is written down or
//! gone, and starts over if so. The lock on the one row of `sweeps` puts the two in order: the sweep sees the reference,
//! or the other sees the name, or that the object is there no more.
//!
//! Only one sweep goes on at a time: a second one would take the names of the first one off the list while it still
//! removes, or remove what was written anew after the first one was done. The row of `sweeps` is a lease that says whose
//! turn it is. A backup takes the same lease, so nothing goes that it is about to copy. Who holds it renews it and
//! removes nothing when it is old; a process that stops for longer than [`LEASE`] in the middle of one removal is the one
//! case left, and what it takes away is then made again or reported missing.
//!
//! Sessions refer to no object: one that goes on with the version of a bot it began with keeps that version's number.
//! Versions stay as long as their bot, whether or not they are the published one, and sessions go with the bot. So what
//! an active session is pinned to is never removed; a draft, which is no version, cannot be pinned.

use std::collections::HashSet;
use std::time::{Duration, Instant};

use crate::blobs::content_key;
use crate::icons::icon_key;
use crate::sql::Connection;
use crate::{Content, Error, Store, args, models};

/// An object this young may belong to work that goes on.
const AGE: Duration = Duration::from_secs(24 * 3600);
/// How long nobody else may sweep after the lease was renewed.
const LEASE: Duration = Duration::from_secs(60);
/// When it is renewed: early enough for a removal that takes its time.
const RENEWAL: Duration = Duration::from_secs(15);
/// How long a transaction waits to hear whether an object is there.
const LOOK: Duration = Duration::from_secs(3);
/// A removal that takes longer is given up: what it would do later cannot be foreseen.
const REMOVAL: Duration = Duration::from_secs(20);

impl Content {
    /// The names of the objects this content consists of.
    pub(crate) fn objects(&self) -> impl Iterator<Item = String> {
        let functions = self.functions.iter().map(|file| &file.digest);
        let documents = [&self.definition, &self.config].into_iter().chain(functions).map(|digest| content_key(digest));
        documents.chain(self.icon.iter().map(|icon| icon_key(&icon.digest)))
    }

    /// Makes sure that a bot may refer to these objects from this transaction on; [`Error::Conflict`] when a sweep is
    /// removing one of them, or has. What the bot refers to already cannot be removed, and is not looked for.
    pub(crate) async fn hold(&self, tx: &mut Connection<'_>, already: Option<&Self>) -> Result<(), Error> {
        let lock = tx.for_update(" FOR SHARE");
        tx.row(format!("SELECT id FROM sweeps WHERE id = 1{lock}"), vec![]).await?;
        let held: HashSet<String> = already.iter().flat_map(|content| content.objects()).collect();
        for name in self.objects().filter(|name| !held.contains(name)) {
            if tx.row("SELECT name FROM doomed_objects WHERE name = $1", args![&name]).await?.is_some() {
                return Err(Error::Conflict(format!("the object {name}, which is being removed,")));
            }
            // It was there when the work began, and a whole sweep may have passed since.
            // On SQLite every other writer waits meanwhile, so an object store that does not answer is not waited for.
            let Ok(there) = tokio::time::timeout(LOOK, tx.blobs().has(&name)).await else {
                return Err(Error::Conflict(format!("the object {name}, which could not be looked for,")));
            };
            if !there? {
                return Err(Error::Conflict(format!("the object {name}, which was removed,")));
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

/// The right to remove objects, or to keep them from being removed: nobody else has it meanwhile.
#[derive(Debug)]
pub struct Sweep {
    store: Store,
    owner: String,
    renewed: Instant,
}

impl Store {
    /// Begins a sweep; nothing while another one, or a backup, goes on.
    pub async fn begin_sweep(&self) -> Result<Option<Sweep>, Error> {
        let (owner, now, renewed) = (self.ids.object_id(), self.clock.now(), Instant::now());
        let taken = self
            .execute(
                "UPDATE sweeps SET lease_owner = $1, lease_until = $2 \
                 WHERE id = 1 AND (lease_owner IS NULL OR lease_until < $3)",
                args![&owner, now.plus(LEASE), now],
            )
            .await?;
        Ok((taken > 0).then(|| Sweep { store: self.clone(), owner, renewed }))
    }

    /// Removes objects older than a day that no bot, version or file refers to; how many. None while another sweep goes on.
    pub async fn sweep_objects(&self) -> Result<u64, Error> {
        let Some(mut sweep) = self.begin_sweep().await? else { return Ok(0) };
        let swept = sweep.objects().await;
        sweep.end().await?;
        swept
    }

    /// Forgets files that expired and removes the objects no file names any more; how many objects went. None while
    /// another sweep goes on.
    pub async fn sweep_files(&self) -> Result<u64, Error> {
        let Some(mut sweep) = self.begin_sweep().await? else { return Ok(0) };
        let swept = sweep.files().await;
        sweep.end().await?;
        swept
    }

    async fn referenced_objects(&self) -> Result<HashSet<String>, Error> {
        let mut look = self.database.look().await?;
        referenced_objects(&mut look.connection(&self.blobs)).await
    }
}

/// The names of all objects that rows refer to.
pub(crate) async fn referenced_objects(connection: &mut Connection<'_>) -> Result<HashSet<String>, Error> {
    let mut names = HashSet::new();
    for sql in ["SELECT content FROM bots", "SELECT DISTINCT content FROM versions"] {
        for row in connection.rows(sql, vec![]).await? {
            let content: Content = row.json("content")?;
            names.extend(content.objects());
        }
    }
    for row in connection.rows("SELECT DISTINCT object_key FROM files", vec![]).await? {
        names.insert(row.get("object_key")?);
    }
    Ok(names)
}

impl Sweep {
    /// Removes objects older than a day that no bot, version or file refers to; how many.
    pub async fn objects(&mut self) -> Result<u64, Error> {
        let doomed = self.doom().await?;
        self.remove_doomed(doomed).await
    }

    /// Forgets files that expired and removes the objects no file names any more; how many objects went.
    pub async fn files(&mut self) -> Result<u64, Error> {
        let unnamed = self.store.forget_expired_files().await?;
        for key in &unnamed {
            self.remove(key).await?;
        }
        Ok(unnamed.len() as u64)
    }

    /// Writes down what nobody refers to. From here on nobody takes it up.
    pub async fn doom(&mut self) -> Result<Vec<String>, Error> {
        let store = self.store.clone();
        let before = store.clock.now().minus(AGE);
        let mut found = HashSet::new();
        for folder in ["content", "uploads", "exports", "icons", models::FOLDER] {
            found.extend(store.blobs.names(folder, before).await?);
            self.renew_in_time().await?;
        }
        let referenced = store.referenced_objects().await?;
        found.retain(|name| !is_referenced(name, &referenced));
        let doomed: Vec<String> = found.into_iter().collect();
        let (names, owner, now) = (doomed.clone(), self.owner.clone(), store.clock.now());
        store
            .write(move |tx| {
                Box::pin(async move {
                    let held = tx
                        .execute(
                            "UPDATE sweeps SET last_at = $2, lease_until = $3 WHERE id = 1 AND lease_owner = $1",
                            args![&owner, now, now.plus(LEASE)],
                        )
                        .await?;
                    if held == 0 {
                        return Err(lost());
                    }
                    // What a sweep that died left on the list is no longer being removed.
                    tx.execute("DELETE FROM doomed_objects", vec![]).await?;
                    for name in names {
                        tx.execute("INSERT INTO doomed_objects (name) VALUES ($1)", args![name]).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        Ok(doomed)
    }

    /// Removes what was written down and is still referred to by nobody; how many.
    pub async fn remove_doomed(&mut self, doomed: Vec<String>) -> Result<u64, Error> {
        // Who took one of them up before they were written down is seen now.
        let referenced = self.store.referenced_objects().await?;
        let mut removed = 0;
        for name in &doomed {
            if !is_referenced(name, &referenced) {
                self.remove(name).await?;
                removed += 1;
            }
        }
        let owner = self.owner.clone();
        let cleared =
            "DELETE FROM doomed_objects WHERE EXISTS (SELECT id FROM sweeps WHERE id = 1 AND lease_owner = $1)";
        self.store.execute(cleared, args![owner]).await?;
        self.store.blobs.remove_abandoned_uploads(self.store.clock.now().minus(AGE)).await?;
        Ok(removed)
    }

    /// Keeps the right for longer, when the time has come.
    ///
    /// # Errors
    /// [`Error::LeaseLost`] when somebody else has it.
    pub async fn renew_in_time(&mut self) -> Result<(), Error> {
        if self.renewed.elapsed() < RENEWAL {
            return Ok(());
        }
        let renewed = Instant::now();
        let until = self.store.clock.now().plus(LEASE);
        let sql = "UPDATE sweeps SET lease_until = $2 WHERE id = 1 AND lease_owner = $1";
        if self.store.execute(sql, args![&self.owner, until]).await? == 0 {
            return Err(lost());
        }
        self.renewed = renewed;
        Ok(())
    }

    /// Keeps the right for as long as this is waited for; why it was lost.
    pub(crate) async fn keep(&mut self) -> Error {
        loop {
            tokio::time::sleep(RENEWAL).await;
            if let Err(error) = self.renew_in_time().await {
                return error;
            }
        }
    }

    /// Lets others sweep.
    pub async fn end(self) -> Result<(), Error> {
        let sql = "UPDATE sweeps SET lease_owner = NULL, lease_until = 0 WHERE id = 1 AND lease_owner = $1";
        self.store.execute(sql, args![&self.owner]).await.map(drop)
    }

    async fn remove(&mut self, name: &str) -> Result<(), Error> {
        self.renew_in_time().await?;
        match tokio::time::timeout(REMOVAL, self.store.blobs.delete(name)).await {
            Ok(removed) => Ok(removed?),
            Err(_) => {
                Err(Error::Conflict(format!("the sweep gave up the object {name}, whose removal took too long: it")))
            }
        }
    }
}

fn lost() -> Error {
    Error::LeaseLost("to sweep".to_owned())
}
