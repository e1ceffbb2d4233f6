//! What everything in this crate stands on: the store, the bots, the queue, and how work on a conversation is claimed.

use std::convert::Infallible;
use std::time::Duration;

use store::{ConversationKey, Store};
use understanding::Models;

use crate::botkit::Bells;
use crate::bots::Bots;
use crate::queue::Queue;
use crate::{Error, Options};

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

/// How long nobody else takes a conversation whose node died.
const LEASE: Duration = Duration::from_secs(4);
/// How often a lease is renewed while a turn lasts.
const LEASE_RENEWAL: Duration = Duration::from_secs(1);
/// How long to wait for another node that works on the conversation.
pub(crate) const LEASE_LOOK: Duration = Duration::from_millis(20);

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
        // Whatever becomes of it, the claim is given back.
        let work = self.contain("conversation", work);
        if !self.store.is_shared() {
            // One process has the database: its queue is enough, and the commit refuses whoever comes between.
            return work.await;
        }
        let mut look = tokio::time::interval(LEASE_LOOK);
        while !self.claim(key).await? {
            look.tick().await;
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

    async fn claim(&self, key: &ConversationKey) -> Result<bool, Error> {
        let until = self.store.clock().now().plus(LEASE);
        Ok(self.store.claim_conversation(key, &self.owner, until).await?)
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
