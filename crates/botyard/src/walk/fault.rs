//! What goes wrong in a walk, and whose it is.

use std::collections::BTreeMap;

use dialog::host::Cause;
use dialog::turn::Step;
use serde::{Deserialize, Serialize};
use serde_json::Value;

/// Something that went wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Fault {
    /// The dialog it happened in, by its name; empty where none ran.
    pub dialog: String,
    /// The node, by its name.
    pub node: String,
    /// What kind of fault.
    pub kind: Kind,
    /// Whose it is.
    pub blame: Blame,
    /// What went wrong.
    pub cause: String,
    /// What tells whose it is.
    pub evidence: String,
    /// The script that failed; absent where none did.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<FailedScript>,
    /// The channel of the walk.
    pub channel: String,
    /// The dialog that was entered and the answers that led there.
    pub walk: Vec<String>,
}

/// A script that failed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FailedScript {
    /// The line, from 1; absent where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<usize>,
    /// What stands there.
    pub text: String,
    /// What it reads and what that was: paths and values, long ones cut.
    pub values: BTreeMap<String, Value>,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// The platform did not do what a bot may do.
    Engine,
    /// A valid answer was not taken.
    Answer,
    /// Nothing was said to something that asks for a word.
    Silent,
    /// A script threw, or cannot be read.
    Script,
    /// The bot names something that is not in it, or never comes to an end.
    Bot,
    /// A message that has texts came to nothing.
    Empty,
    /// A node of a kind that is not run.
    Node,
    /// A service did not answer, or refused the call.
    Service,
    /// A service has no recording.
    Recording,
    /// Something is needed that is not in the export.
    Missing,
}

/// Whose a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Blame {
    /// The platform's.
    Engine,
    /// The evidence does not tell; it counts as the platform's.
    Unknown,
    /// That of the author of the bot: it would go wrong anywhere.
    Author,
    /// That of the world around it: something that is not in the export and has no recording.
    World,
}

impl Blame {
    /// Whether it counts as a fault of the platform.
    pub fn is_ours(self) -> bool {
        matches!(self, Self::Engine | Self::Unknown)
    }

    /// Its name, for people.
    pub fn name(self) -> &'static str {
        match self {
            Self::Engine => "engine",
            Self::Unknown => "unknown",
            Self::Author => "author",
            Self::World => "world",
        }
    }
}

/// What is known of a fault before it is looked into.
pub(super) struct Found {
    /// The dialog, by its id; empty where none ran.
    pub(super) dialog: String,
    /// The node, by its id.
    pub(super) node: String,
    /// The node, by its name.
    pub(super) name: String,
    pub(super) kind: Kind,
    pub(super) cause: String,
}

impl Found {
    /// What an `error` step of a turn's log tells.
    pub(super) fn of(step: &Step) -> Self {
        let kind = match Cause::deserialize(&step.detail["cause"]).unwrap_or_default() {
            Cause::Engine => Kind::Engine,
            Cause::Script => Kind::Script,
            Cause::Bot => Kind::Bot,
            Cause::Service => Kind::Service,
            Cause::Recording => Kind::Recording,
        };
        let cause = step.detail["message"].as_str().unwrap_or_default().to_owned();
        Self { dialog: step.dialog.clone(), node: step.node.clone(), name: step.name.clone(), kind, cause }
    }
}

/// What tells whose a fault is.
#[derive(Clone, Debug)]
pub(super) struct Evidence {
    pub(super) blame: Blame,
    /// Another kind, where it turned out to be one.
    pub(super) kind: Option<Kind>,
    pub(super) told: String,
    /// Nothing that was changed helps.
    pub(super) always: bool,
    pub(super) script: Option<FailedScript>,
}

impl Evidence {
    /// Evidence without a script.
    pub(super) fn of(blame: Blame, told: impl Into<String>) -> Self {
        Self { blame, kind: None, told: told.into(), always: false, script: None }
    }
}

impl Fault {
    /// Whether it tells the same as another.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.dialog, &self.node, self.kind, &self.cause) == (&other.dialog, &other.node, other.kind, &other.cause)
    }

    /// Its cause without what to do about it.
    pub(super) fn cause_in_short(&self) -> &str {
        let (short, _) = self.cause.split_once(": set `").unwrap_or((&self.cause, ""));
        short
    }

    /// For people: whose it is, where, what, what tells it, and how to get there.
    pub(super) fn lines(&self) -> Vec<String> {
        let place: Vec<&str> = [self.dialog.as_str(), &self.node].into_iter().filter(|it| !it.is_empty()).collect();
        let mut lines = vec![format!("  {}: {}: {}", self.blame.name(), place.join(" / "), self.cause)];
        lines.push(format!("    evidence: {}", self.evidence));
        if let Some(script) = &self.script {
            let line = script.line.map_or_else(String::new, |line| format!(" {line}"));
            lines.push(format!("    line{line}: {}", script.text));
            let values = script.values.iter().map(|(path, value)| format!("{path} = {value}"));
            let values: Vec<String> = values.collect();
            if !values.is_empty() {
                lines.push(format!("    values: {}", values.join("; ")));
            }
        }
        lines.push(format!("    walk on {}: {}", self.channel, self.walk.join(" > ")));
        lines
    }
}
