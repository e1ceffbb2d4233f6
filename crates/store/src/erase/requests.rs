//! Wishes that users be erased. They are kept, as proof of what was done when.

use std::fmt;
use std::str::FromStr;
use std::time::Duration;

use domain::{AccountId, Timestamp};
use serde_json::Value;

use crate::sql::Row;
use crate::{Error, Store, args};

/// A wish that everything about some users be erased.
#[derive(Clone, Debug, PartialEq)]
pub struct EraseRequest {
    /// The id, `eud-…`.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// How far it is.
    pub status: EraseStatus,
    /// What was asked, and once it is done, what came of it.
    pub detail: Value,
    /// When it was asked.
    pub created_at: Timestamp,
    /// When it ended.
    pub finished_at: Option<Timestamp>,
}

/// How far an erasure is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EraseStatus {
    /// It goes on.
    InProgress,
    /// It is done.
    Completed,
    /// It cannot be done.
    Failed,
}

/// No status has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a status of an erasure: give in-progress, completed or failed")]
pub struct UnknownEraseStatus(String);

impl EraseStatus {
    /// The name, as the original writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::InProgress => "in-progress",
            Self::Completed => "completed",
            Self::Failed => "failed",
        }
    }
}

impl fmt::Display for EraseStatus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for EraseStatus {
    type Err = UnknownEraseStatus;

    fn from_str(name: &str) -> Result<Self, UnknownEraseStatus> {
        let found = [Self::InProgress, Self::Completed, Self::Failed].into_iter().find(|status| status.name() == name);
        found.ok_or_else(|| UnknownEraseStatus(name.to_owned()))
    }
}

const COLUMNS: &str = "id, account_id, status, detail, created_at, finished_at";

impl EraseRequest {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            account: AccountId::stored(row.get::<String>("account_id")?),
            status: row.word("status")?,
            detail: row.json("detail")?,
            created_at: row.time("created_at")?,
            finished_at: row.time_option("finished_at")?,
        })
    }
}

impl Store {
    /// Keeps a wish, to be fulfilled by [`erase_users`](Self::erase_users).
    pub async fn create_erase_request(&self, account: &AccountId, detail: Value) -> Result<EraseRequest, Error> {
        let request = EraseRequest {
            id: self.ids.prefixed("eud"),
            account: account.clone(),
            status: EraseStatus::InProgress,
            detail,
            created_at: self.clock.now(),
            finished_at: None,
        };
        let sql = format!("INSERT INTO erase_requests ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6)");
        let parameters = args![
            &request.id,
            &request.account,
            request.status.name(),
            &request.detail,
            request.created_at,
            request.finished_at,
        ];
        self.execute(sql, parameters).await?;
        self.wakeups.announce();
        Ok(request)
    }

    /// A wish by its id.
    pub async fn erase_request(&self, account: &AccountId, id: &str) -> Result<Option<EraseRequest>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM erase_requests WHERE id = $1 AND account_id = $2");
        self.row(sql, args![id, account]).await?.as_ref().map(EraseRequest::read).transpose()
    }

    /// Wishes that are not fulfilled and are due, the oldest first, at most `limit`: what to take up after a restart.
    pub async fn open_erase_requests(&self, limit: i64) -> Result<Vec<EraseRequest>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM erase_requests WHERE finished_at IS NULL AND due_at <= $2 \
             ORDER BY created_at, id LIMIT $1"
        );
        self.rows(sql, args![limit, self.clock.now()]).await?.iter().map(EraseRequest::read).collect()
    }

    /// Counts that a wish that is due is taken, before any work on it; the count. Nothing when it is fulfilled, or
    /// somebody else took it. Should this attempt fail, the wish is due again after a pause that `pause_after` gives for
    /// the count.
    pub async fn take_erase_request(
        &self,
        id: &str,
        pause_after: impl Fn(i64) -> Duration + Send + 'static,
    ) -> Result<Option<i64>, Error> {
        let (id, now) = (id.to_owned(), self.clock.now());
        self.write(move |tx| {
            Box::pin(async move {
                let sql = "UPDATE erase_requests SET attempts = attempts + 1 \
                           WHERE id = $1 AND finished_at IS NULL AND due_at <= $2 RETURNING attempts";
                let Some(row) = tx.row(sql, args![&id, now]).await? else { return Ok(None) };
                let attempts = row.get("attempts")?;
                let due_at = now.plus(pause_after(attempts));
                tx.execute("UPDATE erase_requests SET due_at = $2 WHERE id = $1", args![&id, due_at]).await?;
                Ok(Some(attempts))
            })
        })
        .await
    }

    /// Ends a wish with what came of it; whether it was open.
    pub async fn finish_erase_request(&self, id: &str, status: EraseStatus, detail: &Value) -> Result<bool, Error> {
        let ended = self
            .execute(
                "UPDATE erase_requests SET status = $2, detail = $3, finished_at = $4 \
                 WHERE id = $1 AND finished_at IS NULL",
                args![id, status.name(), detail, self.clock.now()],
            )
            .await?;
        Ok(ended > 0)
    }
}
