//! Why a request could not be carried out.

use definition::check::Finding;
use definition::{ParseError, ShapeError};
use domain::task::UnreadableTask;
use store::Failure;

/// How an attempt at a request failed.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// The request itself is at fault; another attempt would fail the same way.
    #[error("{}", .0.message)]
    Refused(Box<Failure>),
    /// Something around it failed; another attempt may succeed.
    #[error("{0}")]
    Transient(String),
    /// Somebody called the request off.
    #[error("the request was called off")]
    Cancelled,
}

impl JobError {
    /// The request is at fault, in these words.
    pub(crate) fn refused(message: impl Into<String>) -> Self {
        Self::Refused(Box::new(Failure::new(message)))
    }
}

impl From<UnreadableTask> for JobError {
    fn from(error: UnreadableTask) -> Self {
        let message = chain(&error);
        match error {
            // A node of that release may take it.
            UnreadableTask::Newer { .. } => Self::Transient(message),
            UnreadableTask::Malformed { .. } => Self::refused(message),
        }
    }
}

impl From<store::Error> for JobError {
    fn from(error: store::Error) -> Self {
        let message = chain(&error);
        if error.is_transient() { Self::Transient(message) } else { Self::refused(message) }
    }
}

impl From<store::BlobError> for JobError {
    fn from(error: store::BlobError) -> Self {
        store::Error::from(error).into()
    }
}

impl From<understanding::Error> for JobError {
    fn from(error: understanding::Error) -> Self {
        match error {
            understanding::Error::Store(error) => error.into(),
            understanding::Error::Aborted => Self::Transient(error.to_string()),
            error => Self::refused(error.to_string()),
        }
    }
}

impl From<ParseError> for JobError {
    fn from(error: ParseError) -> Self {
        Self::Refused(Box::new(Failure {
            message: error.to_string(),
            pointer: Some(error.pointer),
            line: Some(error.line as u64),
            column: Some(error.column as u64),
            file: Some(error.file),
            advice: None,
        }))
    }
}

impl From<ShapeError> for JobError {
    fn from(error: ShapeError) -> Self {
        Self::Refused(Box::new(Failure {
            message: error.to_string(),
            pointer: Some(error.pointer),
            line: Some(error.line as u64),
            column: Some(error.column as u64),
            file: Some(error.file),
            advice: None,
        }))
    }
}

/// What a check found, as the failure of a request. The first finding is told in full, the others are counted.
pub(crate) fn failure_of(findings: &[Finding], what: &str) -> Option<Failure> {
    let first = findings.first()?;
    let owner = first.resource.as_ref().map(|it| format!(" ({} '{}')", it.kind, it.name)).unwrap_or_default();
    let others = match findings.len() - 1 {
        0 => String::new(),
        1 => "; 1 other place is broken, too".to_owned(),
        count => format!("; {count} other places are broken, too"),
    };
    Some(Failure {
        message: format!(
            "{what}: {} at {}{owner}: {}; {}{others}",
            first.file, first.pointer, first.message, first.advice
        ),
        file: Some(first.file.clone()),
        pointer: Some(first.pointer.clone()),
        advice: Some(first.advice.to_owned()),
        ..Failure::default()
    })
}

/// A finding in one line, for lists of warnings.
pub(crate) fn line_of(finding: &Finding) -> String {
    match &finding.resource {
        Some(resource) => {
            format!("{} '{}': {} ({}{})", resource.kind, resource.name, finding.message, finding.file, finding.pointer)
        }
        None => format!("{} ({}{})", finding.message, finding.file, finding.pointer),
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
