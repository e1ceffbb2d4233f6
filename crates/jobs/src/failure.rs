//! Why a request could not be carried out.

use store::Failure;

/// How an attempt at a request failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The request itself is at fault; another attempt would fail the same way.
    #[error("{}", .0.message)]
    Refused(Failure),
    /// Something around it failed; another attempt may succeed.
    #[error("{0}")]
    Transient(String),
    /// Somebody called the request off.
    #[error("the request was called off")]
    Cancelled,
}

impl From<store::Error> for JobError {
    fn from(error: store::Error) -> Self {
        let message = chain(&error);
        if error.is_transient() { Self::Transient(message) } else { Self::Refused(Failure::new(message)) }
    }
}

impl From<store::BlobError> for JobError {
    fn from(error: store::BlobError) -> Self {
        store::Error::from(error).into()
    }
}

/// An error with its causes, in one line.
pub(crate) fn chain(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        text.push_str(": ");
        text.push_str(&error.to_string());
        cause = error.source();
    }
    text
}
