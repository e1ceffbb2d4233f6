//! The two engines behind one interface: reads anywhere, writes in transactions.
//!
//! SQLite has one writer task. It takes every transaction that waits, runs them one after another inside one engine
//! transaction (each behind a savepoint, so that a failed one leaves no trace) and commits once: with
//! `synchronous=FULL` a commit costs a flush of the disk, and grouping is what makes that cheap.
//!
//! Closing folds the log into the database's file: readers go first, since a connection that may not write cannot do it,
//! then the writer ends what waits, folds, and goes as the last one.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;
use sqlx::migrate::MigrateError;
use sqlx::postgres::{PgConnectOptions, PgPool, PgPoolOptions};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePool, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{Connection as _, SqliteConnection, Transaction};
use supervisor::{Panicked, Supervisor};
use tokio::sync::{Mutex, mpsc, oneshot, watch};
use tokio_util::sync::CancellationToken;

use crate::founding::Founding;
use crate::identity::Identity;
use crate::outage::{self, Outage};
use crate::schema::{migrate, migrator};
use crate::sql::{Arg, Connection, Row, Sql, postgres, sqlite};
use crate::{Blobs, Error};

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
    Sqlite(Sqlite),
    Postgres { pool: PgPool, blobs: Blobs, supervisor: Supervisor },
}

/// A SQLite file with its readers and its writer.
#[derive(Clone, Debug)]
pub(crate) struct Sqlite {
    readers: SqlitePool,
    writer: mpsc::Sender<Order>,
    /// Open as long as the writer goes on.
    writing: watch::Receiver<()>,
    path: PathBuf,
    /// Which file it was when it was opened.
    identity: Option<Identity>,
    supervisor: Supervisor,
}

/// The rows of one moment.
pub(crate) enum Look {
    Sqlite(Transaction<'static, sqlx::Sqlite>),
    Postgres(Transaction<'static, sqlx::Postgres>),
}

impl Look {
    pub(crate) fn connection<'a>(&'a mut self, blobs: &'a Blobs) -> Connection<'a> {
        match self {
            Self::Sqlite(transaction) => Connection::sqlite(transaction, blobs),
            Self::Postgres(transaction) => Connection::postgres(transaction, blobs),
        }
    }
}

/// How many transactions one commit of SQLite takes at the most.
const GROUP_LIMIT: usize = 128;
const BUSY_TIMEOUT: Duration = Duration::from_secs(5);
/// How long the end waits for reads that go on.
const CLOSE_PATIENCE: Duration = Duration::from_secs(5);

impl Database {
    pub(crate) async fn open_sqlite(
        path: &Path,
        durability: Durability,
        blobs: &Blobs,
        founding: &Founding<'_>,
        supervisor: &Supervisor,
    ) -> Result<Self, Error> {
        let options = sqlite_options(path).synchronous(match durability {
            Durability::Power => SqliteSynchronous::Full,
            Durability::Process => SqliteSynchronous::Normal,
        });
        make_file(path).map_err(sqlx::Error::Io)?;
        let connection = found_sqlite(&options.clone().create_if_missing(true), blobs, founding).await?;
        let readers = options.clone().read_only(true);
        let readers = SqlitePoolOptions::new().max_connections(4).connect_with(readers).await?;
        let (writer, waiting) = mpsc::channel(1024);
        let (ended, writing) = watch::channel(());
        let (waiting, over, mut opened) = (Arc::new(Mutex::new(waiting)), CancellationToken::new(), Some(connection));
        let blobs = blobs.clone();
        tokio::spawn(supervisor.keep("store writer", &over.clone(), move || {
            // It goes when the writer has gone for good, which is what closing waits for.
            let _ended = &ended;
            let (options, waiting, over) = (options.clone(), Arc::clone(&waiting), over.clone());
            let (opened, blobs) = (opened.take(), blobs.clone());
            async move { write_until_closed(opened, &options, &blobs, &mut *waiting.lock().await, &over).await }
        }));
        let (path, identity) = (path.to_owned(), Identity::of(path));
        Ok(Self::Sqlite(Sqlite { readers, writer, writing, identity, path, supervisor: supervisor.clone() }))
    }

    pub(crate) async fn open_postgres(
        url: &str,
        connections: u32,
        blobs: &Blobs,
        founding: &Founding<'_>,
        supervisor: &Supervisor,
    ) -> Result<Self, Error> {
        let options: PgConnectOptions = url.parse()?;
        let pool = PgPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(Duration::from_secs(10))
            .connect_with(options)
            .await?;
        let mut connection = pool.acquire().await?;
        founding.check(&mut Connection::postgres(&mut connection, blobs)).await?;
        migrate(&migrator(), &mut *connection).await?;
        founding.claim(&mut Connection::postgres(&mut connection, blobs)).await?;
        drop(connection);
        Ok(Self::Postgres { pool, blobs: blobs.clone(), supervisor: supervisor.clone() })
    }

    pub(crate) async fn rows(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<Row>, Error> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(Sqlite { readers, .. }) => {
                sqlite(sql, args)?.fetch_all(readers).await?.into_iter().map(Row::Sqlite).collect()
            }
            Self::Postgres { pool, .. } => {
                postgres(sql, args)?.fetch_all(pool).await?.into_iter().map(Row::Postgres).collect()
            }
        })
    }

    pub(crate) async fn row(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Option<Row>, Error> {
        let sql = sql.into();
        Ok(match self {
            Self::Sqlite(Sqlite { readers, .. }) => sqlite(sql, args)?.fetch_optional(readers).await?.map(Row::Sqlite),
            Self::Postgres { pool, .. } => postgres(sql, args)?.fetch_optional(pool).await?.map(Row::Postgres),
        })
    }

    /// Runs `work` in a transaction: all of it is durable when this returns `Ok`, none of it happened otherwise.
    pub(crate) async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
    {
        self.check_file()?;
        match self {
            Self::Sqlite(Sqlite { writer, supervisor, .. }) => {
                let (reply, outcome) = oneshot::channel();
                let supervisor = supervisor.clone();
                let work: Work = Box::new(move |connection| {
                    Box::pin(async move {
                        let worked = match connection {
                            Ok(connection) => {
                                let worked = supervisor.contain(TRANSACTION, async { work(connection).await });
                                worked.await.unwrap_or_else(panicked)
                            }
                            Err(error) => Err(error),
                        };
                        match worked {
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
                writer.send(Order::Write(work)).await.map_err(|_| Error::Closed)?;
                // The writer answers everything it takes, save what was in its hands when it broke off, and what it had no
                // time for at the end.
                outcome.await.map_err(|_| match writer.is_closed() {
                    true => Error::Closed,
                    false => Error::Commit { reason: "the transaction broke off".to_owned(), outage: None },
                })?
            }
            Self::Postgres { pool, blobs, supervisor } => {
                let mut transaction = pool.begin().await?;
                let worked = async { work(&mut Connection::postgres(&mut transaction, blobs)).await };
                let value = supervisor.contain(TRANSACTION, worked).await.unwrap_or_else(panicked)?;
                transaction.commit().await?;
                Ok(value)
            }
        }
    }

    /// Says when the file that is open is not the one that has its name: what is written to it now is lost.
    pub(crate) fn check_file(&self) -> Result<(), Error> {
        match self {
            Self::Sqlite(Sqlite { path, identity, .. }) if !Identity::is_still(*identity, path) => {
                Err(Error::DatabaseGone { path: path.clone() })
            }
            _ => Ok(()),
        }
    }

    /// A connection in a transaction that only reads, and sees the rows of one moment: that of its first statement.
    pub(crate) async fn look(&self) -> Result<Look, Error> {
        Ok(match self {
            Self::Sqlite(Sqlite { readers, .. }) => Look::Sqlite(readers.begin().await?),
            Self::Postgres { pool, .. } => {
                Look::Postgres(pool.begin_with("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY").await?)
            }
        })
    }

    pub(crate) async fn close(&self) {
        match self {
            Self::Sqlite(Sqlite { readers, writer, writing, .. }) => {
                // A read that does not end must not keep what was written from being folded.
                if tokio::time::timeout(CLOSE_PATIENCE, readers.close()).await.is_err() {
                    tracing::warn!("a read of the database did not end in time");
                }
                writer.send(Order::Close).await.ok();
                let mut writing = writing.clone();
                while writing.changed().await.is_ok() {}
            }
            Self::Postgres { pool, .. } => pool.close().await,
        }
    }
}

/// How often a file that another process brings up to date is opened again, and how long after.
const TRIES: u32 = 20;
const PAUSE: Duration = Duration::from_millis(250);

/// Opens a file and brings it up to date. Processes that start together are in each other's way: SQLite refuses at once
/// (without [`BUSY_TIMEOUT`]) to keep a log for a file that another is writing, and of two that migrate, the one that comes
/// second finds done what it was about to do.
async fn found_sqlite(
    options: &SqliteConnectOptions,
    blobs: &Blobs,
    founding: &Founding<'_>,
) -> Result<SqliteConnection, Error> {
    let open = async || {
        let mut connection = SqliteConnection::connect_with(options).await?;
        founding.check(&mut Connection::sqlite(&mut connection, blobs)).await?;
        migrate(&migrator(), &mut connection).await?;
        founding.claim(&mut Connection::sqlite(&mut connection, blobs)).await?;
        Ok(connection)
    };
    for _ in 1..TRIES {
        match open().await {
            Err(error) if met_another(&error) => tokio::time::sleep(PAUSE).await,
            ended => return ended,
        }
    }
    open().await
}

/// Whether opening failed for what another process does to the file.
fn met_another(error: &Error) -> bool {
    match error {
        Error::Migration(MigrateError::Execute(_) | MigrateError::ExecuteMigration(..)) => true,
        Error::Database(sqlx::Error::Database(refusal)) => {
            // The primary code of SQLite's stands in the lowest eight bits: 5 is busy, 6 locked.
            let code = refusal.code().and_then(|code| code.parse::<u32>().ok());
            code.is_some_and(|code| matches!(code & 0xff, 5 | 6))
        }
        _ => false,
    }
}

/// Makes an empty database that only its owner can read; what SQLite writes beside it gets the same mode.
pub(crate) fn make_file(path: &Path) -> std::io::Result<()> {
    let mut options = std::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::OpenOptionsExt;
        options.mode(0o600);
    }
    match options.open(path) {
        Err(error) if error.kind() != std::io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// How connections to a SQLite file are set up.
pub(crate) fn sqlite_options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(path)
        .journal_mode(SqliteJournalMode::Wal)
        .busy_timeout(BUSY_TIMEOUT)
        .foreign_keys(true)
}

/// What the writer is told.
pub(crate) enum Order {
    /// To run a transaction.
    Write(Work),
    /// To end what waits, fold the log, and go.
    Close,
}

impl std::fmt::Debug for Order {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Write(_) => "Write",
            Self::Close => "Close",
        })
    }
}

/// A transaction that waits for the writer. It gets the connection, or why there is none for it.
pub(crate) type Work = Box<dyn for<'c, 'd> FnOnce(Result<&'c mut Connection<'d>, Error>) -> BoxFuture<'c, Step> + Send>;

pub(crate) enum Step {
    /// The work is done; to be told whether the commit succeeded.
    Keep(Box<dyn FnOnce(Result<(), Error>) + Send>),
    /// The work failed (its caller knows already): what it did must be undone.
    Undo,
}

/// Why a group is not committed, for each of its transactions.
struct Refusal {
    reason: String,
    outage: Option<Outage>,
}

impl Refusal {
    fn of(error: &sqlx::Error) -> Self {
        Self { reason: error.to_string(), outage: outage::of_statement(error) }
    }

    fn error(&self) -> Error {
        Error::Commit { reason: self.reason.clone(), outage: self.outage }
    }
}

/// What the work in transactions is called where it panics.
const TRANSACTION: &str = "transaction";

fn panicked<T>(panicked: Panicked) -> Result<T, Error> {
    Err(panicked.into())
}

/// Writes what waits, on a connection that is open already or on a new one, until the store is closed; `over` says then
/// that nothing is left to do.
async fn write_until_closed(
    opened: Option<SqliteConnection>,
    options: &SqliteConnectOptions,
    blobs: &Blobs,
    waiting: &mut mpsc::Receiver<Order>,
    over: &CancellationToken,
) {
    let connection = match opened {
        Some(connection) => Ok(connection),
        None => SqliteConnection::connect_with(options).await,
    };
    match connection {
        Ok(connection) => {
            write_in_groups(connection, blobs, waiting).await;
            over.cancel();
        }
        Err(error) => tracing::error!(%error, "the database cannot be opened for writing again"),
    }
}

async fn write_in_groups(mut connection: SqliteConnection, blobs: &Blobs, waiting: &mut mpsc::Receiver<Order>) {
    while let Some(first) = waiting.recv().await {
        let (mut group, mut next) = (Vec::new(), Some(first));
        while let Some(order) = next {
            match order {
                Order::Write(work) => group.push(work),
                Order::Close => waiting.close(),
            }
            next = if group.len() < GROUP_LIMIT { waiting.try_recv().ok() } else { None };
        }
        commit_group(&mut connection, blobs, group).await;
    }
    // With nobody else at the file this folds all of the log into it; beside another process it folds what it can, and
    // the last one folds the rest. It does not wait for others, who may go on for long.
    if let Err(error) = execute(&mut connection, "PRAGMA busy_timeout = 0; PRAGMA wal_checkpoint(TRUNCATE)").await {
        tracing::debug!(%error, "the log of the database is not folded");
    }
    if let Err(error) = connection.close().await {
        tracing::warn!(%error, "closing the database failed; nothing committed is lost");
    }
}

async fn commit_group(connection: &mut SqliteConnection, blobs: &Blobs, group: Vec<Work>) {
    let mut failure = match execute(connection, "BEGIN IMMEDIATE").await {
        Ok(()) => None,
        Err(error) => {
            tracing::error!(%error, "the database does not take writes");
            Some(Refusal::of(&error))
        }
    };
    let begun = failure.is_none();
    let mut kept = Vec::with_capacity(group.len());
    for work in group {
        if let Some(failure) = &failure {
            // Told why; nothing is kept or undone.
            work(Err(failure.error())).await;
            continue;
        }
        if let Err(error) = execute(connection, "SAVEPOINT work").await {
            tracing::error!(%error, "the database does not take a savepoint");
            let refused = Refusal::of(&error);
            work(Err(refused.error())).await;
            failure = Some(refused);
            continue;
        }
        let mut within = Connection::sqlite(connection, blobs);
        let step = work(Ok(&mut within)).await;
        let settled = match &step {
            Step::Keep(_) => execute(connection, "RELEASE work").await,
            Step::Undo => execute(connection, "ROLLBACK TO work; RELEASE work").await,
        };
        if let Step::Keep(tell) = step {
            kept.push(tell);
        }
        if let Err(error) = settled {
            // A full or failing disk makes SQLite undo the whole transaction by itself. What came next would run outside
            // of it, so the group ends here and none of it is kept.
            tracing::error!(%error, "a savepoint could not be closed; its group is undone");
            failure = Some(Refusal::of(&error));
        }
    }
    if failure.is_none()
        && let Err(error) = execute(connection, "COMMIT").await
    {
        tracing::error!(%error, "a commit failed; its transactions are undone");
        failure = Some(Refusal::of(&error));
    }
    if failure.is_some() && begun {
        execute(connection, "ROLLBACK").await.ok();
    }
    for tell in kept {
        tell(failure.as_ref().map_or(Ok(()), |failure| Err(failure.error())));
    }
}

async fn execute(connection: &mut SqliteConnection, sql: &'static str) -> Result<(), sqlx::Error> {
    sqlx::raw_sql(sql).execute(connection).await.map(drop)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a process meets that opens a new file in the moment in which another writes its first pages.
    #[tokio::test]
    async fn a_file_that_another_process_is_making_is_opened_again() {
        let folder = tempfile::tempdir().expect("a folder");
        let path = folder.path().join("new.db");
        let bare = SqliteConnectOptions::new().filename(&path).create_if_missing(true);
        let mut another = SqliteConnection::connect_with(&bare).await.expect("a new file");
        sqlx::raw_sql("BEGIN IMMEDIATE; CREATE TABLE t (a)").execute(&mut another).await.expect("the first pages");
        let refused = SqliteConnection::connect_with(&sqlite_options(&path)).await.expect_err("it is being written");
        assert!(met_another(&refused.into()));
        sqlx::raw_sql("COMMIT").execute(&mut another).await.expect("the end");
        SqliteConnection::connect_with(&sqlite_options(&path)).await.expect("nobody is in the way");
    }
}
