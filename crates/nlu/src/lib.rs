//! Language understanding: what is learned from a bot's definition at publish, and how utterances are read.
//!
//! Pure: no I/O, no clock, no async, and no randomness but a fixed seed, so that the same examples give the same model.
//!
//! The way of a message: [`lexicon`] makes it words; the experts ([`rule`], [`ml`], [`faq`], [`small_talk`]) say what it
//! may mean, each for itself, as [`candidate`]s; the resolver weighs them.

pub mod candidate;
pub mod lexicon;
pub mod ml;
pub mod text;
