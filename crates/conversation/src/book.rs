//! Where a turn is kept while it lasts, and how what it said goes out before its end.

use dialog::reply::Reply;
use domain::MessageId;
use serde_json::{Value, json};
use store::{JournalBegin, JournalWrite, TurnCommit, TurnEffect};

use crate::answer::{Spoken, outgoing};
use crate::bots::Ready;
use crate::frame::Frame;
use crate::session::closes_at;
use crate::shape::Shape;
use crate::shared::Shared;
use crate::slot::{Slot, Stage};
use crate::written::{hide, posted, take_part};
use crate::{Error, Incoming};

/// The place of what is no answer: the id of the user's message, where it was written before the end of the turn.
pub(crate) const MESSAGE: &str = "message";

/// Where a turn is kept.
pub(crate) struct Book<'a> {
    pub(crate) shared: &'a Shared,
    pub(crate) incoming: &'a Incoming,
    pub(crate) ready: Ready,
    pub(crate) slot: &'a Slot,
    pub(crate) frame: Frame,
    /// The frame is in the store.
    pub(crate) is_begun: bool,
    /// The session as it is written next.
    pub(crate) session: store::Session,
    /// What is written with it.
    pub(crate) commit: TurnCommit,
    /// The user's message, where it was written before the end of the turn.
    pub(crate) message: Option<MessageId>,
}

impl Book<'_> {
    /// Lets replies go out before the turn ends, as messages of their own behind those of `before`, and keeps with them what
    /// was answered. The user's message is written with the first.
    pub(crate) async fn deliver(
        &mut self,
        new: &[Reply],
        before: &[Spoken],
        mut effects: Vec<TurnEffect>,
    ) -> Result<Vec<Spoken>, Error> {
        let (shared, incoming) = (self.shared, self.incoming);
        let key = self.commit.conversation.clone();
        let language = self.frame.document.state.language.clone();
        let mut session = self.session.clone();
        take_part(&mut session, incoming, &language);
        session.expires_at = closes_at(&self.ready, self.frame.now);
        // Where the conversation stands is where it stood: the turn is not over.
        session.state = self.frame.document.to_kept();
        let mut commit = self.commit.clone();
        commit.session = Some(session);
        let is_first = before.is_empty();
        commit.messages.extend(shared.heard(incoming, &language, &[]).filter(|_| is_first));
        commit.messages.extend(new.iter().map(|reply| outgoing(reply, &language, shared.store.ids())));
        hide(&self.ready, &mut commit);
        // Behind the last words of a session that ended before.
        commit.outbox.extend(incoming.post.iter().flat_map(|to| posted(to, &key, new, None, false)));
        let mut held = self.slot.hold().await;
        // The ids of the messages are not known before: who polls is told of them as they are in the conversation.
        let ids: Vec<_> = commit.messages.iter().map(|_| domain::MessageId::new(shared.store.ids())).collect();
        let now = shared.store.clock().now();
        let out: Vec<Spoken> = new
            .iter()
            .zip(&ids[commit.messages.len() - new.len()..])
            .map(|(reply, id)| Spoken::new(reply.clone(), id.as_str(), now))
            .collect();
        if is_first && let Some(message) = ids.first().filter(|_| ids.len() > new.len()) {
            let answer = json!(message);
            effects.push(TurnEffect { place: MESSAGE.to_owned(), fingerprint: String::new(), answer });
            self.message = Some(message.clone());
        }
        let all: Vec<Spoken> = before.iter().chain(&out).cloned().collect();
        commit.message_ids = ids;
        commit.journal = Some(self.write(held.stage, effects, Some(said_of(&all, &[], now))));
        let committed = shared.store.commit_turn(commit).await?;
        held.stage = Stage::Kept;
        held.delivered = all;
        drop(held);
        self.is_begun = true;
        let was_closed = self.commit.was_closed;
        if let Some(session) = committed.session {
            let expected = if was_closed { self.commit.expected_session.clone() } else { Some(session.id.clone()) };
            self.commit = TurnCommit { was_closed, ..TurnCommit::of(key, expected) };
            self.session = session;
        }
        Ok(out)
    }

    /// A write to the journal.
    pub(crate) fn write(&self, stage: Stage, effects: Vec<TurnEffect>, said: Option<Value>) -> JournalWrite {
        let begins = (!self.is_begun).then(|| JournalBegin {
            payload: (stage != Stage::Kept).then(|| self.incoming.to_kept()),
            frame: self.frame.to_value(),
        });
        JournalWrite { id: self.slot.id.clone(), begins, effects, said }
    }
}

/// What is kept of what was said: what went out, and what did not yet.
pub(crate) fn said_of(delivered: &[Spoken], said: &[Reply], now: domain::Timestamp) -> Value {
    let waiting = said.get(delivered.len()..).unwrap_or_default();
    let waiting = waiting.iter().map(|reply| Spoken::new(reply.clone(), "", now));
    let all: Vec<_> = delivered.iter().cloned().chain(waiting).collect();
    serde_json::to_value(all).expect("every map in it has texts as keys, and nothing else could fail")
}
