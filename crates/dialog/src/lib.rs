//! The dialog engine.
//!
//! Pure: no I/O, no clock, no randomness of its own. A [`Bot`] is what publish makes of a definition; a
//! [`State`](state::State) is where a conversation stands.

#![warn(missing_docs)]

pub mod bot;
pub mod condition;
pub mod node;

pub use bot::Bot;
