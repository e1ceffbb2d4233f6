//! Files: uploaded ones, and links to all of them.

pub(crate) mod media;
pub(crate) mod upload;
