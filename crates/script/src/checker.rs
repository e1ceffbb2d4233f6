//! Reads scripts in workers, one after the other, and kills a worker that takes too long.

use std::{ffi::OsString, path::PathBuf, time::Duration};

use tokio::time::{Instant, timeout};

use crate::{
    bounds::Bounds,
    check::MEMORY_BYTES,
    process::{Error, Worker},
    protocol::{self, Outcome, Reply, Request, Script},
};

/// How to start workers, and how long they may read one script.
#[derive(Clone, Debug)]
pub struct Checker {
    /// The program to start, which has to call [`run_worker`](crate::run_worker): the server's own binary.
    pub program: PathBuf,
    /// Its arguments: those that make it a worker.
    pub args: Vec<OsString>,
    /// After this time with one script the worker is killed.
    pub script_limit: Duration,
}

impl Checker {
    /// Reads the scripts one after the other; the outcomes are in the same order. A script that makes its worker hang,
    /// crash or be killed is [`Outcome::Unreadable`], and the next one gets a new worker. Scripts that were not begun
    /// when `time_limit` is over are `Unreadable` too. Dropping the future kills the worker. Fails when no worker can be
    /// started; what is wrong with one script is an [`Outcome`].
    pub async fn check(&self, scripts: &[Script], time_limit: Duration) -> Result<Vec<Outcome>, Error> {
        let end = Instant::now() + time_limit;
        let bounds = Bounds::around(time_limit, MEMORY_BYTES);
        let mut outcomes = Vec::with_capacity(scripts.len());
        let mut idle_worker = None;
        for script in scripts {
            let Ok(frame) = protocol::encode(&Request::Check(script.clone())) else {
                outcomes.push(Outcome::Unreadable { reason: "it is too large to be handed to a worker".into() });
                continue;
            };
            if Instant::now() >= end {
                outcomes
                    .push(Outcome::Unreadable { reason: "the time for all scripts was over before its turn".into() });
                continue;
            }
            let mut worker = match idle_worker.take() {
                Some(worker) => worker,
                None => Worker::start(&self.program, &self.args, bounds).await?,
            };
            let limit = self.script_limit.min(end.saturating_duration_since(Instant::now()));
            match timeout(limit, worker.ask(&frame)).await {
                Ok(Ok((Reply::Checked(outcome), _))) => {
                    outcomes.push(outcome);
                    idle_worker = Some(worker);
                }
                Ok(Ok((Reply::Ready { .. } | Reply::Ran(_), _))) => {
                    outcomes.push(give_up(worker, "answered out of turn").await)
                }
                Ok(Err(error)) => outcomes.push(give_up(worker, &format!("ended while reading it: {error}")).await),
                Err(_) => outcomes.push(give_up(worker, &format!("was stopped after {} ms", limit.as_millis())).await),
            }
        }
        if let Some(worker) = idle_worker {
            worker.kill().await;
        }
        Ok(outcomes)
    }
}

/// Ends a worker that failed with a script, and says so as that script's outcome.
async fn give_up(worker: Worker, what_happened: &str) -> Outcome {
    worker.kill().await;
    Outcome::Unreadable { reason: format!("the worker {what_happened}") }
}
