//! What the store promises when several act at once, or one of them fails: on SQLite and a folder, and, when
//! `BOTYARD_TEST_POSTGRES_URL` is set, on PostgreSQL and a folder.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking, and the line says where")]

mod botkit_requests;
mod conversations;
mod data_tables;
mod erase;
mod groups;
mod journal;
mod place;
mod post;
mod queue;
mod read_cache;
mod stuck;
mod sweep;
