//! What came of a run.

use std::io;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::{
    protocol::Position,
    run::{Code, Limits, Run, is_too_deep},
};

/// What a run did and gave.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct Ran {
    /// The texts of [`Code::Texts`](crate::Code::Texts), filled in.
    pub texts: Vec<String>,
    /// The values of [`Code::Values`](crate::Code::Values).
    pub values: Vec<Value>,
    /// All that was printed, one after the other; `None` when nothing ever was.
    pub printed: Option<String>,
    /// What a body returned; `None` for undefined and functions.
    #[serde(deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub returned: Option<Value>,
    /// The context afterwards; `None` when nothing in it changed.
    pub context: Option<Value>,
    /// What was put into stores and deleted from them, in order. The context shows it too.
    pub puts: Vec<Put>,
    /// Tags for reports.
    pub tags: Vec<ScriptTag>,
    /// Context tags.
    pub context_tags: Vec<String>,
    /// Lines for the debug log: at most 200, each of at most 8,192 characters.
    pub logs: Vec<String>,
    /// The script closes the session.
    pub closes_session: bool,
    /// The script forgets what authorises its user at services.
    pub clears_auth: bool,
}

/// Most lines for the debug log.
const MAX_LOGS: usize = 200;

/// Longest line for the debug log, in characters.
const MAX_LOG_LENGTH: usize = 8192;

impl Ran {
    /// Fails when something is larger than it may be. `json_bytes` is at least the size of all that is not in `texts` and
    /// `values`.
    pub(crate) fn check_sizes(&self, limits: &Limits, json_bytes: usize) -> Result<(), Fault> {
        let most = limits.max_output_bytes;
        let check = |what, bytes| Fault::too_large(what, bytes, most);
        check("what the texts come to", self.texts.iter().map(String::len).sum())?;
        if self.values.len() > 1 {
            check("what the values come to", self.values.iter().map(size_of_json).sum())?;
        }
        if json_bytes <= most {
            return Ok(());
        }
        check("what it printed", self.printed.as_ref().map_or(0, String::len))?;
        check("what it returned", size_of_json(&self.returned))?;
        // The stores in it have limits of their own.
        let context = self.context.as_ref().and_then(Value::as_object);
        let outside = context.into_iter().flatten().filter(|(name, _)| *name != "session");
        let bytes = outside.map(|(name, value)| name.len() + 4 + domain::json_size(value).bytes).sum();
        Fault::too_large("the context", bytes, limits.max_context_bytes)?;
        Fault::too_large("what it put into stores", size_of_json(&self.puts), limits.store_bytes.saturating_mul(4))?;
        check("what it tagged", size_of_json(&(&self.tags, &self.context_tags)))
    }

    /// Whether our own code in the worker can have made this of a run. If not, it was not our code that answered.
    pub(crate) fn is_of(&self, run: &Run) -> bool {
        let (texts, values) = match &run.code {
            Code::Body(_) => (0, 0),
            Code::Texts(wanted) => (wanted.len(), 0),
            Code::Values(wanted) => (0, wanted.len()),
        };
        let put_values = self.puts.iter().filter_map(|put| put.value.as_ref());
        let mut documents = self.values.iter().chain(&self.context).chain(&self.returned).chain(put_values);
        let is_a_time = |minutes: f64| minutes > 0.0 && minutes.is_finite();
        self.texts.len() == texts
            && self.values.len() == values
            && self.logs.len() <= MAX_LOGS
            && self.logs.iter().all(|line| line.len() <= MAX_LOG_LENGTH || line.chars().count() <= MAX_LOG_LENGTH)
            && self.puts.iter().filter_map(|put| put.ttl_minutes).all(is_a_time)
            && !documents.any(is_too_deep)
    }
}

/// The size of a value as JSON, without making it.
fn size_of_json(value: &impl Serialize) -> usize {
    struct Counter(usize);
    impl io::Write for Counter {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0 += bytes.len();
            Ok(bytes.len())
        }
        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut counter = Counter(0);
    serde_json::to_writer(&mut counter, value).map_or(usize::MAX, |()| counter.0)
}

/// A change of one key of a store by `put` or `delete`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Put {
    /// The store.
    pub store: StoreName,
    /// The key.
    pub key: String,
    /// The value at that moment; `None` when the key was deleted.
    #[serde(default, deserialize_with = "present", skip_serializing_if = "Option::is_none")]
    pub value: Option<Value>,
    /// After this time the key is to vanish. Minutes, more than 0; `None` when it stays.
    pub ttl_minutes: Option<f64>,
}

/// The stores a script can write to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum StoreName {
    /// Of all bots and users of an account.
    EnterpriseContext,
    /// Of all users of a bot.
    BotContext,
    /// Of one user, with all bots.
    UserSession,
    /// Of one user with one bot.
    BotUserSession,
}

impl StoreName {
    /// Its key in `context.session`.
    pub const fn key(self) -> &'static str {
        match self {
            Self::EnterpriseContext => "EnterpriseContext",
            Self::BotContext => "BotContext",
            Self::UserSession => "UserSession",
            Self::BotUserSession => "BotUserSession",
        }
    }
}

/// A tag for reports.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct ScriptTag {
    /// What it is tied to.
    pub level: TagLevel,
    /// Name.
    pub name: String,
    /// Value, as text.
    pub value: String,
}

/// What a tag is tied to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum TagLevel {
    /// The message being answered.
    Message,
    /// The session.
    Session,
    /// The user.
    User,
    /// What is shown in reports in place of what was said; the value is the text.
    AlternateText,
}

/// Why a run came to nothing. The texts are fragments for people; those of the engine are left as they are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "camelCase", rename_all_fields = "camelCase")]
pub enum Fault {
    /// It threw, or left something that cannot be taken over. Also: a functions file that cannot be read.
    #[error("{message}{}", where_it_is(.place.as_deref(), *.position))]
    Threw {
        /// Such as `TypeError: cannot read property 'x' of undefined`.
        message: String,
        /// The functions file it happened in; `None` when it was in the code itself.
        place: Option<String>,
        /// Where in the text, templates in it filled in; `None` when that is not known.
        position: Option<Position>,
    },
    /// The code breaks the grammar of the language.
    #[error("{message}{}", where_it_is(None, *.position))]
    Syntax {
        /// What is wrong, in the engine's words.
        message: String,
        /// Where in the text, templates in it filled in; `None` when that is not known.
        position: Option<Position>,
    },
    /// It did not end in time.
    #[error("it did not end within {limit_ms} ms")]
    TimedOut {
        /// The time it had. Milliseconds.
        limit_ms: u64,
    },
    /// It wanted more memory than a script may have.
    #[error("it needs more memory than a script may have")]
    OutOfMemory,
    /// Something is larger than it may be.
    #[error("{what} is too large")]
    TooLarge {
        /// What, as a fragment such as "the context".
        what: String,
    },
    /// Too many scripts of its bot wait for their turn, so it was not begun. Those of other bots are not concerned.
    #[error("{waiting} scripts of this bot wait to be run already, and no more may")]
    Crowded {
        /// So many may wait.
        waiting: usize,
    },
    /// The process that ran it died.
    #[error("the process that ran it {reason}")]
    Crashed {
        /// How, as a fragment that follows "the process".
        reason: String,
    },
    /// It was never begun.
    #[error("scripts cannot be run: {reason}")]
    Unavailable {
        /// Why, as a fragment.
        reason: String,
    },
}

impl Fault {
    /// Fails with [`Fault::TooLarge`] when something is larger than it may be.
    pub(crate) fn too_large(what: &str, bytes: usize, most: usize) -> Result<(), Self> {
        if bytes > most { Err(Self::TooLarge { what: what.into() }) } else { Ok(()) }
    }

    /// Whether the author of the bot has to mend it; if not, whoever runs the platform.
    pub const fn is_authors(&self) -> bool {
        !matches!(self, Self::Crashed { .. } | Self::Unavailable { .. })
    }
}

/// `, in a.js, line 3, column 14`, as far as it is known.
fn where_it_is(place: Option<&str>, position: Option<Position>) -> String {
    let place = place.map(|place| format!(", in {place}")).unwrap_or_default();
    let position = position.map(|Position { line, column }| format!(", line {line}, column {column}"));
    place + &position.unwrap_or_default()
}

/// Tells a null that is there from a field that is not.
fn present<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(deserializer).map(Some)
}
