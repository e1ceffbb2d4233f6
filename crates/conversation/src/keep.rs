//! The end of a turn: what it led to is kept, in one commit; and what goes out before its end, in commits of its own.

use dialog::reply::Reply;
use dialog::turn::{Outcome, Reason, TaskEnd};
use domain::MessageId;
use store::{AnsweredMessage, CommittedTurn, Direction, InboxDone, TurnLog};

use crate::Error;
use crate::answer::{Answer, Spoken, outgoing};
use crate::book::Book;
use crate::resume::Begun;
use crate::session::{LastTurn, add, closes_at, tag};
use crate::shape::Shape;
use crate::shared::Shared;
use crate::slot::Stage;
use crate::written::{changes, entry, hide, posted, take_part};

/// The tags of one level that an act left.
type Tags = Vec<(String, String)>;

impl Shared {
    /// Writes what a turn led to. Its message of the inbox, if it is in there at the end, is done with it.
    pub(crate) async fn keep(&self, begun: Begun<'_>, outcome: Outcome) -> Result<Answer, Error> {
        let Begun { ready, now, mut document, journal, .. } = begun;
        let Some((book, delivered)) = journal.into_end() else { return Err(Error::Busy) };
        let Book { incoming, slot, frame, is_begun, mut session, mut commit, message, .. } = book;
        let closing = incoming.closing();
        let key = &commit.conversation.clone();
        let language = document.state.language.clone();
        take_part(&mut session, incoming, &language);
        let known_tags = session.user_tags.len();
        let limits = *self.store.limits();
        tag(&mut session, &incoming.tags, limits.kept_tags);
        let of_level = |level: &str| -> Tags {
            let mine = outcome.tags.iter().filter(|(of, ..)| of == level);
            mine.map(|(_, name, value)| (name.clone(), value.clone())).collect()
        };
        add(&mut session.session_tags, &of_level("session"), limits.kept_tags);
        add(&mut session.user_tags, &of_level("user"), limits.kept_tags);
        session.tasks = i64::from(document.state.tasks);
        document.had_agent |= document.state.with_agent;
        // How the user was served was settled before the bot had its last words.
        session.containment = Some(closing.map_or(&document, |_| &frame.document).containment());
        session.expires_at = closes_at(&ready, now);
        // While a task waits, the end of what an event had started is nobody's business.
        let is_told = |end: &&TaskEnd| end.reason != Reason::FulfilledEvent || document.state.stack.is_empty();
        let end = outcome.ended.iter().rev().find(is_told).cloned();
        document.last = Some(LastTurn {
            client_id: incoming.client_id.clone(),
            replies: outcome.replies.clone(),
            end: end.clone(),
        });
        let new = outcome.replies.get(delivered.len()..).unwrap_or_default();
        let kept = document.last.as_ref().filter(|last| last.client_id.is_some());
        let kept = kept.map(|last| LastTurn { client_id: None, ..last.clone() }.to_kept());
        let mut heard = self.heard(incoming, &language, &of_level("message"));
        if let Some(heard) = &mut heard {
            heard.answer = kept;
        }
        match message {
            Some(id) => {
                commit.answered = heard.map(|heard| AnsweredMessage { id, tags: heard.tags, answer: heard.answer });
            }
            // What went out first brought the message along, if there was one.
            None => commit.messages.extend(heard.filter(|_| delivered.is_empty())),
        }
        commit.messages.extend(new.iter().map(|reply| outgoing(reply, &language, self.store.ids())));
        let new_tags = session.user_tags.get(known_tags..).unwrap_or_default();
        commit.values = changes(key, &outcome.puts, new_tags, now);
        if self.options.debug_log_s > 0 {
            let turn = i64::try_from(document.state.turns).unwrap_or(i64::MAX);
            commit.log = Some(TurnLog { session: session.id.clone(), turn, entry: entry(incoming, &outcome) });
        }
        hide(&ready, &mut commit);
        if let Some(closing) = closing.filter(|_| !commit.was_closed) {
            commit.change = Some(closing.change().entry(&self.store, &key.account, &key.bot));
        }
        if outcome.closes_session || closing.is_some() {
            dialog::turn::abandon(&mut document.state);
            session.ended_at = Some(now);
        } else if commit.was_closed {
            dialog::turn::abandon(&mut document.state);
        }
        let promise = document.promise(incoming, &outcome, &session.id);
        commit.promised = promise.kept;
        session.state = document.to_kept();
        let mut answer = Answer {
            session: session.id.clone(),
            user: key.user.clone(),
            identity: key.identity.clone(),
            spoken: delivered,
            end,
            session_closed: session.ended_at.is_some(),
            session_ended_before: commit.ended.is_some() || frame.ends.is_some(),
            with_agent: document.state.with_agent,
            poll: promise.next,
        };
        commit.session = Some(session);
        // Who posts the words of a session that is closed is not told of the task that ends with it.
        let told_end = answer.end.as_ref().filter(|_| closing.is_none());
        // Behind the last words of a session that ended before.
        commit.outbox.extend(incoming.post.iter().flat_map(|to| posted(to, key, new, told_end, true)));
        let mut held = slot.hold().await;
        let out = answer.spoken.len();
        if held.stage == Stage::Kept {
            // Who polls is told of the messages as they are in the conversation.
            let ids: Vec<_> = commit.messages.iter().map(|_| MessageId::new(self.store.ids())).collect();
            let at = self.store.clock().now();
            let new_ids = &ids[ids.len() - new.len()..];
            let polled = new.iter().zip(new_ids).map(|(reply, id)| Spoken::new(reply.clone(), id.as_str(), at));
            answer.spoken.extend(polled);
            commit.message_ids = ids;
            let result = answer.to_kept();
            answer.spoken.truncate(out);
            commit.inbox_done = Some(InboxDone { id: slot.id.clone(), result, has_journal: is_begun });
        }
        let committed = self.store.commit_turn(commit).await?;
        if held.stage == Stage::Open {
            held.stage = Stage::Over;
        }
        drop(held);
        answer.spoken.extend(spoken(new, &committed));
        Ok(answer)
    }
}

/// Replies as the messages they became.
fn spoken(replies: &[Reply], committed: &CommittedTurn) -> Vec<Spoken> {
    let said = committed.messages.iter().filter(|message| message.direction == Direction::Outgoing);
    let each = replies.iter().zip(said);
    each.map(|(reply, message)| Spoken::new(reply.clone(), message.id.as_str(), message.created_at)).collect()
}
