//! What a dialog needs the world for. The engine says what is to be done, as data; whoever runs it does it.

use std::future::Future;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::bot::{AuthProfile, Piece};
use crate::node::ModelChoice;
use crate::reply::{FormOffer, Reply};

/// Does what the engine cannot: it is pure.
pub trait Host: Send {
    /// What the turn has said so far. Told before each call to the outside: it may be passed on while that lasts.
    fn hears(&mut self, _replies: &[Reply]) {}
    /// Runs JavaScript.
    fn run(&mut self, script: Script) -> impl Future<Output = Result<Ran, Fault>> + Send;
    /// Calls a service.
    fn call(&mut self, call: ServiceCall) -> impl Future<Output = Result<Answer, Fault>> + Send;
    /// Reads or writes a data table; the body of the answer.
    fn table(&mut self, access: TableAccess) -> impl Future<Output = Result<Value, Fault>> + Send;
    /// Whether a language model can be asked for which authors name this integration.
    fn has_model(&self, integration: &str) -> bool;
    /// Asks a language model. `None` where none is configured.
    fn generate(&mut self, prompt: Prompt) -> impl Future<Output = Result<Option<Generated>, Fault>> + Send;
    /// Asks the BotKit server of the bot (`on_webhook`).
    fn webhook(&mut self, call: WebhookCall) -> impl Future<Output = Result<WebhookAnswer, Fault>> + Send;
    /// Tells the BotKit server that a human is wanted (`on_agent_transfer`). `false` where there is none that hears it.
    fn transfer(&mut self, call: WebhookCall) -> impl Future<Output = Result<bool, Fault>> + Send;
    /// A place where a form can be filled in once.
    fn offer_form(&mut self, form: &str, render: &str, definition: &Value) -> impl Future<Output = FormOffer> + Send;
    /// Keeps a file of this name for the user, for some days; a link to it that needs no token.
    fn keep_file(&mut self, name: &str, bytes: Vec<u8>) -> impl Future<Output = Result<String, Fault>> + Send;
    /// Does work on a text of so many bytes that takes nothing but time: understanding it, looking for values in it.
    fn think<T>(&self, _bytes: usize, work: impl FnOnce() -> T) -> T {
        work()
    }
    /// Whether the turn has taken too long and is to end.
    fn is_out_of_time(&self) -> bool;
}

/// JavaScript to run, with what it sees.
#[derive(Clone, Debug, PartialEq)]
pub struct Script {
    /// What is run.
    pub code: Code,
    /// `context`, with `session`.
    pub context: Value,
    /// `env`.
    pub env: Value,
    /// `content`.
    pub content: Value,
    /// Whether it may call functions of the bot's files.
    pub needs_functions: bool,
    /// Titles of the choices that a standard response is about.
    pub choices: Vec<String>,
    /// The standard response itself, or the like.
    pub message: String,
    /// What `koreUtil.getAmbiguousIntents()` gives.
    pub ambiguous: Value,
    /// Seed of random numbers.
    pub seed: u64,
}

/// Kinds of code.
#[derive(Clone, Debug, PartialEq)]
pub enum Code {
    /// The body of a function.
    Body(Vec<Piece>),
    /// Texts with templates.
    Texts(Vec<Vec<Piece>>),
    /// Expressions whose values are wanted.
    Values(Vec<String>),
}

/// What a script did.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Ran {
    /// The texts, filled in.
    pub texts: Vec<String>,
    /// The values.
    pub values: Vec<Value>,
    /// What it printed; `None` where it never did.
    pub printed: Option<String>,
    /// What it returned.
    pub returned: Option<Value>,
    /// The context afterwards; `None` where nothing changed.
    pub context: Option<Value>,
    /// What it put into stores, with a lifetime.
    pub puts: Vec<Put>,
    /// Tags for reports: level (`message`, `session`, `user`; `alternateText` for what is shown in place of the last reply),
    /// name, value.
    pub tags: Vec<(String, String, String)>,
    /// Context tags.
    pub context_tags: Vec<String>,
    /// What it wrote to the debug log.
    pub logs: Vec<String>,
    /// It closes the session.
    pub closes_session: bool,
    /// It forgets the tokens of services.
    pub clears_auth: bool,
}

/// A value put into a store.
#[derive(Clone, Debug, PartialEq)]
pub struct Put {
    /// `EnterpriseContext`, `BotContext`, `UserSession` or `BotUserSession`.
    pub store: String,
    /// Key.
    pub key: String,
    /// Value; `None` removes it.
    pub value: Option<Value>,
    /// It lives so long. Minutes.
    pub ttl_minutes: Option<f64>,
}

/// Why something could not be done.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[error("{message}")]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// A fragment: what went wrong, and where.
    pub message: String,
    /// Nothing answered in time, or at all.
    pub no_answer: bool,
    /// Who has to mend it.
    pub cause: Cause,
}

/// Where something that went wrong comes from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Cause {
    /// The platform: something a bot may do was not done.
    #[default]
    Engine,
    /// A script of the bot, which threw or cannot be read.
    Script,
    /// The bot, which names something that is not in it, or never comes to an end.
    Bot,
    /// A service that did not answer, or refused the call.
    Service,
    /// A service that is answered from recordings, and has none.
    Recording,
}

/// A call of a service, filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct ServiceCall {
    /// Name of the component.
    pub name: String,
    /// HTTP method.
    pub method: String,
    /// Address.
    pub url: String,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// Body; `None` where there is none to send.
    pub body: Option<String>,
    /// It may take so long. Seconds.
    pub timeout_s: u32,
    /// How the caller proves who it is, with its fields filled in.
    pub auth: Option<AuthProfile>,
    /// The answer recorded in the export.
    pub sample: Option<Value>,
}

/// The answer of a service.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Answer {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Map<String, Value>,
    /// Body: JSON, or a text.
    pub body: Value,
}

/// A use of a data table, filled in.
#[derive(Clone, Debug, PartialEq)]
pub struct TableAccess {
    /// Name of the component.
    pub name: String,
    /// Name of the table.
    pub table: String,
    /// `insert`, `query`, `update` or `delete`.
    pub method: String,
    /// Columns to write.
    pub data: Map<String, Value>,
    /// Conditions: column, operand, value, type.
    pub conditions: Vec<(String, String, String, String)>,
    /// Any condition is enough.
    pub any: bool,
    /// Rows to pass over.
    pub skip: u64,
    /// Rows to take.
    pub limit: Option<u64>,
    /// The answer recorded in the export.
    pub sample: Option<Value>,
}

/// A question to a language model.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Prompt {
    /// Name of the component.
    pub name: String,
    /// What is asked, last; empty where the talk says all.
    pub prompt: String,
    /// What was said before, in order: messages in the shape of OpenAI's (`role`, `content`).
    pub talk: Vec<Value>,
    /// Functions that may be called, in the shape of OpenAI's `tools`.
    pub tools: Vec<Value>,
    /// What the model is told about its part.
    pub system: String,
    /// Which model is asked, and how.
    pub model: ModelChoice,
    /// The answer recorded in the export.
    pub sample: Option<Value>,
}

/// The answer of a language model.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Generated {
    /// Its text.
    pub text: String,
    /// All of it.
    pub raw: Value,
    /// Functions it wants to be called before it goes on.
    pub calls: Vec<ToolCall>,
}

/// A function that a model wants to be called.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ToolCall {
    /// Id of the call, which the answer names.
    pub id: String,
    /// Name of the function.
    pub name: String,
    /// Its arguments, as JSON text.
    pub arguments: String,
}

/// A call of the BotKit server.
#[derive(Clone, Debug, PartialEq)]
pub struct WebhookCall {
    /// Name of the node.
    pub name: String,
    /// Name of the dialog.
    pub dialog: String,
    /// `context`, with `session`.
    pub context: Value,
    /// What the user said.
    pub message: String,
}

/// The answer of the BotKit server.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum WebhookAnswer {
    /// The context, changed.
    Context(Value),
    /// It will call back later.
    Later,
}

impl Fault {
    /// Something went wrong.
    pub fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), no_answer: false, cause: Cause::Engine }
    }

    /// Something went wrong, and this is where it comes from.
    pub fn of(cause: Cause, message: impl Into<String>) -> Self {
        Self { message: message.into(), no_answer: false, cause }
    }

    /// Nothing answered.
    pub fn no_answer(message: impl Into<String>) -> Self {
        Self { message: message.into(), no_answer: true, cause: Cause::Service }
    }
}
