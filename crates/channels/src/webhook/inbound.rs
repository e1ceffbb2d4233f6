//! What a client sends.

use serde_json::{Map, Value};

/// A request of a client, read.
#[derive(Clone, Debug, PartialEq)]
pub struct Inbound {
    /// What it is.
    pub kind: Kind,
    /// What the user says; empty where only files come, and for events and forms.
    pub text: String,
    /// The client's own id of the message: `clientMessageId`, else `message.id`. A repeat is answered as the first was.
    pub client_message_id: Option<String>,
    /// Where that id stands: `clientMessageId`, `message.clientMessageId` or `message.id`. The first one where there is none.
    pub client_message_id_at: &'static str,
    /// The running session is to end first.
    pub new_session: bool,
    /// The user, as the client names them; `None` where only the token tells.
    pub from: Option<String>,
    /// What the client tells about the user: names, e-mail address …
    pub user_info: Map<String, Value>,
    /// Files that come with it.
    pub attachments: Vec<Value>,
    /// What the client passes on to the bot; null where nothing.
    pub custom_data: Value,
    /// Tags for reports.
    pub tags: Tags,
    /// What reports show in place of the message.
    pub alternative_texts: Vec<String>,
    /// The language to go on in.
    pub language: Option<String>,
    /// The user is the one that other channels know under this name.
    pub merge_identity: bool,
    /// The channel to answer on instead.
    pub preferred_channel: Option<String>,
    /// The request, unchanged.
    pub raw: Value,
}

/// What a request is.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// A message of the user.
    Text,
    /// Something happened: `ON_CONNECT`, `SESSION_CLOSURE` …, in capitals.
    Event(String),
    /// A form was sent: its values.
    FormData(Value),
}

/// Tags for reports: names and values.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Tags {
    /// Of the message.
    pub message: Vec<(String, String)>,
    /// Of the session.
    pub session: Vec<(String, String)>,
    /// Of the user.
    pub user: Vec<(String, String)>,
}

/// Why a request cannot be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place} {what}: {advice}")]
pub struct BadPayload {
    /// Where: `message.val`, or [the request as a whole](Self::WHOLE).
    pub place: &'static str,
    /// What is wrong with it.
    pub what: &'static str,
    /// What to do.
    pub advice: &'static str,
}

impl BadPayload {
    /// The place of what is wrong with all of a request.
    pub const WHOLE: &'static str = "the request";

    /// Where, as a JSON pointer; empty for the whole request.
    pub fn pointer(&self) -> String {
        if self.place == Self::WHOLE { String::new() } else { format!("/{}", self.place.replace('.', "/")) }
    }
}
