//! Files: uploaded ones, and links to all of them.

mod built_in;
pub(crate) mod media;
pub(crate) mod upload;
