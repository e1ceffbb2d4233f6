//! One turn of a conversation: something happens, the bot acts until it waits or has nothing left to do.

use std::sync::Arc;

use domain::Limits;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use nlu::Model;

use crate::Bot;
use crate::compat::{Compat, Flows};
use crate::engine::Engine;
use crate::host::{Host, Put};
use crate::pii::Hiding;
use crate::reply::{Reply, Source};
use crate::state::State;

/// Under which circumstances a turn takes place.
#[derive(Clone, Debug)]
pub struct Circumstances {
    /// The bot as users and services know it (`st-…`).
    pub bot_id: String,
    /// The user (`u-…`).
    pub user_id: String,
    /// The session.
    pub session_id: String,
    /// The channel: which texts are taken.
    pub channel: String,
    /// What time it is, where the user is.
    pub now: jiff::Zoned,
    /// Where random choices come from. The same turn with the same seed says the same.
    pub seed: u64,
    /// Whether the channel connects before the user says anything; elsewhere the first message is welcomed.
    pub connects: bool,
    /// How flows of apps run.
    pub flows: Flows,
    /// Undocumented rules.
    pub compat: Compat,
    /// What is hidden of what is kept.
    pub hiding: Arc<Hiding>,
    /// How large everything may be.
    pub limits: Limits,
}

/// What happens.
#[derive(Clone, Debug)]
pub enum Event {
    /// A user opened the conversation and said nothing yet.
    Connect,
    /// A user said something.
    Message(Message),
    /// A form was sent, or called off.
    Form {
        /// `refId` of the form.
        form: String,
        /// Its values; `None` when it was called off.
        values: Option<Value>,
    },
    /// The BotKit server answers the node that waits for it: with the context, changed.
    Server(Value),
    /// A bot or an operator starts a dialog (`_id`, `refId` or name), with values for its context.
    Start {
        /// Which.
        dialog: String,
        /// `context.entities` of it.
        entities: Value,
    },
    /// Somebody closes the session: what the bot says then is its last words.
    Close,
}

/// Something the user said.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// What; of a button that was pressed, what the button sends.
    pub text: String,
    /// What the channel received, unchanged: `context.session.BotUserSession.lastMessage.messagePayload`.
    pub raw: Value,
    /// Files that came with it.
    pub attachments: Vec<Value>,
}

/// What came of a turn.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// What is said, in order.
    pub replies: Vec<Reply>,
    /// The tasks that ended, in order.
    pub ended: Vec<TaskEnd>,
    /// Names of the tasks that were started, in order.
    pub started: Vec<String>,
    /// What was written to stores that outlive the session, or has a lifetime.
    pub puts: Vec<Put>,
    /// Tags for reports: level, name, value.
    pub tags: Vec<(String, String, String)>,
    /// The session ends with this turn.
    pub closes_session: bool,
    /// The tokens of services are forgotten.
    pub clears_auth: bool,
    /// The conversation went over to a human.
    pub transferred: bool,
    /// Nothing the user said was understood.
    pub unidentified: bool,
    /// What happened, for debug logs.
    pub log: Vec<Step>,
}

/// A task that ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct TaskEnd {
    /// Store id of the dialog; empty for a question.
    pub dialog: String,
    /// Its name in lower case; `FAQ` for a question.
    pub name: String,
    /// Why.
    pub reason: Reason,
}

/// Why a task ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Reason {
    /// It came to its end.
    #[serde(rename = "Fulfilled")]
    Fulfilled,
    /// The user gave it up, or answered wrongly too often.
    #[serde(rename = "Canceled")]
    Canceled,
    /// Something went wrong.
    #[serde(rename = "Failed")]
    Failed,
    /// Another task took its place.
    #[serde(rename = "Interrupted")]
    Interrupted,
    /// It came to its end as a part of another one.
    #[serde(rename = "Fulfilled_LinkedDialog")]
    FulfilledLinkedDialog,
    /// A task that an event had started came to its end.
    #[serde(rename = "Fulfilled_Event")]
    FulfilledEvent,
    /// Something went wrong in a task that an event had started.
    #[serde(rename = "Failed_Event")]
    FailedEvent,
}

impl Reason {
    /// The name, as the original writes it.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Fulfilled => "Fulfilled",
            Self::Canceled => "Canceled",
            Self::Failed => "Failed",
            Self::Interrupted => "Interrupted",
            Self::FulfilledLinkedDialog => "Fulfilled_LinkedDialog",
            Self::FulfilledEvent => "Fulfilled_Event",
            Self::FailedEvent => "Failed_Event",
        }
    }
}

/// Something that happened in a turn.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Step {
    /// What kind: `understood`, `node`, `script`, `service`, `log`, `error`, `interrupted` …
    pub kind: String,
    /// The dialog it happened in (store id).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub dialog: String,
    /// The node (`nodeId`).
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub node: String,
    /// Name of the node.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub name: String,
    /// What happened.
    #[serde(default, skip_serializing_if = "Value::is_null")]
    pub detail: Value,
}

/// Lets something happen. `state` is where the conversation stands, before and after.
///
/// Never fails: what goes wrong in a task is said to the user as the author decided, and told in the log.
pub async fn turn<H: Host>(
    bot: &Bot,
    model: &Model,
    state: &mut State,
    event: Event,
    circumstances: &Circumstances,
    host: &mut H,
) -> Outcome {
    let mut engine = Engine::new(bot, model, state, circumstances, host);
    match event {
        Event::Connect => Box::pin(engine.connect()).await,
        Event::Message(message) => Box::pin(engine.message(message)).await,
        Event::Form { form, values } => Box::pin(engine.form_came(&form, values)).await,
        Event::Server(context) => Box::pin(engine.server_answers(context)).await,
        Event::Start { dialog, entities } => Box::pin(engine.start_named(&dialog, entities)).await,
        Event::Close => return Box::pin(engine.close()).await,
    }
    engine.finish().await
}

/// Ends the running task and what is held, as a closed session does: silently, for the reason that it was given up.
pub fn abandon(state: &mut State) -> Vec<TaskEnd> {
    let frames = state.held.iter().chain(std::iter::once(&state.stack)).filter_map(|stack| stack.first());
    let ends = frames.map(|frame| TaskEnd {
        dialog: frame.dialog.clone(),
        name: frame.context.get("intent").and_then(Value::as_str).unwrap_or_default().to_lowercase(),
        reason: Reason::Canceled,
    });
    let ends = ends.collect();
    state.stack.clear();
    state.held.clear();
    state.pending = None;
    state.queued.clear();
    ends
}

/// Ends the running task and what is held because the turn cannot be taken: silently, the running one as failed.
pub fn break_off(state: &mut State) -> Vec<TaskEnd> {
    let runs = !state.stack.is_empty();
    let mut ends = abandon(state);
    // The running task is the last of them.
    if let Some(end) = ends.last_mut().filter(|_| runs) {
        end.reason = Reason::Failed;
    }
    ends
}

impl Outcome {
    /// What came of a turn that could not be taken: this text, for this reason.
    pub fn of_failure(text: String, ended: Vec<TaskEnd>, reason: &str) -> Self {
        let step = Self::step("error", "", "", "", json!({"message": reason}));
        Self { replies: vec![Reply::text(Source::Platform, text)], ended, log: vec![step], ..Self::default() }
    }

    /// A step for the log.
    pub(crate) fn step(kind: &str, dialog: &str, node: &str, name: &str, detail: Value) -> Step {
        Step { kind: kind.to_owned(), dialog: dialog.to_owned(), node: node.to_owned(), name: name.to_owned(), detail }
    }

    /// Why tasks failed, as the log has it.
    pub fn faults(&self) -> impl Iterator<Item = &Step> {
        self.log.iter().filter(|step| step.kind == "error")
    }

    /// The log as JSON.
    pub fn log_value(&self) -> Value {
        json!(self.log)
    }
}
