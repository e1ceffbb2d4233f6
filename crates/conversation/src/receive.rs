//! A turn: from what was received to what is kept and answered.

use std::sync::Arc;
use std::time::Duration;

use dialog::reply::{Reply, Source};
use dialog::turn::Outcome;
use domain::SessionId;
use store::{ConversationKey, Store};
use understanding::Models;

use crate::act::Turn;
use crate::answer::Answer;
use crate::botkit::{Bells, Mediation};
use crate::bots::Bots;
use crate::bounds::bound_said;
use crate::give_up::tried;
use crate::incoming::Incoming;
use crate::queue::{Place, Queue};
use crate::resume::{Begun, Resumed};
use crate::shared::Shared;
use crate::slot::Slot;
use crate::{Error, Options};

/// Holds conversations. Cheap to clone.
#[derive(Clone)]
pub struct Conversations(Arc<Shared>);

/// So often a turn is taken again when the conversation changed under it.
pub(crate) const ATTEMPTS: usize = 5;

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
        // A turn is a large future: on the heap it leaves the stacks of those who wait alone.
        Box::pin(self.receive_in_turn(&incoming, &key, &slot)).await
    }

    /// As [`Self::receive`], for who holds the turn already. The message of the inbox in `slot`, if there is one at the end,
    /// is done with it, or seen to.
    pub(crate) async fn receive_in_turn(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        // On the heap, as all of it that is large.
        let turn = Box::pin(async {
            // What was acknowledged by a process that died is answered before.
            self.catch_up(key, true).await?;
            self.attempts(incoming, key, slot).await
        });
        let answered = self.0.claimed(key, turn).await;
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
                    mediation.finish().await;
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
