//! Tokens for people.

pub(crate) mod sts;
pub(crate) mod token;
