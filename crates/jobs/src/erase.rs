//! What users asked to have erased goes.
//!
//! An erasure is a row of its own and no request: it belongs to no bot, waits for none, and is proof for as long as the
//! account exists. It is done by doing it again and again until nothing is left, so a node that dies leaves it to the
//! next, and two nodes that do the same one do no harm; each tells only what it removed itself. It waits for the turns of
//! its users that run, as messages do ([`conversation`]).

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::join_all;
use serde::Deserialize;
use serde_json::json;
use store::{EraseFilter, EraseRequest, EraseStatus, Error, Store};
use tokio_util::sync::CancellationToken;

use crate::Context;
use crate::failure::chain;

/// How many erasures are looked up at once.
const BATCH: i64 = 20;
/// So often an erasure is taken; with the pauses between, for about three hours.
const ATTEMPTS: i64 = 12;

/// Erases what is asked for until told to stop; looks when something is announced, and every `poll`.
pub(crate) async fn run(context: Arc<Context>, poll: Duration, stop: CancellationToken) {
    let mut changes = context.store.wakeups().subscribe();
    loop {
        // Hear what is announced from here on, so that nothing asked for during the look is missed.
        changes.mark_unchanged();
        tokio::select! {
            () = stop.cancelled() => return,
            erased = erase_all(&context) => {
                if let Err(error) = erased {
                    let error = &error as &dyn std::error::Error;
                    tracing::warn!(error, "erasures cannot be looked up; that will be repeated");
                }
            }
        }
        tokio::select! {
            () = stop.cancelled() => return,
            _heard = tokio::time::timeout(poll, changes.changed()) => {}
        }
    }
}

/// Does all erasures that are due. One that fails is due again later, and holds up none of the others.
async fn erase_all(context: &Context) -> Result<(), Error> {
    let store = &context.store;
    loop {
        let open = store.open_erase_requests(BATCH).await?;
        if open.is_empty() {
            return Ok(());
        }
        // Side by side: each waits for the turns of its users.
        let done = join_all(open.iter().map(|request| take(context, request))).await;
        done.into_iter().collect::<Result<(), Error>>()?;
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
