//! The end of a turn: what it led to is kept, in one commit; and what goes out before its end, in commits of its own.

use std::time::Duration;

use dialog::host::Put;
use dialog::reply::Reply;
use dialog::turn::{Outcome, Reason, TaskEnd};
use domain::Timestamp;
use serde_json::{Value, json};
use store::{
    AnsweredMessage, CommittedTurn, ConversationKey, Direction, InboxDone, NewDelivery, NewMessage, Session, Tag,
    TurnCommit, TurnEffect, TurnLog, ValueChange, ValueOwner,
};

use crate::Error;
use crate::answer::{Answer, Spoken, outgoing, reply_of};
use crate::bots::Ready;
use crate::incoming::{Incoming, IncomingEvent, PostTo};
use crate::journal::{Book, MESSAGE, said_of};
use crate::resume::Begun;
use crate::session::{Document, LastTurn, add, closes_at, tag};
use crate::shape::{self, Shape};
use crate::shared::Shared;
use crate::slot::Stage;

/// The version of the shape of deliveries.
pub(crate) const DELIVERY_VERSION: u64 = 1;

/// The tags of one level that an act left.
type Tags = Vec<(String, String)>;

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
        commit.messages.extend(shared.heard(incoming, &language, &Tags::new()).filter(|_| is_first));
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
        if !self.incoming.is_waited_for() || shared.store.is_shared() {
            // Who posts, or answers a poll on another node, hears of it.
            shared.store.wakeups().announce();
        }
        Ok(out)
    }
}

impl Shared {
    /// Writes what a turn led to. Its message of the inbox, if it is in there at the end, is done with it.
    pub(crate) async fn keep(&self, begun: Begun<'_>, outcome: Outcome) -> Result<Answer, Error> {
        let Begun { ready, now, mut document, journal, .. } = begun;
        let Some((book, delivered)) = journal.into_end() else { return Err(Error::Busy) };
        let Book { incoming, slot, frame, is_begun, mut session, mut commit, message, .. } = book;
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
        session.containment = Some(document.containment());
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
        if outcome.closes_session {
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
        // Behind the last words of a session that ended before.
        commit.outbox.extend(incoming.post.iter().flat_map(|to| posted(to, key, new, answer.end.as_ref(), true)));
        let mut held = slot.hold().await;
        let out = answer.spoken.len();
        if held.stage == Stage::Kept {
            answer.spoken.extend(new.iter().map(|reply| Spoken::new(reply.clone(), "", now)));
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

    /// What is kept outside of the session: values of the account, the bot and the user.
    pub(crate) async fn load_values(
        &self,
        key: &ConversationKey,
        document: &mut Document,
        session: &mut Session,
    ) -> Result<(), Error> {
        let owners = [
            ValueOwner::Enterprise(key.account.clone()),
            ValueOwner::Bot(key.bot.clone()),
            ValueOwner::User(key.account.clone(), key.user.clone()),
            ValueOwner::UserTags(key.account.clone(), key.user.clone()),
            ValueOwner::BotUser(key.bot.clone(), key.user.clone()),
        ];
        let stores = &mut document.state.stores;
        for value in self.store.context_values(&owners).await? {
            let name = value.name;
            match value.owner {
                ValueOwner::Enterprise(_) => drop(stores.enterprise.insert(name, value.value)),
                ValueOwner::Bot(_) => drop(stores.bot.insert(name, value.value)),
                ValueOwner::User(..) => drop(stores.user.insert(name, value.value)),
                ValueOwner::UserTags(..) => {
                    let text = value.value.as_str().unwrap_or_default().to_owned();
                    add(&mut session.user_tags, &[(name, text)], usize::MAX);
                }
                ValueOwner::BotUser(..) => {
                    let until = value.expires_at.map(|at| at.to_utc().timestamp().as_millisecond());
                    if let Some(until) = until {
                        stores.expires.insert(name.clone(), until);
                    }
                    stores.bot_user.insert(name, value.value);
                }
            }
        }
        Ok(())
    }

    /// The user's message as it is kept; nothing for an event that is none.
    fn heard(&self, incoming: &Incoming, language: &str, tags: &[(String, String)]) -> Option<NewMessage> {
        let IncomingEvent::Message { text, attachments, shown, .. } = &incoming.event else { return None };
        let ids = self.store.ids();
        let mut components =
            vec![json!({"_id": ids.prefixed("cp"), "cT": "text", "data": {"text": text}, "thumbnails": []})];
        for file in attachments {
            components.push(json!({"_id": ids.prefixed("cp"), "cT": "attachment", "data": file, "thumbnails": []}));
        }
        let all = incoming.tags.message.iter().chain(tags);
        Some(NewMessage {
            direction: Direction::Incoming,
            client_id: incoming.client_id.clone(),
            language: language.to_owned(),
            components,
            tags: all.map(|(name, value)| Tag { name: name.clone(), value: value.clone() }).collect(),
            alternative_texts: shown.iter().cloned().collect(),
            trace_id: None,
            of_task: false,
            answer: None,
        })
    }

    /// The answer to a message that was answered before.
    pub(crate) async fn earlier_answer(
        &self,
        key: &ConversationKey,
        active: Option<&Session>,
        client_id: &str,
    ) -> Result<Option<Answer>, Error> {
        let found = self.store.messages_of_turn(&key.bot, &key.user, &key.channel, client_id).await?;
        let Some(messages) = found else { return Ok(None) };
        let document = active.and_then(|session| Document::of(session).ok());
        let promised = document.as_ref().zip(active).and_then(|(document, session)| document.promised(&session.id));
        let last = document.and_then(|document| document.last);
        let last = last.filter(|last| last.client_id.as_deref() == Some(client_id));
        let poll = promised.filter(|_| last.is_some());
        let last = last.or_else(|| LastTurn::of_kept(messages.first()?.answer.as_ref()?).ok());
        let said: Vec<_> = messages.iter().filter(|message| message.direction == Direction::Outgoing).collect();
        let replies = match &last {
            // What comes behind them was said without a message: at the end of the session, say.
            Some(last) if last.replies.len() <= said.len() => last.replies.clone(),
            _ => said.iter().map(|message| reply_of(message)).collect(),
        };
        let spoken = replies
            .into_iter()
            .zip(&said)
            .map(|(reply, message)| Spoken::new(reply, message.id.as_str(), message.created_at));
        let Some(session) = messages.first().map(|message| message.session.clone()) else { return Ok(None) };
        Ok(Some(Answer {
            session,
            user: key.user.clone(),
            identity: key.identity.clone(),
            spoken: spoken.collect(),
            end: last.and_then(|last| last.end),
            session_closed: false,
            session_ended_before: false,
            with_agent: false,
            poll,
        }))
    }
}

/// What a turn changes outside of its session.
pub(crate) fn changes(key: &ConversationKey, puts: &[Put], user_tags: &[Tag], now: Timestamp) -> Vec<ValueChange> {
    let mut changes = Vec::new();
    for put in puts {
        let owner = match put.store.as_str() {
            "EnterpriseContext" => ValueOwner::Enterprise(key.account.clone()),
            "BotContext" => ValueOwner::Bot(key.bot.clone()),
            "UserSession" => ValueOwner::User(key.account.clone(), key.user.clone()),
            _ => ValueOwner::BotUser(key.bot.clone(), key.user.clone()),
        };
        let lifetime = put.ttl_minutes.filter(|minutes| *minutes > 0.0 && minutes.is_finite());
        let expires_at = lifetime.map(|minutes| now.plus(Duration::from_secs_f64((minutes * 60.0).min(1e9))));
        changes.push(ValueChange { owner, name: put.key.clone(), value: put.value.clone(), expires_at });
    }
    for tag in user_tags {
        let owner = ValueOwner::UserTags(key.account.clone(), key.user.clone());
        changes.push(ValueChange { owner, name: tag.name.clone(), value: Some(json!(tag.value)), expires_at: None });
    }
    changes
}

/// What the debug log keeps of a turn.
pub(crate) fn entry(incoming: &Incoming, outcome: &Outcome) -> Value {
    let input = match &incoming.event {
        IncomingEvent::Message { text, .. } => json!({"message": text}),
        IncomingEvent::Connect => json!({"event": "ON_CONNECT"}),
        IncomingEvent::Form { form, values } => json!({"form": form, "sent": values.is_some()}),
        IncomingEvent::Server(_) => json!({"event": "serviceCallback"}),
        IncomingEvent::BotKit(order) => json!({"botkit": order}),
        IncomingEvent::Start { dialog, .. } => json!({"dialog": dialog}),
        IncomingEvent::Close => json!({"event": "close"}),
    };
    let said: Vec<String> = outcome.replies.iter().map(dialog::reply::Reply::plain_text).collect();
    json!({"input": input, "steps": outcome.log, "output": said, "ended": outcome.ended})
}

/// What is posted to a customer's server: one message each, then the end of the task. Whoever posts gives it its form.
/// `is_end` says whether the turn ends with these.
pub(crate) fn posted(
    to: &PostTo,
    key: &ConversationKey,
    replies: &[Reply],
    end: Option<&TaskEnd>,
    is_end: bool,
) -> Vec<NewDelivery> {
    let body = |what: &str, value: Value, is_last: bool| {
        let mut body = json!({"form": to.form, "to": key.identity, "from": key.bot, "last": is_last, what: value});
        shape::mark(&mut body, DELIVERY_VERSION);
        NewDelivery { url: to.url.clone(), body }
    };
    let count = replies.len();
    let each = replies.iter().enumerate();
    let mut deliveries: Vec<NewDelivery> =
        each.map(|(at, reply)| body("reply", json!(reply), is_end && at + 1 == count)).collect();
    deliveries.extend(end.iter().map(|end| body("end", json!(end), true)));
    deliveries
}

/// Notes on a session that somebody takes part in it.
fn take_part(session: &mut Session, incoming: &Incoming, language: &str) {
    session.interactive |= incoming.text().is_some();
    session.developer |= incoming.developer;
    if session.languages.last().map(String::as_str) != Some(language) {
        session.languages.retain(|it| it != language);
        session.languages.push(language.to_owned());
    }
}

/// Hides in what is to be written what is not to be read there.
fn hide(ready: &Ready, commit: &mut TurnCommit) {
    if ready.hiding.is_empty() {
        return;
    }
    let hide_in = |message: &'_ mut NewMessage| {
        let texts = message.components.iter_mut().filter_map(|component| component.pointer_mut("/data"));
        texts.chain(&mut message.answer).for_each(|kept| ready.hiding.value(kept));
    };
    commit.messages.iter_mut().for_each(hide_in);
    commit.answered.iter_mut().flat_map(|it| &mut it.answer).for_each(|kept| ready.hiding.value(kept));
    commit.log.iter_mut().map(|log| &mut log.entry).for_each(|kept| ready.hiding.value(kept));
}

/// Replies as the messages they became.
fn spoken(replies: &[Reply], committed: &CommittedTurn) -> Vec<Spoken> {
    let said = committed.messages.iter().filter(|message| message.direction == Direction::Outgoing);
    let each = replies.iter().zip(said);
    each.map(|(reply, message)| Spoken::new(reply.clone(), message.id.as_str(), message.created_at)).collect()
}
