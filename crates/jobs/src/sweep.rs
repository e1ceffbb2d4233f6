//! What nobody needs any more goes: expired files, and objects nothing refers to.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::Context;

const INTERVAL: Duration = Duration::from_secs(3600);
/// A sweep that died left names behind that hold up imports of the same content, so the first one comes soon.
const FIRST: Duration = Duration::from_secs(60);

/// Sweeps every hour until told to stop. Several nodes may sweep at once: what is gone is no error.
pub(crate) async fn run(context: Arc<Context>, stop: CancellationToken) {
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + FIRST, INTERVAL);
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            () = stop.cancelled() => return,
            _ = ticks.tick() => {}
        }
        let swept = context.store.supervisor().contain("sweep", sweep(&context)).await;
        match swept.unwrap_or_else(|panicked| Err(panicked.into())) {
            Ok(removed) => tracing::info!(removed, "swept"),
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the sweep failed; it will be repeated")
            }
        }
    }
}

async fn sweep(context: &Context) -> Result<u64, store::Error> {
    let expired = context.store.sweep_files().await?;
    let unreferenced = context.store.sweep_objects().await?;
    Ok(expired + unreferenced)
}
