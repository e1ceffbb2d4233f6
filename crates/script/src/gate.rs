//! Where runs wait for their turn.

use std::{
    collections::HashMap,
    sync::{Mutex, MutexGuard, PoisonError},
};

use tokio::sync::oneshot;

use crate::turns::{Asked, Rules, Ticket, Turns};

/// Lets in as many runs as there are workers, in the order [`Turns`] decides on.
#[derive(Debug)]
pub(crate) struct Gate(Mutex<Inside>);

#[derive(Debug)]
struct Inside {
    turns: Turns,
    /// Wakes who waits.
    waiting: HashMap<Ticket, oneshot::Sender<()>>,
    is_closed: bool,
}

/// Why there is no turn.
#[derive(Debug)]
pub(crate) enum Refusal {
    /// Too many runs of the bot wait.
    Full,
    /// The gate is closed.
    Closed,
}

/// A turn, or a place in the queue. Dropping it gives back what it is.
#[derive(Debug)]
pub(crate) struct Pass<'a> {
    gate: &'a Gate,
    bot: &'a str,
    /// The place in the queue, until its turn has come.
    ticket: Option<Ticket>,
}

impl Gate {
    pub(crate) fn new(rules: Rules) -> Self {
        Self(Mutex::new(Inside { turns: Turns::new(rules), waiting: HashMap::new(), is_closed: false }))
    }

    /// Waits for a turn of a bot, which lasts until the pass is dropped.
    pub(crate) async fn enter<'a>(&'a self, bot: &'a str) -> Result<Pass<'a>, Refusal> {
        let (mut pass, turn) = self.ask(bot)?;
        if let Some(turn) = turn {
            turn.await.map_err(|_| Refusal::Closed)?;
            pass.ticket = None;
        }
        Ok(pass)
    }

    /// Asks for a turn; if it is not to be had at once, whoever waits hears of it over the channel.
    fn ask<'a>(&'a self, bot: &'a str) -> Result<(Pass<'a>, Option<oneshot::Receiver<()>>), Refusal> {
        let mut inside = self.inside();
        if inside.is_closed {
            return Err(Refusal::Closed);
        }
        match inside.turns.ask(bot) {
            Asked::Begins => Ok((Pass { gate: self, bot, ticket: None }, None)),
            Asked::Waits(ticket) => {
                let (sender, receiver) = oneshot::channel();
                inside.waiting.insert(ticket, sender);
                Ok((Pass { gate: self, bot, ticket: Some(ticket) }, Some(receiver)))
            }
            Asked::Refused => Err(Refusal::Full),
        }
    }

    /// Turns away who waits and who comes; turns that have begun go on.
    pub(crate) fn close(&self) {
        let mut inside = self.inside();
        inside.is_closed = true;
        inside.waiting.clear();
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.inside().is_closed
    }

    fn inside(&self) -> MutexGuard<'_, Inside> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Pass<'_> {
    fn drop(&mut self) {
        let mut inside = self.gate.inside();
        if let Some(ticket) = self.ticket {
            inside.waiting.remove(&ticket);
            if inside.turns.leave(self.bot, ticket) {
                return;
            }
            // Its turn had come, and it had not heard of it yet.
        }
        if let Some(next) = inside.turns.release(self.bot)
            && let Some(sender) = inside.waiting.remove(&next)
        {
            // Whoever no longer listens is about to drop its pass, and so hands the turn on.
            let _ = sender.send(());
        }
    }
}
