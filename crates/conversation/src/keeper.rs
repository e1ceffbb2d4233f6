//! What has to happen without anybody saying a word: sessions are closed, kept messages answered, answers posted.

use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use store::{Delivery, Wakeups};
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio_util::sync::CancellationToken;

use crate::{Conversations, Error};

/// Gives a delivery the form of its channel: what is posted.
pub type Form = Arc<dyn Fn(&Value) -> Value + Send + Sync>;

/// Looks after conversations in the background, until it is stopped.
pub struct Keeper {
    stop: CancellationToken,
    tasks: [JoinHandle<()>; 3],
}

/// So many sessions, conversations and deliveries are taken at a time.
const BATCH: i64 = 50;
/// So many old rows of each kind go at a time.
const CLEANED: i64 = 5_000;
/// So often a delivery is tried; with the pauses between, for about a day.
const ATTEMPTS: i64 = 12;
/// How long between two looks for what is old.
const CLEANING_PAUSE: Duration = Duration::from_secs(60);
/// How long one post may take.
const POST_LIMIT: Duration = Duration::from_secs(15);
/// Answers that nobody asks for are kept so long.
const RESULTS_KEPT: Duration = Duration::from_secs(3_600);
/// A BotKit server may call back under an id so long after it did last.
const BOTKIT_REQUESTS_KEPT: Duration = Duration::from_secs(24 * 3_600);

impl Keeper {
    /// Starts to look after conversations. `form` gives posted answers the form of their channel.
    pub fn start(conversations: Conversations, wakeups: &Wakeups, form: Form) -> Self {
        let stop = CancellationToken::new();
        let pause = Duration::from_millis(conversations.options().keeper_interval_ms.max(10));
        // Side by side: an address that is slow to answer holds nobody's session up, and no slow turn an answer.
        let all = conversations.clone();
        let looks = repeat(&stop, Some(wakeups.subscribe()), pause, move || {
            let all = all.clone();
            async move { all.look_after().await }
        });
        let all = conversations.clone();
        let posts = repeat(&stop, Some(wakeups.subscribe()), pause, move || {
            let (all, form) = (all.clone(), Arc::clone(&form));
            async move { all.deliver(&form).await }
        });
        let cleans = repeat(&stop, None, CLEANING_PAUSE, move || {
            let all = conversations.clone();
            async move { all.drop_what_is_old().await }
        });
        Self { stop, tasks: [looks, posts, cleans] }
    }

    /// Stops, and waits until it has.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.ok();
        }
    }
}

/// Does something now, after each pause, and when something is announced, until it is stopped.
fn repeat<F>(
    stop: &CancellationToken,
    mut woken: Option<watch::Receiver<u64>>,
    pause: Duration,
    work: impl Fn() -> F + Send + 'static,
) -> JoinHandle<()>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let stopped = stop.clone();
    tokio::spawn(async move {
        loop {
            if let Err(error) = work().await {
                tracing::warn!(%error, "looking after conversations failed; it is tried again");
            }
            let announced = async {
                let Some(woken) = &mut woken else { return std::future::pending().await };
                if woken.changed().await.is_err() {
                    // Nobody is left to announce anything.
                    std::future::pending().await
                }
            };
            tokio::select! {
                () = stopped.cancelled() => break,
                () = tokio::time::sleep(pause) => {}
                // A hint: something waits that was not there before.
                () = announced => {}
            }
        }
    })
}

impl Conversations {
    /// Closes sessions whose time is over, and answers messages whose process died.
    async fn look_after(&self) -> Result<(), Error> {
        let store = &self.shared().store;
        for idle in store.idle_sessions(BATCH).await? {
            if let Err(error) = self.close_idle(&idle).await {
                tracing::warn!(%error, session.id = %idle.session, "a session whose time is over was not closed");
            }
        }
        let mut answering = JoinSet::new();
        for key in store.inbox_conversations(BATCH).await? {
            // Whoever took the message answers it; what is left is of a process that died.
            if self.shared().queue.try_enter(&key).is_some() {
                let conversations = self.clone();
                answering.spawn(async move { conversations.work_off(&key).await });
            }
        }
        answering.join_all().await;
        Ok(())
    }

    /// Drops what nobody asks for any more: each of these is a write, so it is done now and then only.
    async fn drop_what_is_old(&self) -> Result<(), Error> {
        let store = &self.shared().store;
        let now = store.clock().now();
        store.drop_expired_values(CLEANED).await?;
        store.drop_inbox_results(now.minus(RESULTS_KEPT), CLEANED).await?;
        let kept = Duration::from_secs(self.options().debug_log_s);
        store.drop_turn_logs(now.minus(kept), CLEANED).await?;
        store.drop_table_results(now.minus(RESULTS_KEPT), CLEANED).await?;
        store.drop_botkit_requests(now.minus(BOTKIT_REQUESTS_KEPT), CLEANED).await?;
        Ok(())
    }

    /// Posts the answers that are due.
    async fn deliver(&self, form: &Form) -> Result<(), Error> {
        let shared = self.shared();
        let store = &shared.store;
        while store.next_delivery_at().await?.is_some_and(|at| at <= store.clock().now()) {
            let until = store.clock().now().plus(POST_LIMIT * 2);
            let due = store.claim_deliveries(&shared.owner, until, BATCH).await?;
            if due.is_empty() {
                break;
            }
            // Each is of another conversation.
            let mut posting = JoinSet::new();
            for delivery in due {
                let (conversations, form) = (self.clone(), Arc::clone(form));
                posting.spawn(async move { conversations.post(&delivery, &form).await });
            }
            posting.join_all().await.into_iter().collect::<Result<(), Error>>()?;
        }
        Ok(())
    }

    async fn post(&self, delivery: &Delivery, form: &Form) -> Result<(), Error> {
        let shared = self.shared();
        let body = form(&delivery.body);
        let posted = shared.services.post_json(&delivery.url, &[], &body, POST_LIMIT).await;
        let fault = match posted {
            Ok((status, _)) if status < 300 => return Ok(shared.store.delivered(delivery).await?),
            Ok((status, _)) => format!("it answered {status}"),
            Err(failure) => failure.to_string(),
        };
        if delivery.attempt >= ATTEMPTS {
            tracing::error!(fault, url = delivery.url, "an answer could not be posted and is given up");
            return Ok(shared.store.give_up_delivery(delivery).await?);
        }
        let exponent = u32::try_from(delivery.attempt).unwrap_or(0).min(13);
        let pause = Duration::from_secs(1 << exponent);
        tracing::warn!(fault, url = delivery.url, attempt = delivery.attempt, "an answer could not be posted");
        Ok(shared.store.postpone_delivery(delivery, shared.store.clock().now().plus(pause)).await?)
    }
}
