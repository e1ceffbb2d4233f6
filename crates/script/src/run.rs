//! What is run: a piece of a bot's JavaScript and all that it can see.

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A text with its `{{…}}` templates taken apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Piece {
    /// Stands as it is.
    Text(String),
    /// What stands between `{{` and `}}`: one JavaScript expression.
    Expression(String),
}

/// Code of a bot, by what is wanted of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Code {
    /// The body of a non-strict function. Templates in it are evaluated first, and their texts become part of the source.
    Body(Vec<Piece>),
    /// Texts with templates. The value of an expression becomes text so: one that throws, undefined, null and functions
    /// give nothing; an array of plain values is they with commas between; any other object is its JSON text.
    Texts(Vec<Vec<Piece>>),
    /// Expressions whose values are wanted. One that throws, or has no JSON, gives null.
    Values(Vec<String>),
}

/// One run: code, and what it sees. Nothing else of the world reaches it, so the same run has the same result.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Run {
    /// What to run.
    pub code: Code,
    /// The bot's own functions: names and sources of its files, evaluated in this order before the code. Function
    /// declarations in them become globals.
    pub functions: Vec<(String, String)>,
    /// The `context` object, with `session.{EnterpriseContext,BotContext,UserContext,UserSession,BotUserSession}`. At
    /// most [`MAX_DEPTH`] levels deep.
    pub context: Value,
    /// The `env` object: variables of the bot.
    pub env: Value,
    /// The `content` object: variables of the bot in the language of the conversation.
    pub content: Value,
    /// The moment that `Date.now()` and `new Date()` are during the whole run. Milliseconds since 1970, UTC.
    pub now_ms: i64,
    /// Seed of `Math.random`.
    pub seed: u64,
    /// Titles that `getChoices()` and `response.choices` give.
    pub choices: Vec<String>,
    /// `response.message`: the standard response the code is about.
    pub message: String,
    /// `koreUtil.getSessionId()`.
    pub session_id: String,
    /// Language of the conversation, as a code such as `en`: `koreUtil.getLanguage()`.
    pub language: String,
    /// `koreUtil.getAmbiguousIntents()`; any JSON.
    pub ambiguous: Value,
}

impl Run {
    /// How large what the run sees is as JSON, about. Bytes.
    pub(crate) fn data_bytes(&self) -> usize {
        [&self.context, &self.env, &self.content].into_iter().map(|value| domain::json_size(value).bytes).sum()
    }
}

/// How deep a context, or another value that goes in or comes out, may nest.
pub const MAX_DEPTH: usize = 100;

/// What one run may take.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Limits {
    /// Time. Milliseconds.
    pub deadline_ms: u64,
    /// Heap of the engine, besides what the run's own data takes in it. Bytes; an engine alone takes about 400 kB.
    pub memory_bytes: usize,
    /// Largest size of each of: what is printed, all texts, all values, what is returned, all tags. Bytes.
    pub max_output_bytes: usize,
    /// Largest size of the context without its stores. Bytes of JSON.
    pub max_context_bytes: usize,
    /// Largest size of a store that something is put into; all that is put into stores may have four times as much. Bytes of
    /// JSON.
    pub store_bytes: usize,
}

/// Whether a value nests deeper than [`MAX_DEPTH`].
pub(crate) fn is_too_deep(value: &Value) -> bool {
    fn deeper(value: &Value, left: usize) -> bool {
        match value {
            Value::Array(items) => left == 0 || items.iter().any(|item| deeper(item, left - 1)),
            Value::Object(fields) => left == 0 || fields.values().any(|item| deeper(item, left - 1)),
            _ => false,
        }
    }
    deeper(value, MAX_DEPTH)
}
