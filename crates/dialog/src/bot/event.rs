//! What a bot does at the events of a conversation (`botEvents`).

use super::{Text, Texts};

/// What happens when. An event that is absent or switched off is `None`.
#[derive(Clone, Debug, Default)]
pub struct Events {
    /// A user came, before they said anything (`ON_CONNECT_EVENT`).
    pub on_connect: Option<BotEvent>,
    /// The first message of a session (`WELCOME_MESSAGE_EVENT`).
    pub welcome: Option<BotEvent>,
    /// What to do with a first message that the bot understands.
    pub first_message: FirstMessage,
    /// Nothing was understood (`INTENT_UNIDENTIFIED`).
    pub unidentified: Option<BotEvent>,
    /// A task failed (`TASK_FAILURE_EVENT`).
    pub task_failure: Option<BotEvent>,
    /// Several things may be meant (`AMBIGUITY` and its spellings).
    pub ambiguity: Option<BotEvent>,
    /// A task ended (`CONVERSATION_END`).
    pub end_of_task: Option<BotEvent>,
    /// The user wants the last reply again (`REPEAT_RESPONSE_EVENT`).
    pub repeat: Option<BotEvent>,
    /// Several tasks are meant (`MULTI_INTENT_EVENT` of an app).
    pub several: Option<BotEvent>,
    /// The app's own texts answer (`ANSWER_GENERATION_EVENT`).
    pub answer: Option<BotEvent>,
    /// The user wants something said again, a pause, or not to answer (`INTERACTION_INTENTS`).
    pub interaction: Option<BotEvent>,
    /// The user wants a human (`AGENT_TRANSFER_EVENT`).
    pub agent: Option<BotEvent>,
    /// The user wants to start over (`RESTART_CONVERSATION_EVENT`); what names nothing does that by itself.
    pub restart: Option<BotEvent>,
    /// The user is done (`TASK_END_EVENT`); what names nothing says goodbye by itself.
    pub conversation_end: Option<BotEvent>,
    /// The mood of the user (`botSentimentEvents`), in order.
    pub sentiment: Vec<SentimentEvent>,
}

/// What happens at one event.
#[derive(Clone, Debug)]
pub struct BotEvent {
    /// What.
    pub what: WhatToDo,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum WhatToDo {
    /// A dialog is started: a place in [`Bot::dialogs`](super::Bot::dialogs); `None` where it is not in the bot, and the
    /// event is passed over.
    Dialog(Option<usize>),
    /// A message is shown.
    Message(Texts),
    /// A script runs; what it prints is said.
    Script(Text),
}

impl WhatToDo {
    /// Whether nothing can come of it.
    pub fn is_nothing(&self) -> bool {
        match self {
            Self::Dialog(place) => place.is_none(),
            Self::Message(texts) => texts.is_empty(),
            Self::Script(script) => script.is_empty(),
        }
    }
}

/// What is done with the first message of a session (`manageFirstMessage`): `true` welcomes the user instead of an answer.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FirstMessage {
    /// A greeting is welcomed.
    pub welcomes_greeting: bool,
    /// A question is welcomed.
    pub welcomes_faq: bool,
    /// A task is welcomed.
    pub welcomes_task: bool,
}

/// What happens in a mood.
#[derive(Clone, Debug)]
pub struct SentimentEvent {
    /// Name.
    pub name: String,
    /// What happens.
    pub event: BotEvent,
    /// Looked at after each task only, not at every message.
    pub on_completion: bool,
    /// Ranges of tones: name, least and most level, -3 to 3. `true` in the first place where the tone of the whole dialog
    /// is meant, not that of the message.
    pub tones: Vec<(bool, String, f64, f64)>,
}
