//! What the owner of a server may set about conversations.

use std::collections::BTreeMap;

use dialog::Compat;
use dialog::compat::Flows;
use serde::{Deserialize, Serialize};

/// How conversations are held.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How long a turn may take before its task fails. Milliseconds.
    pub turn_limit_ms: u64,
    /// How long a channel that waits for the answer waits; then it is told where to ask for it. Milliseconds.
    pub sync_wait_ms: u64,
    /// How long a call to the outside may take before what the turn said until then goes out without waiting for its end.
    /// Milliseconds.
    pub flush_after_ms: u64,
    /// How long who closes a session over the API waits for the turn that runs in it; the close stands then. Milliseconds.
    pub close_wait_ms: u64,
    /// How long what turns did is kept for debug logs; nothing is kept at 0. Seconds.
    pub debug_log_s: u64,
    /// How often a message that was acknowledged is taken to be answered before it is given up: the user is told that
    /// something went wrong, and `botyard message list` shows it.
    pub message_attempts: i64,
    /// How long such a message waits after its first attempt failed; twice as long after each further one. Milliseconds.
    pub message_pause_ms: u64,
    /// How often sessions that are to be closed, and messages that wait, are looked for. Milliseconds.
    pub keeper_interval_ms: u64,
    /// Calls of services that may change something carry an `Idempotency-Key`, unless the bot gives one: a turn that is
    /// taken again, because its process died, says the same one.
    pub idempotency_keys: bool,
    /// How scripts run.
    pub scripts: Scripts,
    /// How services are called.
    pub services: services::Options,
    /// Language models that generative nodes ask, by the integration they name (`openai`, `azure`); `default` stands for
    /// every other. Nodes that need one are skipped where none is set, and agents ask for their values one by one.
    pub language_models: BTreeMap<String, LanguageModel>,
    /// How BotKit servers are waited for.
    pub botkit: BotKitWaits,
    /// How flows of apps run.
    pub flows: Flows,
    /// How undocumented rules are read.
    pub compat: Compat,
}

/// How BotKit servers are waited for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BotKitWaits {
    /// How long a server may take to call back about a message; then it counts as one that cannot be reached.
    /// Milliseconds.
    pub limit_ms: u64,
    /// How long a turn waits for a word of an agent; what an agent says later is a turn of its own. Milliseconds.
    pub agent_limit_ms: u64,
    /// How long a turn waits for more after a server said something to the user in the bot's place. Milliseconds.
    pub settle_ms: u64,
}

/// How scripts run.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Scripts {
    /// So many run at a time; as many as there are processors, and one more, when 0.
    pub workers: usize,
    /// So many scripts of one bot run at a time; never all workers when there are several, and all but one when 0.
    pub workers_per_bot: usize,
    /// So many scripts of one bot may wait to be run; one more fails.
    pub waiting_per_bot: usize,
    /// A script may take so long. Milliseconds.
    pub deadline_ms: u64,
    /// A script may take so much memory. Bytes.
    pub memory_bytes: usize,
    /// A script may print so much, and leave a context so large. Bytes.
    pub max_output_bytes: usize,
}

/// A language model behind an API in the shape of OpenAI's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LanguageModel {
    /// Base address, such as `https://models.example.com/v1`.
    pub url: String,
    /// Key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub api_key: Option<ModelKey>,
    /// Model, whatever a bot names.
    pub model: String,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            turn_limit_ms: 60_000,
            sync_wait_ms: 10_000,
            flush_after_ms: 250,
            close_wait_ms: 5_000,
            debug_log_s: 7 * 24 * 3_600,
            message_attempts: 5,
            message_pause_ms: 1_000,
            keeper_interval_ms: 1_000,
            idempotency_keys: true,
            scripts: Scripts::default(),
            services: services::Options::default(),
            language_models: BTreeMap::new(),
            botkit: BotKitWaits::default(),
            flows: Flows::default(),
            compat: Compat::default(),
        }
    }
}

impl Default for BotKitWaits {
    fn default() -> Self {
        Self { limit_ms: 15_000, agent_limit_ms: 5_000, settle_ms: 200 }
    }
}

impl Default for Scripts {
    fn default() -> Self {
        Self {
            workers: 0,
            workers_per_bot: 0,
            waiting_per_bot: 1_000,
            deadline_ms: 2_000,
            memory_bytes: 64 << 20,
            max_output_bytes: 1 << 20,
        }
    }
}

/// The key to a language model. Written and printed, it is hidden.
#[derive(Clone, PartialEq, Eq, Deserialize)]
#[serde(transparent)]
pub struct ModelKey(String);

impl ModelKey {
    /// The key.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl std::fmt::Debug for ModelKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("ModelKey(hidden)")
    }
}

impl Serialize for ModelKey {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("hidden")
    }
}
