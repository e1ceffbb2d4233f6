//! What is kept of a turn, and what a turn finds of those before.

use std::time::Duration;

use dialog::host::Put;
use dialog::reply::Reply;
use dialog::turn::{Outcome, Reason, TaskEnd};
use domain::Timestamp;
use serde_json::{Value, json};
use store::{
    ConversationKey, Direction, InboxDone, NewDelivery, NewMessage, Session, Tag, TurnCommit, TurnLog, ValueChange,
    ValueOwner,
};

use crate::Error;
use crate::answer::{Answer, Spoken, outgoing, reply_of};
use crate::bots::Ready;
use crate::incoming::{Incoming, IncomingEvent, PostTo};
use crate::receive::Shared;
use crate::session::{Document, LastTurn, add, closes_at, tag};
use crate::slot::{Slot, SlotState};

/// A turn that was taken and is to be kept.
pub(crate) struct Acted<'a> {
    pub(crate) incoming: &'a Incoming,
    pub(crate) key: &'a ConversationKey,
    pub(crate) ready: &'a Ready,
    pub(crate) now: Timestamp,
    pub(crate) session: Session,
    pub(crate) document: Document,
    pub(crate) outcome: Outcome,
}

impl Shared {
    /// Writes what a turn led to. The message of the inbox in `slot`, if there is one at the end, is done with it.
    pub(crate) async fn keep_turn(
        &self,
        acted: Acted<'_>,
        mut commit: TurnCommit,
        slot: &Slot,
    ) -> Result<Answer, Error> {
        let Acted { incoming, key, ready, now, mut session, mut document, outcome } = acted;
        session.interactive |= incoming.text().is_some();
        session.developer |= incoming.developer;
        let language = document.state.language.clone();
        if session.languages.last() != Some(&language) {
            session.languages.retain(|it| *it != language);
            session.languages.push(language.clone());
        }
        let known_tags = session.user_tags.len();
        let limits = *self.store.limits();
        tag(&mut session, &incoming.tags, limits.kept_tags);
        let of_level = |level: &str| -> Vec<(String, String)> {
            let mine = outcome.tags.iter().filter(|(of, ..)| of == level);
            mine.map(|(_, name, value)| (name.clone(), value.clone())).collect()
        };
        add(&mut session.session_tags, &of_level("session"), limits.kept_tags);
        add(&mut session.user_tags, &of_level("user"), limits.kept_tags);
        session.tasks = i64::from(document.state.tasks);
        document.had_agent |= document.state.with_agent;
        session.containment = Some(document.containment());
        session.expires_at = closes_at(ready, now);
        // While a task waits, the end of what an event had started is nobody's business.
        let is_told = |end: &&TaskEnd| end.reason != Reason::FulfilledEvent || document.state.stack.is_empty();
        let end = outcome.ended.iter().rev().find(is_told).cloned();
        document.last = Some(LastTurn {
            client_id: incoming.client_id.clone(),
            replies: outcome.replies.clone(),
            end: end.clone(),
        });
        commit.messages = self.messages(incoming, &outcome, &language, &of_level("message"));
        let asked = commit.messages.iter_mut().find(|message| message.client_id.is_some());
        if let (Some(asked), Some(last)) = (asked, &document.last) {
            asked.answer = Some(last.to_kept());
        }
        let new_tags = session.user_tags.get(known_tags..).unwrap_or_default();
        commit.values = changes(key, &outcome.puts, new_tags, now);
        if self.options.debug_log_s > 0 {
            let turn = i64::try_from(document.state.turns).unwrap_or(i64::MAX);
            commit.log = Some(TurnLog { session: session.id.clone(), turn, entry: entry(incoming, &outcome) });
        }
        if !ready.hiding.is_empty() {
            let hide_in = |message: &'_ mut NewMessage| {
                let texts = message.components.iter_mut().filter_map(|component| component.pointer_mut("/data"));
                texts.chain(&mut message.answer).for_each(|kept| ready.hiding.value(kept));
            };
            commit.messages.iter_mut().for_each(hide_in);
            commit.log.iter_mut().map(|log| &mut log.entry).for_each(|kept| ready.hiding.value(kept));
        }
        if outcome.closes_session {
            dialog::turn::abandon(&mut document.state);
            session.ended_at = Some(now);
        }
        session.state = document.to_value();
        let mut answer = Answer {
            session: session.id.clone(),
            user: key.user.clone(),
            identity: key.identity.clone(),
            spoken: Vec::new(),
            end,
            session_closed: outcome.closes_session,
            session_ended_before: commit.ended.is_some(),
            with_agent: document.state.with_agent,
        };
        commit.session = Some(session);
        // Behind the last words of a session that ended before.
        let posts = |to: &PostTo| deliveries(to, key, &outcome.replies, answer.end.as_ref());
        commit.outbox.extend(incoming.post.iter().flat_map(posts));
        let mut held = slot.hold().await;
        if let SlotState::Taken(id) = &*held {
            answer.spoken = outcome.replies.iter().map(|reply| Spoken::new(reply.clone(), "", now)).collect();
            let result = answer.to_value();
            commit.inbox_done = Some(InboxDone { id: id.clone(), result });
        }
        let committed = self.store.commit_turn(commit).await?;
        if !matches!(&*held, SlotState::Taken(_)) {
            *held = SlotState::Closed;
        }
        drop(held);
        let said = committed.messages.iter().filter(|message| message.direction == Direction::Outgoing);
        answer.spoken = outcome
            .replies
            .into_iter()
            .zip(said)
            .map(|(reply, message)| Spoken::new(reply, message.id.as_str(), message.created_at))
            .collect();
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

    pub(crate) fn messages(
        &self,
        incoming: &Incoming,
        outcome: &Outcome,
        language: &str,
        tags: &[(String, String)],
    ) -> Vec<NewMessage> {
        let ids = self.store.ids();
        let mut messages = Vec::new();
        if let IncomingEvent::Message { text, attachments, shown, .. } = &incoming.event {
            let mut components =
                vec![json!({"_id": ids.prefixed("cp"), "cT": "text", "data": {"text": text}, "thumbnails": []})];
            for file in attachments {
                components.push(json!({"_id": ids.prefixed("cp"), "cT": "attachment", "data": file, "thumbnails": []}));
            }
            let all = incoming.tags.message.iter().chain(tags);
            messages.push(NewMessage {
                direction: Direction::Incoming,
                client_id: incoming.client_id.clone(),
                language: language.to_owned(),
                components,
                tags: all.map(|(name, value)| Tag { name: name.clone(), value: value.clone() }).collect(),
                alternative_texts: shown.iter().cloned().collect(),
                trace_id: None,
                of_task: false,
                answer: None,
            });
        }
        messages.extend(outcome.replies.iter().map(|reply| outgoing(reply, language, ids)));
        messages
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
        let last = active.and_then(|session| Document::of(session).ok()?.last);
        let last = last.filter(|last| last.client_id.as_deref() == Some(client_id));
        let last = last.or_else(|| LastTurn::of_kept(messages.first()?.answer.as_ref()?));
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
pub(crate) fn deliveries(
    to: &PostTo,
    key: &ConversationKey,
    replies: &[Reply],
    end: Option<&TaskEnd>,
) -> Vec<NewDelivery> {
    let body = |what: &str, value: Value, is_last: bool| NewDelivery {
        url: to.url.clone(),
        body: json!({"form": to.form, "to": key.identity, "from": key.bot, "last": is_last, what: value}),
    };
    let count = replies.len();
    let replies = replies.iter().enumerate();
    let mut deliveries: Vec<NewDelivery> =
        replies.map(|(at, reply)| body("reply", json!(reply), at + 1 == count)).collect();
    deliveries.extend(end.map(|end| body("end", json!(end), true)));
    deliveries
}
