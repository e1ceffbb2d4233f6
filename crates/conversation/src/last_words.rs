//! What is said last in a session that ends, and where it goes.
//!
//! A session whose time is over ends with the closing words of its bot, the author's or the platform's. One that somebody
//! closes ends with what the bot does at the end of tasks (`CONVERSATION_END`) and with the author's closing words: the
//! platform's speak of a user who said nothing for long.

use dialog::reply::{Reply, Source};
use domain::{BotId, SessionId, Timestamp};
use store::{ActiveSession, ConversationKey, EndedSession, NewChange, NewMessage, Session, TurnCommit, TurnLog};

use crate::answer::outgoing;
use crate::botkit::Mediation;
use crate::bots::{Pinned, Ready};
use crate::bounds::bound_said;
use crate::journal::Journal;
use crate::session::{Document, add, over_at};
use crate::shape::Shape;
use crate::shared::Shared;
use crate::turn::Turn;
use crate::written::{changes, entry, hide, posted};
use crate::{Conversations, Error, Incoming, IncomingEvent, PostTo};

impl Shared {
    /// Ends a session in a turn, or instead of one: now, or for want of messages when its time was over, which is said.
    pub(crate) fn end_session(
        &self,
        commit: &mut TurnCommit,
        (session, document): (Session, Document),
        ready: &Ready,
        now: Timestamp,
        for_want_of_messages: bool,
    ) {
        let at = if for_want_of_messages { over_at(&session, ready, now) } else { now };
        let is_told = for_want_of_messages && !ready.bot.settings.session.closes_silently && document.state.interactive;
        let mut messages = Vec::new();
        if is_told {
            let channel = document.reached.speaks_as.as_deref().unwrap_or(&session.channel);
            let text = dialog::closing_text(&ready.bot, channel, &document.state.language);
            let said = [Reply::text(Source::Platform, text)];
            messages.extend(said.iter().map(|reply| outgoing(reply, &document.state.language, self.store.ids())));
            let post = |to: &PostTo| posted(to, &commit.conversation, &said, None, true);
            commit.outbox = document.reached.post.iter().flat_map(post).collect();
        }
        commit.ended = Some(EndedSession { messages, ..ended(session, document, at) });
    }

    /// Whether some of these sessions of a bot may have last words when they are closed, judged by the versions of the bot
    /// that they can be on. So that it can be told of thousands at once, no session is looked at.
    pub(crate) async fn may_have_last_words(&self, bot: &BotId, sessions: &[ActiveSession]) -> Result<bool, Error> {
        let begun = sessions.iter().filter(|session| session.interactive).map(|session| session.started_at);
        let Some(oldest) = begun.min() else { return Ok(false) };
        let Some(bot) = self.store.bot(bot).await? else { return Ok(false) };
        let versions = self.store.versions(&bot.id).await?;
        let newer = versions.iter().take_while(|version| version.created_at >= oldest).count();
        let mut possible: Vec<Pinned> =
            versions.iter().take(newer + 1).map(|version| Pinned { version: Some(version.number) }).collect();
        if newer == versions.len() || sessions.iter().any(|session| session.developer) {
            possible.push(Pinned::default());
        }
        for version in possible {
            match self.bots.ready(&self.store, &bot, Some(&version), false).await {
                Ok(ready) if dialog::has_last_words(&ready.bot) => return Ok(true),
                Err(error) if error.is_transient() => return Err(error),
                // One that cannot be run says nothing.
                Ok(_) | Err(_) => {}
            }
        }
        Ok(false)
    }
}

impl Conversations {
    /// Closes a session with the last words of its bot, for who entered its conversation and claimed it; whether it is
    /// closed. It is not where the bot has none, and where what is kept of the session cannot be read.
    pub(crate) async fn close_with_words(
        &self,
        key: &ConversationKey,
        session: &SessionId,
        change: NewChange,
    ) -> Result<bool, Error> {
        let shared = self.shared();
        // What a bot does last may call services and BotKit servers: it takes no longer than a turn.
        let closing = tokio::time::timeout(shared.longest_turn(), self.say_and_close(key, session, change));
        let closing = async { closing.await.unwrap_or(Err(Error::Busy)) };
        shared.contain("closing of a session", Box::pin(closing)).await
    }

    async fn say_and_close(&self, key: &ConversationKey, id: &SessionId, change: NewChange) -> Result<bool, Error> {
        let shared = self.shared();
        let conversation = shared.store.conversation(&key.bot, &key.user, &key.channel).await?;
        let Some(mut session) = conversation.and_then(|it| it.session).filter(|session| session.id == *id) else {
            // It ended meanwhile.
            return Ok(true);
        };
        let Ok(mut document) = Document::of(&session) else { return Ok(false) };
        let bot = shared.store.bot(&key.bot).await?.ok_or_else(|| Error::NoBot(key.bot.to_string()))?;
        let pinned = document.pinned.as_ref().filter(|_| shared.options.compat.pins_version);
        let ready = shared.bots.ready(&shared.store, &bot, pinned, session.developer).await?;
        if !dialog::has_last_words(&ready.bot) {
            return Ok(false);
        }
        let now = shared.store.clock().now();
        let containment = document.containment();
        shared.load_values(key, &mut document, &mut session).await?;
        let known_tags = session.user_tags.len();
        let incoming = Incoming {
            speaks_as: document.reached.speaks_as.clone(),
            timezone: document.reached.timezone.clone(),
            post: document.reached.post.clone(),
            developer: session.developer,
            ..Incoming::of(&key.account, &key.bot, &key.identity, &key.channel, IncomingEvent::Close)
        };
        let turn = Turn { incoming: &incoming, key, ready: &ready, session: id, now, notes: None };
        // It is never taken again: what fails is closed without words.
        let mut journal = Journal::of_trial(format!("close {id}"));
        let mut mediation = Mediation::new(self.clone());
        let mut outcome = Box::pin(mediation.take_turn(&turn, &mut document, &mut journal)).await?;
        let limits = shared.store.limits();
        bound_said(&mut outcome, limits);

        let mut commit = TurnCommit::of(key.clone(), Some(id.clone()));
        let language = &document.state.language;
        let messages: Vec<NewMessage> =
            outcome.replies.iter().map(|reply| outgoing(reply, language, shared.store.ids())).collect();
        for (level, tags) in [("session", &mut session.session_tags), ("user", &mut session.user_tags)] {
            let of_level = outcome.tags.iter().filter(|(of, ..)| of == level);
            let new: Vec<_> = of_level.map(|(_, name, value)| (name.clone(), value.clone())).collect();
            add(tags, &new, limits.kept_tags);
        }
        commit.values = changes(key, &outcome.puts, session.user_tags.get(known_tags..).unwrap_or_default(), now);
        if shared.options.debug_log_s > 0 {
            let turn = i64::try_from(document.state.turns).unwrap_or(i64::MAX);
            commit.log = Some(TurnLog { session: id.clone(), turn, entry: entry(&incoming, &outcome) });
        }
        let post = |to: &PostTo| posted(to, key, &outcome.replies, None, true);
        commit.outbox = incoming.post.iter().flat_map(post).collect();
        commit.change = Some(change.entry(&shared.store, &key.account, &key.bot));
        let mut ended = EndedSession { messages, ..ended(session, document, now) };
        // How the user was served was settled before the bot had its last words.
        ended.session.containment = Some(containment);
        commit.ended = Some(ended);
        hide(&ready, &mut commit);
        shared.store.commit_turn(commit).await?;
        self.accept_later(mediation.finish()).await;
        Ok(true)
    }
}

/// A session that ends at a moment, without a word.
pub(crate) fn ended(mut session: Session, mut document: Document, at: Timestamp) -> EndedSession {
    session.containment = Some(document.containment());
    dialog::turn::abandon(&mut document.state);
    session.state = document.to_kept();
    EndedSession { session, at, messages: Vec::new() }
}
