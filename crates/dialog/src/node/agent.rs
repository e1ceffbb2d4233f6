//! The agent node: a talk in which values are collected, led by a language model where there is one.

use serde_json::Value;

use super::{ModelChoice, Node};
use crate::bot::Text;

/// Collects values in a talk of its own.
#[derive(Clone, Debug, Default)]
pub struct Agent {
    /// What it collects, in the order in which scripts read it.
    pub entities: Vec<AgentEntity>,
    /// What the model is told about its part.
    pub system: Text,
    /// Rules for the talk; never run as code, whatever they look like.
    pub rules: Vec<Text>,
    /// When the talk is over.
    pub exits: Vec<Text>,
    /// Which model leads the talk, and how it is asked in each round.
    pub model: ModelChoice,
    /// Runs once, on arrival.
    pub before: Option<Text>,
    /// Runs after every answer of the model, and when all values are collected.
    pub after: Option<Text>,
    /// So many rounds a model has; so many wrong answers are taken without one.
    pub most_rounds: u32,
    /// The node that is gone to then (`action: "executeNode"`); the dialog ends when there is none.
    pub rounds_target: Option<String>,
    /// Other intents may interrupt it (`inputHandlingOptions: "executeIntent"`).
    pub executes_intent: bool,
    /// What happens when the model fails.
    pub on_failure: OnModelFailure,
    /// What the model may call. Only agents with a prompt of their own (`isCustom`) have tools: with the default prompt the
    /// platform calls none, and its authors call the same service in the next node.
    pub tools: Vec<Tool>,
}

/// A value that an agent collects.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentEntity {
    /// Name.
    pub name: String,
    /// Type, as entities have it (`phone_number`).
    pub entity_type: String,
}

/// What happens when the model of an agent fails.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum OnModelFailure {
    /// The task fails (`failEvent`).
    #[default]
    Fail,
    /// The dialog ends.
    End,
    /// This node is gone to.
    Go(String),
}

/// A function that a model may call.
#[derive(Clone, Debug, Default)]
pub struct Tool {
    /// Name.
    pub name: String,
    /// What it does, for the model.
    pub description: String,
    /// Its parameters, as a JSON schema.
    pub parameters: Value,
    /// Services and scripts that run one after the other.
    pub actions: Vec<Node>,
    /// Where its answer stands in the context.
    pub answer: String,
}
