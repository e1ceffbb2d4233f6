//! What has to happen without anybody saying a word: sessions are closed, kept messages answered, answers posted.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use store::{Delivery, Wakeups};
use supervisor::Supervisor;
use tokio::sync::watch;
use tokio::task::JoinHandle;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::written::DELIVERY_VERSION;
use crate::{Conversations, Error, shape};

/// Gives a delivery the form of its channel: what is posted.
pub type Form = Arc<dyn Fn(&Value) -> Value + Send + Sync>;

/// Looks after conversations in the background, until it is stopped.
pub struct Keeper {
    stop: CancellationToken,
    tasks: [JoinHandle<()>; 3],
    under_way: UnderWay,
}

/// What the looks of a keeper set going. No look waits for it: a turn or an address that is slow holds up nobody but its own
/// conversation, which nobody else takes meanwhile.
#[derive(Clone, Default)]
struct UnderWay {
    answers: TaskTracker,
    posts: TaskTracker,
}

/// So many sessions, conversations and deliveries are taken at a time.
const BATCH: i64 = 50;
/// So many answers, and so many deliveries, are under way at most.
const MOST_UNDER_WAY: i64 = 200;
/// So many old rows of each kind go at a time.
const CLEANED: i64 = 5_000;
/// So often a delivery is tried; with the pauses between, for about a day.
const ATTEMPTS: i64 = 12;
/// How long between two looks for what is old.
const CLEANING_PAUSE: Duration = Duration::from_secs(60);
/// How long one post may take.
const POST_LIMIT: Duration = Duration::from_secs(15);
/// How long nobody else posts what a process has that may have died, and how often that is renewed while it posts.
const POST_LEASE: Duration = Duration::from_secs(6);
const POST_LEASE_RENEWAL: Duration = Duration::from_secs(2);
/// Messages that were given up, and that nobody tried again or dropped, are kept so long.
const STUCK_KEPT: Duration = Duration::from_secs(30 * 24 * 3_600);
/// Answers that nobody asks for are kept so long.
const RESULTS_KEPT: Duration = Duration::from_secs(3_600);
/// A BotKit server may call back under an id so long after it did last.
const BOTKIT_REQUESTS_KEPT: Duration = Duration::from_secs(24 * 3_600);

impl Keeper {
    /// Starts to look after conversations. `form` gives posted answers the form of their channel.
    pub fn start(conversations: Conversations, wakeups: &Wakeups, form: Form) -> Self {
        let stop = CancellationToken::new();
        let pause = Duration::from_millis(conversations.options().keeper_interval_ms.max(10));
        let supervisor = conversations.shared().store.supervisor().clone();
        let keeper = (&supervisor, &stop);
        // Side by side: an address that is slow to answer holds nobody's session up, and no slow turn an answer.
        let under_way = UnderWay::default();
        let (all, answers) = (conversations.clone(), under_way.answers.clone());
        let looks = repeat(keeper, "keeper of conversations", Some(wakeups.subscribe()), pause, move || {
            let (all, answers) = (all.clone(), answers.clone());
            async move { all.look_after(&answers).await }
        });
        let (all, posted) = (conversations.clone(), under_way.posts.clone());
        let posts = repeat(keeper, "deliveries", Some(wakeups.subscribe()), pause, move || {
            let (all, form, posted) = (all.clone(), Arc::clone(&form), posted.clone());
            async move { all.deliver(&form, &posted).await }
        });
        let cleans = repeat(keeper, "cleaning of conversations", None, CLEANING_PAUSE, move || {
            let all = conversations.clone();
            async move { all.drop_what_is_old().await }
        });
        Self { stop, tasks: [looks, posts, cleans], under_way }
    }

    /// Stops, and waits until it has.
    pub async fn stop(self) {
        self.stop.cancel();
        for task in self.tasks {
            task.await.ok();
        }
        for begun in [self.under_way.answers, self.under_way.posts] {
            begun.close();
            begun.wait().await;
        }
    }
}

/// Does something now, after each pause, and when something is announced, until it is stopped. What fails or panics fails
/// alone, and is done again at its time.
fn repeat<F>(
    (supervisor, stop): (&Supervisor, &CancellationToken),
    task: &'static str,
    woken: Option<watch::Receiver<u64>>,
    pause: Duration,
    work: impl Fn() -> F + Clone + Send + Sync + 'static,
) -> JoinHandle<()>
where
    F: Future<Output = Result<(), Error>> + Send,
{
    let (contained, stopped) = (supervisor.clone(), stop.clone());
    tokio::spawn(supervisor.keep(task, stop, move || {
        let (contained, stopped, work, mut woken) = (contained.clone(), stopped.clone(), work.clone(), woken.clone());
        async move {
            loop {
                let worked = contained.contain(task, work()).await;
                if let Err(error) = worked.unwrap_or_else(|panicked| Err(panicked.into())) {
                    tracing::warn!(%error, task, "looking after conversations failed; it is tried again");
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
        }
    }))
}

/// How many more may be set going.
fn room(under_way: &TaskTracker) -> i64 {
    (MOST_UNDER_WAY - i64::try_from(under_way.len()).unwrap_or(MOST_UNDER_WAY)).clamp(0, BATCH)
}

impl Conversations {
    /// Closes sessions whose time is over, and answers messages whose process died.
    async fn look_after(&self, answers: &TaskTracker) -> Result<(), Error> {
        let store = &self.shared().store;
        for idle in store.idle_sessions(BATCH).await? {
            if let Err(error) = self.shared().contain("closing of a session", self.close_idle(&idle)).await {
                tracing::warn!(%error, session.id = %idle.session, "a session whose time is over was not closed");
            }
        }
        let room = room(answers);
        if room == 0 {
            return Ok(());
        }
        for key in store.inbox_conversations(room).await? {
            // Whoever took the message answers it; what is left is of a process that died.
            if let Some(turn) = self.shared().queue.try_enter(&key) {
                let conversations = self.clone();
                answers.spawn(async move {
                    conversations.work_off_in_turn(&key).await;
                    drop(turn);
                });
            }
        }
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
        store.drop_botkit_requests(now.minus(BOTKIT_REQUESTS_KEPT), CLEANED).await?;
        store.drop_old_stuck_messages(now.minus(STUCK_KEPT), CLEANED).await?;
        Ok(())
    }

    /// Posts the answers that are due.
    async fn deliver(&self, form: &Form, posts: &TaskTracker) -> Result<(), Error> {
        let shared = self.shared();
        let store = &shared.store;
        while store.next_delivery_at().await?.is_some_and(|at| at <= store.clock().now()) {
            let until = store.clock().now().plus(POST_LEASE);
            let room = room(posts);
            if room == 0 {
                break;
            }
            let due = store.claim_deliveries(&shared.owner, until, room).await?;
            if due.is_empty() {
                break;
            }
            // Each is of another conversation. The next one of a conversation is announced when this one is posted.
            for delivery in due {
                let (conversations, form) = (self.clone(), Arc::clone(form));
                posts.spawn(async move {
                    let posted = tokio::select! {
                        posted = conversations.post(&delivery, &form) => posted,
                        never = conversations.keep_delivery(&delivery) => match never {},
                    };
                    if let Err(error) = posted {
                        tracing::warn!(%error, "how a delivery went could not be kept; it is claimed again when its lease ends");
                    }
                });
            }
        }
        Ok(())
    }

    /// Renews the lease on a delivery again and again. One that was lost lets the answer be posted twice.
    async fn keep_delivery(&self, delivery: &Delivery) -> Infallible {
        let shared = self.shared();
        loop {
            tokio::time::sleep(POST_LEASE_RENEWAL).await;
            let until = shared.store.clock().now().plus(POST_LEASE);
            if let Err(error) = shared.store.keep_delivery(delivery, &shared.owner, until).await {
                tracing::warn!(%error, "a lease on a delivery could not be renewed");
            }
        }
    }

    /// Posts one answer, or sees to it that it is posted later or given up.
    async fn post(&self, delivery: &Delivery, form: &Form) -> Result<(), Error> {
        let shared = self.shared();
        // Each attempt was counted when it was claimed, before this work; one that took the process along is one, too.
        let (posted, attempts) = if delivery.attempt > ATTEMPTS {
            (Ok(Err("the server died or was stopped while it was posted".to_owned())), ATTEMPTS)
        } else {
            let posted = shared.store.supervisor().contain("delivery", self.try_to_post(delivery, form)).await;
            // What panics will most likely panic again, and holds up what waits behind it.
            let attempts = if posted.is_err() { self.options().attempts() } else { ATTEMPTS };
            (posted, attempts)
        };
        let fault = match posted {
            Ok(Ok(())) => return Ok(shared.store.delivered(delivery).await?),
            Ok(Err(fault)) => fault,
            Err(panicked) => panicked.to_string(),
        };
        if delivery.attempt >= attempts {
            tracing::error!(fault, url = delivery.url, "an answer could not be posted and is given up");
            return Ok(shared.store.give_up_delivery(delivery).await?);
        }
        let exponent = u32::try_from(delivery.attempt).unwrap_or(0).min(13);
        let pause = Duration::from_secs(1 << exponent);
        tracing::warn!(fault, url = delivery.url, attempt = delivery.attempt, "an answer could not be posted");
        Ok(shared.store.postpone_delivery(delivery, shared.store.clock().now().plus(pause)).await?)
    }

    /// Posts an answer once; what went wrong, if something did.
    async fn try_to_post(&self, delivery: &Delivery, form: &Form) -> Result<(), String> {
        shape::check("the delivery", DELIVERY_VERSION, &delivery.body).map_err(|error| error.to_string())?;
        let body = form(&delivery.body);
        // Who enabled the channel chose the address.
        match self.shared().services.post_json(&delivery.url, &[], &body, POST_LIMIT).await {
            Ok((status, _)) if status < 300 => Ok(()),
            Ok((status, _)) => Err(format!("it answered {status}")),
            Err(failure) => Err(failure.to_string()),
        }
    }
}
