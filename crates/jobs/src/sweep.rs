//! What nobody needs any more goes: expired files, and objects nothing refers to.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::Context;

const INTERVAL: Duration = Duration::from_secs(3600);
/// A sweep that died left names behind that hold up imports of the same content, so the first one comes soon.
const FIRST: Duration = Duration::from_secs(60);

/// Sweeps every hour until told to stop. Of several nodes one sweeps at a time; another one that wants to meanwhile looks
/// again soon, since the first may have died in the middle.
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
            Ok(Some(removed)) => tracing::info!(removed, "swept"),
            Ok(None) => {
                tracing::debug!("another node sweeps, or a backup is made");
                ticks.reset_after(FIRST);
            }
            Err(error) => {
                tracing::warn!(error = &error as &dyn std::error::Error, "the sweep failed; it will be repeated")
            }
        }
    }
}

/// How many objects went; nothing while somebody else sweeps.
async fn sweep(context: &Context) -> Result<Option<u64>, store::Error> {
    let Some(mut sweep) = context.store.begin_sweep().await? else { return Ok(None) };
    let swept = async { Ok(sweep.files().await? + sweep.objects().await?) }.await;
    sweep.end().await?;
    swept.map(Some)
}
