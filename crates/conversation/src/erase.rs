//! Users who are erased: the turns of their conversations that came before end first, and none begins meanwhile.

use std::collections::BTreeMap;
use std::time::Duration;

use store::{ConversationKey, EraseFilter, Erased};
use tokio::sync::OwnedMutexGuard;
use tokio::time::Instant;

use crate::key::user_of;
use crate::shared::{LEASE_LOOK, Shared};
use crate::{Conversations, Error};

/// So many users without a conversation are erased together.
const TOGETHER: usize = 200;
/// How long no other node takes the conversations of a user who is erased. Their rows, and the leases in them, go with all
/// the rest; this is for a process that dies over it.
const LEASE: Duration = Duration::from_secs(30);

impl Conversations {
    /// Erases what is kept about users, one after the other; how much that was. A turn that runs ends before, and so do
    /// those that wait behind it: what they leave goes with the rest. What is said later begins a conversation anew.
    ///
    /// # Errors
    /// The store failed. An erasure that broke off is done by doing it again.
    pub async fn erase_users(&self, filter: &EraseFilter) -> Result<Erased, Error> {
        let shared = self.shared();
        let since = shared.store.clock().now();
        let mut users = shared.store.users_to_erase(filter).await?;
        // The first turn of somebody may run now: nothing is kept of them that would tell who they are.
        users.extend(filter.users.iter().map(|name| user_of(&filter.account, name).to_string()));
        let mut conversations: BTreeMap<String, Vec<ConversationKey>> = BTreeMap::new();
        let kept = shared.store.conversations_to_erase(filter, &users).await?;
        for key in kept.into_iter().chain(shared.queue.at_work(filter, &users)) {
            let of_user = conversations.entry(key.user.to_string()).or_default();
            if !of_user.iter().any(|other| (&other.bot, &other.channel) == (&key.bot, &key.channel)) {
                of_user.push(key);
            }
        }
        let mut erased = Erased::default();
        for (user, mut keys) in conversations {
            // All who hold several conversations take them in the same order: nobody waits for who waits for them.
            keys.sort_by(|one, other| (&one.bot, &one.channel).cmp(&(&other.bot, &other.channel)));
            let deadline = Instant::now() + shared.longest_turn();
            let turns = shared.enter_all(&keys, deadline).await?;
            let gone = shared.store.erase_ids(filter, std::slice::from_ref(&user), since).await;
            shared.leave_all(&keys).await;
            drop(turns);
            erased += gone?;
            users.remove(&user);
        }
        let others: Vec<String> = users.into_iter().collect();
        for users in others.chunks(TOGETHER) {
            erased += shared.store.erase_ids(filter, users, since).await?;
        }
        Ok(erased)
    }
}

impl Shared {
    /// Waits for the turns of these conversations that came before, on all nodes, until a moment. A turn that lasts even
    /// longer than turns can is not waited for: it is refused when it is to be kept.
    async fn enter_all(&self, keys: &[ConversationKey], deadline: Instant) -> Result<Vec<OwnedMutexGuard<()>>, Error> {
        let mut turns = Vec::new();
        for key in keys {
            match tokio::time::timeout_at(deadline, self.queue.enter(key)).await {
                Ok(turn) => turns.push(turn),
                Err(_) => tracing::warn!(bot.id = %key.bot, "a user is erased while a turn does not end"),
            }
        }
        if self.store.is_shared() {
            let mut look = tokio::time::interval(LEASE_LOOK);
            while !self.claim_all(keys).await? && Instant::now() < deadline {
                look.tick().await;
            }
        }
        Ok(turns)
    }

    /// Claims these conversations, one after the other; whether all of them could be had.
    async fn claim_all(&self, keys: &[ConversationKey]) -> Result<bool, Error> {
        for key in keys {
            let until = self.store.clock().now().plus(LEASE);
            if !self.store.claim_conversation(key, &self.owner, until).await? {
                return Ok(false);
            }
        }
        Ok(true)
    }

    async fn leave_all(&self, keys: &[ConversationKey]) {
        for key in keys.iter().filter(|_| self.store.is_shared()) {
            if let Err(error) = self.store.release_conversation(key, &self.owner).await {
                tracing::warn!(%error, "a lease on a conversation lapses by itself");
            }
        }
    }
}
