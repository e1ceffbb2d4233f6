//! Nodes whose work is found while they run: in what the bot knows, or in what the context names.

use super::Assignment;
use crate::bot::Text;

/// Answers from the bot's own questions.
#[derive(Clone, Debug, Default)]
pub struct Search {
    /// What is looked for; empty for what the user said last.
    pub query: Text,
    /// The answer is said by the node (`answerSearch`); else it is only stored.
    pub says: bool,
    /// A model may take so long to word the answer. Seconds.
    pub timeout_s: u32,
}

/// Runs the dialog, or answers the question, that the context names.
#[derive(Clone, Debug, Default)]
pub struct Dynamic {
    /// What names it (`intentPath`).
    pub named: Text,
    /// The calling dialog ends (`endCurrentTask`).
    pub replaces: bool,
    /// Set in the dialog that runs, before (`contextMap`).
    pub before: Vec<Assignment>,
    /// Set in the calling dialog, after (`postContextMap`).
    pub after: Vec<Assignment>,
}

/// A service of the platform itself, which no export connects to anything.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Unconnected {
    /// Sends a text message: nobody here can.
    TextMessage,
    /// Takes a score of the conversation, and answers with thanks.
    Score,
    /// Takes an answer to a survey: where its fields are (name of the field, id of the node).
    Feedback(Vec<(String, String)>),
}
