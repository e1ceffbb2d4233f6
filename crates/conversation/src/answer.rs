//! What a message is answered with.

use dialog::reply::{Content, Reply, Source};
use dialog::turn::TaskEnd;
use domain::{SessionId, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use store::{ConversationKey, Direction, Message, NewMessage, Tag};

use crate::shape::Shape;

/// The answer to a message.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// The session it belongs to.
    pub session: SessionId,
    /// The user.
    pub user: UserId,
    /// The user, as the channel calls them.
    pub identity: String,
    /// What is said, in order.
    #[serde(default)]
    pub spoken: Vec<Spoken>,
    /// The task that ended last, if one ended.
    #[serde(default)]
    pub end: Option<TaskEnd>,
    /// The session ended with this turn.
    #[serde(default)]
    pub session_closed: bool,
    /// A session ended before this turn, for want of messages or because it was asked to.
    #[serde(default)]
    pub session_ended_before: bool,
    /// The conversation went over to a human, or is with one.
    #[serde(default)]
    pub with_agent: bool,
    /// What comes later is asked for by this id, if something may come and the channel is not told by itself.
    #[serde(default)]
    pub poll: Option<String>,
}

/// The answer as it is kept until it is asked for.
impl Shape for Answer {
    const WHAT: &'static str = "the answer";
}

/// Something said, as it is kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Spoken {
    /// What.
    pub reply: Reply,
    /// Id of the message, `ms-…`.
    #[serde(default)]
    pub message_id: String,
    /// When.
    pub created_on: Timestamp,
}

impl Answer {
    /// An answer in which nothing is said.
    pub(crate) fn without_words(session: SessionId, key: &ConversationKey) -> Self {
        Self {
            session,
            user: key.user.clone(),
            identity: key.identity.clone(),
            spoken: Vec::new(),
            end: None,
            session_closed: false,
            session_ended_before: false,
            with_agent: false,
            poll: None,
        }
    }
}

/// What is kept of a reply.
pub(crate) fn outgoing(reply: &Reply, language: &str, ids: &domain::IdSource) -> NewMessage {
    let text = match &reply.content {
        Content::Text(text) => text.clone(),
        Content::Template(value) => value.to_string(),
    };
    let component = json!({"_id": ids.prefixed("cp"), "cT": "text", "data": {"text": text}, "thumbnails": []});
    NewMessage {
        direction: Direction::Outgoing,
        client_id: None,
        language: language.to_owned(),
        components: vec![component],
        tags: reply.tags.iter().map(|(name, value)| Tag { name: name.clone(), value: value.clone() }).collect(),
        alternative_texts: reply.alternative_texts.clone(),
        trace_id: None,
        of_task: false,
        answer: None,
    }
}

/// A reply, as far as the stored message tells.
pub(crate) fn reply_of(message: &Message) -> Reply {
    let text = message.components.first().and_then(|it| it.pointer("/data/text")).and_then(Value::as_str);
    let mut reply = Reply::text(Source::Dialog, "");
    reply.content = Reply::content_of(text.unwrap_or_default().to_owned());
    reply
}

impl Spoken {
    /// A reply, as it is kept.
    pub(crate) fn new(reply: Reply, message_id: &str, created_on: Timestamp) -> Self {
        Self { reply, message_id: message_id.to_owned(), created_on }
    }

    /// Whether it went out as a message.
    pub(crate) fn is_out(&self) -> bool {
        !self.message_id.is_empty()
    }
}
