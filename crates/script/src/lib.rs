//! Bot scripts: a child process that reads JavaScript, so that no script can hurt the server.
//!
//! A script engine inside the server has no hard deadline: a single call into the engine's C code can run for half a
//! minute whatever its limits say. A process can always be killed. So [`Checker`] (in the server) starts the same binary
//! again as `botyard script-worker`, which runs [`run_worker`]; they exchange the frames of [`protocol`] over pipes.
//!
//! The worker can do one thing so far: tell whether a script can be read at all ([`Request::Check`]). Running scripts is
//! one more variant of [`Request`] and one more file beside `check.rs`.

#![warn(missing_docs)]

mod check;
mod client;
pub mod protocol;
mod worker;

pub use client::{Checker, Error};
pub use protocol::{Kind, Outcome, Position, Reply, Request, Script};
pub use worker::{answer, run_worker};
