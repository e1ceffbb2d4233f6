//! Sessions that are closed because their time is over.

use store::{CommittedTurn, IdleSession, TurnCommit};

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
        let bot = shared.store.bot(&key.bot).await?.ok_or_else(|| Error::NoBot(key.bot.to_string()))?;
        let ready = shared.bots.ready(&shared.store, &bot, document.pinned.as_ref(), session.developer).await?;
        commit.ended = Some(shared.ended(session, document, &ready, now, true));
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
