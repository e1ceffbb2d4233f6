//! Workers: they claim due requests, keep their leases alive, and end them.

use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use domain::Timestamp;
use domain::task::Asked;
use domain::task::Kind;
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use store::sql::Connection;
use store::{Announcement, Beat, Failure, Outcome, Request, Store};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use crate::{
    Context, JobError, batch_test, bot_export, bot_import, erase, failure::chain, publish, sweep, training,
    utterance_export, utterance_import, webhook_delivery,
};

/// How workers work.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How many requests this node works on at a time.
    pub workers: usize,
    /// How long a request stays with a worker that no longer answers. Milliseconds; renewed at every third of it.
    pub lease_ms: u64,
    /// How often an idle worker looks for requests when nothing woke it. Milliseconds.
    pub poll_ms: u64,
    /// How often a request is taken before it is given up.
    pub max_attempts: i64,
    /// How long running requests may go on after a stop was asked for; then they are handed back. Milliseconds.
    pub grace_ms: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self { workers: 2, lease_ms: 30_000, poll_ms: 1_000, max_attempts: 5, grace_ms: 10_000 }
    }
}

impl Options {
    fn lease(&self) -> Duration {
        Duration::from_millis(self.lease_ms)
    }
}

/// The effect of a request, written in the transaction that ends it.
pub(crate) type Effect =
    Box<dyn for<'c> FnOnce(&'c mut Connection<'_>) -> BoxFuture<'c, Result<(), store::Error>> + Send>;

/// What a kind of request prepared.
pub(crate) struct Done {
    /// What the status will show.
    pub(crate) result: Value,
    /// What is to be written.
    pub(crate) effect: Effect,
}

impl Done {
    /// What a kind of request prepared.
    pub(crate) fn new<T: Asked>(result: &T::Outcome, effect: Effect) -> Result<Self, JobError> {
        let result = serde_json::to_value(result)
            .map_err(|error| JobError::refused(format!("the result cannot be written: {error}")))?;
        Ok(Self { result, effect })
    }

    /// A result that changes nothing but the request itself.
    pub(crate) fn without_effect<T: Asked>(result: &T::Outcome) -> Result<Self, JobError> {
        Self::new::<T>(result, Box::new(|_| Box::pin(async { Ok(()) })))
    }
}

/// One attempt at a request: what a kind may ask of the runner while it works.
pub(crate) struct Attempt {
    store: Store,
    pub(crate) request: Request,
    log: Mutex<Vec<Value>>,
    cancelled: CancellationToken,
}

impl Attempt {
    /// Adds a line to the request's log. It is written with the end, so that an attempt that dies leaves no lines that
    /// the next one would tell again.
    pub(crate) fn log(&self, line: Value) {
        self.lines().push(line);
    }

    /// Shows how far the work is, and stops it when somebody called the request off.
    pub(crate) async fn progress(&self, percent: i64) -> Result<(), JobError> {
        match self.store.progress(&self.request.lease(), percent).await? {
            Beat::Held => self.check(),
            Beat::CancelRequested => Err(JobError::Cancelled),
            Beat::Lost => Err(store::Error::LeaseLost(self.request.id.to_string()).into()),
        }
    }

    /// Stops the work when somebody called the request off.
    pub(crate) fn check(&self) -> Result<(), JobError> {
        if self.cancelled.is_cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, Vec<Value>> {
        self.log.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The workers of this node.
pub struct Runner {
    stop: CancellationToken,
    abandon: CancellationToken,
    grace: Duration,
    tasks: JoinSet<()>,
}

impl Runner {
    /// Starts the workers, the erasures and the sweep.
    pub fn start(context: Context, options: Options) -> Self {
        let context = Arc::new(context);
        let (stop, abandon) = (CancellationToken::new(), CancellationToken::new());
        let mut tasks = JoinSet::new();
        let supervisor = context.store.supervisor();
        for number in 1..=options.workers.max(1) {
            let worker = Arc::new(Worker {
                name: format!("{}-{number}", context.store.ids().uuid()),
                context: Arc::clone(&context),
                options: options.clone(),
                stop: stop.clone(),
                abandon: abandon.clone(),
            });
            tasks.spawn(supervisor.keep(&format!("job worker {number}"), &stop, move || {
                let worker = Arc::clone(&worker);
                async move { worker.run().await }
            }));
        }
        let (poll, stopped, erasing) = (Duration::from_millis(options.poll_ms), stop.clone(), Arc::clone(&context));
        tasks
            .spawn(supervisor.keep("erasures", &stop, move || erase::run(Arc::clone(&erasing), poll, stopped.clone())));
        let (stopped, sweeping) = (stop.clone(), Arc::clone(&context));
        tasks.spawn(supervisor.keep("sweeps", &stop, move || sweep::run(Arc::clone(&sweeping), stopped.clone())));
        Self { stop, abandon, grace: Duration::from_millis(options.grace_ms), tasks }
    }

    /// Takes no more requests, lets the running ones end for as long as the grace lasts, and hands the rest back.
    pub async fn stop(mut self) {
        self.stop.cancel();
        let finished = async { while self.tasks.join_next().await.is_some() {} };
        if tokio::time::timeout(self.grace, finished).await.is_err() {
            self.abandon.cancel();
            while self.tasks.join_next().await.is_some() {}
        }
    }
}

struct Worker {
    name: String,
    context: Arc<Context>,
    options: Options,
    stop: CancellationToken,
    abandon: CancellationToken,
}

impl Worker {
    async fn run(&self) {
        let store = &self.context.store;
        let mut changes = store.wakeups().subscribe();
        while !self.stop.is_cancelled() {
            // Hear what is announced from here on, so that nothing queued during the look is missed.
            changes.mark_unchanged();
            let claimed = match store.has_due_request().await {
                Ok(true) => store.claim(&self.name, self.options.lease()).await,
                Ok(false) => Ok(None),
                Err(error) => Err(error),
            };
            match claimed {
                Ok(Some(request)) => {
                    let span = tracing::info_span!(
                        "request",
                        request.id = %request.id,
                        request.kind = request.kind.as_str(),
                        bot.id = request.bot.as_ref().map(|bot| bot.as_str()),
                        attempt = request.attempt,
                    );
                    self.attempt(request).instrument(span).await;
                }
                Ok(None) => self.rest(&mut changes).await,
                Err(error) => {
                    tracing::error!(error = &error as &dyn std::error::Error, "no request could be claimed");
                    self.rest(&mut changes).await;
                }
            }
        }
    }

    async fn rest(&self, changes: &mut tokio::sync::watch::Receiver<u64>) {
        let poll = Duration::from_millis(self.options.poll_ms);
        tokio::select! {
            () = self.stop.cancelled() => {}
            _heard = tokio::time::timeout(poll, changes.changed()) => {}
        }
    }

    /// Carries out one request, and ends it or hands it back.
    async fn attempt(&self, request: Request) {
        let store = &self.context.store;
        let lease = request.lease();
        let started = store.clock().now();
        let attempt = Attempt {
            store: store.clone(),
            log: Mutex::new(request.log.clone()),
            request,
            cancelled: CancellationToken::new(),
        };
        let worked = if attempt.request.attempt > self.options.max_attempts {
            Err(JobError::refused(format!(
                "given up: {} workers died or were interrupted while they had this request",
                self.options.max_attempts
            )))
        } else {
            tokio::select! {
                worked = store.supervisor().contain("job", run_kind(&self.context, &attempt)) => {
                    // It would panic again: what is wrong is told at once.
                    worked.unwrap_or_else(|panicked| Err(JobError::refused(panicked.to_string())))
                }
                // A kind only prepares, so it may be dropped wherever it is.
                () = attempt.cancelled.cancelled() => Err(JobError::Cancelled),
                () = self.lose_lease(&attempt) => {
                    tracing::warn!("the lease was lost; another attempt has the request");
                    return;
                }
                () = self.abandon.cancelled() => {
                    if let Err(error) = store.hand_back(&lease, store.clock().now()).await {
                        tracing::warn!(error = &error as &dyn std::error::Error, "not handed back; the lease will lapse");
                    }
                    return;
                }
            }
        };
        let ended = match worked {
            Err(JobError::Transient(error)) if attempt.request.attempt < self.options.max_attempts => {
                let due_at = backoff(store.clock().now(), attempt.request.attempt);
                tracing::warn!(error, "the attempt failed; the request will be tried again");
                store.hand_back(&lease, due_at).await
            }
            worked => self.end(&attempt, worked).await,
        };
        match ended {
            Ok(()) => {
                let duration_ms = store.clock().now().since(started).as_millis();
                tracing::info!(duration_ms, "attempt ended");
            }
            Err(error) => tracing::error!(
                error = &error as &dyn std::error::Error,
                "the end of the request could not be written; it will be taken again when its lease lapses"
            ),
        }
    }

    /// Writes the effect of a request and its end, all or nothing.
    async fn end(&self, attempt: &Attempt, worked: Result<Done, JobError>) -> Result<(), store::Error> {
        let store = &self.context.store;
        let (outcome, effect) = match worked {
            Ok(done) => (Outcome::Succeeded(done.result), Some(done.effect)),
            Err(JobError::Refused(failure)) => (Outcome::Failed(*failure), None),
            Err(JobError::Transient(error)) => {
                let message = format!("given up after {} attempts: {error}", attempt.request.attempt);
                (Outcome::Failed(Failure::new(message)), None)
            }
            Err(JobError::Cancelled) => (Outcome::Cancelled, None),
        };
        let log = attempt.lines().clone();
        match self.write_end(attempt, outcome, effect, log.clone()).await {
            // The bot changed while the work went on: what was prepared does not fit any more. Do it again at once.
            Err(store::Error::Conflict(what)) => {
                tracing::info!(what, "changed meanwhile; the request starts over");
                store.hand_back(&attempt.request.lease(), store.clock().now()).await
            }
            Err(store::Error::LeaseLost(_)) => {
                tracing::warn!("the lease was lost at the end; another attempt has the request");
                Ok(())
            }
            // Its effect will never be taken, so the request says why instead of being tried for ever.
            Err(error) if !error.is_transient() => {
                let failure = Failure::new(chain(&error));
                self.write_end(attempt, Outcome::Failed(failure), None, log).await
            }
            written => written,
        }
    }

    async fn write_end(
        &self,
        attempt: &Attempt,
        outcome: Outcome,
        effect: Option<Effect>,
        log: Vec<Value>,
    ) -> Result<(), store::Error> {
        let store = &self.context.store;
        let (lease, now) = (attempt.request.lease(), store.clock().now());
        let announcement = Announcement::of(store.ids(), &attempt.request, &outcome, now);
        store
            .write(move |tx| {
                Box::pin(async move {
                    if let Some(effect) = effect {
                        effect(tx).await?;
                    }
                    Request::finish(tx, &lease, &outcome, &log, now).await?;
                    if let Some(announcement) = announcement {
                        announcement.queue(tx, now).await?;
                    }
                    Ok(())
                })
            })
            .await?;
        store.wakeups().announce();
        Ok(())
    }

    /// Renews the lease until it is lost; marks the attempt when the request is called off.
    async fn lose_lease(&self, attempt: &Attempt) {
        let lease = attempt.request.lease();
        loop {
            tokio::time::sleep(self.options.lease() / 3).await;
            match self.context.store.beat(&lease, self.options.lease()).await {
                Ok(Beat::Held) => {}
                Ok(Beat::CancelRequested) => attempt.cancelled.cancel(),
                Ok(Beat::Lost) => return,
                Err(error) => {
                    tracing::warn!(
                        error = &error as &dyn std::error::Error,
                        "the lease could not be renewed; trying again"
                    );
                }
            }
        }
    }
}

async fn run_kind(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    match attempt.request.kind {
        Kind::BotImport => bot_import::run(context, attempt).await,
        Kind::BotExport => bot_export::run(context, attempt).await,
        Kind::Publish => publish::run(context, attempt).await,
        Kind::UtteranceImport => utterance_import::run(context, attempt).await,
        Kind::UtteranceExport => utterance_export::run(context, attempt).await,
        Kind::MlTraining | Kind::FaqTraining => training::run(context, attempt).await,
        Kind::BatchTest => batch_test::run(context, attempt).await,
        Kind::WebhookDelivery => webhook_delivery::run(context, attempt).await,
    }
}

/// When an attempt that failed by chance is repeated: after 1, 2, 4 … seconds.
fn backoff(now: Timestamp, attempt: i64) -> Timestamp {
    let exponent = u32::try_from(attempt.clamp(1, 6) - 1).unwrap_or(0);
    now.plus(Duration::from_secs(1 << exponent))
}
