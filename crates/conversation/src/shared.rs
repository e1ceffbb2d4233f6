//! What everything in this crate stands on: the store, the bots, the queue, and how work on a conversation is claimed.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use domain::Timestamp;
use store::{ConversationKey, Store};
use understanding::Models;

use crate::bells::Bells;
use crate::bots::Bots;
use crate::queue::Queue;
use crate::{Error, Options};

/// Holds conversations. Cheap to clone.
#[derive(Clone)]
pub struct Conversations(pub(crate) Arc<Shared>);

/// What all turns share.
pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) models: Models,
    pub(crate) scripts: script::Pool,
    pub(crate) services: services::Client,
    pub(crate) options: Options,
    pub(crate) bots: Bots,
    pub(crate) queue: Queue,
    pub(crate) bells: Bells,
    /// Where users reach this server, for links in messages.
    pub(crate) public_url: String,
    /// Who this process is, when it holds leases.
    pub(crate) owner: String,
}

/// So often a turn is taken again when the conversation changed under it.
pub(crate) const ATTEMPTS: usize = 5;

/// How long nobody else takes a conversation whose node died.
const LEASE: Duration = Duration::from_secs(4);
/// How often a lease is renewed while a turn lasts.
const LEASE_RENEWAL: Duration = Duration::from_secs(1);
/// How long to wait for another node that works on the conversation.
pub(crate) const LEASE_LOOK: Duration = Duration::from_millis(20);

impl std::fmt::Debug for Conversations {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Conversations").finish_non_exhaustive()
    }
}

impl Conversations {
    /// Conversations over a store. `worker` is the program that runs scripts, with its arguments.
    ///
    /// # Errors
    /// The settings of services cannot be used.
    pub fn new(
        store: Store,
        models: Models,
        options: Options,
        public_url: String,
        worker: (std::path::PathBuf, Vec<std::ffi::OsString>),
    ) -> Result<Self, services::SetupError> {
        let mut pool = script::PoolOptions::new(worker.0, worker.1);
        let scripts = &options.scripts;
        if scripts.workers > 0 {
            pool.workers = scripts.workers;
        }
        pool.workers_per_bot = scripts.workers_per_bot;
        pool.waiting_per_bot = scripts.waiting_per_bot;
        pool.deadline = Duration::from_millis(scripts.deadline_ms);
        pool.memory_bytes = scripts.memory_bytes;
        pool.max_output_bytes = scripts.max_output_bytes;
        pool.store_bytes = store.limits().store_bytes;
        // With what the platform keeps in it, which is not counted where the context is judged.
        pool.max_context_bytes = options.compat.largest_context + (4 << 20);
        let services = services::Client::new(&options.services, store.clock().clone())?;
        let owner = store.ids().object_id();
        Ok(Self(Arc::new(Shared {
            scripts: script::Pool::new(pool),
            services,
            bots: Bots::default(),
            queue: Queue::default(),
            bells: Bells::default(),
            store,
            models,
            options,
            public_url,
            owner,
        })))
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }

    /// The settings.
    pub fn options(&self) -> &Options {
        &self.0.options
    }

    /// Starts a process that runs scripts, which logs what it should not be allowed and is. Nothing depends on it: scripts
    /// start theirs when they need one.
    pub async fn warm_up(&self) {
        if let Err(error) = self.0.scripts.warm_up().await {
            tracing::warn!(%error, "scripts cannot be run");
        }
    }

    /// What makes all calls to the outside.
    pub fn services(&self) -> &services::Client {
        &self.0.services
    }

    /// Ends the processes that run scripts. Turns after this fail.
    pub async fn close(&self) {
        self.0.scripts.close().await;
    }
}

impl Shared {
    /// Does work that fails alone when it panics.
    pub(crate) async fn contain<T>(
        &self,
        what: &str,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        self.store.supervisor().contain(what, work).await.unwrap_or_else(|panicked| Err(panicked.into()))
    }

    /// Does work on a conversation that no other node works on meanwhile.
    pub(crate) async fn claimed<T>(
        &self,
        key: &ConversationKey,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        self.wait_for_claim(key).await?;
        self.in_claim(key, work).await
    }

    /// Claims a conversation as soon as no other node has it. Where one process has the database its queue is enough, and
    /// the commit refuses whoever comes between.
    pub(crate) async fn wait_for_claim(&self, key: &ConversationKey) -> Result<(), Error> {
        if self.store.is_shared() {
            let mut look = tokio::time::interval(LEASE_LOOK);
            while !self.claim(key).await? {
                look.tick().await;
            }
        }
        Ok(())
    }

    /// Does work on a conversation that is claimed, and gives it free: whatever becomes of the work.
    pub(crate) async fn in_claim<T>(
        &self,
        key: &ConversationKey,
        work: impl Future<Output = Result<T, Error>>,
    ) -> Result<T, Error> {
        let work = self.contain("conversation", work);
        if !self.store.is_shared() {
            return work.await;
        }
        let done = tokio::select! {
            done = work => done,
            never = self.keep_claim(key) => match never {},
        };
        if let Err(error) = self.store.release_conversation(key, &self.owner).await {
            tracing::warn!(%error, "a lease on a conversation lapses by itself");
        }
        done
    }

    /// Until when a conversation is claimed now.
    pub(crate) fn claimed_until(&self) -> Timestamp {
        self.store.clock().now().plus(LEASE)
    }

    async fn claim(&self, key: &ConversationKey) -> Result<bool, Error> {
        Ok(self.store.claim_conversation(key, &self.owner, self.claimed_until()).await?)
    }

    /// Renews the claim again and again. One that was lost does no harm: the commit decides.
    async fn keep_claim(&self, key: &ConversationKey) -> Infallible {
        loop {
            tokio::time::sleep(LEASE_RENEWAL).await;
            if let Err(error) = self.claim(key).await {
                tracing::warn!(%error, "a lease on a conversation could not be renewed");
            }
        }
    }

    /// How long the bot may take in a turn.
    pub(crate) fn turn_limit(&self) -> Duration {
        Duration::from_millis(self.options.turn_limit_ms)
    }

    /// How long a turn may take, with all it waits for.
    pub(crate) fn longest_turn(&self) -> Duration {
        self.turn_limit() * 2 + Duration::from_millis(self.options.botkit.limit_ms) * 2
    }
}
