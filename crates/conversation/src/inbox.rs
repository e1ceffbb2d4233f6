//! Messages that are acknowledged before they are answered: on channels that do not wait, and where a turn takes long.

use std::pin::Pin;
use std::sync::Arc;
use std::time::Duration;

use domain::BotId;
use serde::Deserialize;
use serde_json::Value;
use store::{ConversationKey, InboxMessage, InboxResult, NewInboxMessage};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::queue::{InLine, Place};
use crate::shape::Shape;
use crate::shared::LEASE_LOOK;
use crate::slot::{Slot, Stage};
use crate::{Answer, Conversations, Error, Incoming, Spoken};

/// So many messages are kept in one write.
const TOGETHER: usize = 500;

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
    /// It takes longer.
    Poll {
        /// Under this id the rest is asked for.
        id: String,
        /// What was said until now.
        said: Vec<Spoken>,
    },
}

/// What is there for an id that was given out.
#[derive(Debug)]
pub enum Polled {
    /// The answer; it is given once.
    Answer(Box<Answer>),
    /// It is not there yet, and nothing was said since the last time.
    Pending,
    /// It is not there yet.
    Said {
        /// The user, as the channel calls them.
        identity: String,
        /// What was said since the last time.
        said: Vec<Spoken>,
    },
    /// Nothing is asked for under this id, or the answer was taken.
    Unknown,
}

/// What may be done with a message that somebody waits for.
enum Next {
    /// Its turn is taken: in this place, whose conversation is claimed where other nodes work on it.
    Turn(ConversationKey, InLine),
    /// Another one came before: it is kept, to be polled for by this.
    Wait(Begun, String),
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

impl Waited {
    fn answer(answer: Answer) -> Self {
        Self::Answer(Box::new(answer))
    }
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

    /// Accepts what a turn wants to happen after it, in order. The type is written out because it leads to other turns, and
    /// through them to itself.
    pub(crate) fn accept_later(&self, later: Vec<Incoming>) -> Pin<Box<dyn Future<Output = ()> + Send + '_>> {
        Box::pin(async move {
            for incoming in later {
                if let Err(error) = self.accept(self.place(incoming.key()), incoming).await {
                    tracing::error!(%error, "an order of a BotKit server is lost");
                }
            }
        })
    }

    /// Answers a message, or says where to ask for the rest of the answer when it takes longer than `limit`.
    ///
    /// # Errors
    /// As [`Self::receive`].
    pub async fn receive_within(&self, place: Place, incoming: Incoming, limit: Duration) -> Result<Waited, Error> {
        let (shared, begun) = (self.shared(), Instant::now());
        let slot = Arc::new(Slot::open(shared.store.ids().object_id()));
        let (key, entering) = match self.next(place, &slot.id, &incoming).await? {
            Next::Turn(key, entering) => (key, entering),
            Next::Wait(kept, poll) => return self.wait_for(&incoming, kept, poll, begun + limit).await,
        };
        let mut turn = {
            let (conversations, key, slot, incoming) = (self.clone(), key.clone(), Arc::clone(&slot), incoming.clone());
            tokio::spawn(async move {
                let _turn = entering.entered().await;
                let received = conversations.receive_in_turn(&incoming, &key, &slot);
                let answered = conversations.shared().contain("conversation", received).await;
                slot.close().await;
                answered
            })
        };
        let ended = |joined: Result<Result<Answer, Error>, _>| joined.map_err(|_| Error::Stopping).flatten();
        let joined = tokio::select! {
            joined = &mut turn => Some(joined),
            () = tokio::time::sleep_until(begun + limit) => None,
        };
        // While the slot is held the turn cannot be written, so it is either told of the poll or done already.
        let mut held = slot.hold().await;
        if joined.is_none() && held.stage == Stage::Over {
            drop(held);
            return ended(turn.await).map(Waited::answer);
        }
        let is_running = joined.is_none();
        let failed = match joined.map(ended) {
            Some(Ok(answer)) => return Ok(Waited::answer(answer)),
            Some(Err(error)) if held.stage != Stage::Kept => return Err(error),
            // What is kept is answered later.
            Some(Err(error)) => Some(error),
            None => None,
        };
        let poll = shared.store.ids().object_id();
        if is_running {
            // Its turn stands in the queue, or runs: until it is over nobody else is to answer the message.
            shared.queue.expect(&poll);
        }
        let kept = match held.stage {
            Stage::Kept => shared.store.poll_inbox(&slot.id, &poll, held.delivered.len()).await.map_err(Error::from),
            Stage::Open | Stage::Over => {
                let new = new_message(&slot.id, &key, &incoming, Some(poll.clone()));
                shared.store.put_inbox(new).await.map(|_| true).map_err(Error::from)
            }
        };
        let said = match kept {
            Ok(true) => {
                held.stage = Stage::Kept;
                std::mem::take(&mut held.delivered)
            }
            not_kept => {
                drop(held);
                shared.queue.forget(&poll);
                return match (not_kept, failed) {
                    (Err(error), _) | (Ok(_), Some(error)) => Err(error),
                    // It was kept by its turn, which is over now.
                    (Ok(_), None) => ended(turn.await).map(Waited::answer),
                };
            }
        };
        drop(held);
        if is_running {
            let (conversations, over) = (self.clone(), poll.clone());
            tokio::spawn(async move {
                turn.await.ok();
                conversations.shared().queue.forget(&over);
            });
        }
        let said = if said.is_empty() { self.said_to_the_same(&incoming, &slot.id, &poll).await? } else { said };
        Ok(Waited::Poll { id: poll, said })
    }

    /// Takes the turn of a message that somebody waits for or, where it is not the next one of its conversation among those
    /// of all nodes, keeps it behind those before: their order is that of the rows.
    async fn next(&self, place: Place, id: &str, incoming: &Incoming) -> Result<Next, Error> {
        if !self.shared().store.is_shared() {
            // It gets no row unless it takes long; those behind it need not wait for that.
            let Place { key, turn, .. } = place;
            return Ok(Next::Turn(key, turn));
        }
        let (conversations, id, incoming) = (self.clone(), id.to_owned(), incoming.clone());
        // A task of its own: who is claimed for must not be forgotten halfway.
        let next = async move {
            let shared = conversations.shared();
            let poll = shared.store.ids().object_id();
            let Place { key, turn, row } = place;
            let row = row.entered().await;
            let new = new_message(&id, &key, &incoming, Some(poll.clone()));
            if turn.is_first() {
                let until = shared.claimed_until();
                if shared.store.claim_or_put_inbox(new, &shared.owner, until).await?.is_none() {
                    return Ok(Next::Turn(key, turn));
                }
            } else {
                shared.store.put_inbox(new).await?;
            }
            drop(row);
            Ok(Next::Wait(conversations.begin(id, key, turn, None), poll))
        };
        tokio::spawn(next).await.unwrap_or(Err(Error::Stopping))
    }

    /// Waits until a moment for the answer to a kept message, whichever node gives it.
    async fn wait_for(&self, incoming: &Incoming, kept: Begun, poll: String, until: Instant) -> Result<Waited, Error> {
        let Begun { id, mut task, .. } = kept;
        let bot = &incoming.key().bot;
        loop {
            let (is_late, is_ours) = (Instant::now() >= until, !task.is_finished());
            if is_late || !self.shared().store.is_in_inbox(&id).await? {
                return match self.poll(bot, &poll).await? {
                    Polled::Answer(answer) => Ok(Waited::Answer(answer)),
                    Polled::Said { said, .. } => Ok(Waited::Poll { id: poll, said }),
                    Polled::Pending => {
                        let said = self.said_to_the_same(incoming, &id, &poll).await?;
                        Ok(Waited::Poll { id: poll, said })
                    }
                    // It was erased, or an operator dropped it.
                    Polled::Unknown => Err(Error::Busy),
                };
            }
            tokio::select! {
                _ = &mut task, if is_ours => {}
                () = tokio::time::sleep_until(until.min(Instant::now() + LEASE_LOOK)) => {}
            }
        }
    }

    /// What was said until now to the same message, where this one is a repeat of one whose turn runs: it will get the same
    /// answer. Who polls for that is told the rest.
    async fn said_to_the_same(&self, incoming: &Incoming, id: &str, poll: &str) -> Result<Vec<Spoken>, Error> {
        let Some(client_id) = &incoming.client_id else { return Ok(Vec::new()) };
        let (key, store) = (incoming.key(), &self.shared().store);
        let all = store.said_so_far(&key.bot, &key.user, &key.channel, is_out).await?;
        let same = all.into_iter().find(|(payload, _)| payload["clientId"] == **client_id);
        let said: Vec<Spoken> = same.into_iter().flat_map(|(_, said)| said).filter_map(read).collect();
        if !said.is_empty() {
            store.poll_inbox(id, poll, said.len()).await?;
        }
        Ok(said)
    }

    /// What there is for who asks for an answer that took long: the answer, or what was said until now. Each is given once.
    ///
    /// # Errors
    /// The store failed.
    pub async fn poll(&self, bot: &BotId, id: &str) -> Result<Polled, Error> {
        let can_be_given = |result: &Value| result.is_null() || Answer::of_kept(result).is_ok();
        Ok(match self.shared().store.take_polled(bot, id, is_out, can_be_given).await? {
            None if self.is_promised(bot, id).await? => Polled::Pending,
            None => Polled::Unknown,
            Some(InboxResult::Pending) => Polled::Pending,
            Some(InboxResult::Said { payload, said }) => {
                let identity = payload["identity"].as_str().unwrap_or_default().to_owned();
                Polled::Said { identity, said: said.into_iter().filter_map(read).collect() }
            }
            Some(InboxResult::Done(result, told)) => match Answer::of_kept(&result) {
                Ok(mut answer) => {
                    answer.spoken.drain(..told.min(answer.spoken.len()));
                    Polled::Answer(Box::new(answer))
                }
                Err(error) => {
                    if !result.is_null() {
                        tracing::error!(%error, table = "inbox", column = "result", poll.id = id, "an answer cannot be read; it stays in its row");
                    }
                    Polled::Unknown
                }
            },
        })
    }

    /// Keeps a message, and begins to answer it in a task of its own: before anybody who enters the conversation from now
    /// on, and after those who did before.
    pub(crate) async fn keep_and_begin(&self, place: Place, incoming: &Incoming) -> Result<Begun, Error> {
        let Place { key, turn, row } = place;
        let row = row.entered().await;
        let id = self.shared().store.ids().object_id();
        self.shared().store.put_inbox(new_message(&id, &key, incoming, None)).await?;
        drop(row);
        Ok(self.begin(id, key, turn, None))
    }

    /// As [`Self::keep_and_begin`], for one message each of many conversations, in the order of their names. No more than
    /// `room` lets are answered at a time.
    pub(crate) async fn keep_and_begin_all(
        &self,
        all: Vec<(Place, Incoming)>,
        room: &Arc<Semaphore>,
    ) -> Result<Vec<Begun>, Error> {
        let mut begun = Vec::with_capacity(all.len());
        let mut all = all.into_iter();
        loop {
            let (mut new, mut rows, mut turns) = (Vec::new(), Vec::new(), Vec::new());
            for (Place { key, turn, row }, incoming) in all.by_ref().take(TOGETHER) {
                rows.push(row.entered().await);
                let id = self.shared().store.ids().object_id();
                new.push(new_message(&id, &key, &incoming, None));
                turns.push((id, key, turn));
            }
            if new.is_empty() {
                return Ok(begun);
            }
            self.shared().store.put_inbox_all(new).await?;
            drop(rows);
            begun.extend(turns.into_iter().map(|(id, key, turn)| self.begin(id, key, turn, Some(Arc::clone(room)))));
        }
    }

    /// Begins to answer a message that was kept just now, as soon as there is `room`.
    fn begin(&self, id: String, key: ConversationKey, turn: InLine, room: Option<Arc<Semaphore>>) -> Begun {
        let is_next = turn.is_first();
        let kept = id.clone();
        self.shared().queue.kept(&kept);
        self.shared().queue.expect(&kept);
        let conversations = self.clone();
        let task = tokio::spawn(async move {
            let _turn = turn.entered().await;
            let _permit = match &room {
                Some(room) => room.acquire().await.ok(),
                None => None,
            };
            conversations.shared().queue.forget(&kept);
            conversations.work_off_in_turn(&key).await;
            // Should it not have come to that, another attempt is another one.
            conversations.shared().queue.touch(&kept);
        });
        Begun { id, is_next, task }
    }

    /// Answers the kept messages of a conversation, in the order they came, for who entered it.
    pub(crate) async fn work_off_in_turn(&self, key: &ConversationKey) {
        if let Err(error) = self.shared().claimed(key, Box::pin(self.catch_up(key, false))).await {
            tracing::warn!(%error, bot.id = %key.bot, user.id = %key.user, "kept messages are answered later");
        }
    }

    /// Answers kept messages, in the order they came, for who entered the conversation and claimed it. Those whose turns
    /// stand in the queue are left to them, and so are those that came after one. Who has to wait for the end
    /// (`is_waited_for`) has each tried as often as it may be.
    pub(crate) async fn catch_up(&self, key: &ConversationKey, is_waited_for: bool) -> Result<(), Error> {
        let queue = &self.shared().queue;
        for message in self.shared().store.pending_inbox(&key.bot, &key.user, &key.channel).await? {
            let is_polled = message.poll_id.as_ref().is_some_and(|poll| queue.expects(poll));
            if is_polled {
                continue;
            }
            // Its turn stands in the queue behind this one, and so does whatever came after it.
            if queue.expects(&message.id) {
                break;
            }
            let incoming = match Incoming::of_kept(&message.payload) {
                Ok(incoming) => incoming,
                Err(error) => {
                    self.shared().give_up_unread(key, &message.id, &format!("it cannot be read: {error}")).await?;
                    continue;
                }
            };
            let incoming = self.shared().reached(incoming, key).await?;
            Box::pin(self.answer_kept(&incoming, key, message, is_waited_for)).await?;
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
            let Err(error) = Box::pin(self.attempts(incoming, key, &Slot::kept(id.clone()))).await else {
                return Ok(());
            };
            if shared.after_failure(incoming, key, (&id, attempts), &error).await?.is_some() {
                return Ok(());
            }
            if !is_waited_for {
                return Err(error);
            }
            due_at = store.clock().now().plus(self.options().pause_after(attempts));
        }
    }
}

/// Whether something that a turn said went out.
fn is_out(said: &Value) -> bool {
    said["messageId"].as_str().is_some_and(|id| !id.is_empty())
}

fn read(spoken: Value) -> Option<Spoken> {
    Spoken::deserialize(spoken).ok()
}

/// A message as it is kept.
fn new_message(id: &str, key: &ConversationKey, incoming: &Incoming, poll: Option<String>) -> NewInboxMessage {
    NewInboxMessage { id: id.to_owned(), conversation: key.clone(), payload: incoming.to_kept(), poll_id: poll }
}
