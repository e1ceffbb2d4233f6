//! The dialog engine: what a bot says and does, message by message.
//!
//! Pure: no I/O, no clock, no randomness of its own. A [`Bot`] is what publish makes of a definition; a
//! [`State`] is where a conversation stands; [`turn()`] lets something happen. What the engine
//! cannot do by itself (scripts, services, tables) it asks of a [`Host`](host::Host), as data.

#![warn(missing_docs)]

pub mod bot;
pub mod compat;
pub mod condition;
mod engine;
pub mod host;
mod json_body;
pub mod node;
mod path;
pub mod pii;
pub mod read;
pub mod reply;
mod scope;
pub mod state;
mod tone;
pub mod turn;

pub use bot::Bot;
pub use compat::Compat;
pub use engine::{answers, closing_text, failure_text, has_last_words, plain_failure_text};
pub use state::State;
pub use turn::{Circumstances, Event, Message, Outcome, turn};
