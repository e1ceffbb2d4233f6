//! What goes wrong in a walk, and whose it is.

use dialog::host::Cause;
use dialog::turn::Step;
use serde::{Deserialize, Serialize};

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
    /// The dialog that was started and the answers that led there.
    pub walk: Vec<String>,
}

/// Kinds of faults.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Kind {
    /// The platform did not do what a bot may do.
    Engine,
    /// A valid answer was not taken.
    Answer,
    /// A script threw, or cannot be read.
    Script,
    /// The bot names something that is not in it, or never comes to an end.
    Bot,
    /// A message that has texts came to nothing.
    Empty,
    /// A service did not answer, or refused the call.
    Service,
    /// A service has no recording.
    Recording,
}

/// Whose a fault is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Blame {
    /// The platform's.
    Engine,
    /// That of the author of the bot: it would go wrong anywhere.
    Author,
    /// That of the world around it: a service that is not there, or has no recording.
    World,
}

impl Kind {
    /// Whose faults of this kind are.
    pub fn blame(self) -> Blame {
        match self {
            Self::Engine | Self::Answer => Blame::Engine,
            Self::Script | Self::Bot | Self::Empty => Blame::Author,
            Self::Service | Self::Recording => Blame::World,
        }
    }
}

impl From<Cause> for Kind {
    fn from(cause: Cause) -> Self {
        match cause {
            Cause::Engine => Self::Engine,
            Cause::Script => Self::Script,
            Cause::Bot => Self::Bot,
            Cause::Service => Self::Service,
            Cause::Recording => Self::Recording,
        }
    }
}

impl Fault {
    /// A fault at a node.
    pub(super) fn new(dialog: &str, node: &str, kind: Kind, cause: String, walk: &[String]) -> Self {
        let (dialog, node, walk) = (dialog.to_owned(), node.to_owned(), walk.to_vec());
        Self { dialog, node, kind, blame: kind.blame(), cause, walk }
    }

    /// What an `error` step of a turn's log tells.
    pub(super) fn of(step: &Step, dialog: &str, walk: &[String]) -> Self {
        let cause = Cause::deserialize(&step.detail["cause"]).unwrap_or_default();
        let message = step.detail["message"].as_str().unwrap_or_default().to_owned();
        Self::new(dialog, &step.name, cause.into(), message, walk)
    }

    /// Whether it tells the same as another.
    pub(super) fn is_same(&self, other: &Self) -> bool {
        (&self.dialog, &self.node, self.kind, &self.cause) == (&other.dialog, &other.node, other.kind, &other.cause)
    }

    /// For people: whose it is, where, what, and how to get there.
    pub(super) fn line(&self) -> String {
        let blame = match self.blame {
            Blame::Engine => "engine",
            Blame::Author => "author",
            Blame::World => "world",
        };
        let place: Vec<&str> = [self.dialog.as_str(), &self.node].into_iter().filter(|it| !it.is_empty()).collect();
        format!("  {blame}: {}: {} (walk: {})", place.join(" / "), self.cause, self.walk.join(" > "))
    }
}
