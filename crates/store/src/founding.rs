//! The master key a store was made with.
//!
//! A store remembers what its key looks like: a digest under which nothing can be learnt about the key. It is written
//! when the store is made, and every later start compares. A store of an older release has none; it gets the one of the
//! key that opens what is sealed there. So no process works on a store with a key that opens nothing.

use access::MasterKey;
use domain::Timestamp;
use sqlx::postgres::PgConnectOptions;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use crate::database::sqlite_options;
use crate::sql::Connection;
use crate::{Blobs, DatabaseOptions, Error, args};

/// Who opens a store, and when.
pub(crate) struct Founding<'a> {
    pub(crate) key: &'a MasterKey,
    pub(crate) now: Timestamp,
}

impl Founding<'_> {
    /// Refuses a store of another key, before anything is written to it.
    pub(crate) async fn check(&self, connection: &mut Connection<'_>) -> Result<(), Error> {
        match fingerprint(connection).await? {
            Some(fingerprint) if fingerprint == self.key.fingerprint() => Ok(()),
            Some(_) => Err(Error::OtherKey),
            None => self.check_sealed(connection).await,
        }
    }

    /// Makes this key the store's, unless another process was quicker with another key.
    pub(crate) async fn claim(&self, connection: &mut Connection<'_>) -> Result<(), Error> {
        let own = self.key.fingerprint();
        connection
            .execute(
                "INSERT INTO master_key (id, fingerprint, created_at) VALUES (1, $1, $2) ON CONFLICT (id) DO NOTHING",
                args![&own, self.now],
            )
            .await?;
        match fingerprint(connection).await? {
            Some(fingerprint) if fingerprint == own => Ok(()),
            _ => Err(Error::OtherKey),
        }
    }

    /// A store that remembers no key is this key's when something that is sealed there opens, or nothing is sealed. What
    /// was sealed under still another key, by a process that had lost this one, does not open; it did not before.
    async fn check_sealed(&self, connection: &mut Connection<'_>) -> Result<(), Error> {
        if !connection.has_table("apps").await? {
            return Ok(());
        }
        let sealed = [
            "SELECT 'app secret ' || client_id AS purpose, sealed_secret AS sealed FROM apps",
            "SELECT 'webhook secret ' || id AS purpose, sealed_secret AS sealed FROM webhooks",
            "SELECT 'variable ' || name || ' of ' || bot_id AS purpose, sealed_value AS sealed FROM secured_values",
        ];
        let (mut opened, mut closed) = (0, Vec::new());
        for sql in sealed {
            for row in connection.rows(sql, vec![]).await? {
                let (purpose, sealed): (String, String) = (row.get("purpose")?, row.get("sealed")?);
                match self.key.open(&purpose, &sealed) {
                    Ok(_) => opened += 1,
                    Err(_) => closed.push(purpose),
                }
            }
        }
        if opened == 0 && !closed.is_empty() {
            return Err(Error::OtherKey);
        }
        for what in closed {
            tracing::warn!(what, "this was sealed under another master key and does not open; give it a new value");
        }
        Ok(())
    }
}

/// What the store remembers of its key, if it is a store already and does.
pub(crate) async fn fingerprint(connection: &mut Connection<'_>) -> Result<Option<String>, Error> {
    if !connection.has_table("master_key").await? {
        return Ok(None);
    }
    let row = connection.row("SELECT fingerprint FROM master_key WHERE id = 1", vec![]).await?;
    row.map(|row| row.get("fingerprint")).transpose()
}

/// Whether there is a store in this database: someone opened it with a key before, so that a new key would open nothing.
///
/// # Errors
/// When the database cannot be reached.
pub async fn is_founded(database: &DatabaseOptions) -> Result<bool, Error> {
    match database {
        DatabaseOptions::Sqlite { path, .. } => {
            if !path.try_exists().map_err(sqlx::Error::Io)? {
                return Ok(false);
            }
            let mut connection = SqliteConnection::connect_with(&sqlite_options(path)).await?;
            let founded = has_founder(&mut Connection::sqlite(&mut connection, &Blobs::nowhere())).await;
            connection.close().await?;
            founded
        }
        DatabaseOptions::Postgres { url, .. } => {
            let options: PgConnectOptions = url.parse()?;
            let mut connection = PgConnection::connect_with(&options).await?;
            let founded = has_founder(&mut Connection::postgres(&mut connection, &Blobs::nowhere())).await;
            connection.close().await?;
            founded
        }
    }
}

/// A process that opens an empty store writes its key's fingerprint first; an older release wrote an account.
async fn has_founder(connection: &mut Connection<'_>) -> Result<bool, Error> {
    if fingerprint(connection).await?.is_some() {
        return Ok(true);
    }
    if !connection.has_table("accounts").await? {
        return Ok(false);
    }
    Ok(connection.row("SELECT id FROM accounts LIMIT 1", vec![]).await?.is_some())
}
