//! The queue as workers use it: claim, keep, show progress, end, hand back.

use std::time::Duration;

use domain::Timestamp;
use serde_json::Value;

use super::{Beat, COLUMNS, Lease, Outcome, Request};
use crate::sql::Arg;
use crate::{Error, Store, args};

impl Store {
    /// Takes the next due request for a worker, if there is one.
    pub async fn claim(&self, worker: &str, lease: Duration) -> Result<Option<Request>, Error> {
        let now = self.clock.now();
        let worker = worker.to_owned();
        let row = self
            .write(move |tx| {
                Box::pin(async move {
                    let lock = tx.for_update(" FOR UPDATE SKIP LOCKED");
                    let sql = format!(
                        "UPDATE requests SET state = 'running', attempt = attempt + 1, worker = $1, \
                         lease_until = $2, started_at = COALESCE(started_at, $3), modified_at = $3 \
                         WHERE id = (SELECT r.id FROM requests r \
                             WHERE r.state IN ('pending', 'running') AND r.due_at <= $3 AND r.lease_until < $3 \
                             AND NOT EXISTS (SELECT 1 FROM requests e WHERE e.bot_id = r.bot_id \
                                 AND e.sequence < r.sequence AND e.state IN ('pending', 'running')) \
                             ORDER BY r.due_at, r.id LIMIT 1{lock}) \
                         RETURNING {COLUMNS}"
                    );
                    tx.row(sql, args![worker, now.plus(lease), now]).await
                })
            })
            .await?;
        row.as_ref().map(Request::read).transpose()
    }

    /// Whether a request could be claimed now; a cheap look that spares a write transaction.
    pub async fn has_due_request(&self) -> Result<bool, Error> {
        let row = self
            .row(
                "SELECT 1 AS one FROM requests r WHERE r.state IN ('pending', 'running') AND r.due_at <= $1 \
                 AND r.lease_until < $1 AND NOT EXISTS (SELECT 1 FROM requests e WHERE e.bot_id = r.bot_id \
                 AND e.sequence < r.sequence AND e.state IN ('pending', 'running')) LIMIT 1",
                args![self.clock.now()],
            )
            .await?;
        Ok(row.is_some())
    }

    /// Renews a lease and hears whether the work is still wanted.
    pub async fn beat(&self, lease: &Lease, duration: Duration) -> Result<Beat, Error> {
        let parameters = args![&lease.id, lease.attempt, self.clock.now().plus(duration)];
        self.heard(
            "UPDATE requests SET lease_until = $3 WHERE id = $1 AND attempt = $2 AND state = 'running' \
             RETURNING cancel_requested",
            parameters,
        )
        .await
    }

    /// Shows how far an attempt is, and hears whether the work is still wanted.
    pub async fn progress(&self, lease: &Lease, percent: i64) -> Result<Beat, Error> {
        let parameters = args![&lease.id, lease.attempt, percent, self.clock.now()];
        self.heard(
            "UPDATE requests SET progress = $3, modified_at = $4 \
             WHERE id = $1 AND attempt = $2 AND state = 'running' RETURNING cancel_requested",
            parameters,
        )
        .await
    }

    async fn heard(&self, sql: &'static str, parameters: Vec<Arg>) -> Result<Beat, Error> {
        let row = self.write(move |tx| Box::pin(async move { tx.row(sql, parameters).await })).await?;
        match row {
            None => Ok(Beat::Lost),
            Some(row) if row.get::<bool>("cancel_requested")? => Ok(Beat::CancelRequested),
            Some(_) => Ok(Beat::Held),
        }
    }

    /// Ends an attempt that changed nothing else, and announces it.
    pub async fn finish(&self, lease: &Lease, outcome: Outcome, log: Vec<Value>) -> Result<(), Error> {
        let (lease, now) = (lease.clone(), self.clock.now());
        self.write(move |tx| Box::pin(async move { Request::finish(tx, &lease, &outcome, &log, now).await })).await?;
        self.wakeups.announce();
        Ok(())
    }

    /// Gives a request back to be taken again at `due_at`: after an error that may pass, or when this node stops.
    pub async fn hand_back(&self, lease: &Lease, due_at: Timestamp) -> Result<(), Error> {
        self.execute(
            "UPDATE requests SET state = 'pending', worker = NULL, lease_until = 0, due_at = $3, modified_at = $4 \
             WHERE id = $1 AND attempt = $2 AND state = 'running'",
            args![&lease.id, lease.attempt, due_at, self.clock.now()],
        )
        .await?;
        self.wakeups.announce();
        Ok(())
    }
}
