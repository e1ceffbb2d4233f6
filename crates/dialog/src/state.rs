//! Where a conversation stands between two messages: one small document, written whole after each turn.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::reply::{Choice, Reply};

/// Where a conversation stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct State {
    /// The language spoken.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub language: String,
    /// The languages that the user's words may be in, as found when the language was last chosen (`suggestedLanguages`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub suggested_languages: Vec<String>,
    /// The dialogs that run, the outermost first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stack: Vec<Frame>,
    /// Interrupted tasks, the one to take up next last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub held: Vec<Vec<Frame>>,
    /// A question of the platform that waits for its answer.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pending: Option<Pending>,
    /// Tasks to start when the present one has ended.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub queued: Vec<Queued>,
    /// The small talk that was answered last (`smn-…`); forgotten after one message.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub small_talk: Option<String>,
    /// What is kept for longer than a dialog.
    pub stores: Stores,
    /// Context tags of the last task, and those of tasks before, the newest first.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// See `tags`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub historic_tags: Vec<Vec<String>>,
    /// What was said last, for the event that repeats it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub last_replies: Vec<Reply>,
    /// The user was welcomed in this session, on connect or otherwise.
    pub welcomed: bool,
    /// The user said something in this session.
    pub interactive: bool,
    /// The user had a session before.
    pub returning: bool,
    /// A human has taken over: messages are relayed.
    pub with_agent: bool,
    /// Where the flow of an app stands; nothing before it began.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flow: Option<FlowState>,
    /// What was said before and what it was taken for, the latest last: kept where a language model finds out what is meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub heard: Vec<Heard>,
    /// Levels of tones, of the whole conversation (`dialog_tone`).
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub tones: BTreeMap<String, Tone>,
    /// How many tasks ended by themselves.
    pub tasks: u32,
    /// How many turns there were; part of what makes random choices differ.
    pub turns: u64,
}

/// Where the flow of an app stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FlowState {
    /// The step it is at (`cfst-…`); nothing after its end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub step: Option<String>,
    /// How its steps ended, by their names: `context.branch`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub branches: BTreeMap<String, String>,
}

/// Something the user said, and what it was taken for.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Heard {
    /// The beginning of it.
    pub said: String,
    /// Name of the task or question; empty for anything else.
    pub meant: String,
}

/// A tone of a conversation.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Tone {
    /// Sum of levels, each -3 to 3.
    pub level: f64,
    /// How often it was heard.
    pub count: u32,
}

/// What is kept for longer than a dialog: `context.session`.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Stores {
    /// Of the whole account.
    #[serde(skip)]
    pub enterprise: Map<String, Value>,
    /// Of the bot, for all its users.
    #[serde(skip)]
    pub bot: Map<String, Value>,
    /// Of the user, with all bots.
    #[serde(skip)]
    pub user: Map<String, Value>,
    /// Of the user with this bot, in this session.
    pub bot_user: Map<String, Value>,
    /// When keys of `bot_user` go, in milliseconds since 1970. A key with a lifetime outlives the session.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub expires: BTreeMap<String, i64>,
    /// Who the user is. Not written by bots.
    pub user_context: Map<String, Value>,
}

/// A dialog that runs.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Frame {
    /// The dialog, by its store id.
    pub dialog: String,
    /// The node it is at.
    pub node: String,
    /// Which node of a bot action it is at, if it waits inside of one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub inner: Option<String>,
    /// What it waits for at that node.
    pub waiting: Waiting,
    /// `context` but for `session`: what nodes and scripts of this dialog left.
    pub context: Map<String, Value>,
    /// Wrong answers so far, per node.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub retries: BTreeMap<String, u32>,
    /// What the user said while this dialog ran, with the words that were used.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub inputs: Vec<Input>,
    /// The choices that were shown with the question it waits at.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub shown: Vec<Choice>,
    /// Entities (by name) that were asked for once and may stay empty.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub passed: Vec<String>,
    /// The talk of the agent node that it is at.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub agent: Option<AgentState>,
    /// It was started by an event of the conversation, not by the user.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub of_event: bool,
    /// It was started as a part of a linked task.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub linked: bool,
    /// It runs beside the dialog below, which is the same one: at its end that one asks its question again.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub aside: bool,
    /// When it was interrupted by an event, it is taken up again without a word.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub quiet: bool,
    /// How often each node ran since the user said something last. Not kept.
    #[serde(skip)]
    pub visits: BTreeMap<String, u32>,
}

/// Where the talk of an agent node stands.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AgentState {
    /// The node (`nodeId`), of the dialog of the frame.
    pub node: String,
    /// What was collected so far.
    pub values: Map<String, Value>,
    /// The value that was asked for last, where no model leads the talk.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub asking: Option<String>,
    /// Answers of the model; wrong answers of the user where no model leads the talk.
    pub rounds: u32,
    /// What was said, as models read it (`role`, `content`).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub talk: Vec<Value>,
    /// What the node said last.
    #[serde(skip_serializing_if = "String::is_empty")]
    pub said: String,
}

/// What a dialog waits for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Waiting {
    /// Nothing: it runs.
    #[default]
    Nothing,
    /// A message of the user.
    Input,
    /// A form.
    Form,
    /// The answer of a BotKit server.
    Server,
}

/// A message of the user, as dialogs look back at it.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Input {
    /// What was said.
    pub text: String,
    /// The bytes that entities took.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub used: Vec<Range<usize>>,
    /// Those of them that no other entity may have, whatever it reuses.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub kept: Vec<Range<usize>>,
}

/// A task to start later.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Queued {
    /// The dialog, by its store id.
    pub dialog: String,
    /// What the user said about it.
    pub text: String,
}

/// A question of the platform.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pending {
    /// What is asked.
    pub question: Question,
    /// What there is to choose.
    pub choices: Vec<Choice>,
    /// What each choice means, in the same order.
    pub meanings: Vec<Meaning>,
    /// What the user had said.
    pub text: String,
}

/// What the platform asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Question {
    /// Which of several things was meant.
    Which,
    /// Whether something close was meant.
    DidYouMean,
    /// Which task to start, from the list of help.
    Help,
    /// Whether to leave a task for another one.
    Switch,
    /// Whether to go on with a held task.
    Resume,
    /// Which value was meant, of the entity that waits.
    Value,
    /// Which follow-up task to start.
    FollowUp,
    /// Which language to speak.
    Language,
}

/// What a choice stands for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Meaning {
    /// A dialog (store id).
    Dialog(String),
    /// A question (`refId`).
    Faq(String),
    /// Small talk (`smn-…`).
    SmallTalk(String),
    /// A value.
    Value(Value),
    /// A language.
    Language(String),
    /// Yes.
    Yes,
    /// No.
    No,
    /// None of them.
    None,
}

impl State {
    /// The dialog that runs innermost.
    pub fn frame(&self) -> Option<&Frame> {
        self.stack.last()
    }

    /// Whether a task or a question waits for the user.
    pub fn is_waiting(&self) -> bool {
        self.pending.is_some() || self.frame().is_some_and(|frame| frame.waiting != Waiting::Nothing)
    }

    /// The value of an entity in the dialog that runs innermost.
    pub fn entity(&self, name: &str) -> Option<&Value> {
        self.frame()?.context.get("entities")?.get(name)
    }
}

impl Frame {
    /// A dialog about to start at a node, with an empty context.
    pub fn new(dialog: &str, node: &str) -> Self {
        let mut context = Map::new();
        // Scripts assign members of both without looking whether they are there.
        for holder in ["entities", "entityRules"] {
            context.insert(holder.to_owned(), Value::Object(Map::new()));
        }
        Self { dialog: dialog.to_owned(), node: node.to_owned(), context, ..Self::default() }
    }

    /// The values of its entities.
    pub fn entities_mut(&mut self) -> &mut Map<String, Value> {
        let entities = self.context.entry("entities").or_insert_with(|| Value::Object(Map::new()));
        // A script may have put anything there.
        if !entities.is_object() {
            *entities = Value::Object(Map::new());
        }
        entities.as_object_mut().expect("made an object above")
    }
}
