//! Sessions that are closed because their time is over.

use domain::Timestamp;
use store::{CommittedTurn, EndedSession, IdleSession, Session, TurnCommit};

use crate::session::{Document, ended_damaged};
use crate::{Conversations, Error};

impl Conversations {
    /// Closes a session whose time is over, saying so where the bot says so. Whether it was closed; not when somebody said
    /// something meanwhile.
    pub async fn close_idle(&self, idle: &IdleSession) -> Result<bool, Error> {
        let shared = self.shared();
        let key = &idle.conversation;
        // Somebody who is at work on the conversation will see to it.
        let Some(_turn) = shared.queue.try_enter(key) else { return Ok(false) };
        let Some(conversation) = shared.store.conversation(&key.bot, &key.user, &key.channel).await? else {
            return Ok(false);
        };
        let now = shared.store.clock().now();
        let over =
            |session: &store::Session| session.id == idle.session && session.expires_at.is_some_and(|at| at <= now);
        let Some(session) = conversation.session.filter(over) else { return Ok(false) };
        let mut commit = TurnCommit::of(key.clone(), Some(session.id.clone()));
        let Ok(document) = Document::of(&session) else {
            commit.ended = Some(ended_damaged(session, now));
            return closed(shared.store.commit_turn(commit).await);
        };
        let ready = async {
            let bot = shared.store.bot(&key.bot).await?.ok_or_else(|| Error::NoBot(key.bot.to_string()))?;
            shared.bots.ready(&shared.store, &bot, document.pinned.as_ref(), session.developer).await
        };
        commit.ended = Some(match shared.contain("closing of a session", ready).await {
            Ok(ready) => shared.ended(session, document, &ready, now, true),
            Err(error) if error.is_transient() => return Err(error),
            // A bot that cannot be run says nothing, and must not leave sessions that are in the way of all others.
            Err(error) => {
                tracing::warn!(%error, session.id = %session.id, "a session is closed without a word of its bot");
                silently_ended(session, document, now)
            }
        });
        closed(shared.store.commit_turn(commit).await)
    }
}

fn closed(committed: Result<CommittedTurn, store::Error>) -> Result<bool, Error> {
    match committed {
        Ok(_) => Ok(true),
        Err(store::Error::Conflict(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn silently_ended(mut session: Session, mut document: Document, now: Timestamp) -> EndedSession {
    session.containment = Some(document.containment());
    dialog::turn::abandon(&mut document.state);
    session.state = document.to_value();
    EndedSession { session, at: now, messages: Vec::new() }
}
