//! All integration tests, in one binary: a module per family, each through the server's public doors.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and the line says where")]

mod cli;
mod lifecycle;
mod quickstart;
mod support;
