//! All integration tests, in one binary: a module per family, each through the server's public doors.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and the line says where")]

mod answers;
mod apps;
mod attachments;
mod botkit;
mod bots;
mod channels;
mod cli;
mod connections;
mod conversations;
mod conversing;
mod corpus;
mod crash;
mod debug_logs;
mod encoders;
mod entry;
mod erase;
mod errors;
mod faults;
mod forms;
mod hostile;
mod lifecycle;
mod limits;
mod logs;
mod malformed;
mod measurements;
mod messages;
mod openapi;
mod operations;
mod own_app;
mod panics;
mod partial;
mod people;
mod private;
mod quickstart;
mod requests;
mod secrets_at_rest;
mod selection;
mod sessions;
mod sources;
mod starts;
mod suggestions;
mod support;
mod test_suites;
mod tokens;
mod understanding;
mod uploads;
mod utterances;
mod variables;
mod versions;
mod walk;
mod webhooks;

// Zip archives with every header at hand, as the tests of the crate `archive` build them.
#[path = "../../../archive/tests/it/zip_builder.rs"]
mod zip_builder;
