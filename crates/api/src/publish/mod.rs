//! Publish of a bot: start it, and see how far it is.

pub(crate) mod start;
pub(crate) mod status;
