//! One turn of a conversation at a time, in the order they came.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::task::{Context, Poll, Waker};
use std::time::Duration;

use domain::{AccountId, BotId, UserId};
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

/// Bot, user and channel of a conversation, and what it is queued for there.
type Name = (String, String, String, For);

/// What is done by one at a time in a conversation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum For {
    /// Taking a turn.
    Turn,
    /// Putting a message into the inbox. Its row stands where its turn stands: other nodes go by the rows.
    Row,
}

/// A place in the queue of a conversation: who took one earlier comes earlier, whatever either waits for meanwhile. One that
/// is dropped holds nobody up.
pub struct Place {
    pub(crate) key: ConversationKey,
    pub(crate) turn: InLine,
    pub(crate) row: InLine,
}

/// A place in one queue.
pub(crate) enum InLine {
    /// Nobody is before it any more.
    First(OwnedMutexGuard<()>),
    /// Others came before.
    Behind(Pin<Box<dyn Future<Output = OwnedMutexGuard<()>> + Send>>),
}

impl InLine {
    fn of(lock: Arc<tokio::sync::Mutex<()>>) -> Self {
        let mut entering = Box::pin(lock.lock_owned());
        // The first look takes the place. Who waits looks again.
        match entering.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            Poll::Ready(guard) => Self::First(guard),
            Poll::Pending => Self::Behind(entering),
        }
    }

    /// Whether nobody was before it when it was taken.
    pub(crate) const fn is_first(&self) -> bool {
        matches!(self, Self::First(_))
    }

    /// Waits for those before.
    pub(crate) async fn entered(self) -> OwnedMutexGuard<()> {
        match self {
            Self::First(guard) => guard,
            Self::Behind(entering) => entering.await,
        }
    }
}

impl std::fmt::Debug for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Place").field("key", &self.key).finish_non_exhaustive()
    }
}

/// A turn waits for somebody outside, until this is dropped.
pub(crate) struct Outside {
    all: Arc<Mutex<HashMap<Name, usize>>>,
    name: Name,
}

impl Queue {
    /// Takes the next place in the queue of a conversation, at once.
    pub(crate) fn place(&self, key: ConversationKey) -> Place {
        let turn = InLine::of(self.lock_of(&key, For::Turn));
        let row = InLine::of(self.lock_of(&key, For::Row));
        Place { key, turn, row }
    }

    /// Notes that the turn of a conversation waits for somebody outside: a service or a BotKit server, who may want something
    /// of this conversation in between and cannot be made to wait for the turn that waits for them.
    pub(crate) fn outside(&self, key: &ConversationKey) -> Outside {
        let name = name_of(key, For::Turn);
        *self.outside.lock().unwrap_or_else(PoisonError::into_inner).entry(name.clone()).or_default() += 1;
        Outside { all: Arc::clone(&self.outside), name }
    }

    /// Whether the turn of a conversation waits for somebody outside.
    pub(crate) fn is_outside(&self, key: &ConversationKey) -> bool {
        self.outside.lock().unwrap_or_else(PoisonError::into_inner).contains_key(&name_of(key, For::Turn))
    }

    /// Waits for the turns of the conversation that came before. Who waits is served in order.
    pub(crate) fn enter(&self, key: &ConversationKey) -> impl Future<Output = OwnedMutexGuard<()>> + Send + use<> {
        self.lock_of(key, For::Turn).lock_owned()
    }

    /// Enters if nobody is there.
    pub(crate) fn try_enter(&self, key: &ConversationKey) -> Option<OwnedMutexGuard<()>> {
        self.lock_of(key, For::Turn).try_lock_owned().ok()
    }

    /// The conversations of users that somebody works on or waits for, of the bots that a filter names.
    pub(crate) fn at_work(&self, filter: &EraseFilter, users: &BTreeSet<String>) -> Vec<ConversationKey> {
        let is_of = |bot: &str| filter.bots.as_ref().is_none_or(|bots| bots.iter().any(|it| it.as_str() == bot));
        self.at_work_where(&filter.account, |bot, user, _| users.contains(user) && is_of(bot))
    }

    /// The conversations that somebody works on or waits for, of the bots, users and channels that are meant.
    pub(crate) fn at_work_where(
        &self,
        account: &AccountId,
        is_meant: impl Fn(&str, &str, &str) -> bool,
    ) -> Vec<ConversationKey> {
        let locks = self.locks.lock().unwrap_or_else(PoisonError::into_inner);
        let at_work = locks.iter().filter(|((bot, user, channel, what), lock)| {
            *what == For::Turn && lock.strong_count() > 0 && is_meant(bot, user, channel)
        });
        let key = |(bot, user, channel, _): &Name| ConversationKey {
            account: account.clone(),
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

    fn lock_of(&self, key: &ConversationKey, what: For) -> Arc<tokio::sync::Mutex<()>> {
        let name = name_of(key, what);
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

fn name_of(key: &ConversationKey, what: For) -> Name {
    (key.bot.to_string(), key.user.to_string(), key.channel.clone(), what)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(queue: &Queue, user: &str) -> Place {
        let (account, bot) = (AccountId::stored("a-1"), BotId::stored("st-1"));
        queue.place(crate::conversation_of(&account, &bot, user, "ivr"))
    }

    #[tokio::test]
    async fn whoever_took_a_place_first_comes_first_however_late_it_is_asked_for() {
        let queue = Queue::default();
        let [first, gone, second, third] = [(); 4].map(|()| place(&queue, "ann"));
        assert!(first.turn.is_first() && first.row.is_first());
        assert!(place(&queue, "ben").turn.is_first(), "each conversation has a queue of its own");
        drop(gone);
        let served = Arc::new(Mutex::new(Vec::new()));
        let serve = |name: &'static str, turn: InLine| {
            let served = Arc::clone(&served);
            async move {
                let _turn = turn.entered().await;
                served.lock().unwrap().push(name);
            }
        };
        // Joined futures are asked in the order they are written in.
        tokio::join!(serve("third", third.turn), serve("second", second.turn), serve("first", first.turn));
        assert_eq!(*served.lock().unwrap(), ["first", "second", "third"]);
    }
}
