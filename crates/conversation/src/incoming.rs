//! What a channel received, before the bot sees it.

use dialog::Event;
use domain::{AccountId, BotId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

/// Something that happened on a channel.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Incoming {
    /// The account.
    pub account: String,
    /// The bot.
    pub bot: String,
    /// Who the user is, as the channel calls them.
    pub identity: String,
    /// The channel, as reports call it: `ivr` is the webhook channel, `rtm` the web client.
    pub channel: String,
    /// What happened.
    pub event: IncomingEvent,
    /// The id the client gave the message; one that was answered before is answered the same again.
    pub client_id: Option<String>,
    /// What is known of the user: `UserContext`.
    pub user_info: Map<String, Value>,
    /// Data of the customer: `UserContext.customData`.
    pub custom_data: Value,
    /// The running session ends first.
    pub new_session: bool,
    /// The language the user wants, if the channel says so.
    pub language: Option<String>,
    /// Where the user is, as a name of the time-zone database.
    pub timezone: Option<String>,
    /// Tags for reports.
    pub tags: Tags,
    /// A developer's trial: on the draft.
    pub developer: bool,
    /// How services are called in this conversation, where it differs from the server's setting.
    pub services: Option<services::Mode>,
    /// The channel connects before the user says anything.
    pub connects: bool,
    /// Where answers are posted to, on channels that do not wait for them.
    pub post: Option<PostTo>,
}

/// Where answers are posted to.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostTo {
    /// The address.
    pub url: String,
    /// The form of the channel; a word of the channel's own, for whoever posts.
    pub form: String,
}

/// Tags for reports, by what they are on.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tags {
    /// Of the message.
    pub message: Vec<(String, String)>,
    /// Of the session.
    pub session: Vec<(String, String)>,
    /// Of the user.
    pub user: Vec<(String, String)>,
}

/// What happened, in a form that can be kept.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum IncomingEvent {
    /// The user came.
    Connect,
    /// The user said something.
    #[serde(rename_all = "camelCase")]
    Message {
        /// What.
        text: String,
        /// What the channel received.
        raw: Value,
        /// Files.
        attachments: Vec<Value>,
        /// What to show in reports in its place, such as the title of a button.
        shown: Option<String>,
    },
    /// A form was sent, or called off.
    Form {
        /// `refId` of the form.
        form: String,
        /// Its values.
        values: Option<Value>,
    },
    /// The BotKit server answered.
    Server(Value),
    /// A dialog is started.
    Start {
        /// Which.
        dialog: String,
        /// Its entities.
        entities: Value,
    },
}

impl Incoming {
    /// A message on a channel, with nothing else said about it.
    pub fn message(account: &AccountId, bot: &BotId, identity: &str, channel: &str, text: &str, raw: Value) -> Self {
        let event = IncomingEvent::Message { text: text.to_owned(), raw, attachments: Vec::new(), shown: None };
        Self::of(account, bot, identity, channel, event)
    }

    /// Something that happened on a channel, with nothing else said about it.
    pub fn of(account: &AccountId, bot: &BotId, identity: &str, channel: &str, event: IncomingEvent) -> Self {
        Self {
            account: account.to_string(),
            bot: bot.to_string(),
            identity: identity.to_owned(),
            channel: channel.to_owned(),
            event,
            client_id: None,
            user_info: Map::new(),
            custom_data: Value::Null,
            new_session: false,
            language: None,
            timezone: None,
            tags: Tags::default(),
            developer: false,
            services: None,
            connects: false,
            post: None,
        }
    }

    /// What the user said, if they said something.
    pub(crate) fn text(&self) -> Option<&str> {
        match &self.event {
            IncomingEvent::Message { text, .. } => Some(text),
            _ => None,
        }
    }
}

impl From<IncomingEvent> for Event {
    fn from(event: IncomingEvent) -> Self {
        match event {
            IncomingEvent::Connect => Self::Connect,
            IncomingEvent::Message { text, raw, attachments, .. } => {
                Self::Message(dialog::Message { text, raw, attachments })
            }
            IncomingEvent::Form { form, values } => Self::Form { form, values },
            IncomingEvent::Server(context) => Self::Server(context),
            IncomingEvent::Start { dialog, entities } => Self::Start { dialog, entities },
        }
    }
}
