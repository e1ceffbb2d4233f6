//! Rehearsals: turns with a bot that are taken and not kept.
//!
//! Everything is as in a conversation but that no session is written, and so a rehearsal can be copied where it stands and
//! go on in two ways. Data tables are written, services are called as [`Incoming::services`] says.

use std::sync::Arc;

use dialog::turn::Outcome;
use dialog::{Bot, State};
use domain::SessionId;
use nlu::Model;
use store::Session;

use crate::botkit::Mediation;
use crate::bots::Ready;
use crate::receive::{Shared, Turn};
use crate::session::{Document, bot_of};
use crate::{Conversations, Error, Incoming, IncomingEvent};

/// A conversation that is tried out.
#[derive(Clone)]
pub struct Rehearsal {
    conversations: Conversations,
    incoming: Incoming,
    ready: Ready,
    session: Session,
    document: Document,
}

impl Conversations {
    /// Begins to try out a bot. `incoming` says with whom and on which channel; what happens in it does not yet happen.
    ///
    /// # Errors
    /// The bot cannot be run, or the store failed.
    pub async fn rehearse(&self, incoming: Incoming) -> Result<Rehearsal, Error> {
        let shared = self.shared();
        let bot = bot_of(shared, &incoming).await?;
        let ready = shared.bots.ready(&shared.store, &bot, None, incoming.developer).await?;
        let (session, mut document) = shared.begin_session(&incoming, &ready, None, false);
        Shared::tell_user(&incoming, &mut document, shared.store.limits());
        Ok(Rehearsal { conversations: self.clone(), incoming, ready, session, document })
    }
}

impl Rehearsal {
    /// The bot.
    pub fn bot(&self) -> &Arc<Bot> {
        &self.ready.bot
    }

    /// Where the conversation stands: what runs, and what it waits for.
    pub fn state(&self) -> &State {
        &self.document.state
    }

    /// What the bot understands in the language that is spoken.
    ///
    /// # Errors
    /// The model cannot be had.
    pub async fn model(&self) -> Result<Arc<Model>, Error> {
        let models = &self.conversations.shared().models;
        Ok(models.model(&self.ready.definition, &self.document.state.language).await?)
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// The model cannot be had, or the store failed.
    pub async fn take(&mut self, event: IncomingEvent) -> Result<Outcome, Error> {
        self.incoming.event = event;
        // What is written to tables is written once for a turn of a session; the same turn of a copy is another one.
        self.session.id = SessionId::new(self.conversations.shared().store.ids());
        let now = self.conversations.shared().store.clock().now();
        let key = self.incoming.key();
        let turn = Turn { incoming: &self.incoming, key: &key, ready: &self.ready, session: &self.session, now };
        let mut mediation = Mediation::new(self.conversations.clone());
        self.conversations.shared().contain("turn", mediation.take_turn(&turn, &mut self.document)).await
    }
}
