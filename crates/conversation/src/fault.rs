//! Why a call to the outside failed, as the engine is told.

use dialog::host::{Cause, Fault};

/// What the engine is told of a failure.
pub(crate) fn fault_of(failure: services::Failure) -> Fault {
    use services::Failure::{NoRecording, Timeout, Unreachable};
    let no_answer = matches!(failure, Timeout { .. } | Unreachable { .. });
    let cause = if matches!(failure, NoRecording { .. }) { Cause::Recording } else { Cause::Service };
    Fault { message: failure.to_string(), no_answer, cause }
}
