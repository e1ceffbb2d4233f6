//! The wire forms of channels: what clients send is read, what bots say is written.
//!
//! Pure: no I/O, no clock, no ids of its own. A reply of the dialog engine becomes plain [`text`], safe [`html`], a
//! message of the [`webhook`] channel, or the [`components`] that a history keeps.

#![warn(missing_docs)]

pub mod html;
mod stored;
pub mod text;
pub mod webhook;

pub use stored::components;
