//! Everything durable: rows in SQLite or PostgreSQL, bytes in a folder or an S3 bucket.
//!
//! All SQL of the project lives here, one text for both engines. The store knows no rules of the API and no HTTP; it
//! keeps what it is given and hands it back. What a function acknowledged is durable (see [`Durability`]).
//!
//! Each table family has one module with its types and, as methods of [`Store`], its statements.

mod accounts;
mod apps;
mod archives;
mod attachments;
mod backup;
mod blobs;
mod botkit_requests;
mod bots;
mod changes;
mod channels;
mod conditions;
mod context_values;
mod conversations;
mod data_tables;
mod database;
mod erase;
mod fault;
mod files;
mod founding;
mod groups;
mod health;
mod icons;
mod idempotency;
mod identity;
mod inbox;
mod journal;
mod messages;
mod models;
mod outage;
mod outbox;
mod read_cache;
mod requests;
mod roles;
mod schema;
mod sealed;
mod sessions;
pub mod sql;
mod stuck;
mod sweep;
mod tags;
mod test_suites;
mod turn_logs;
mod turns;
mod users;
mod usual_places;
mod versions;
mod wakeup;
mod webhooks;

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use access::{MasterKey, OpenError};
use domain::{Clock, IdSource, Limits, TooLarge, UnfitKey};
use futures_util::future::BoxFuture;
use supervisor::{Panicked, Supervisor};

pub use accounts::Account;
pub use apps::StoredApp;
pub use archives::Archive;
pub use attachments::{ATTACHMENT, NewAttachment};
pub use backup::{Backup, BackupError, Manifest, NewBackup, ObjectCopies, TableCopy};
pub use blobs::{BlobError, Blobs, ObjectLocation, S3Options, Upload, sha256};
pub use botkit_requests::{BotKitAnswer, BotKitRequest, ClosedBotKitRequest, NewBotKitRequest};
pub use bots::{Bot, Content, NamedBlob, Page, Swap};
pub use changes::{AuditEntry, ChangeEntry, ChangeFilter, NewChange};
pub use channels::{Channel, NewChannel};
pub use context_values::{ContextValue, ValueChange, ValueOwner};
pub use conversations::{Conversation, ConversationKey, IdleSession};
pub use data_tables::{
    Columns, Operand, Operator, StandingTables, TableExpression, TableFilter, TableOp, TableResult, TableRow,
    TableSort, UnknownOperand, UnknownOperator,
};
pub use database::Durability;
pub use erase::{EraseFilter, EraseRequest, EraseStatus, Erased, UnknownEraseStatus};
pub use files::{File, NewFile};
pub use founding::is_founded;
pub use groups::Group;
pub use icons::icon_key;
pub use idempotency::Idempotency;
pub use inbox::{InboxDone, InboxMessage, InboxResult, NewInboxMessage};
pub use journal::{JournalBegin, JournalWrite, KeptJournal, TurnEffect};
pub use messages::{Direction, Message, MessageFilter, NewMessage, Order, SpokenMessage, UnknownDirection};
pub use models::ModelName;
pub use outage::{Outage, Part, Trouble};
pub use outbox::{Delivery, NewDelivery};
pub use requests::{Announcement, Beat, Failure, Lease, NewRequest, Outcome, Request, RequestFilter, State, Submitted};
pub use roles::{Assigned, Assignment, Holders, Holding, NewRole, Role, RoleKind, UnknownRoleKind};
pub use sealed::SealedUpload;
pub use sessions::{ActiveSession, CloseFilter, Containment, NewSession, Session, SessionFilter, UnknownContainment};
pub use stuck::{StuckFilter, StuckMessage};
pub use sweep::Sweep;
pub use tags::{Tag, TagFilter, TagKind};
pub use test_suites::{NewTestSuite, TestSuite};
pub use turn_logs::{TurnLog, TurnLogEntry, TurnLogFilter};
pub use turns::{AnsweredMessage, CommittedTurn, EndedSession, GivenUp, NEWEST_SESSIONS, TurnCommit};
pub use users::{NewUser, User};
pub use versions::Version;
pub use wakeup::Wakeups;
pub use webhooks::Webhook;

use crate::database::Database;
use crate::fault::Fault;
use crate::founding::Founding;
use crate::health::Writing;
use crate::read_cache::ReadCache;
use crate::sql::{Arg, Connection, Row, Sql};

/// What can go wrong in the store.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The database refused or could not be reached.
    #[error("the database failed")]
    Database(#[from] sqlx::Error),
    /// The schema could not be brought up to date.
    #[error("the database schema could not be brought up to date")]
    Migration(#[from] sqlx::migrate::MigrateError),
    /// The schema is of a newer release, which knows what this one does not.
    #[error(
        "the database was made or upgraded by a newer release: it has version {version} of the schema, and this release knows versions up to {known}; start the newer release again, or restore the backup that was made before the upgrade"
    )]
    NewerSchema {
        /// The version that is not known.
        version: i64,
        /// The newest one that is.
        known: i64,
    },
    /// The store was made with another master key.
    #[error("the store was made with another master key")]
    OtherKey,
    /// The file of the database was removed or replaced while it was open.
    #[error("the database file {path} was removed or replaced while it was open; stop the server and restore it", path = path.display())]
    DatabaseGone {
        /// The file.
        path: PathBuf,
    },
    /// A group commit failed; nothing of it was kept.
    #[error("the database could not commit: {reason}")]
    Commit {
        /// What the database said.
        reason: String,
        /// What is the matter with it, when it is not the transaction that is at fault.
        outage: Option<Outage>,
    },
    /// A stored document does not have the shape this version expects.
    #[error("the stored column `{column}` has an unexpected shape")]
    Stored {
        /// The column.
        column: &'static str,
        /// What the reader said.
        source: serde_json::Error,
    },
    /// A sealed text does not open: the master key is another one than it was sealed under, or the row was altered.
    #[error("{what} cannot be opened with this master key")]
    Sealed {
        /// What was sealed.
        what: String,
        /// What the opener said.
        source: OpenError,
    },
    /// The object store refused or could not be reached.
    #[error(transparent)]
    Blob(#[from] BlobError),
    /// The worker that acts lost its lease on the request: another attempt has it, or it is finished.
    #[error("the lease on request {0} is lost")]
    LeaseLost(String),
    /// What was to be changed changed meanwhile; load it again and repeat.
    #[error("{0} was changed by someone else meanwhile")]
    Conflict(String),
    /// What was to be created exists already.
    #[error("{0} exists already")]
    Exists(String),
    /// A table of a bot holds as many rows as it may.
    #[error("the data table `{table}` is full: a table holds at most {most} rows; remove some first")]
    TableFull {
        /// The table.
        table: String,
        /// How many rows it may hold.
        most: usize,
    },
    /// Something is larger than it may be.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// A text that something is to be found by cannot be kept as it is.
    #[error("{what} {reason}")]
    Unfit {
        /// What the text was to be.
        what: String,
        /// What is wrong with it.
        reason: UnfitKey,
    },
    /// A statement would have more parameters than an engine takes.
    #[error("{0} values are looked for at once, which are too many; ask for fewer at a time")]
    TooMany(usize),
    /// The store is closed.
    #[error("the store is closed")]
    Closed,
    /// The work in a transaction panicked; nothing of it was kept.
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

impl Error {
    /// Whether the same call may succeed later without a change of its arguments.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Database(error) => Fault::of(error) == Fault::Passing,
            Self::Commit { .. } | Self::Blob(_) | Self::Conflict(_) | Self::DatabaseGone { .. } | Self::Closed => true,
            Self::Migration(_)
            | Self::NewerSchema { .. }
            | Self::OtherKey
            | Self::Stored { .. }
            | Self::Sealed { .. }
            | Self::LeaseLost(_)
            | Self::Exists(_)
            | Self::TableFull { .. }
            | Self::TooLarge(_)
            | Self::Panicked(_)
            | Self::Unfit { .. }
            | Self::TooMany(_) => false,
        }
    }

    /// Whether a value that was given cannot be kept or looked for, so that another one would do.
    pub fn is_of_a_value(&self) -> bool {
        match self {
            Self::Database(error) => Fault::of(error) == Fault::Value,
            Self::Unfit { .. } | Self::TooMany(_) => true,
            _ => false,
        }
    }

    /// Whether a unique index refused the row.
    pub(crate) fn is_duplicate(&self) -> bool {
        matches!(self, Self::Database(sqlx::Error::Database(error)) if error.is_unique_violation())
    }
}

/// Where rows are kept.
#[derive(Clone, Debug)]
pub enum DatabaseOptions {
    /// A SQLite file, created when absent.
    Sqlite {
        /// The file.
        path: PathBuf,
        /// What survives a loss of power.
        durability: Durability,
    },
    /// A PostgreSQL database.
    Postgres {
        /// `postgres://user:password@host:port/database`.
        url: String,
        /// The most connections one node opens.
        connections: u32,
    },
}

/// The durable state of the platform. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Store {
    database: Database,
    blobs: Blobs,
    wakeups: Wakeups,
    clock: Clock,
    ids: IdSource,
    key: Arc<MasterKey>,
    read_cache: Arc<ReadCache>,
    writing: Writing,
    limits: Limits,
    supervisor: Supervisor,
    turn_commits: Arc<AtomicU64>,
}

impl Store {
    /// Opens both stores and brings the schema up to date. An empty store is this key's from then on.
    ///
    /// # Errors
    /// [`Error::OtherKey`] when the store was made with another key, [`Error::NewerSchema`] when a newer release had it,
    /// or when one of the stores cannot be reached.
    pub async fn open(
        database: &DatabaseOptions,
        objects: &ObjectLocation,
        clock: Clock,
        ids: IdSource,
        key: MasterKey,
    ) -> Result<Self, Error> {
        let writing = Writing::default();
        let blobs = Blobs::open(objects, writing.clone())?;
        let supervisor = Supervisor::default();
        let founding = Founding { key: &key, now: clock.now() };
        let (database, wakeups, read_cache) = match database {
            DatabaseOptions::Sqlite { path, durability } => {
                let database = Database::open_sqlite(path, *durability, &blobs, &founding, &supervisor).await?;
                (database, Wakeups::local(), ReadCache::of_sqlite(path))
            }
            DatabaseOptions::Postgres { url, connections } => {
                let database = Database::open_postgres(url, *connections, &blobs, &founding, &supervisor).await?;
                let Database::Postgres { pool, .. } = &database else { unreachable!("opened as PostgreSQL") };
                (database.clone(), Wakeups::postgres(pool.clone(), &supervisor), ReadCache::none())
            }
        };
        let (key, read_cache) = (Arc::new(key), Arc::new(read_cache));
        let limits = Limits::default();
        let turn_commits = Arc::default();
        Ok(Self { database, blobs, wakeups, clock, ids, key, read_cache, writing, limits, supervisor, turn_commits })
    }

    /// The same store, with other limits than the default ones.
    #[must_use]
    pub fn with_limits(self, limits: Limits) -> Self {
        Self { limits, ..self }
    }

    /// How large everything may be.
    pub fn limits(&self) -> &Limits {
        &self.limits
    }

    /// Ends what is being written and closes connections; calls after this fail with [`Error::Closed`]. The log of a
    /// SQLite database is folded into its file, when no other process has it open.
    pub async fn close(&self) {
        self.wakeups.close();
        self.database.close().await;
    }

    /// Whether processes on several machines may have this database open.
    pub fn is_shared(&self) -> bool {
        matches!(self.database, Database::Postgres { .. })
    }

    /// The tasks of this process on this store: its own, and those of whoever works on it.
    pub fn supervisor(&self) -> &Supervisor {
        &self.supervisor
    }

    /// The object store.
    pub fn blobs(&self) -> &Blobs {
        &self.blobs
    }

    /// The announcements that something changed.
    pub fn wakeups(&self) -> &Wakeups {
        &self.wakeups
    }

    /// The key that seals what must not be readable in the database, and from which links are signed.
    pub fn key(&self) -> &MasterKey {
        &self.key
    }

    /// The clock this store writes times by.
    pub fn clock(&self) -> &Clock {
        &self.clock
    }

    /// The source of new ids.
    pub fn ids(&self) -> &IdSource {
        &self.ids
    }

    async fn rows(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Vec<Row>, Error> {
        self.database.rows(sql, args).await
    }

    async fn row(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<Option<Row>, Error> {
        self.database.row(sql, args).await
    }

    /// Runs `work` in one transaction; nothing of it happened when it fails.
    pub async fn write<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
    {
        let written = self.database.write(work).await;
        if let Err(error) = &written
            && Outage::of(error).is_some_and(|outage| outage.trouble != Trouble::Busy)
        {
            self.writing.doubt();
        }
        written
    }

    /// Runs one statement in a transaction of its own; how many rows it changed.
    async fn execute(&self, sql: impl Into<Sql>, args: Vec<Arg>) -> Result<u64, Error> {
        let sql = sql.into();
        self.write(move |tx| Box::pin(async move { tx.execute(sql, args).await })).await
    }
}

/// A signer of links that an object store gives, when it can.
pub(crate) type LinkSigner = Arc<dyn object_store::signer::Signer>;
