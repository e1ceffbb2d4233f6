//! Nodes of dialogs: what they are made of, and what they do when the dialog comes to them. A kind of node is a file.

mod agent;
mod answers;
mod model;

pub use agent::{Agent, AgentEntity, OnModelFailure, Tool};
pub use answers::{Dynamic, Search, Unconnected};
pub use model::ModelChoice;
use serde_json::Value;

use crate::bot::{Interruption, Text, Texts};
use crate::condition::Transition;

/// A node of a dialog, with the component it shows.
#[derive(Clone, Debug)]
pub struct Node {
    /// `nodeId`, unique in the dialog.
    pub id: String,
    /// Name of the component: the key of what it leaves in the context.
    pub name: String,
    /// Store id of the component, `dc-…`.
    pub component_id: String,
    /// `refId` of the component.
    pub component_ref: String,
    /// What it does.
    pub kind: Kind,
    /// Ways out, in order; the default is the last.
    pub transitions: Vec<Transition>,
    /// Options that several kinds have.
    pub options: Options,
    /// Tags that must be there before its entity is extracted or its intent found.
    pub preconditions: Vec<String>,
    /// Namespaces whose variables it sees, besides those of the dialog.
    pub namespaces: Vec<String>,
}

/// Options that several kinds of nodes have (`nodeOptions`).
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// How a task that waits here is interrupted, where it differs from the dialog (`priority: "node"`).
    pub interruption: Option<Interruption>,
    /// An intent in the same words as a value goes first (`precedence: "intentOverEntity"`).
    pub intent_over_entity: bool,
    /// Context tags it leaves.
    pub context_tags: Vec<String>,
    /// Tags for reports that it leaves.
    pub tags: CustomTags,
}

/// Tags for reports (`customTags`): name and value, which may be templates.
#[derive(Clone, Debug, Default)]
pub struct CustomTags {
    /// Of the message.
    pub message: Vec<(Text, Text)>,
    /// Of the session.
    pub session: Vec<(Text, Text)>,
    /// Of the user.
    pub user: Vec<(Text, Text)>,
    /// Shown in reports in place of the message.
    pub alternative: Vec<Text>,
}

/// What a node does.
#[derive(Clone, Debug)]
pub enum Kind {
    /// The start of a dialog.
    Start,
    /// Says something.
    Message(Message),
    /// Asks for a value.
    Entity(Box<Entity>),
    /// Asks yes or no.
    Confirmation(Confirmation),
    /// Runs JavaScript.
    Script(Text),
    /// Calls a service.
    Service(Box<Service>),
    /// Reads or writes a data table.
    Table(Box<Table>),
    /// Runs a graph of scripts, services and assignments.
    Action(Vec<Node>, Option<usize>),
    /// Runs another dialog.
    Dialog(Call),
    /// Continues; can be meant while its dialog or group waits. Without a dialog of its own.
    SubIntent {
        /// Name of the intent.
        intent: String,
        /// What it does by itself, where it belongs to a group.
        group: Option<Box<GroupIntent>>,
    },
    /// Sets values.
    Logic(Vec<Assignment>),
    /// Shows a form and waits for it.
    Form(FormNode),
    /// Hands over to a human.
    AgentTransfer,
    /// Asks a BotKit server (`on_webhook`).
    Webhook,
    /// Asks a language model.
    Generative(Box<Generative>),
    /// Collects values in a talk of its own (`aiassist`).
    Agent(Box<Agent>),
    /// Answers from what the bot knows (`searchai`).
    Search(Box<Search>),
    /// Runs what the context names (`dynamicIntent`).
    Dynamic(Box<Dynamic>),
    /// A service of the platform itself, without an address.
    Unconnected(Unconnected),
    /// Something that is not run: it is skipped, and its default way is taken.
    Unknown {
        /// Its type, as the export writes it.
        kind: String,
        /// Why it is not run: a sentence for the debug log.
        cause: String,
    },
}

/// What a sub-intent of a group does when it is said (`groupNodeIntent`): it sets values, says something, and the dialog goes on
/// elsewhere.
#[derive(Clone, Debug, Default)]
pub struct GroupIntent {
    /// What is set (`contextMap`).
    pub sets: Vec<Assignment>,
    /// What is said (`nodeOptions.message`).
    pub says: Texts,
    /// The node that the dialog jumps to (`targetNode`); without one, what waited asks again.
    pub target: Option<String>,
    /// The dialog ends (`targetNode` is `end`).
    pub ends: bool,
}

/// Says something.
#[derive(Clone, Debug, Default)]
pub struct Message {
    /// What.
    pub texts: Texts,
    /// Waits for the next message (`transitionType: "onInput"`).
    pub waits: bool,
    /// Where the data of its reports stand (`report[].dataPath`): each is kept as a CSV file before the message is said,
    /// which reads the link from `context.reportContext.<name>[…].url`.
    pub reports: Vec<Text>,
}

/// Asks for a value.
#[derive(Clone, Debug, Default)]
pub struct Entity {
    /// The question.
    pub prompt: Texts,
    /// What is said after an answer that is none.
    pub error: Texts,
    /// Errors are said in order, else any of them (`errorPromptSequencing`).
    pub errors_in_order: bool,
    /// `entityType`.
    pub entity_type: String,
    /// When it is asked.
    pub asking: Asking,
    /// Where earlier words are looked at.
    pub reuse: Reuse,
    /// Its words are not used for later entities (`notForReuse`).
    pub keeps_words: bool,
    /// So many wrong answers end it (`defaultMaxRetry.retry_limit`).
    pub most_retries: u32,
    /// The node that is gone to then (`action: "executeNode"`); the dialog ends when there is none.
    pub retries_target: Option<String>,
    /// The choices are listed below the question (`applyDefaultTemplate`).
    pub lists_choices: bool,
    /// A list in the context to choose from: expression and keys.
    pub choices_from: Option<definition::nlp::ChoicesFrom>,
    /// For texts: an intent in the answer is executed (`inputHandlingOptions: "executeIntent"`).
    pub executes_intent: bool,
    /// For texts: the word discard is a command (rule `discardAsCommand`).
    pub discard_is_command: bool,
    /// Value taken when nothing was said.
    pub default: Option<Value>,
    /// More than one value is taken (`isArray`).
    pub many: bool,
    /// Its value is hidden in logs (`isSensitive`).
    pub sensitive: bool,
}

/// When an entity is asked for (`promptOptions`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asking {
    /// Until there is a value (`required`, and values that are not known).
    #[default]
    Required,
    /// Once (`optional`).
    Optional,
    /// Never (`hidden`).
    Hidden,
    /// Always, also where earlier words have a value (`prompt`).
    Always,
}

/// Which earlier words are looked at (`reuseOptions`).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Reuse {
    /// Those of this dialog that no entity used (`1`).
    #[default]
    Unused,
    /// All of this dialog (`2`).
    All,
    /// None (`3`).
    None,
}

/// Asks yes or no.
#[derive(Clone, Debug, Default)]
pub struct Confirmation {
    /// The question.
    pub prompt: Texts,
    /// Yes and No are shown below the question.
    pub lists_choices: bool,
    /// Other words for yes, per language.
    pub yes: Vec<(String, Vec<String>)>,
    /// Other words for no, per language.
    pub no: Vec<(String, Vec<String>)>,
}

/// Calls a service.
#[derive(Clone, Debug, Default)]
pub struct Service {
    /// HTTP method, upper case.
    pub method: String,
    /// The address.
    pub url: Text,
    /// Headers: a JSON object as text.
    pub headers: Text,
    /// The body.
    pub body: Text,
    /// It may take so long. Seconds.
    pub timeout_s: u32,
    /// `idp`: the [`AuthProfile`](crate::bot::AuthProfile) it uses, by `refId`, id or name; empty for none.
    pub auth: String,
    /// The answer recorded in the export: `sampleResponse`.
    pub sample: Option<Value>,
    /// Runs before.
    pub before: Option<Text>,
    /// Runs after.
    pub after: Option<Text>,
    /// The node that is gone to when there is no answer; the task fails where there is none.
    pub timeout_target: Option<String>,
}

/// Reads or writes a data table.
#[derive(Clone, Debug, Default)]
pub struct Table {
    /// Name of the table.
    pub name: Text,
    /// `insert`, `query`, `update` or `delete`.
    pub method: String,
    /// Columns to write.
    pub data: Vec<(String, Text)>,
    /// Conditions: column, operand, value, type.
    pub conditions: Vec<(String, String, Text, String)>,
    /// Any condition is enough (`or`), else all are demanded.
    pub any: bool,
    /// Rows to pass over.
    pub skip: Text,
    /// Rows to take.
    pub limit: Text,
    /// The answer recorded in the export.
    pub sample: Option<Value>,
    /// Runs before.
    pub before: Option<Text>,
    /// Runs after.
    pub after: Option<Text>,
}

/// Runs another dialog.
#[derive(Clone, Debug, Default)]
pub struct Call {
    /// Place of the dialog; `None` where it is not in the bot.
    pub dialog: Option<usize>,
    /// How the export names it, for messages.
    pub named: String,
    /// The calling dialog ends (`endCurrentTask`).
    pub replaces: bool,
    /// Set in the called dialog, before (`contextMap`).
    pub before: Vec<Assignment>,
    /// Set in the calling dialog, after (`postContextMap`).
    pub after: Vec<Assignment>,
    /// Name of the intent, where it can be said while the dialog waits.
    pub intent: String,
}

/// Sets a value.
#[derive(Clone, Debug, PartialEq)]
pub struct Assignment {
    /// Path in the context, such as `context.entities.Size`.
    pub path: String,
    /// What is set: a path, a text with templates, `null`.
    pub value: Text,
}

/// Shows a form.
#[derive(Clone, Debug, Default)]
pub struct FormNode {
    /// `refId` of the form.
    pub form: String,
    /// What is said with it.
    pub prompt: Texts,
    /// What is said when it cannot be sent.
    pub error: Texts,
    /// What is said when it was sent.
    pub submitted: Texts,
    /// `pop-up` or `inline`.
    pub render: String,
}

/// Asks a language model.
#[derive(Clone, Debug, Default)]
pub struct Generative {
    /// What is asked.
    pub prompt: Text,
    /// What the model is told about its part.
    pub system: Text,
    /// Which model is asked, and how.
    pub model: ModelChoice,
    /// Runs before.
    pub before: Option<Text>,
    /// Runs after.
    pub after: Option<Text>,
    /// The answer recorded in the export.
    pub sample: Option<Value>,
}
