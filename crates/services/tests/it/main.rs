//! Calls against real servers on this machine.
#![expect(clippy::unwrap_used, reason = "clippy.toml allows it in test functions; this covers what they call")]

mod answers;
mod broken;
mod corpus;
mod egress;
mod models;
mod proofs;
mod recordings;
mod redirects;
mod server;
mod tokens;
