//! Sessions that are closed: because their time is over, or because somebody wants them closed.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, BotId, SessionId};
use store::{ActiveSession, CloseFilter, CommittedTurn, ConversationKey, IdleSession, NewChange, TurnCommit};
use tokio::sync::Semaphore;
use tokio::task::JoinHandle;
use tokio::time::Instant;

use crate::key::user_of;
use crate::last_words::ended;
use crate::queue::BRIEFLY;
use crate::session::{Document, ended_damaged};
use crate::{Conversations, Error};

/// So long who closes waits for a turn of another node: whether that waits for somebody outside, who may be the one who
/// closes, is not known here, and services are waited for no longer than five seconds by some bots.
const ELSEWHERE: Duration = Duration::from_secs(1);
/// So many bots say their last words at a time, of all sessions that one call closes.
const SPEAKING: usize = 8;

impl Conversations {
    /// Closes the active sessions of a bot that a filter lets through; how many were closed, or will be. One in which a
    /// turn runs is closed when that is over: what the bot says in it belongs to it. One whose bot has last words is closed
    /// in its turn, too, and so is one that begins with the turn that runs. All are waited for, though not for ever
    /// ([`Options::close_wait_ms`](crate::Options::close_wait_ms)), and but briefly while the turn waits for somebody
    /// outside, who may be the one who closes. `change` is what the change log is told of so many
    /// sessions.
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
        let beginning = self.beginning(account, bot, filter, &meant).await?;
        let bot_speaks = shared.may_have_last_words(bot, &meant).await?;
        let speaking = Arc::new(Semaphore::new(SPEAKING));
        // While these are held, no turn begins in the sessions that are closed at once.
        let mut free = Vec::new();
        let mut later = Vec::new();
        let mut busy = Vec::new();
        for session in meant {
            let speaks = bot_speaks && session.interactive;
            let is_free = !session.is_claimed && !speaks;
            if let Some(turn) = shared.queue.try_enter(&session.conversation).filter(|_| is_free) {
                free.push((turn, session));
                continue;
            }
            if !speaks {
                busy.push(session.id.clone());
            }
            later.push(self.close_later(session, speaks.then(|| Arc::clone(&speaking)), change.clone()).await);
        }
        // Those that speak are many where they are any: the statement leaves them out without naming them.
        let silent = CloseFilter { interactive: bot_speaks.then_some(false), ..filter.clone() };
        let at_once = shared.store.close_sessions(account, bot, &silent, &busy, change.clone()).await?;
        let at_once: HashSet<SessionId> = at_once.into_iter().collect();
        for (turn, session) in free {
            drop(turn);
            // The user said something while it was looked up.
            if bot_speaks && !at_once.contains(&session.id) {
                later.push(self.close_later(session, Some(Arc::clone(&speaking)), change.clone()).await);
            }
        }
        for key in beginning {
            later.push(self.close_first(key, Arc::clone(&speaking), change.clone()));
        }
        let will_be = later.len();
        let begun = Instant::now();
        // Those that are not closed in time will be.
        for (patience, closed) in later {
            tokio::time::timeout_at(begun + patience, closed).await.ok();
        }
        Ok(at_once.len() + will_be)
    }

    /// Has a session closed when the turns that came before are over. The place in the queue is taken now; the rest is a
    /// task of its own, which closes even if who asked for it goes away meanwhile, and is to be waited for so long. `speaking`
    /// lets the bot have its last words, if it has any.
    async fn close_later(
        &self,
        session: ActiveSession,
        speaking: Option<Arc<Semaphore>>,
        change: impl Fn(usize) -> NewChange + Send + 'static,
    ) -> (Duration, JoinHandle<()>) {
        let conversations = self.clone();
        let queue = &self.shared().queue;
        let place = queue.line_up(&session.conversation);
        let patience = self.patience(&session.conversation);
        let patience = if session.is_claimed { patience.min(ELSEWHERE) } else { patience };
        let closed = tokio::spawn(async move {
            let _turn = place.entered().await;
            let close = Box::pin(conversations.close_in_turn(&session, speaking.as_deref(), change));
            if let Err(error) = conversations.shared().claimed(&session.conversation, close).await {
                tracing::error!(%error, session.id = %session.id, "a session that was to be closed is still open");
            }
        });
        (patience, closed)
    }

    /// Conversations that a filter lets through whose first turn runs, or waits: their session is to begin.
    async fn beginning(
        &self,
        account: &AccountId,
        bot: &BotId,
        filter: &CloseFilter,
        active: &[ActiveSession],
    ) -> Result<Vec<ConversationKey>, Error> {
        if !filter.sessions.is_empty() {
            return Ok(Vec::new());
        }
        let shared = self.shared();
        let mut all = shared.store.beginning_conversations(account, bot, filter).await?;
        // Of the very first turn with somebody nothing is in the store: the queue of this process has their id.
        let users = filter.user.as_ref().map(|user| {
            let of_identity = |identity: &str| user_of(account, identity).to_string();
            [user.clone(), of_identity(user), of_identity(&user.to_lowercase())]
        });
        let at_work = shared.queue.at_work_where(account, |of, user, channel| {
            of == bot.as_str()
                && users.as_ref().is_none_or(|users| users.iter().any(|it| it == user))
                && filter.channel.as_ref().is_none_or(|it| it == channel)
        });
        let is_same = |a: &ConversationKey, b: &ConversationKey| a.user == b.user && a.channel == b.channel;
        for key in at_work {
            if !all.iter().any(|it| is_same(it, &key)) {
                all.push(key);
            }
        }
        all.retain(|key| !active.iter().any(|session| is_same(&session.conversation, key)));
        Ok(all)
    }

    /// Has the session closed that begins with the turns which stand in the queue of a conversation.
    fn close_first(
        &self,
        key: ConversationKey,
        speaking: Arc<Semaphore>,
        change: impl Fn(usize) -> NewChange + Send + 'static,
    ) -> (Duration, JoinHandle<()>) {
        let conversations = self.clone();
        let place = self.shared().queue.line_up(&key);
        let patience = self.patience(&key);
        let closed = tokio::spawn(async move {
            let _turn = place.entered().await;
            let shared = conversations.shared();
            let close = Box::pin(async {
                let conversation = shared.store.conversation(&key.bot, &key.user, &key.channel).await?;
                let Some((conversation, session)) = conversation.and_then(|it| Some((it.key, it.session?))) else {
                    return Ok(());
                };
                let session = ActiveSession {
                    id: session.id,
                    conversation,
                    is_claimed: false,
                    interactive: session.interactive,
                    developer: session.developer,
                    started_at: session.started_at,
                };
                conversations.close_in_turn(&session, Some(&speaking), change).await
            });
            if let Err(error) = shared.claimed(&key, close).await {
                tracing::error!(%error, user.id = %key.user, "a session that was to be closed is still open");
            }
        });
        (patience, closed)
    }

    /// How long who closes waits for a conversation.
    fn patience(&self, key: &ConversationKey) -> Duration {
        let patience = Duration::from_millis(self.options().close_wait_ms);
        if self.shared().queue.is_outside(key) { patience.min(BRIEFLY) } else { patience }
    }

    /// Closes a session, for who entered its conversation and claimed it. It is closed without a word where its bot has
    /// none, or cannot say it.
    async fn close_in_turn(
        &self,
        session: &ActiveSession,
        speaking: Option<&Semaphore>,
        change: impl Fn(usize) -> NewChange + Send + 'static,
    ) -> Result<(), Error> {
        let shared = self.shared();
        let ActiveSession { id, conversation: key, .. } = session;
        if let Some(speaking) = speaking {
            let _permit = speaking.acquire().await;
            match self.close_with_words(key, id, change(1)).await {
                Ok(true) => return Ok(()),
                Ok(false) => {}
                Err(error) => {
                    tracing::warn!(%error, session.id = %id, "a session is closed without the last words of its bot");
                }
            }
        }
        let filter = CloseFilter { sessions: vec![id.clone()], ..CloseFilter::default() };
        shared.store.close_sessions(&key.account, &key.bot, &filter, &[], change).await?;
        Ok(())
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
        match shared.contain("closing of a session", ready).await {
            Ok(ready) => shared.end_session(&mut commit, (session, document), &ready, now, true),
            Err(error) if error.is_transient() => return Err(error),
            // A bot that cannot be run says nothing, and must not leave sessions that are in the way of all others.
            Err(error) => {
                tracing::warn!(%error, session.id = %session.id, "a session is closed without a word of its bot");
                commit.ended = Some(ended(session, document, now));
            }
        }
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
