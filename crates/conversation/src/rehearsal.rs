//! Rehearsals: turns with a bot that are taken and not kept.
//!
//! Everything is as in a conversation but that no session is written, and so a rehearsal can be copied where it stands and
//! go on in two ways. Each copy has the data tables as they stood in it, and the first one has none; services are called as
//! [`Incoming::services`] says. The scripts that ran are told, so that they can be run again with other inputs.
//!
//! Rehearsals of one bot have its data tables in turn: they are taken one after the other.

use std::sync::{Arc, Mutex, PoisonError};

use dialog::turn::Outcome;
use dialog::{Bot, State};
use domain::SessionId;
use nlu::Model;
use script::{Fault, Ran, Run};
use store::{Session, StandingTables};

use crate::botkit::Mediation;
use crate::bots::Ready;
use crate::journal::Journal;
use crate::notes::{Noted, Notes, ScriptRun};
use crate::session::{Document, bot_of};
use crate::shared::Shared;
use crate::turn::Turn;
use crate::{Conversations, Error, Incoming, IncomingEvent};

/// A conversation that is tried out.
#[derive(Clone)]
pub struct Rehearsal {
    conversations: Conversations,
    incoming: Incoming,
    ready: Ready,
    session: Session,
    document: Document,
    tables: Arc<StandingTables>,
    /// Whose tables stand in the store, of all copies.
    standing: Arc<Mutex<Arc<StandingTables>>>,
}

/// What came of a turn that was tried out.
#[derive(Debug)]
pub struct Rehearsed {
    /// What the bot did.
    pub outcome: Outcome,
    /// The scripts that ran, in order.
    pub scripts: Vec<ScriptRun>,
}

impl Conversations {
    /// Begins to try out a bot, with empty data tables. `incoming` says with whom and on which channel; what happens in it
    /// does not yet happen.
    ///
    /// # Errors
    /// The bot cannot be run, or the store failed.
    pub async fn rehearse(&self, incoming: Incoming) -> Result<Rehearsal, Error> {
        let shared = self.shared();
        let bot = bot_of(shared, &incoming).await?;
        let ready = shared.bots.ready(&shared.store, &bot, None, incoming.developer).await?;
        let (session, mut document) = shared.begin_session(&incoming, &ready, None, false);
        Shared::tell_user(&incoming, &mut document, shared.store.limits());
        let tables = Arc::new(StandingTables::default());
        shared.store.set_data_tables(&bot.id, &tables).await?;
        let standing = Arc::new(Mutex::new(Arc::clone(&tables)));
        Ok(Rehearsal { conversations: self.clone(), incoming, ready, session, document, tables, standing })
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

    /// How many rows its data tables have.
    pub fn table_rows(&self) -> usize {
        self.tables.len()
    }

    /// Lets the data tables stand as they do in another rehearsal of the bot.
    pub fn take_tables_of(&mut self, other: &Self) {
        self.tables = Arc::clone(&other.tables);
    }

    /// What the bot understands in the language that is spoken.
    ///
    /// # Errors
    /// The model cannot be had.
    pub async fn model(&self) -> Result<Arc<Model>, Error> {
        let models = &self.conversations.shared().models;
        Ok(models.model(&self.ready.definition, &self.document.state.language).await?)
    }

    /// Runs a script apart from the conversation: nothing comes of it.
    ///
    /// # Errors
    /// The script came to nothing.
    pub async fn run_script(&self, run: &Run) -> Result<Ran, Fault> {
        self.conversations.shared().scripts.run(&self.incoming.bot, run).await
    }

    /// Lets something happen.
    ///
    /// # Errors
    /// The model cannot be had, or the store failed.
    pub async fn take(&mut self, event: IncomingEvent) -> Result<Rehearsed, Error> {
        let shared = self.conversations.shared();
        self.incoming.event = event;
        // As where a state was kept and loaded again.
        let state = &mut self.document.state;
        state.stack.iter_mut().chain(state.held.iter_mut().flatten()).for_each(|frame| frame.visits.clear());
        // The same turn of a copy is another one.
        self.session.id = SessionId::new(shared.store.ids());
        let now = shared.store.clock().now();
        let key = self.incoming.key();
        if !Arc::ptr_eq(&self.standing_tables(), &self.tables) {
            shared.store.set_data_tables(&key.bot, &self.tables).await?;
            self.stand(Arc::clone(&self.tables));
        }
        let notes = Notes::default();
        let (ready, session) = (&self.ready, &self.session.id);
        let turn = Turn { incoming: &self.incoming, key: &key, ready, session, now, notes: Some(&notes) };
        let mut journal = Journal::of_trial(session.to_string());
        let mut mediation = Mediation::new(self.conversations.clone());
        let outcome = shared.contain("turn", mediation.take_turn(&turn, &mut self.document, &mut journal)).await?;
        let Noted { scripts, wrote_table } = notes.0.into_inner().unwrap_or_else(PoisonError::into_inner);
        if wrote_table {
            self.tables = Arc::new(shared.store.standing_data_tables(&key.bot).await?);
            self.stand(Arc::clone(&self.tables));
        }
        Ok(Rehearsed { outcome, scripts })
    }

    fn standing_tables(&self) -> Arc<StandingTables> {
        Arc::clone(&self.standing.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn stand(&self, tables: Arc<StandingTables>) {
        *self.standing.lock().unwrap_or_else(PoisonError::into_inner) = tables;
    }
}
