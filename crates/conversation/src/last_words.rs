//! What is said last in a session that ends, and where it goes.
//!
//! A session whose time is over ends with the closing words of its bot, the author's or the platform's. One that somebody
//! closes ends with what the bot does at the end of tasks (`CONVERSATION_END`) and with the author's closing words: the
//! platform's speak of a user who said nothing for long.

use dialog::reply::{Reply, Source};
use domain::{BotId, Timestamp};
use store::{ActiveSession, EndedSession, Session, TurnCommit};

use crate::answer::outgoing;
use crate::bots::{Pinned, Ready};
use crate::session::{Document, over_at};
use crate::shape::Shape;
use crate::shared::Shared;
use crate::written::posted;
use crate::{Error, PostTo};

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

/// A session that ends at a moment, without a word.
pub(crate) fn ended(mut session: Session, mut document: Document, at: Timestamp) -> EndedSession {
    session.containment = Some(document.containment());
    dialog::turn::abandon(&mut document.state);
    session.state = document.to_kept();
    EndedSession { session, at, messages: Vec::new() }
}
