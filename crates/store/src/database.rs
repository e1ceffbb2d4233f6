//! The two engines behind one interface: reads anywhere, writes in transactions.
//!
//! SQLite has one writer task. It takes every transaction that waits, runs them one after another inside one engine
//! transaction (each behind a savepoint, so that a failed one leaves no trace) and commits once: with
//! `synchronous=FULL` a commit costs a flush of the disk, and grouping is what makes that cheap.

use std::panic::AssertUnwindSafe;
use std::path::Path;
use std::time::Duration;

use futures_util::future::{BoxFuture, FutureExt};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqlSafeStr, SqliteConnection};
use tokio::sync::{mpsc, oneshot};

use crate::Error;
use crate::sql::{Arg, Connection, Row, Sql, postgres, sqlite};

/// What survives a loss of power.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default, serde::Deserialize, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Durability {
    /// Everything that was acknowledged (the default).
    #[default]
    Power,
    /// Everything that was acknowledged survives the death of the process, but not a loss of power. SQLite only.
    Process,
}

#[derive(Clone, Debug)]
pub(crate) enum Database {
    Sqlite { readers: SqlitePool, writer: mpsc::Sender<Work> },
    Postgres(PgPool),
}

/// How many transactions one commit of SQLite takes at the most.
const GROUP_LIMIT: usize = 128;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);

impl Database {
    pub(crate) async fn open_sqlite(path: &Path, durability: Durability) -> Result<Self, Error> {
        let synchronous = match durability {
            Durability::Power => SqliteSynchronous::Full,
            Durability::Process => SqliteSynchronous::Normal,
        };
        let options = SqliteConnectOptions::new()
            .filename(path)
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous)
            .busy_timeout(BUSY_TIMEOUT)
            .foreign_keys(true);
        let mut connection = SqliteConnection::connect_with(&options).await?;
        migrator().run(&mut connection).await?;
        let readers = SqlitePoolOptions::new().max_connections(4).connect_with(options.read_only(true)).await?;
        let (writer, waiting) = mpsc::channel(1024);
        tokio::spawn(write_in_groups(connection, waiting));
        Ok(Self::Sqlite { readers, writer })
    }

    pub(crate) async fn open_postgres(url: &str, connections: u32) -> Result<Self, Error> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        migrator().run(&pool).await?;
        Ok(Self::Postgres(pool))
    }

    pub(crate) async fn rows(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<Row>, Error> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite { readers, .. } => {
                sqlite(sql, args)?.fetch_all(readers).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres(pool) => {
                postgres(sql, args)?.fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn row(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Option<Row>, Error> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite { readers, .. } => sqlite(sql, args)?.fetch_optional(readers).await?.map(Row::Sqlite),
            Self::Postgres(pool) => postgres(sql, args)?.fetch_optional(pool).await?.map(Row::Postgres),
        })
    }

    /// Runs `work` in a transaction: all of it is durable when this returns `Ok`, none of it happened otherwise.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
    {
        match self {
            Self::Sqlite { writer, .. } => {
                let (reply, outcome) = oneshot::channel();
                let work: Work = Box::new(move |connection| {
                    Box::pin(async move {
                        match work(connection).await {
                            Ok(value) => Step::Keep(Box::new(move |committed| {
                                reply.send(committed.map(|()| value)).ok();
                            })),
                            Err(error) => {
                                reply.send(Err(error)).ok();
                                Step::Undo
                            }
                        }
                    })
                });
                writer.send(work).await.map_err(|_| Error::Closed)?;
                // The writer drops what it could not even begin: another process held the database for too long.
                outcome.await.map_err(|_| match writer.is_closed() {
                    true => Error::Closed,
                    false => Error::Commit("it was busy for too long; try again".to_owned()),
                })?
            }
            Self::Postgres(pool) => {
                let mut transaction = pool.begin().await?;
                let value = work(&mut Connection::Postgres(&mut transaction)).await?;
                transaction.commit().await?;
                Ok(value)
            }
        }
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite { readers, .. } => readers.close().await,
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// A transaction that waits for the writer.
pub(crate) type Work = Box<dyn for<'c> FnOnce(&'c mut Connection<'_>) -> BoxFuture<'c, Step> + Send>;

pub(crate) enum Step {
    /// The work is done; to be told whether the commit succeeded.
    Keep(Box<dyn FnOnce(Result<(), Error>) + Send>),
    /// The work failed (its caller knows already): what it did must be undone.
    Undo,
}

async fn write_in_groups(mut connection: SqliteConnection, mut waiting: mpsc::Receiver<Work>) {
    while let Some(first) = waiting.recv().await {
        let mut group = vec![first];
        while group.len() < GROUP_LIMIT
            && let Ok(next) = waiting.try_recv()
        {
            group.push(next);
        }
        commit_group(&mut connection, group).await;
    }
    // The last sender is gone: the store was closed. Folding the log into the file now spares the next start.
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the database failed; nothing committed is lost");
    }
}

async fn commit_group(connection: &mut SqliteConnection, group: Vec<Work>) {
    if let Err(error) = execute(connection, "BEGIN IMMEDIATE").await {
        // Dropping the works drops their reply channels, which their callers read as `Closed`; the log has the cause.
        tracing::error!(%error, "the database does not take writes");
        return;
    }
    let mut kept = Vec::with_capacity(group.len());
    for work in group {
        let begun = execute(connection, "SAVEPOINT work").await;
        let step = match begun {
            Ok(()) => match AssertUnwindSafe(work(&mut Connection::Sqlite(connection))).catch_unwind().await {
                Ok(step) => step,
                // Its caller reads `Closed` from the dropped reply channel; the other transactions go on.
                Err(_) => {
                    tracing::error!("a transaction panicked; it is undone");
                    Step::Undo
                }
            },
            Err(error) => {
                tracing::error!(%error, "the database does not take a savepoint");
                continue;
            }
        };
        let settled = match &step {
            Step::Keep(_) => execute(connection, "RELEASE work").await,
            Step::Undo => execute(connection, "ROLLBACK TO work; RELEASE work").await,
        };
        if let Err(error) = settled {
            tracing::error!(%error, "a savepoint could not be closed");
        }
        if let Step::Keep(tell) = step {
            kept.push(tell);
        }
    }
    let committed = execute(connection, "COMMIT").await;
    if let Err(error) = &committed {
        tracing::error!(%error, "a commit failed; its transactions are undone");
        execute(connection, "ROLLBACK").await.ok();
    }
    let failure = committed.err().map(|error| error.to_string());
    for tell in kept {
        tell(match &failure {
            None => Ok(()),
            Some(reason) => Err(Error::Commit(reason.clone())),
        });
    }
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

fn migrator() -> Migrator {
    let texts = [
        (1, "initial", include_str!("schema/0001_initial.sql")),
        (2, "test suites", include_str!("schema/0002_test_suites.sql")),
        (3, "conversations", include_str!("schema/0003_conversations.sql")),
        (4, "botkit", include_str!("schema/0004_botkit.sql")),
    ];
    let migrations = texts.map(|(version, name, text)| {
        Migration::new(version, name.into(), MigrationType::Simple, text.into_sql_str(), false)
    });
    Migrator::with_migrations(migrations.into())
}
