//! The Botyard server and its command line, as a library that tests can start.
//!
//! [`config`] says what the owner of a server may set, [`Server`] is a running server, and [`cli`] holds one file per
//! command. This crate puts the others together and has no rules of its own.

pub mod bench;
pub mod cli;
pub mod config;
mod connections;
mod error;
mod measurements;
mod premises;
pub mod sample;
mod server;
pub mod walk;

pub use config::Config;
pub use error::Error;
pub use premises::{Premises, Sources};
pub use server::{Options, Server};
