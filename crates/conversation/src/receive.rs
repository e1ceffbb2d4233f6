//! A turn: from what was received to what is kept and answered.

use dialog::reply::{Reply, Source};
use dialog::turn::Outcome;
use domain::SessionId;
use store::ConversationKey;

use crate::Error;
use crate::answer::Answer;
use crate::botkit::Mediation;
use crate::bounds::bound_said;
use crate::give_up::tried;
use crate::incoming::Incoming;
use crate::queue::Place;
use crate::resume::{Begun, Resumed};
use crate::shared::{ATTEMPTS, Conversations, Shared};
use crate::slot::Slot;
use crate::turn::Turn;

impl Conversations {
    /// Answers something that happened on a channel. Turns of one conversation follow each other in the order of their
    /// places; when this returns, the answer is kept.
    ///
    /// # Errors
    /// The bot cannot be run, or the store failed. Nothing of the turn happened then, unless it acted outside of the
    /// process: what it was answered is kept then, and the message is answered later.
    pub async fn receive(&self, place: Place, incoming: Incoming) -> Result<Answer, Error> {
        let Place { key, turn, row } = place;
        drop(row);
        let slot = Slot::open(self.0.store.ids().object_id());
        let _turn = turn.entered().await;
        self.0.wait_for_claim(&key).await?;
        // A turn is a large future: on the heap it leaves the stacks of those who wait alone.
        Box::pin(self.receive_in_turn(&incoming, &key, &slot)).await
    }

    /// As [`Self::receive`], for who entered the conversation and claimed it already. The message of the inbox in `slot`, if
    /// there is one at the end, is done with it, or seen to.
    pub(crate) async fn receive_in_turn(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        // On the heap, as all of it that is large.
        let turn = Box::pin(async {
            // What was acknowledged before, by another node or by a process that died, is answered before.
            self.catch_up(key, true).await?;
            self.attempts(incoming, key, slot).await
        });
        let answered = self.0.in_claim(key, turn).await;
        slot.close().await;
        let Err(error) = answered else { return answered };
        if !slot.is_kept().await {
            return Err(error);
        }
        // This was the first attempt at a message that is kept.
        match Box::pin(self.0.after_failure(incoming, key, (&slot.id, 1), &error)).await {
            Ok(Some(answer)) => Ok(answer),
            Ok(None) => Err(error),
            Err(after) => {
                tracing::warn!(error = %after, message.id = slot.id, "a kept message is answered later");
                Err(error)
            }
        }
    }

    /// Takes a turn, again where the conversation changed under it.
    pub(crate) async fn attempts(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        for _ in 0..ATTEMPTS {
            let mut mediation = Mediation::new(self.clone());
            let attempt = Box::pin(self.0.attempt(incoming, key, slot, &mut mediation));
            match self.0.contain("turn", attempt).await {
                // It changed meanwhile, or the same message was answered meanwhile: the next look tells.
                Err(Error::Store(store::Error::Conflict(what) | store::Error::Exists(what))) => {
                    tracing::debug!(what, "a turn is taken again: its conversation changed");
                }
                Ok(answer) => {
                    self.accept_later(mediation.finish()).await;
                    return Ok(answer);
                }
                // It would panic again: the task it panicked in is over, as after any other failure.
                Err(error @ Error::Panicked(_)) => {
                    return Box::pin(self.0.give_up(incoming, key, slot, &tried(error.to_string()))).await;
                }
                Err(error) => return Err(error),
            }
        }
        Err(Error::Busy)
    }
}

impl Shared {
    /// One attempt at a turn: it is begun or taken up, the bot acts, and what that led to is kept.
    async fn attempt(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
        mediation: &mut Mediation,
    ) -> Result<Answer, Error> {
        let mut begun = match Box::pin(self.resume(incoming, key, slot)).await? {
            Resumed::Answered(answer) => return Ok(answer),
            Resumed::Begun(begun) => begun,
        };
        let Begun { ready, document, journal, now, is_damaged } = &mut *begun;
        let mut outcome = if *is_damaged {
            // The user is told that what was begun is lost; the next message finds a conversation that works.
            let text = dialog::failure_text(&ready.bot, &document.state, &key.channel);
            Outcome { replies: vec![Reply::text(Source::Failure, text)], ..Outcome::default() }
        } else {
            let session = journal.session().unwrap_or_else(|| SessionId::new(self.store.ids()));
            let turn = Turn { incoming, key, ready, session: &session, now: *now, notes: None };
            let acted = Box::pin(mediation.take_turn(&turn, document, journal)).await;
            journal.check()?;
            acted?
        };
        bound_said(&mut outcome, self.store.limits());
        Box::pin(self.keep(*begun, outcome)).await
    }
}
