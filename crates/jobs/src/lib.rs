//! Requests carried out by workers. One file per kind of request.
//!
//! This crate knows no HTTP: it takes a request row, does what it asks, and writes what came of it. Every kind may run
//! twice (a worker can die at any point), so a kind only prepares; the runner then writes the effect and the end of the
//! request in one transaction that names the attempt.

mod bot_export;
mod bot_import;
mod failure;
mod publish;
mod runner;
mod sweep;
mod utterance_export;
mod utterance_import;
mod webhook_delivery;

pub use failure::JobError;
pub use runner::{Options, Runner};
