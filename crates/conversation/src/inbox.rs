//! Messages that are acknowledged before they are answered: on channels that do not wait, and where a turn takes long.

use std::sync::Arc;
use std::time::Duration;

use domain::BotId;
use serde_json::Value;
use store::{ConversationKey, InboxMessage, InboxResult, NewInboxMessage};
use tokio::task::JoinHandle;

use crate::queue::Place;
use crate::shape::Shape;
use crate::slot::{Slot, SlotState};
use crate::{Answer, Conversations, Error, Incoming};

/// A message was kept; it will be answered.
#[derive(Clone, Debug)]
pub struct Accepted {
    /// Its id.
    pub id: String,
}

/// What came of waiting for an answer.
#[derive(Debug)]
pub enum Waited {
    /// The answer.
    Answer(Box<Answer>),
    /// It takes longer; the answer is asked for under this id.
    Poll(String),
}

/// What is there for an id that was given out.
#[derive(Debug)]
pub enum Polled {
    /// The answer; it is given once.
    Answer(Box<Answer>),
    /// It is not there yet.
    Pending,
    /// Nothing is asked for under this id, or the answer was taken.
    Unknown,
}

/// A message was kept, and its answer begun.
pub(crate) struct Begun {
    /// The message.
    id: String,
    /// Nobody else is at work on the conversation.
    pub(crate) is_next: bool,
    /// Ends when the message is answered.
    pub(crate) task: JoinHandle<()>,
}

impl Conversations {
    /// Takes the next place in the queue of a conversation, for a message that is received with it. It is taken as soon as
    /// it is known whose message it is, so that none overtakes another one while more is found out about it.
    pub fn place(&self, key: ConversationKey) -> Place {
        self.shared().queue.place(key)
    }

    /// Keeps a message and lets it be answered later: by this process at once, or by whichever lives.
    ///
    /// # Errors
    /// The store failed; the message is not kept then.
    pub async fn accept(&self, place: Place, incoming: Incoming) -> Result<Accepted, Error> {
        let Begun { id, .. } = self.keep_and_begin(place, &incoming).await?;
        Ok(Accepted { id })
    }

    /// Answers a message, or says where to ask for the answer when it takes longer than `limit`.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub async fn receive_within(&self, place: Place, incoming: Incoming, limit: Duration) -> Result<Waited, Error> {
        let Place { key, turn: entering, row } = place;
        // It gets no row unless it takes long; those behind it need not wait for that.
        drop(row);
        let slot = Arc::new(Slot::default());
        let turn = {
            let (conversations, key, slot, incoming) = (self.clone(), key.clone(), Arc::clone(&slot), incoming.clone());
            tokio::spawn(async move {
                let _turn = entering.entered().await;
                let received = conversations.receive_in_turn(&incoming, &key, &slot);
                let answered = conversations.shared().contain("conversation", received).await;
                slot.close().await;
                if let (Err(error), SlotState::Taken(id)) = (&answered, &*slot.hold().await) {
                    // Who asks for the answer was told to poll for it. This was the first attempt.
                    let seen_to = Box::pin(conversations.shared().after_failure(&incoming, &key, (id, 1), error)).await;
                    if let Err(error) = seen_to {
                        tracing::warn!(%error, message.id = id, "a kept message is answered later");
                    }
                }
                answered
            })
        };
        let mut turn = turn;
        let done = |joined: Result<Result<Answer, Error>, _>| {
            joined.map_err(|_| Error::Stopping)?.map(|answer| Waited::Answer(Box::new(answer)))
        };
        tokio::select! {
            joined = &mut turn => return done(joined),
            () = tokio::time::sleep(limit) => {}
        }
        // While the slot is held the turn cannot be written, so it is either told of the message or done already.
        let mut held = slot.hold().await;
        if matches!(*held, SlotState::Closed) {
            drop(held);
            return done(turn.await);
        }
        let shared = self.shared();
        let poll = shared.store.ids().object_id();
        // Its turn stands in the queue, or runs: until it is over nobody else is to answer the message.
        shared.queue.expect(&poll);
        match self.keep(&key, &incoming, Some(poll.clone())).await {
            Ok(kept) => *held = SlotState::Taken(kept),
            Err(error) => {
                shared.queue.forget(&poll);
                return Err(error);
            }
        }
        drop(held);
        let (conversations, over) = (self.clone(), poll.clone());
        tokio::spawn(async move {
            turn.await.ok();
            conversations.shared().queue.forget(&over);
        });
        Ok(Waited::Poll(poll))
    }

    /// The answer to a message that took long. It is given once.
    ///
    /// # Errors
    /// The store failed.
    pub async fn poll(&self, bot: &BotId, id: &str) -> Result<Polled, Error> {
        let store = &self.shared().store;
        Ok(match store.inbox_result(bot, id).await? {
            Some(InboxResult::Pending) => Polled::Pending,
            None if self.is_promised(bot, id).await? => Polled::Pending,
            // It is left to whoever can read it.
            Some(InboxResult::Done(result)) if !is_readable(id, &result) => Polled::Unknown,
            // One that was promised may have come just now.
            None | Some(InboxResult::Done(_)) => {
                let taken = store.take_inbox_result(bot, id).await?;
                let answer = taken.and_then(|result| Answer::of_kept(&result).ok());
                answer.map_or(Polled::Unknown, |answer| Polled::Answer(Box::new(answer)))
            }
        })
    }

    /// Keeps a message, and begins to answer it in a task of its own: before anybody who enters the conversation from now
    /// on, and after those who did before.
    pub(crate) async fn keep_and_begin(&self, place: Place, incoming: &Incoming) -> Result<Begun, Error> {
        let Place { key, turn, row } = place;
        let is_next = turn.is_first();
        let row = row.entered().await;
        let id = self.keep(&key, incoming, None).await?;
        drop(row);
        let kept = id.clone();
        self.shared().queue.kept(&kept);
        self.shared().queue.expect(&kept);
        let conversations = self.clone();
        let task = tokio::spawn(async move {
            let _turn = turn.entered().await;
            conversations.shared().queue.forget(&kept);
            conversations.work_off_in_turn(&key).await;
            // Should it not have come to that, another attempt is another one.
            conversations.shared().queue.touch(&kept);
        });
        Ok(Begun { id, is_next, task })
    }

    /// Answers the kept messages of a conversation, in the order they came, for who entered it.
    pub(crate) async fn work_off_in_turn(&self, key: &ConversationKey) {
        if let Err(error) = self.shared().claimed(key, Box::pin(self.catch_up(key, false))).await {
            tracing::warn!(%error, bot.id = %key.bot, user.id = %key.user, "kept messages are answered later");
        }
    }

    /// Answers kept messages, in the order they came, for who entered the conversation and claimed it. Those whose turns
    /// stand in the queue are left to them: who polls for an answer has one, and with `is_before` so has whatever else
    /// was kept by this process.
    pub(crate) async fn catch_up(&self, key: &ConversationKey, is_before: bool) -> Result<(), Error> {
        let queue = &self.shared().queue;
        for message in self.shared().store.pending_inbox(&key.bot, &key.user, &key.channel).await? {
            let is_polled = message.poll_id.as_ref().is_some_and(|poll| queue.expects(poll));
            if is_polled || is_before && queue.expects(&message.id) {
                continue;
            }
            let incoming = match Incoming::of_kept(&message.payload) {
                Ok(incoming) => incoming,
                Err(error) => {
                    self.shared().give_up_unread(key, &message.id, &format!("it cannot be read: {error}")).await?;
                    continue;
                }
            };
            Box::pin(self.answer_kept(&incoming, key, message, is_before)).await?;
        }
        Ok(())
    }

    /// Answers one kept message, or gives it up. Who waits for its end (`is_waited_for`) has it tried as often as it may
    /// be; else the error of one attempt is given back, and it is due again later.
    async fn answer_kept(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        message: InboxMessage,
        is_waited_for: bool,
    ) -> Result<(), Error> {
        let (shared, store) = (self.shared(), &self.shared().store);
        let InboxMessage { id, mut attempts, mut due_at, .. } = message;
        loop {
            if !shared.queue.touch(&id) {
                // Not before its time; what waits behind it is held up as long as that.
                tokio::time::sleep(due_at.since(store.clock().now())).await;
                let next_at = store.clock().now().plus(self.options().pause_after(attempts + 1));
                // Counted before the work, so that one that takes the process along is given up some day, too.
                match store.take_inbox_message(&id, next_at).await? {
                    Some(count) => attempts = count,
                    None => return Ok(()),
                }
            }
            if attempts > self.options().attempts() {
                return shared.give_up_untried(incoming, key, (&id, attempts)).await;
            }
            let Err(error) = Box::pin(self.attempts(incoming, key, &Slot::taken(id.clone()))).await else {
                return Ok(());
            };
            if shared.after_failure(incoming, key, (&id, attempts), &error).await? {
                return Ok(());
            }
            if !is_waited_for {
                return Err(error);
            }
            due_at = store.clock().now().plus(self.options().pause_after(attempts));
        }
    }

    async fn keep(&self, key: &ConversationKey, incoming: &Incoming, poll: Option<String>) -> Result<String, Error> {
        let payload = incoming.to_kept();
        let new = NewInboxMessage { conversation: key.clone(), payload, poll_id: poll };
        Ok(self.shared().store.put_inbox(new).await?.id)
    }
}

/// Whether an answer that was kept can be given. One that cannot is named in the log, unless there never was one.
fn is_readable(poll: &str, result: &Value) -> bool {
    let read = Answer::of_kept(result);
    if let Err(error) = &read
        && !result.is_null()
    {
        tracing::error!(%error, table = "inbox", column = "result", poll.id = poll, "an answer cannot be read; it stays in its row");
    }
    read.is_ok()
}
