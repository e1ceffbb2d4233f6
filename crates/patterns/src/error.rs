//! Why a pattern cannot be read.

use thiserror::Error;

/// A pattern that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{problem} at character {position} of the pattern; {}", .problem.advice())]
pub struct Error {
    /// The offending character, counted from 0 (in characters, not bytes).
    pub position: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with a pattern.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum Problem {
    /// Nothing to look for: an empty pattern, alternative or group.
    #[error("nothing to look for")]
    Empty,
    /// A group or a quotation has no end.
    #[error("`{0}` is never closed")]
    Unclosed(&'static str),
    /// An operator without the thing it applies to.
    #[error("nothing follows `{0}`")]
    Dangling(&'static str),
    /// A `*` with something that is not a number behind it, or too large a number.
    #[error("`{0}` is no wildcard")]
    Wildcard(String),
    /// An anchor inside `<< >>`, where order has no meaning.
    #[error("`{0}` stands inside `<< >>`")]
    Ordered(&'static str),
    /// More nested groups than [`crate::Pattern::MAX_DEPTH`].
    #[error("groups are nested too deeply")]
    Depth,
    /// More elements than [`crate::Pattern::MAX_ELEMENTS`].
    #[error("the pattern has too many elements")]
    Length,
}

impl Problem {
    /// What the author can do about it, as a lower-case fragment.
    pub fn advice(&self) -> &'static str {
        match self {
            Self::Empty => "write at least one word there, or take the brackets away",
            Self::Unclosed(_) => "close it, or take the opening away",
            Self::Dangling(_) => "put a word, a concept or a group directly behind it",
            Self::Wildcard(_) => "write `*`, `*3` or `*~3` with a number of at most 99, and a space behind it",
            Self::Ordered(_) => "move it outside of `<< >>`",
            Self::Depth => "use at most 32 levels",
            Self::Length => "split it into several patterns; long word lists belong into a concept",
        }
    }
}
