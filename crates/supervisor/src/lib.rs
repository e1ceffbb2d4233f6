//! What keeps a process at work when a part of it fails: panics are contained and counted, and long-lived tasks are
//! started again.
//!
//! A piece of work on its own ([`Supervisor::contain`]) that panics fails alone: who asked for it gets [`Panicked`]. A
//! loop that is to run as long as the process ([`Supervisor::keep`]) is started again after a panic, with growing pauses;
//! one that breaks off again and again is [reported](Supervisor::failed), which makes the process not ready.
//!
//! Knows nothing of what the tasks do.

#![warn(missing_docs)]

mod contain;
mod keep;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

pub use contain::{Panicked, blocking};

/// Watches over the tasks of a process. Cheap to clone; the clones are one.
#[derive(Clone, Debug, Default)]
pub struct Supervisor {
    records: Arc<Mutex<Records>>,
    restarts: Restarts,
}

/// How a task that broke off is started again.
#[derive(Clone, Copy, Debug)]
pub struct Restarts {
    /// The pause before the first restart; each further one is twice as long.
    pub first_pause: Duration,
    /// The longest pause.
    pub longest_pause: Duration,
    /// After so many breaks in a row the task counts as failed. It is started again all the same.
    pub limit: u32,
    /// A task that ran for so long is well: its breaks before are forgotten.
    pub steady_after: Duration,
}

/// A task that does not stay alive.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failed {
    /// Its name.
    pub task: String,
    /// How it broke off last.
    pub reason: String,
}

#[derive(Debug, Default)]
struct Records {
    /// How often a task panicked, by its name.
    panics: BTreeMap<String, u64>,
    /// Why a task that does not stay alive broke off last, by its name.
    failed: BTreeMap<String, String>,
}

impl Default for Restarts {
    fn default() -> Self {
        Self {
            first_pause: Duration::from_millis(100),
            longest_pause: Duration::from_secs(30),
            limit: 5,
            steady_after: Duration::from_secs(60),
        }
    }
}

impl Supervisor {
    /// A supervisor that starts tasks again in this way.
    pub fn new(restarts: Restarts) -> Self {
        Self { restarts, ..Self::default() }
    }

    /// How often each task panicked that ever did, by name.
    pub fn panics(&self) -> Vec<(String, u64)> {
        self.records().panics.iter().map(|(task, count)| (task.clone(), *count)).collect()
    }

    /// The tasks that do not stay alive now. While there is one, the process is not ready.
    pub fn failed(&self) -> Vec<Failed> {
        let records = self.records();
        let of = |(task, reason): (&String, &String)| Failed { task: task.clone(), reason: reason.clone() };
        records.failed.iter().map(of).collect()
    }

    fn records(&self) -> MutexGuard<'_, Records> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl std::fmt::Display for Failed {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "the task `{}` does not stay alive: {}", self.task, self.reason)
    }
}
