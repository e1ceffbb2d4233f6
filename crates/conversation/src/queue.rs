//! One turn of a conversation at a time, in the order they came.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::future::poll_fn;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::Poll;
use std::time::Duration;

use domain::{BotId, UserId};
use store::{ConversationKey, EraseFilter};
use tokio::sync::OwnedMutexGuard;

/// So long somebody waits for a conversation whose turn may be waiting for them.
pub(crate) const BRIEFLY: Duration = Duration::from_millis(200);

/// The conversations that somebody of this process works on.
#[derive(Default)]
pub(crate) struct Queue {
    locks: Mutex<HashMap<Name, Weak<tokio::sync::Mutex<()>>>>,
    /// Kept messages whose turns stand in the queue, by their ids or poll ids.
    expected: Mutex<HashSet<String>>,
    /// Messages this process kept and nobody took yet. Their first attempt was counted when they were kept.
    untouched: Mutex<HashSet<String>>,
    /// Conversations whose turns wait for somebody outside, and for how many.
    outside: Arc<Mutex<HashMap<Name, usize>>>,
}

/// Bot, user and channel of a conversation.
type Name = (String, String, String);

/// A turn waits for somebody outside, until this is dropped.
pub(crate) struct Outside {
    all: Arc<Mutex<HashMap<Name, usize>>>,
    name: Name,
}

impl Queue {
    /// Notes that the turn of a conversation waits for somebody outside: a service or a BotKit server, who may want something
    /// of this conversation in between and cannot be made to wait for the turn that waits for them.
    pub(crate) fn outside(&self, key: &ConversationKey) -> Outside {
        let name = name_of(key);
        *self.outside.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()).or_default() += 1;
        Outside { all: Arc::clone(&self.outside), name }
    }

    /// Whether the turn of a conversation waits for somebody outside.
    pub(crate) fn is_outside(&self, key: &ConversationKey) -> bool {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&name_of(key))
    }

    /// Waits for the turns of the conversation that came before. Who waits is served in order.
    pub(crate) fn enter(&self, key: &ConversationKey) -> impl Future<Output = OwnedMutexGuard<()>> + Send + use<> {
        self.lock_of(key).lock_owned()
    }

    /// Takes a place in the queue at once, behind all who stand in it now. What it gives waits until that place is the first.
    pub(crate) async fn line_up(
        &self,
        key: &ConversationKey,
    ) -> impl Future<Output = OwnedMutexGuard<()>> + Send + use<> {
        let mut entering = Box::pin(self.enter(key));
        // The first look takes the place.
        let entered = poll_fn(|context| Poll::Ready(entering.as_mut().poll(context))).await;
        async move {
            match entered {
                Poll::Ready(turn) => turn,
                Poll::Pending => entering.await,
            }
        }
    }

    /// Enters if nobody is there.
    pub(crate) fn try_enter(&self, key: &ConversationKey) -> Option<OwnedMutexGuard<()>> {
        self.lock_of(key).try_lock_owned().ok()
    }

    /// The conversations of users that somebody works on or waits for, of the bots that a filter names.
    pub(crate) fn at_work(&self, filter: &EraseFilter, users: &BTreeSet<String>) -> Vec<ConversationKey> {
        let locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        let is_meant = |(bot, user, _): &Name| {
            users.contains(user) && filter.bots.as_ref().is_none_or(|bots| bots.iter().any(|it| it.as_str() == bot))
        };
        let at_work = locks.iter().filter(|(name, lock)| lock.strong_count() > 0 && is_meant(name));
        let key = |(bot, user, channel): &Name| ConversationKey {
            account: filter.account.clone(),
            bot: BotId::stored(bot.clone()),
            user: UserId::stored(user.clone()),
            identity: String::new(),
            channel: channel.clone(),
        };
        at_work.map(|(name, _)| key(name)).collect()
    }

    /// Notes that the turn of a kept message stands in the queue: nobody else is to answer it.
    pub(crate) fn expect(&self, message: &str) {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned());
    }

    /// The turn of a kept message has come, or is over.
    pub(crate) fn forget(&self, message: &str) {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).remove(message);
    }

    /// Whether the turn of a kept message stands in the queue.
    pub(crate) fn expects(&self, message: &str) -> bool {
        self.expected.lock().unwrap_or_else(PoisonError::into_inner).contains(message)
    }

    /// Notes that a message was kept by this process.
    pub(crate) fn kept(&self, message: &str) {
        self.untouched.lock().unwrap_or_else(PoisonError::into_inner).insert(message.to_owned());
    }

    /// Takes a message that this process kept; whether nobody took it before, so that this attempt is counted already.
    pub(crate) fn touch(&self, message: &str) -> bool {
        self.untouched.lock().unwrap_or_else(PoisonError::into_inner).remove(message)
    }

    fn lock_of(&self, key: &ConversationKey) -> Arc<tokio::sync::Mutex<()>> {
        let name = name_of(key);
        let mut locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(lock) = locks.get(&name).and_then(Weak::upgrade) {
            return lock;
        }
        // Those that nobody holds any more go when there are many: each costs a look then, not one every time.
        if locks.len() >= 1024 && locks.len().is_power_of_two() {
            locks.retain(|_, lock| lock.strong_count() > 0);
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        locks.insert(name, Arc::downgrade(&lock));
        lock
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let mut all = self.all.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = all.get_mut(&self.name) {
            *count -= 1;
            if *count == 0 {
                all.remove(&self.name);
            }
        }
    }
}

fn name_of(key: &ConversationKey) -> Name {
    (key.bot.to_string(), key.user.to_string(), key.channel.clone())
}
