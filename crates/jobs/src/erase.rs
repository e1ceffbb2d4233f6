//! What users asked to have erased goes.
//!
//! An erasure is a row of its own and no request: it belongs to no bot, waits for none, and is proof for as long as the
//! account exists. It is done by doing it again and again until nothing is left, so a node that dies leaves it to the
//! next, and two nodes that do the same one do no harm; each tells only what it removed itself. It waits for the turns of
//! its users that run, as messages do ([`conversation`]).

use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;

use serde::Deserialize;
use serde_json::json;
use store::{EraseFilter, EraseRequest, EraseStatus, Error, Store};
use tokio::task::{JoinError, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::Context;
use crate::failure::chain;

/// So many erasures are under way at most.
const MOST: usize = 20;
/// So often an erasure is taken; with the pauses between, for about three hours.
const ATTEMPTS: i64 = 12;

/// Erasures of this process that are under way, with the wishes they fulfil.
#[derive(Default)]
struct UnderWay {
    tasks: JoinSet<Result<(), Error>>,
    wishes: HashMap<tokio::task::Id, String>,
}

/// Erases what is asked for until told to stop; looks when something is announced or done, and every `poll`.
pub(crate) async fn run(context: Arc<Context>, poll: Duration, stop: CancellationToken) {
    let mut changes = context.store.wakeups().subscribe();
    let mut under_way = UnderWay::default();
    loop {
        // Hear what is announced from here on, so that nothing asked for during the look is missed.
        changes.mark_unchanged();
        tokio::select! {
            () = stop.cancelled() => return,
            begun = under_way.begin_all(&context) => {
                if let Err(error) = begun {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "erasures cannot be looked up; that will be repeated");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            Some(done) = under_way.tasks.join_next_with_id() => under_way.end(done),
            _heard = tokio::time::timeout(poll, changes.changed()) => {}
        }
    }
}

impl UnderWay {
    /// Begins the erasures that are due, so many as fit. Each waits for the turns of its users, and none for another one.
    async fn begin_all(&mut self, context: &Arc<Context>) -> Result<(), Error> {
        for request in context.store.open_erase_requests(2 * MOST as i64).await? {
            let is_under_way = self.wishes.values().any(|wish| *wish == request.id);
            if is_under_way || self.wishes.len() >= MOST {
                continue;
            }
            let (context, wish) = (Arc::clone(context), request.id.clone());
            let task = self.tasks.spawn(async move { take(&context, &request).await });
            self.wishes.insert(task.id(), wish);
        }
        Ok(())
    }

    /// One is over. What failed is due again later.
    fn end(&mut self, done: Result<(tokio::task::Id, Result<(), Error>), JoinError>) {
        let task = match &done {
            Ok((task, _)) => *task,
            Err(error) => error.id(),
        };
        let wish = self.wishes.remove(&task);
        if let Ok((_, Err(error))) = done {
            let error = &error as &dyn std::error::Error;
            tracing::warn!(request.id = wish, error, "how an erasure went could not be kept; it will be repeated");
        }
    }
}

/// Does an erasure, unless somebody else took it. One that fails is due again, or given up.
async fn take(context: &Context, request: &EraseRequest) -> Result<(), Error> {
    let store = &context.store;
    // Counted before the work, so that one that takes the process along is given up some day, too.
    let Some(attempt) = store.take_erase_request(&request.id, pause_after).await? else { return Ok(()) };
    if attempt > ATTEMPTS {
        let reason = format!("given up after {ATTEMPTS} attempts that did not come to an end");
        return fail(store, request, &reason).await;
    }
    let erased = store.supervisor().contain("erasure", erase(context, request)).await;
    match erased.unwrap_or_else(|panicked| Err(panicked.into())) {
        Ok(()) => Ok(()),
        Err(error) if error.is_transient() && attempt < ATTEMPTS => {
            let (id, error) = (&request.id, &error as &dyn std::error::Error);
            tracing::warn!(request.id = id, attempt, error, "an erasure broke off; it will be repeated");
            Ok(())
        }
        Err(error) => fail(store, request, &chain(&error)).await,
    }
}

/// How long to wait after an attempt that failed: 2, 4, 8 … seconds.
fn pause_after(attempt: i64) -> Duration {
    Duration::from_secs(1 << attempt.clamp(1, 12))
}

async fn erase(context: &Context, request: &EraseRequest) -> Result<(), conversation::Error> {
    let store = &context.store;
    let filter = EraseFilter::deserialize(&request.detail["filter"]);
    let filter = match filter {
        Ok(filter) => filter,
        Err(error) => {
            fail(store, request, &format!("what was asked for cannot be read: {error}")).await?;
            return Ok(());
        }
    };
    let erased = context.conversations.erase_users(&filter).await?;
    let mut detail = request.detail.clone();
    detail["erased"] = json!(erased);
    // Who they were is erased with the rest.
    if let Some(members) = detail.as_object_mut() {
        members.remove("filter");
    }
    store.finish_erase_request(&request.id, EraseStatus::Completed, &detail).await?;
    tracing::info!(request.id, erased = ?erased, "users were erased");
    Ok(())
}

async fn fail(store: &Store, request: &EraseRequest, reason: &str) -> Result<(), Error> {
    tracing::error!(request.id, reason, "users cannot be erased");
    let mut detail = request.detail.clone();
    detail["reason"] = json!(reason);
    store.finish_erase_request(&request.id, EraseStatus::Failed, &detail).await?;
    Ok(())
}
