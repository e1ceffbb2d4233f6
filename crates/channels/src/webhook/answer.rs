//! What a client gets.

use dialog::reply::{Content, Reply, Source};
use dialog::turn::TaskEnd;
use serde_json::{Map, Value, json};

use super::template::with_values;
use super::{TemplateForm, Version};
use crate::{html, text};

/// What came of a message, as far as the client is told.
#[derive(Clone, Copy, Debug)]
pub struct Turn<'a> {
    /// The user, as the client names them.
    pub user: &'a str,
    /// The bot (`st-…`).
    pub bot: &'a str,
    /// What was said, in order.
    pub replies: &'a [SpokenReply<'a>],
    /// The task that ended.
    pub end: Option<&'a TaskEnd>,
    /// Where to ask for what comes later; `None` where nothing does.
    pub poll_id: Option<&'a str>,
    /// How templates are written.
    pub templates: TemplateForm,
}

/// Something said.
#[derive(Clone, Copy, Debug)]
pub struct SpokenReply<'a> {
    /// What.
    pub reply: &'a Reply,
    /// Id of the message, `ms-…`; empty where it is not to be told.
    pub message_id: &'a str,
    /// When: ISO 8601 with milliseconds and `Z`; empty where it is not to be told.
    pub created_on: &'a str,
}

/// The answer to a message, or to the poll that asks for it.
///
/// In v1 one bubble of a dialog or a question is a list of one, one of anybody else a text, and several are a list.
pub fn answer(version: Version, turn: &Turn<'_>) -> Value {
    let said = Said::of(version, turn.templates, turn.replies);
    let mut body = Map::new();
    match version {
        Version::V1 => put(&mut body, "text", texts(said.bubbles, turn.replies)),
        Version::V2 => {
            put_address(&mut body, turn.user, turn.bot);
            put(&mut body, "data", Value::Array(said.bubbles));
            put_version(&mut body, version);
        }
    }
    if let Some(end) = turn.end {
        put_end(&mut body, end);
    }
    if let Some(poll_id) = turn.poll_id {
        put(&mut body, "pollId", json!(poll_id));
    }
    body.extend(said.besides);
    Value::Object(body)
}

/// The bodies to post to the customer's address, in order: one for each bubble, then one for the task that ended.
///
/// The last bubble is marked with `endOfMessage`. In v1 the text of a bubble is a text, never a list.
pub fn async_messages(version: Version, turn: &Turn<'_>) -> Vec<Value> {
    let mut bodies: Vec<Map<String, Value>> = Vec::new();
    for spoken in turn.replies {
        let said = Said::of(version, turn.templates, std::slice::from_ref(spoken));
        let mut body = Map::new();
        put_address(&mut body, turn.user, turn.bot);
        match version {
            Version::V1 => body.extend(said.bubbles.into_iter().map(|bubble| ("text".to_owned(), bubble))),
            Version::V2 => put(&mut body, "data", Value::Array(said.bubbles)),
        }
        put_version(&mut body, version);
        body.extend(said.besides);
        bodies.push(body);
    }
    if let Some(last) = bodies.last_mut() {
        put(last, "endOfMessage", json!(true));
    }
    if let Some(end) = turn.end {
        let mut body = Map::new();
        put_address(&mut body, turn.user, turn.bot);
        put_version(&mut body, version);
        put_end(&mut body, end);
        bodies.push(body);
    }
    bodies.into_iter().map(Value::Object).collect()
}

/// The answer to the event that closes the session; `closed` where there was one to close.
pub fn closure(version: Version, user: &str, bot: &str, closed: bool) -> Value {
    let (event_type, description) = if closed {
        ("SESSION_CLOSURE_SUCCESS", "The session is closed.")
    } else {
        ("SESSION_CLOSURE_IGNORED", "There is no session to close.")
    };
    let mut body = Map::new();
    match version {
        Version::V1 => put(&mut body, "text", json!(description)),
        Version::V2 => {
            put_address(&mut body, user, bot);
            let event = json!({
                "type": "event", "val": "SESSION_CLOSURE", "eventType": event_type, "description": description,
            });
            put(&mut body, "data", json!([event]));
            put_version(&mut body, version);
        }
    }
    Value::Object(body)
}

/// The answer to a poll while there is nothing yet.
pub fn in_progress(poll_id: &str) -> Value {
    json!({"status": "Inprogress", "pollId": poll_id, "_v": "v2"})
}

/// The answer to a message on a channel that posts what is said later.
pub fn accepted(trace_id: &str) -> Value {
    json!({"status": "ok", "_v": "v2", "traceId": trace_id})
}

/// What was said, written.
#[derive(Default)]
struct Said {
    /// One for each reply.
    bubbles: Vec<Value>,
    /// What stands beside the bubbles: the form that was offered, the buttons that post back.
    besides: Map<String, Value>,
}

impl Said {
    fn of(version: Version, templates: TemplateForm, replies: &[SpokenReply<'_>]) -> Self {
        let mut said = Self::default();
        let mut buttons = Vec::new();
        for spoken in replies {
            let (kind, value) = match &spoken.reply.content {
                Content::Text(_) => ("text", json!(html::sanitise(&text::of(spoken.reply)))),
                Content::Template(template) => {
                    let template = with_values(template, &mut buttons);
                    let written = match templates {
                        TemplateForm::Object => template,
                        TemplateForm::EscapedText => json!(html::escape(&template.to_string())),
                    };
                    ("template", written)
                }
            };
            said.bubbles.push(match version {
                Version::V1 => value,
                Version::V2 => bubble(kind, value, spoken),
            });
            if let Some(form) = &spoken.reply.form {
                let form = json!({
                    "formDef": form.definition,
                    "formInitialization": {"formId": form.form, "formLink": form.link, "renderType": form.render},
                });
                put(&mut said.besides, "form", form);
            }
        }
        if !buttons.is_empty() {
            put(&mut said.besides, "allPostbackButtons", Value::Array(buttons));
        }
        said
    }
}

/// One of the `data` of an answer in v2.
fn bubble(kind: &str, value: Value, spoken: &SpokenReply<'_>) -> Value {
    let mut bubble = Map::new();
    put(&mut bubble, "type", json!(kind));
    put(&mut bubble, "val", value);
    for (key, known) in [("createdOn", spoken.created_on), ("messageId", spoken.message_id)] {
        if !known.is_empty() {
            put(&mut bubble, key, json!(known));
        }
    }
    Value::Object(bubble)
}

/// The `text` of an answer in v1.
fn texts(mut bubbles: Vec<Value>, replies: &[SpokenReply<'_>]) -> Value {
    match replies {
        [only] if !matches!(only.reply.source, Source::Dialog | Source::Faq) => bubbles.pop().unwrap_or_default(),
        _ => Value::Array(bubbles),
    }
}

fn put_address(body: &mut Map<String, Value>, user: &str, bot: &str) {
    put(body, "to", json!(user));
    put(body, "from", json!(bot));
}

fn put_version(body: &mut Map<String, Value>, version: Version) {
    if version == Version::V2 {
        put(body, "_v", json!("v2"));
    }
}

/// How a task ended. A question has no id.
fn put_end(body: &mut Map<String, Value>, end: &TaskEnd) {
    put(body, "endOfTask", json!(true));
    put(body, "endReason", json!(end.reason.name()));
    if !end.dialog.is_empty() {
        put(body, "completedTaskId", json!(end.dialog));
    }
    put(body, "completedTaskName", json!(end.name));
}

fn put(body: &mut Map<String, Value>, key: &str, value: Value) {
    body.insert(key.to_owned(), value);
}
