//! Requests: the jobs clients ask for. The row is the job.
//!
//! A worker *claims* a due request: it raises the attempt and takes a lease that it renews while it works. Whatever a
//! worker writes names its attempt, so one that lost its lease changes nothing. Requests on one bot are taken one at a
//! time in the order they came. A request whose worker died is due again when its lease lapses.

mod announcement;
mod clients;
mod workers;

pub use announcement::Announcement;

use domain::task::{self, Asked, Kind, Task, UnreadableTask};
use domain::{AccountId, BotId, RequestId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::bots::stored;
use crate::sql::{Connection, Row};
use crate::{Error, Idempotency, args};

/// How far a request is.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum State {
    /// Waits for a worker.
    Pending,
    /// A worker has it.
    Running,
    /// Done.
    Succeeded,
    /// Could not be done.
    Failed,
    /// Was called off.
    Cancelled,
}

impl State {
    const ALL: [Self; 5] = [Self::Pending, Self::Running, Self::Succeeded, Self::Failed, Self::Cancelled];

    /// The word for it in the database and in lists.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Pending => "pending",
            Self::Running => "running",
            Self::Succeeded => "succeeded",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
        }
    }

    /// Whether nothing will change any more.
    pub const fn is_final(self) -> bool {
        matches!(self, Self::Succeeded | Self::Failed | Self::Cancelled)
    }

    fn stored(text: &str) -> Result<Self, Error> {
        Self::ALL.into_iter().find(|state| state.as_str() == text).ok_or_else(|| unknown("state", text))
    }
}

fn kind_of(text: &str) -> Result<Kind, Error> {
    text.parse().map_err(|_| unknown("kind", text))
}

fn unknown(column: &'static str, text: &str) -> Error {
    Error::Stored { column, source: serde::de::Error::custom(format!("unknown value `{text}`")) }
}

/// Why a request failed: what is wrong, where, and what to do.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Failure {
    /// What is wrong.
    pub message: String,
    /// The file it is in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<String>,
    /// Where in the document, as a JSON pointer.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub pointer: Option<String>,
    /// The line, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub line: Option<u64>,
    /// The column, from 1.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub column: Option<u64>,
    /// What to do about it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub advice: Option<String>,
}

impl Failure {
    /// A failure that has no place.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), ..Self::default() }
    }
}

/// A request.
#[derive(Clone, Debug)]
pub struct Request {
    /// The id.
    pub id: RequestId,
    /// What it asks for.
    pub kind: Kind,
    /// The account.
    pub account: AccountId,
    /// The bot; for an import as new, the id the bot will have.
    pub bot: Option<BotId>,
    /// Its place among the requests of the bot.
    pub sequence: i64,
    /// How far it is.
    pub state: State,
    /// What was asked, as it stands in the row; [`Self::asked`] reads it.
    pub(crate) parameters: Value,
    /// Percentage done, 0 to 100.
    pub progress: i64,
    /// What was done so far, in the form its status shows.
    pub log: Vec<Value>,
    /// What came of it.
    pub result: Option<Value>,
    /// Why it failed.
    pub failure: Option<Failure>,
    /// How often a worker took it.
    pub attempt: i64,
    /// When it may be taken.
    pub due_at: Timestamp,
    /// Whether somebody called it off.
    pub cancel_requested: bool,
    /// The app that asked.
    pub app: Option<String>,
    /// The user it acts for.
    pub created_by: UserId,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When a worker first took it.
    pub started_at: Option<Timestamp>,
    /// When it last changed.
    pub modified_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// What a new request is made from.
#[derive(Clone, Debug)]
pub struct NewRequest {
    /// What it asks for.
    pub task: Task,
    /// The account.
    pub account: AccountId,
    /// The bot.
    pub bot: Option<BotId>,
    /// The first lines of its log.
    pub log: Vec<Value>,
    /// The app that asks.
    pub app: Option<String>,
    /// The user it acts for.
    pub created_by: UserId,
}

/// The answer to a submission.
#[derive(Clone, Debug)]
pub struct Submitted {
    /// The request.
    pub request: Request,
    /// Whether it was started by an earlier submission under the same idempotency key.
    pub repeated: bool,
}

/// A worker's right to write a request.
#[derive(Clone, Debug)]
pub struct Lease {
    /// The request.
    pub id: RequestId,
    /// The attempt that holds it.
    pub attempt: i64,
}

/// What a heartbeat heard.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Beat {
    /// Go on.
    Held,
    /// Somebody called the request off.
    CancelRequested,
    /// Another attempt has it, or it ended.
    Lost,
}

/// How an attempt ended.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// Done, with this result.
    Succeeded(Value),
    /// Cannot be done.
    Failed(Failure),
    /// Was called off.
    Cancelled,
}

/// Which requests to list.
#[derive(Clone, Debug, Default)]
pub struct RequestFilter {
    /// Of these bots only; of all when absent.
    pub bots: Option<Vec<BotId>>,
    /// Of these kinds only.
    pub kinds: Vec<Kind>,
    /// How many to pass over.
    pub offset: i64,
    /// How many to give at the most.
    pub limit: i64,
}

const COLUMNS: &str = "id, kind, account_id, bot_id, sequence, state, parameters, progress, log, result, failure, \
    attempt, worker, lease_until, due_at, cancel_requested, app_id, created_by, created_at, started_at, modified_at, \
    finished_at";

impl Request {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: RequestId::stored(row.get::<String>("id")?),
            kind: kind_of(&row.get::<String>("kind")?)?,
            account: AccountId::stored(row.get::<String>("account_id")?),
            bot: row.get::<Option<String>>("bot_id")?.map(BotId::stored),
            sequence: row.get("sequence")?,
            state: State::stored(&row.get::<String>("state")?)?,
            parameters: row.json("parameters")?,
            progress: row.get("progress")?,
            log: row.json("log")?,
            result: row.json_option("result")?,
            failure: row.json_option("failure")?,
            attempt: row.get("attempt")?,
            due_at: row.time("due_at")?,
            cancel_requested: row.get("cancel_requested")?,
            app: row.get("app_id")?,
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
            started_at: row.time_option("started_at")?,
            modified_at: row.time("modified_at")?,
            finished_at: row.time_option("finished_at")?,
        })
    }

    /// What was asked.
    ///
    /// # Errors
    /// A later release wrote the row, or none did.
    pub fn asked<T: Asked>(&self) -> Result<T, UnreadableTask> {
        task::read(&self.parameters)
    }

    /// What came of it; none before it succeeded.
    ///
    /// # Errors
    /// No release wrote it.
    pub fn outcome<T: Asked>(&self) -> Result<Option<T::Outcome>, UnreadableTask> {
        self.result.as_ref().map(task::outcome::<T>).transpose()
    }

    /// What was asked and not done as it was asked: as the call showed at once, and as the work showed later.
    pub fn findings(&self) -> impl Iterator<Item = &Value> {
        [Some(&self.parameters), self.result.as_ref()].into_iter().flatten().flat_map(task::findings)
    }

    /// The right to write this request, which the one who claimed it has.
    pub fn lease(&self) -> Lease {
        Lease { id: self.id.clone(), attempt: self.attempt }
    }

    /// Queues a request inside a transaction.
    pub async fn insert(
        tx: &mut Connection<'_>,
        id: RequestId,
        new: NewRequest,
        now: Timestamp,
    ) -> Result<Self, Error> {
        // The bot's row hands out the places, so that two nodes cannot give the same one. A bot that is still to be
        // made has no row, and only its import knows its id.
        let sequence = match &new.bot {
            None => 0,
            Some(bot) => {
                let counted = tx
                    .row(
                        "UPDATE bots SET last_sequence = last_sequence + 1 WHERE id = $1 RETURNING last_sequence",
                        args![bot],
                    )
                    .await?;
                counted.map(|row| row.get("last_sequence")).transpose()?.unwrap_or(1)
            }
        };
        let request = Self {
            id,
            kind: new.task.kind(),
            account: new.account,
            bot: new.bot,
            sequence,
            state: State::Pending,
            parameters: new.task.to_row().map_err(|source| Error::Stored { column: "parameters", source })?,
            progress: 0,
            log: new.log,
            result: None,
            failure: None,
            attempt: 0,
            due_at: now,
            cancel_requested: false,
            app: new.app,
            created_by: new.created_by,
            created_at: now,
            started_at: None,
            modified_at: now,
            finished_at: None,
        };
        let sql = format!(
            "INSERT INTO requests ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, \
             $15, $16, $17, $18, $19, $20, $21, $22)"
        );
        tx.execute(
            sql,
            args![
                &request.id,
                request.kind.as_str(),
                &request.account,
                request.bot.as_ref(),
                request.sequence,
                request.state.as_str(),
                &request.parameters,
                request.progress,
                stored(&request.log),
                None::<String>,
                None::<String>,
                request.attempt,
                None::<String>,
                0_i64,
                request.due_at,
                request.cancel_requested,
                request.app.clone(),
                &request.created_by,
                request.created_at,
                request.started_at,
                request.modified_at,
                request.finished_at,
            ],
        )
        .await?;
        Ok(request)
    }

    /// Queues a request inside a transaction, once per idempotency key.
    pub(crate) async fn submit(
        tx: &mut Connection<'_>,
        id: RequestId,
        new: NewRequest,
        idempotency: Option<Idempotency>,
        now: Timestamp,
    ) -> Result<Submitted, Error> {
        if let Some(key) = idempotency
            && let Some(earlier) = key.claim(tx, &id, now).await?
        {
            let sql = format!("SELECT {COLUMNS} FROM requests WHERE id = $1");
            let row = tx.row(sql, args![&earlier]).await?;
            let row = row.ok_or_else(|| Error::Conflict(format!("the request {earlier}")))?;
            return Ok(Submitted { request: Self::read(&row)?, repeated: true });
        }
        Ok(Submitted { request: Self::insert(tx, id, new, now).await?, repeated: false })
    }

    /// Ends an attempt inside a transaction, together with what it brought about; [`Error::LeaseLost`] undoes both.
    pub async fn finish(
        tx: &mut Connection<'_>,
        lease: &Lease,
        outcome: &Outcome,
        log: &[Value],
        now: Timestamp,
    ) -> Result<(), Error> {
        let (state, result, failure) = match outcome {
            Outcome::Succeeded(result) => (State::Succeeded, Some(result.to_string()), None),
            Outcome::Failed(failure) => (State::Failed, None, Some(stored(failure))),
            Outcome::Cancelled => (State::Cancelled, None, None),
        };
        let progress_sql = if state == State::Succeeded { "100" } else { "progress" };
        let sql = format!(
            "UPDATE requests SET state = $3, result = $4, failure = $5, log = $6, finished_at = $7, modified_at = $7, \
             progress = {progress_sql}, worker = NULL, lease_until = 0 \
             WHERE id = $1 AND attempt = $2 AND state = 'running'"
        );
        let parameters = args![&lease.id, lease.attempt, state.as_str(), result, failure, stored(&log), now];
        if tx.execute(sql, parameters).await? == 0 {
            return Err(Error::LeaseLost(lease.id.to_string()));
        }
        Ok(())
    }
}
