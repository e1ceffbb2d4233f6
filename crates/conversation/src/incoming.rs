//! What a channel received, before the bot sees it.

use dialog::Event;
use domain::{AccountId, BotId, SessionId, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::BotKitOrder;
use crate::shape::Shape;

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
    /// The channel whose texts are said, where it is not the channel itself.
    #[serde(default)]
    pub speaks_as: Option<String>,
    /// What happened.
    pub event: IncomingEvent,
    /// The id the client gave the message; one that was answered before is answered the same again.
    #[serde(default)]
    pub client_id: Option<String>,
    /// What is known of the user: `UserContext`.
    #[serde(default)]
    pub user_info: Map<String, Value>,
    /// Data of the customer: `UserContext.customData`.
    #[serde(default)]
    pub custom_data: Value,
    /// The running session ends first.
    #[serde(default)]
    pub new_session: bool,
    /// The language the user wants, if the channel says so.
    #[serde(default)]
    pub language: Option<String>,
    /// Where the user is, as a name of the time-zone database.
    #[serde(default)]
    pub timezone: Option<String>,
    /// Tags for reports.
    #[serde(default)]
    pub tags: Tags,
    /// A developer's trial: on the draft.
    #[serde(default)]
    pub developer: bool,
    /// How services are called in this conversation, where it differs from the server's setting.
    #[serde(default)]
    pub services: Option<services::Mode>,
    /// The channel connects before the user says anything.
    #[serde(default)]
    pub connects: bool,
    /// Where answers are posted to, on channels that do not wait for them.
    #[serde(default)]
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
#[serde(default)]
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
        #[serde(default)]
        raw: Value,
        /// Files.
        #[serde(default)]
        attachments: Vec<Value>,
        /// What to show in reports in its place, such as the title of a button.
        #[serde(default)]
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
    /// The BotKit server wants something done, and no turn waits for it.
    BotKit(BotKitOrder),
    /// A dialog is started.
    Start {
        /// Which.
        dialog: String,
        /// Its entities.
        entities: Value,
    },
    /// Somebody closes the session.
    Close(Closing),
}

/// A session is closed by somebody outside of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Closing {
    /// The session; the one that is active when its turn comes, where it is absent.
    #[serde(default)]
    pub session: Option<SessionId>,
    /// Who closes it.
    pub by: UserId,
}

/// The message as it is kept until it is answered.
impl Shape for Incoming {
    const WHAT: &'static str = "the message";
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
            speaks_as: None,
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

    /// Something that may happen later in the same conversation, with nothing of this message in it. What happens is
    /// still to be said.
    pub(crate) fn without_message(&self) -> Self {
        Self {
            event: IncomingEvent::Connect,
            client_id: None,
            user_info: Map::new(),
            custom_data: Value::Null,
            new_session: false,
            language: None,
            tags: Tags::default(),
            ..self.clone()
        }
    }

    /// Whether the channel waits for the answer.
    pub(crate) fn is_waited_for(&self) -> bool {
        self.post.is_none()
    }

    /// What is closed, if the session is.
    pub(crate) fn closing(&self) -> Option<&Closing> {
        match &self.event {
            IncomingEvent::Close(closing) => Some(closing),
            _ => None,
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

impl IncomingEvent {
    /// The event as the bot hears of it; nothing for what is not about the bot.
    pub(crate) fn for_bot(self) -> Option<Event> {
        Some(match self {
            Self::Connect => Event::Connect,
            Self::Message { text, raw, attachments, .. } => Event::Message(dialog::Message { text, raw, attachments }),
            Self::Form { form, values } => Event::Form { form, values },
            Self::Server(context) => Event::Server(context),
            Self::BotKit(_) => return None,
            Self::Start { dialog, entities } => Event::Start { dialog, entities },
            Self::Close(_) => Event::Close,
        })
    }
}
