//! Language understanding: what is learned from a bot's definition at publish, and how utterances are read.
//!
//! Pure: no I/O, no clock, no async, and no randomness but a fixed seed, so that the same examples give the same model.
//! So far there is the text every expert works on ([`text`]) and the expert that learned from examples ([`ml`]).

pub mod ml;
pub mod text;
