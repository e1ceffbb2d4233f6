//! Requests as clients use them: submit, look at, wait for, call off.

use std::time::Duration;

use domain::{AccountId, BotId, RequestId};

use super::{Announcement, COLUMNS, Kind, NewRequest, Outcome, Request, RequestFilter, State, Submitted};
use crate::sql::Arg;
use crate::{Error, Idempotency, Page, Store, args};

/// How long a waiting reader trusts that announcements arrive before it looks itself.
const POLL: Duration = Duration::from_millis(100);

/// Adds the condition that a column has one of these values. None of them: no row fits.
fn append_choice(sql: &mut String, parameters: &mut Vec<Arg>, column: &'static str, values: &[&str]) {
    let mut names = Vec::new();
    for value in values {
        parameters.push(Arg::from(*value));
        names.push(format!("${}", parameters.len()));
    }
    let names = if names.is_empty() { "NULL".to_owned() } else { names.join(", ") };
    sql.push_str(&format!(" AND {column} IN ({names})"));
}

impl Store {
    /// Queues a request durably, once per idempotency key, and wakes the workers.
    pub async fn submit(&self, new: NewRequest, idempotency: Option<Idempotency>) -> Result<Submitted, Error> {
        let id = RequestId::new(&self.ids, new.task.kind().prefix());
        let now = self.clock.now();
        let submitted =
            self.write(move |tx| Box::pin(async move { Request::submit(tx, id, new, idempotency, now).await })).await?;
        self.wakeups.announce();
        Ok(submitted)
    }

    /// Calls a request off: at once when no worker has it, else at the worker's next step. The request as it is then;
    /// nothing when there is none of this id in the account.
    pub async fn cancel(&self, account: &AccountId, id: &RequestId) -> Result<Option<Request>, Error> {
        let now = self.clock.now();
        let parameters = args![id, account, now];
        let ids = self.ids.clone();
        self.write(move |tx| {
            Box::pin(async move {
                let sql = format!(
                    "UPDATE requests SET cancel_requested = TRUE, \
                     state = CASE WHEN state = 'pending' THEN 'cancelled' ELSE state END, \
                     finished_at = CASE WHEN state = 'pending' THEN $3 ELSE finished_at END, modified_at = $3 \
                     WHERE id = $1 AND account_id = $2 AND state IN ('pending', 'running') RETURNING {COLUMNS}"
                );
                let Some(row) = tx.row(sql, parameters).await? else { return Ok(()) };
                let request = Request::read(&row)?;
                if request.state == State::Cancelled
                    && let Some(announcement) = Announcement::of(&ids, &request, &Outcome::Cancelled, now)
                {
                    announcement.queue(tx, now).await?;
                }
                Ok(())
            })
        })
        .await?;
        self.wakeups.announce();
        self.request(account, id).await
    }

    /// A request by its id.
    pub async fn request(&self, account: &AccountId, id: &RequestId) -> Result<Option<Request>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM requests WHERE id = $1 AND account_id = $2");
        self.row(sql, args![id, account]).await?.as_ref().map(Request::read).transpose()
    }

    /// The newest request of a kind on a bot.
    pub async fn latest_request(&self, bot: &BotId, kind: Kind) -> Result<Option<Request>, Error> {
        let load = async {
            let sql = format!(
                "SELECT {COLUMNS} FROM requests WHERE bot_id = $1 AND kind = $2 ORDER BY sequence DESC LIMIT 1"
            );
            self.row(sql, args![bot, kind.as_str()]).await?.as_ref().map(Request::read).transpose()
        };
        let about = format!("{} of {bot}", kind.as_str());
        self.read_cache.answer("latest request", &about, load).await
    }

    /// The newest requests of a kind on a bot.
    pub(crate) async fn latest_requests(&self, bot: &BotId, kind: Kind, limit: i64) -> Result<Vec<Request>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM requests WHERE bot_id = $1 AND kind = $2 ORDER BY sequence DESC LIMIT $3");
        self.rows(sql, args![bot, kind.as_str(), limit]).await?.iter().map(Request::read).collect()
    }

    /// Requests of an account, the newest first.
    pub async fn requests(&self, account: &AccountId, filter: &RequestFilter) -> Result<Page<Request>, Error> {
        let kinds: Vec<&str> = filter.kinds.iter().map(|kind| kind.as_str()).collect();
        let mut matching = "FROM requests WHERE account_id = $1".to_owned();
        let mut parameters = args![account];
        append_choice(&mut matching, &mut parameters, "kind", &kinds);
        if let Some(bots) = &filter.bots {
            let bots: Vec<&str> = bots.iter().map(BotId::as_str).collect();
            append_choice(&mut matching, &mut parameters, "bot_id", &bots);
        }
        let count = self.row(format!("SELECT COUNT(*) AS total {matching}"), parameters.clone()).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let (limit, offset) = (parameters.len() + 1, parameters.len() + 2);
        parameters.extend(args![filter.limit, filter.offset]);
        let sql = format!(
            "SELECT {COLUMNS} {matching} ORDER BY created_at DESC, sequence DESC, id LIMIT ${limit} OFFSET ${offset}"
        );
        let rows = self.rows(sql, parameters).await?;
        Ok(Page { items: rows.iter().map(Request::read).collect::<Result<_, _>>()?, total })
    }

    /// Waits until the request that `look` finds has ended, or for `patience`; what `look` found last.
    pub async fn wait_for<F, L>(&self, patience: Duration, look: L) -> Result<Option<Request>, Error>
    where
        F: Future<Output = Result<Option<Request>, Error>>,
        L: Fn() -> F,
    {
        let deadline = tokio::time::Instant::now() + patience;
        let mut changes = self.wakeups.subscribe();
        loop {
            let found = look().await?;
            let open = found.as_ref().is_some_and(|request| !request.state.is_final());
            if !open || tokio::time::Instant::now() >= deadline {
                return Ok(found);
            }
            let next_look = deadline.min(tokio::time::Instant::now() + POLL);
            // An announcement or the poll interval, whichever comes first; both only mean "look again".
            let _heard = tokio::time::timeout_at(next_look, changes.changed()).await;
        }
    }

    /// How many requests wait and how many run, for metrics.
    pub async fn open_requests(&self) -> Result<(i64, i64), Error> {
        let row = self
            .row(
                "SELECT COUNT(CASE WHEN state = 'pending' THEN 1 END) AS pending, \
                 COUNT(CASE WHEN state = 'running' THEN 1 END) AS running \
                 FROM requests WHERE state IN ('pending', 'running')",
                vec![],
            )
            .await?;
        match row {
            Some(row) => Ok((row.get("pending")?, row.get("running")?)),
            None => Ok((0, 0)),
        }
    }
}
