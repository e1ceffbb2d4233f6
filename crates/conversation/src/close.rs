//! Sessions that are closed: because their time is over, or because somebody wants them closed.
//!
//! What is closed at once takes one statement. What has to wait, for a turn that runs or for the last words of a bot, is a
//! turn of its own: its event stands in the inbox like a message, so that it has its place among the messages of all
//! nodes, and happens whichever of them dies.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::Duration;

use domain::{AccountId, BotId, SessionId, UserId};
use store::{
    ActiveSession, CloseFilter, CommittedTurn, ConversationKey, IdleSession, InboxDone, NewChange, TurnCommit,
};
use tokio::sync::Semaphore;
use tokio::time::Instant;

use crate::answer::Answer;
use crate::inbox::Begun;
use crate::incoming::{Closing, Incoming, IncomingEvent};
use crate::key::user_of;
use crate::last_words::ended;
use crate::queue::BRIEFLY;
use crate::session::{Document, ended_damaged};
use crate::shape::Shape;
use crate::shared::{ATTEMPTS, Shared};
use crate::slot::Slot;
use crate::{Conversations, Error};

/// So long who closes waits for a turn of another node: whether that waits for somebody outside, who may be the one who
/// closes, is not known here, and services are waited for no longer than five seconds by some bots.
const ELSEWHERE: Duration = Duration::from_secs(1);
/// So many bots say their last words at a time, of all sessions that one call closes.
const SPEAKING: usize = 8;

/// A session that is closed in its turn.
struct Later {
    conversation: ConversationKey,
    /// Which; the one that begins with the turns that run, where it is absent.
    session: Option<SessionId>,
    /// So long it is waited for.
    patience: Duration,
}

impl Conversations {
    /// Closes the active sessions of a bot that a filter lets through; how many were closed, or will be. One in which a
    /// turn runs is closed when that is over: what the bot says in it belongs to it. One whose bot has last words is closed
    /// in its turn, too, and so is one that begins with the turn that runs. All are waited for, though not for ever
    /// ([`Options::close_wait_ms`](crate::Options::close_wait_ms)), and but briefly while the turn waits for somebody
    /// outside, who may be the one who closes. The change log names `by`.
    ///
    /// # Errors
    /// The store failed.
    pub async fn close_sessions(
        &self,
        account: &AccountId,
        bot: &BotId,
        filter: &CloseFilter,
        by: &UserId,
    ) -> Result<usize, Error> {
        let (shared, begun) = (self.shared(), Instant::now());
        let meant = shared.store.active_sessions(account, bot, filter).await?;
        let beginning = self.beginning(account, bot, filter, &meant).await?;
        let bot_speaks = shared.may_have_last_words(bot, &meant).await?;
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
            let patience = self.patience(&session.conversation);
            let patience = if session.is_claimed { patience.min(ELSEWHERE) } else { patience };
            later.push(Later { conversation: session.conversation, session: Some(session.id), patience });
        }
        for conversation in beginning {
            let is_elsewhere = shared.queue.try_enter(&conversation).is_some();
            let patience = self.patience(&conversation);
            let patience = if is_elsewhere { patience.min(ELSEWHERE) } else { patience };
            later.push(Later { conversation, session: None, patience });
        }
        let speaking = Arc::new(Semaphore::new(if bot_speaks { SPEAKING } else { Semaphore::MAX_PERMITS }));
        let mut closing = self.close_later(later, by, &speaking).await?;
        // Those that speak are many where they are any: the statement leaves them out without naming them.
        let silent = CloseFilter { interactive: bot_speaks.then_some(false), ..filter.clone() };
        let user = by.clone();
        let at_once = shared.store.close_sessions(account, bot, &silent, &busy, |count| change(user, count)).await?;
        let at_once: HashSet<SessionId> = at_once.into_iter().collect();
        let mut spoke_up = Vec::new();
        for (turn, session) in free {
            drop(turn);
            // The user said something while it was looked up.
            if bot_speaks && !at_once.contains(&session.id) {
                let patience = self.patience(&session.conversation);
                spoke_up.push(Later { conversation: session.conversation, session: Some(session.id), patience });
            }
        }
        closing.extend(self.close_later(spoke_up, by, &speaking).await?);
        let will_be = closing.len();
        // Those that are not closed in time will be.
        for (patience, begun_close) in closing {
            tokio::time::timeout_at(begun + patience, begun_close.task).await.ok();
        }
        Ok(at_once.len() + will_be)
    }

    /// Has sessions closed when the turns that came before are over: the places in their queues are taken now, and kept.
    async fn close_later(
        &self,
        mut later: Vec<Later>,
        by: &UserId,
        speaking: &Arc<Semaphore>,
    ) -> Result<Vec<(Duration, Begun)>, Error> {
        // Who keeps several at once locks their conversations in the same order as everybody.
        let name = |key: &ConversationKey| (key.user.to_string(), key.channel.clone());
        later.sort_by_cached_key(|it| name(&it.conversation));
        let mut patience = Vec::new();
        let mut closing = Vec::new();
        for Later { conversation: key, session, patience: so_long } in later {
            let event = IncomingEvent::Close(Closing { session, by: by.clone() });
            patience.push(so_long);
            let incoming = Incoming::of(&key.account, &key.bot, &key.identity, &key.channel, event);
            closing.push((self.place(key), incoming));
        }
        let begun = self.keep_and_begin_all(closing, speaking).await?;
        Ok(patience.into_iter().zip(begun).collect())
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

    /// How long who closes waits for a conversation.
    fn patience(&self, key: &ConversationKey) -> Duration {
        let patience = Duration::from_millis(self.options().close_wait_ms);
        if self.shared().queue.is_outside(key) { patience.min(BRIEFLY) } else { patience }
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

impl Shared {
    /// What closes a session in its turn, with how its user is reached.
    pub(crate) async fn reached(&self, incoming: Incoming, key: &ConversationKey) -> Result<Incoming, Error> {
        if incoming.closing().is_none() {
            return Ok(incoming);
        }
        let session = self.store.conversation(&key.bot, &key.user, &key.channel).await?.and_then(|it| it.session);
        let Some((session, document)) = session.and_then(|it| Document::of(&it).ok().map(|document| (it, document)))
        else {
            return Ok(incoming);
        };
        let reached = document.reached;
        Ok(Incoming {
            speaks_as: reached.speaks_as,
            timezone: reached.timezone,
            post: reached.post,
            developer: session.developer,
            ..incoming
        })
    }

    /// Closes a session without a word: its bot cannot say one, or it is not there any more. The message of the inbox in
    /// `slot` is done with it.
    pub(crate) async fn close_silently(
        &self,
        key: &ConversationKey,
        closing: &Closing,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        for _ in 0..ATTEMPTS {
            let now = self.store.clock().now();
            let active = self.store.conversation(&key.bot, &key.user, &key.channel).await?.and_then(|it| it.session);
            let mut commit = TurnCommit::of(key.clone(), active.as_ref().map(|session| session.id.clone()));
            let session = active.filter(|session| closing.means(&session.id));
            let id = session.as_ref().map(|session| session.id.clone()).or_else(|| closing.session.clone());
            let answer = Answer::without_words(id.unwrap_or_else(|| SessionId::new(self.store.ids())), key);
            if let Some(session) = session {
                commit.ended = Some(match Document::of(&session) {
                    Ok(document) => ended(session, document, now),
                    Err(_) => ended_damaged(session, now),
                });
                commit.change = Some(closing.change().entry(&self.store, &key.account, &key.bot));
            }
            let result = answer.to_kept();
            commit.inbox_done = Some(InboxDone { id: slot.id.clone(), result, has_journal: true });
            match self.store.commit_turn(commit).await {
                Err(store::Error::Conflict(what)) => tracing::debug!(what, "a session is closed again: it changed"),
                written => return Ok(written.map(|_| answer)?),
            }
        }
        Err(Error::Busy)
    }
}

impl Closing {
    /// Whether it is this session that is closed.
    pub(crate) fn means(&self, session: &SessionId) -> bool {
        self.session.as_ref().is_none_or(|meant| meant == session)
    }

    /// What the change log is told.
    pub(crate) fn change(&self) -> NewChange {
        change(self.by.clone(), 1)
    }
}

/// What the change log is told of so many sessions.
fn change(by: UserId, closed: usize) -> NewChange {
    let message = match closed {
        1 => "Conversation session closed".to_owned(),
        closed => format!("{closed} conversation sessions closed"),
    };
    NewChange { user: by, resource_id: None, resource_type: "session", message }
}

fn closed(committed: Result<CommittedTurn, store::Error>) -> Result<bool, Error> {
    match committed {
        Ok(_) => Ok(true),
        Err(store::Error::Conflict(_)) => Ok(false),
        Err(error) => Err(error.into()),
    }
}
