//! Late answers: what is said when no message is being answered.
//!
//! A bot that waits for its BotKit server, and a human who has the conversation, speak when it is time. Where answers are
//! posted, that is posted, too. A channel that waits for answers can only be asked: the answer to a message says by which
//! id, and what is said next is kept under it. That answer says the next id, as long as more may come.

use dialog::state::Waiting;
use dialog::turn::Outcome;
use domain::{BotId, SessionId};

use crate::session::Document;
use crate::{Conversations, Error, Incoming, IncomingEvent};

/// What a turn does about late answers.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Promise {
    /// What its own answer is asked for by, because that was promised.
    pub(crate) kept: Option<String>,
    /// What the next late answer is to be asked for by, if there may be one.
    pub(crate) next: Option<String>,
}

impl Document {
    /// What the late answer that did not come yet is asked for by.
    pub(crate) fn promised(&self, session: &SessionId) -> Option<String> {
        self.promised.open(session)
    }

    /// Keeps the promise of a late answer, and makes the next one, at the end of a turn.
    pub(crate) fn promise(&mut self, incoming: &Incoming, outcome: &Outcome, session: &SessionId) -> Promise {
        let before = self.promised.open(session);
        let waits = self.state.frame().is_some_and(|frame| frame.waiting == Waiting::Server);
        let more_may_come = incoming.is_waited_for() && !outcome.closes_session && (self.state.with_agent || waits);
        // An answer without a word says that none comes any more.
        let is_late = matches!(incoming.event, IncomingEvent::BotKit(_));
        let kept = before.filter(|_| is_late && !(outcome.replies.is_empty() && more_may_come));
        if more_may_come && (kept.is_some() || !self.promised.is_open) {
            self.promised.count += 1;
        }
        self.promised.is_open = more_may_come;
        Promise { kept, next: self.promised.open(session) }
    }
}

impl Conversations {
    /// Whether a late answer was promised under an id and did not come yet.
    pub(crate) async fn is_promised(&self, bot: &BotId, id: &str) -> Result<bool, Error> {
        let Some((session, _)) = id.split_once('.') else { return Ok(false) };
        let session = self.shared().store.session(&SessionId::stored(session)).await?;
        let active = session.filter(|session| session.bot == *bot && session.ended_at.is_none());
        let promised = active.and_then(|session| Document::of(&session).ok()?.promised(&session.id));
        Ok(promised.as_deref() == Some(id))
    }
}
