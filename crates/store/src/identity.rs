//! Whether what has a name on the disk is still what was opened under it.
//!
//! What is written beside a folder or file that somebody moved away is lost when the right one is put back, so it is not
//! written at all.

use std::path::Path;

/// What tells a file or folder from another one of the same name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Identity((u64, u64));

impl Identity {
    /// Of what has this name now; nothing where nothing has it, or the system has no such numbers.
    #[cfg(unix)]
    pub(crate) fn of(path: &Path) -> Option<Self> {
        use std::os::unix::fs::MetadataExt;
        let metadata = std::fs::metadata(path).ok()?;
        Some(Self((metadata.dev(), metadata.ino())))
    }

    /// Of what has this name now; nothing where nothing has it, or the system has no such numbers.
    #[cfg(not(unix))]
    pub(crate) fn of(_: &Path) -> Option<Self> {
        None
    }

    /// Whether the name still is of what was `opened`.
    pub(crate) fn is_still(opened: Option<Self>, path: &Path) -> bool {
        opened.is_none_or(|opened| Self::of(path) == Some(opened))
    }
}
