//! What is noted of a turn that is tried out.

use std::sync::{Mutex, PoisonError};

use script::{Fault, Run};

/// A script that ran in a turn.
#[derive(Clone, Debug)]
pub struct ScriptRun {
    /// What ran, and all that it saw.
    pub run: Run,
    /// Why it came to nothing, where it did.
    pub fault: Option<Fault>,
}

/// What is noted of a turn that is tried out.
#[derive(Debug, Default)]
pub(crate) struct Notes(pub(crate) Mutex<Noted>);

/// What was noted in all.
#[derive(Debug, Default)]
pub(crate) struct Noted {
    pub(crate) scripts: Vec<ScriptRun>,
    pub(crate) wrote_table: bool,
}

impl Notes {
    /// Notes a script that ran.
    pub(crate) fn ran(&self, run: Run, fault: Option<&Fault>) {
        let run = ScriptRun { run, fault: fault.cloned() };
        self.0.lock().unwrap_or_else(PoisonError::into_inner).scripts.push(run);
    }

    /// Notes that a data table may have changed.
    pub(crate) fn wrote_table(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).wrote_table = true;
    }
}
