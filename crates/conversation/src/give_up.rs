//! Messages that cannot be answered: the user hears the bot's text for failures, and what comes after them goes on.
//!
//! A kept message is taken so often as the settings say, with growing pauses, and each time is counted before any work on
//! it, so that one that takes the process along is given up, too. What was given up is set aside for the operator.

use std::time::Duration;

use dialog::turn::Outcome;
use serde_json::{Value, json};
use store::{ConversationKey, GivenUp, InboxDone, KeptJournal, StuckMessage, TurnCommit};

use crate::answer::{Answer, Spoken};
use crate::book::Book;
use crate::bots::Ready;
use crate::frame::Frame;
use crate::incoming::Incoming;
use crate::resume::Begun;
use crate::session::{Document, bot_of, ended_damaged};
use crate::shape::Shape;
use crate::shared::ATTEMPTS;
use crate::shared::Shared;
use crate::slot::{Slot, Stage};
use crate::written::posted;
use crate::{Error, Options};

/// The longest pause between two attempts at a message.
const LONGEST_PAUSE: Duration = Duration::from_secs(300);

impl Options {
    /// How often a kept message is tried; once at least.
    pub(crate) fn attempts(&self) -> i64 {
        self.message_attempts.max(1)
    }

    /// How long a message waits after this many attempts that failed, or took the process along.
    pub(crate) fn pause_after(&self, attempts: i64) -> Duration {
        let doublings = u32::try_from(attempts.clamp(1, 16) - 1).unwrap_or(0);
        Duration::from_millis(self.message_pause_ms).saturating_mul(1 << doublings).min(LONGEST_PAUSE)
    }
}

impl Shared {
    /// Sees to a kept message whose attempt failed: it is postponed, or given up when it would fail again or was taken
    /// often enough. The answer, when it was given up.
    pub(crate) async fn after_failure(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        (id, attempts): (&str, i64),
        error: &Error,
    ) -> Result<Option<Answer>, Error> {
        if error.is_transient() && attempts < self.options.attempts() {
            let due_at = self.store.clock().now().plus(self.options.pause_after(attempts));
            self.store.postpone_inbox_message(id, due_at).await?;
            tracing::warn!(%error, message.id = id, attempts, "a kept message was not answered; it is tried again");
            return Ok(None);
        }
        self.give_up(incoming, key, &Slot::kept(id.to_owned()), &tried(chain(error))).await.map(Some)
    }

    /// Gives a kept message up that was taken too often, most likely because answering it takes the process along.
    pub(crate) async fn give_up_untried(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        (id, attempts): (&str, i64),
    ) -> Result<(), Error> {
        let limit = self.options.attempts();
        let reason = format!("the server died or was stopped in the last of {limit} attempts at an answer");
        let why = GivenUp { reason, untried: true };
        let slot = Slot::kept(id.to_owned());
        // What takes the process along may be the bot itself, or the session: the next time neither is looked at.
        if attempts > limit + 1 {
            self.give_up_in_short(incoming, key, &slot, &why).await?;
        } else {
            self.give_up(incoming, key, &slot, &why).await?;
        }
        Ok(())
    }

    /// Ends a message whose turn cannot be taken with the bot's text for failures: as the turn it would have been, where
    /// that can be written, else as a bare answer. The running task is over. The message of the inbox in `slot`, if there
    /// is one, is set aside for the operator.
    pub(crate) async fn give_up(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
        why: &GivenUp,
    ) -> Result<Answer, Error> {
        if let Some(closing) = incoming.closing() {
            tracing::warn!(reason = why.reason, bot.id = %key.bot, "a session is closed without the last words of its bot");
            return self.close_silently(key, closing, slot).await;
        }
        match self.contain("failed turn", Box::pin(self.fail_turn(incoming, key, slot, why))).await {
            Err(error) if !error.is_transient() => {
                tracing::warn!(%error, bot.id = %key.bot, "a failed turn could not be kept; it is answered in short");
                self.give_up_in_short(incoming, key, slot, why).await
            }
            ended => ended,
        }
    }

    async fn fail_turn(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
        why: &GivenUp,
    ) -> Result<Answer, Error> {
        for _ in 0..ATTEMPTS {
            let mut begun = match self.resume_kept(incoming, key, slot).await {
                Ok(Some(begun)) => begun,
                // What was kept of the turn cannot be read, or there is nothing.
                Ok(None) | Err(Error::Diverged(_)) => Box::new(self.begin_failure(incoming, key, slot).await?),
                Err(Error::Store(store::Error::Conflict(_))) => continue,
                Err(error) => return Err(error),
            };
            let mut outcome = failure(&begun.ready, incoming, key, &mut begun.document, &why.reason);
            // What was said before it failed stands; some of it went out already.
            let mut said = begun.journal.said_before();
            said.append(&mut outcome.replies);
            outcome.replies = said;
            if let Some(book) = &mut begun.journal.book {
                self.set_aside(&mut book.commit, slot, why).await;
            }
            match self.keep(*begun, outcome).await {
                Err(Error::Store(store::Error::Conflict(what) | store::Error::Exists(what))) => {
                    tracing::debug!(what, "a failed turn is written again: its conversation changed");
                }
                written => return written,
            }
        }
        Err(Error::Busy)
    }

    /// Begins the turn that a failure is told in. It looks at no more than that takes.
    async fn begin_failure<'a>(
        &'a self,
        incoming: &'a Incoming,
        key: &'a ConversationKey,
        slot: &'a Slot,
    ) -> Result<Begun<'a>, Error> {
        let now = self.store.clock().now();
        let conversation = self.store.conversation(&key.bot, &key.user, &key.channel).await?;
        let active = conversation.and_then(|it| it.session);
        let read = active.as_ref().map(Document::of).transpose();
        let is_damaged = read.is_err();
        let before = read.unwrap_or_default();
        let bot = bot_of(self, incoming).await?;
        let pinned = before.as_ref().and_then(|it| it.pinned.clone()).filter(|_| self.options.compat.pins_version);
        let ready = self.bots.ready(&self.store, &bot, pinned.as_ref(), incoming.developer).await?;
        let mut commit = TurnCommit::of(key.clone(), active.as_ref().map(|session| session.id.clone()));
        if is_damaged {
            commit.ended = active.clone().map(|session| ended_damaged(session, now));
        }
        if active.is_none() || is_damaged {
            commit.details = Some(json!({"sessions": true}));
        }
        let (session, document) =
            active.zip(before).unwrap_or_else(|| self.begin_session(incoming, &ready, None, false));
        let frame = Frame::of(slot.id.clone(), now, &session, None, &ready.version, &document);
        // Whatever was kept of it goes with the end.
        let is_begun = slot.is_kept().await;
        let book = Book { shared: self, incoming, ready, slot, frame, is_begun, session, commit, message: None };
        Begun::of(book, KeptJournal::default(), document, is_damaged)
    }

    /// Ends a message with the platform's text for failures, and looks at nothing of the bot or the session for it.
    async fn give_up_in_short(
        &self,
        incoming: &Incoming,
        key: &ConversationKey,
        slot: &Slot,
        why: &GivenUp,
    ) -> Result<Answer, Error> {
        let now = self.store.clock().now();
        let outcome = Outcome::of_failure(dialog::plain_failure_text().to_owned(), Vec::new(), &why.reason);
        let active = self.store.conversation(&key.bot, &key.user, &key.channel).await?.and_then(|it| it.session);
        let mut commit = TurnCommit::of(key.clone(), active.as_ref().map(|session| session.id.clone()));
        let session = active.map_or_else(|| domain::SessionId::new(self.store.ids()), |session| session.id);
        let spoken = outcome.replies.iter().map(|reply| Spoken::new(reply.clone(), "", now)).collect();
        let answer = Answer { spoken, ..Answer::without_words(session, key) };
        commit.outbox = incoming.post.iter().flat_map(|to| posted(to, key, &outcome.replies, None, true)).collect();
        self.set_aside(&mut commit, slot, why).await;
        let mut held = slot.hold().await;
        if held.stage == Stage::Kept {
            let result = answer.to_kept();
            commit.inbox_done = Some(InboxDone { id: slot.id.clone(), result, has_journal: true });
        }
        self.store.commit_turn(commit).await?;
        if held.stage == Stage::Open {
            held.stage = Stage::Over;
        }
        Ok(answer)
    }

    /// Gives up a kept message of which nothing can be read. Nobody is told: it does not say how.
    pub(crate) async fn give_up_unread(&self, key: &ConversationKey, id: &str, reason: &str) -> Result<(), Error> {
        let active = self.store.conversation(&key.bot, &key.user, &key.channel).await?.and_then(|it| it.session);
        let mut commit = TurnCommit::of(key.clone(), active.map(|session| session.id));
        commit.inbox_done = Some(InboxDone { id: id.to_owned(), result: Value::Null, has_journal: true });
        self.set_aside(&mut commit, &Slot::kept(id.to_owned()), &tried(reason)).await;
        self.store.commit_turn(commit).await?;
        Ok(())
    }

    /// Has the message of the inbox, if there is one, set aside when the turn is written, and says so in the log.
    async fn set_aside(&self, commit: &mut TurnCommit, slot: &Slot, why: &GivenUp) {
        let id = slot.is_kept().await.then_some(slot.id.as_str());
        // A database takes no NUL in a text, and what failed may have put one there.
        commit.given_up = Some(GivenUp { reason: why.reason.replace('\0', "\u{fffd}"), ..why.clone() });
        tracing::error!(
            message.id = id,
            bot.id = %commit.conversation.bot,
            user.id = %commit.conversation.user,
            reason = why.reason,
            "a message cannot be answered; it is given up"
        );
    }
}

/// Why a message is given up that was tried.
pub(crate) fn tried(reason: impl Into<String>) -> GivenUp {
    GivenUp { reason: reason.into(), untried: false }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut cause = std::error::Error::source(error);
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}

/// What is said and what ends when a turn cannot be taken.
fn failure(
    ready: &Ready,
    incoming: &Incoming,
    key: &ConversationKey,
    document: &mut Document,
    reason: &str,
) -> Outcome {
    let channel = incoming.speaks_as.as_deref().unwrap_or(&key.channel);
    let text = dialog::failure_text(&ready.bot, &document.state, channel);
    document.state.turns += 1;
    Outcome::of_failure(text, dialog::turn::break_off(&mut document.state), reason)
}

/// Puts a message that was given up back, to be answered as if it came now; whether it was still there.
///
/// # Errors
/// The store failed.
pub async fn retry_stuck(store: &store::Store, message: &StuckMessage) -> Result<bool, store::Error> {
    let mut payload = message.payload.clone();
    // Under its client id the message was answered already: that it failed.
    if let Some(members) = payload.as_object_mut() {
        members.insert("clientId".to_owned(), Value::Null);
    }
    store.retry_stuck_message(message, payload).await
}
