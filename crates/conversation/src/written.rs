//! What is written of a turn: messages, posts, values, the debug log.

use std::time::Duration;

use dialog::host::Put;
use dialog::reply::Reply;
use dialog::turn::{Outcome, TaskEnd};
use domain::Timestamp;
use serde_json::{Value, json};
use store::{ConversationKey, Direction, NewDelivery, NewMessage, Session, Tag, TurnCommit, ValueChange, ValueOwner};

use crate::bots::Ready;
use crate::incoming::{Incoming, IncomingEvent, PostTo};
use crate::shape;
use crate::shared::Shared;

/// The version of the shape of deliveries.
pub(crate) const DELIVERY_VERSION: u64 = 1;

impl Shared {
    /// The user's message as it is kept; nothing for an event that is none.
    pub(crate) fn heard(&self, incoming: &Incoming, language: &str, tags: &[(String, String)]) -> Option<NewMessage> {
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
        IncomingEvent::Close(_) => json!({"event": "close"}),
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
pub(crate) fn take_part(session: &mut Session, incoming: &Incoming, language: &str) {
    session.interactive |= incoming.text().is_some();
    session.developer |= incoming.developer;
    if session.languages.last().map(String::as_str) != Some(language) {
        session.languages.retain(|it| it != language);
        session.languages.push(language.to_owned());
    }
}

/// Hides in what is to be written what is not to be read there.
pub(crate) fn hide(ready: &Ready, commit: &mut TurnCommit) {
    if ready.hiding.is_empty() {
        return;
    }
    let hide_in = |message: &'_ mut NewMessage| {
        let texts = message.components.iter_mut().filter_map(|component| component.pointer_mut("/data"));
        texts.chain(&mut message.answer).for_each(|kept| ready.hiding.value(kept));
    };
    let last = commit.ended.iter_mut().flat_map(|ended| &mut ended.messages);
    commit.messages.iter_mut().chain(last).for_each(hide_in);
    commit.answered.iter_mut().flat_map(|it| &mut it.answer).for_each(|kept| ready.hiding.value(kept));
    commit.log.iter_mut().map(|log| &mut log.entry).for_each(|kept| ready.hiding.value(kept));
}
