//! Sessions that are closed: because their time is over, or because somebody wants them closed.

use std::time::Duration;

use domain::{AccountId, BotId, Timestamp};
use store::{ActiveSession, CloseFilter, CommittedTurn, EndedSession, IdleSession, NewChange, Session, TurnCommit};

use crate::session::{Document, ended_damaged};
use crate::shape::Shape;
use crate::{Conversations, Error};

impl Conversations {
    /// Closes the active sessions of a bot that a filter lets through; how many were closed, or will be. One in which a
    /// turn runs is closed when that is over: what the bot says in it belongs to it. That is waited for, though not for ever
    /// ([`Options::close_wait_ms`](crate::Options::close_wait_ms)). `change` is what the audit log is told of so many sessions.
    ///
    /// # Errors
    /// The store failed.
    pub async fn close_sessions(
        &self,
        account: &AccountId,
        bot: &BotId,
        filter: &CloseFilter,
        change: impl Fn(usize) -> NewChange + Clone + Send + 'static,
    ) -> Result<usize, Error> {
        let shared = self.shared();
        let meant = shared.store.active_sessions(account, bot, filter).await?;
        // While these are held, no turn begins in the sessions that are closed at once.
        let mut free = Vec::new();
        let mut busy = Vec::new();
        for session in meant {
            match shared.queue.try_enter(&session.conversation).filter(|_| !session.is_claimed) {
                Some(turn) => free.push(turn),
                None => busy.push(session),
            }
        }
        let except: Vec<_> = busy.iter().map(|session| session.id.clone()).collect();
        // Tasks of their own: they close even if who asked for it goes away meanwhile.
        let close_later = |session| {
            let (conversations, change) = (self.clone(), change.clone());
            tokio::spawn(async move { conversations.close_in_turn(session, change).await })
        };
        let later: Vec<_> = busy.into_iter().map(close_later).collect();
        let at_once = shared.store.close_sessions(account, bot, filter, &except, change).await?;
        drop(free);
        let limit = Duration::from_millis(self.options().close_wait_ms);
        // Those that are not closed in time will be.
        let all_closed = async {
            for closed in later {
                closed.await.ok();
            }
        };
        tokio::time::timeout(limit, all_closed).await.ok();
        Ok(at_once.len() + except.len())
    }

    /// Closes a session when the turns that came before are over.
    async fn close_in_turn(&self, session: ActiveSession, change: impl FnOnce(usize) -> NewChange + Send + 'static) {
        let shared = self.shared();
        let ActiveSession { id, conversation: key, .. } = session;
        let _turn = shared.queue.enter(&key).await;
        let filter = CloseFilter { sessions: vec![id.clone()], ..CloseFilter::default() };
        let close = async { Ok(shared.store.close_sessions(&key.account, &key.bot, &filter, &[], change).await?) };
        if let Err(error) = Box::pin(shared.claimed(&key, close)).await {
            tracing::error!(%error, session.id = %id, "a session that was to be closed is still open");
        }
    }

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
    session.state = document.to_kept();
    EndedSession { session, at: now, messages: Vec::new() }
}
