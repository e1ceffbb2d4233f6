//! Measurements against this machine's own limits.
//!
//! Every measure puts the server next to the least that the same work costs on the same machine at the same time, and
//! says how far it is from that. Rounds of both sides take turns and medians are compared, so that a busy machine shifts
//! both sides alike. One measure is one file.

mod bare_server;
mod bare_turns;
mod connection;
mod conversation;
mod export;
mod import;
mod large_bot;
mod lifecycle;
mod memory;
pub mod nlu;
mod server;
mod status;

use std::path::PathBuf;
use std::time::Duration;

use serde::Serialize;

pub use bare_server::serve as serve_bare;
pub use bare_turns::serve as serve_bare_turns;
pub use conversation::run as conversation;
pub use lifecycle::run as lifecycle;

/// Why a measurement could not be made.
#[derive(Debug, thiserror::Error)]
pub enum BenchError {
    /// A folder, a process or a connection of the measurement failed.
    #[error("the measurement broke off")]
    Io(#[from] std::io::Error),
    /// The server that is measured did not start; its log is in the text.
    #[error("the server that is measured did not start; its log says: {0}")]
    NotStarted(String),
    /// The server gave an answer that the measurement cannot go on with.
    #[error("{call} answered {answer}")]
    Answer {
        /// The call.
        call: String,
        /// The status and the body.
        answer: String,
    },
    /// A data set cannot be used.
    #[error("{path} {what}", path = path.display())]
    Data {
        /// The file or folder.
        path: PathBuf,
        /// What is wrong with it, with the line where there is one.
        what: String,
    },
    /// The store of the comparison failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// What is needed for the comparison could not be made.
    #[error("the comparison failed: {0}")]
    Comparison(String),
}

/// What is aimed for.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Aim {
    /// The result should not be less.
    AtLeast(f64),
    /// The result should not be more.
    AtMost(f64),
}

/// What was measured, and what came of it.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Measure {
    /// A word for it.
    pub name: &'static str,
    /// What the two numbers are.
    pub what: &'static str,
    /// What the server took or did.
    pub measured: f64,
    /// What the least took or did; nothing where the aim is an absolute number.
    pub limit: Option<f64>,
    /// The unit of both.
    pub unit: &'static str,
    /// The ratio of both, or the measured number where there is no limit.
    pub result: f64,
    /// What is aimed for.
    pub aim: Aim,
    /// Whether it was reached.
    pub met: bool,
}

impl Measure {
    /// A measure whose aim is a ratio.
    fn ratio(name: &'static str, what: &'static str, unit: &'static str, measured: f64, limit: f64, aim: Aim) -> Self {
        let result = measured / limit;
        Self { name, what, measured, limit: Some(limit), unit, result, aim, met: aim.is_met(result) }
    }

    /// A measure whose aim is a number of its own unit.
    fn absolute(name: &'static str, what: &'static str, unit: &'static str, measured: f64, aim: Aim) -> Self {
        Self { name, what, measured, limit: None, unit, result: measured, aim, met: aim.is_met(measured) }
    }

    /// The measure in one line, for people.
    pub fn line(&self) -> String {
        let (sign, aim) = match self.aim {
            Aim::AtLeast(aim) => ("≥", aim),
            Aim::AtMost(aim) => ("≤", aim),
        };
        let verdict = if self.met { "met" } else { "NOT met" };
        let numbers = match self.limit {
            Some(limit) => {
                format!(
                    "{:>10.1} / {:>8.1} {:<3} = {:>5.2}   aim {sign} {aim}",
                    self.measured, limit, self.unit, self.result
                )
            }
            None => format!("{:>10.1} {:<22}   aim {sign} {aim} {}", self.measured, self.unit, self.unit),
        };
        format!("{:<8} {numbers}, {verdict}\n         {}", self.name, self.what)
    }
}

impl Aim {
    fn is_met(self, result: f64) -> bool {
        match self {
            Self::AtLeast(aim) => result >= aim,
            Self::AtMost(aim) => result <= aim,
        }
    }
}

/// The middle one of some numbers; of an even count, the upper of the two in the middle.
fn median(mut numbers: Vec<f64>) -> f64 {
    numbers.sort_by(f64::total_cmp);
    numbers.get(numbers.len() / 2).copied().unwrap_or(f64::NAN)
}

fn millis(duration: Duration) -> f64 {
    duration.as_secs_f64() * 1000.0
}
