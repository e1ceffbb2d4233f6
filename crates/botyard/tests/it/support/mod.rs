//! What the tests stand on: a real server of their own, clients of it, and bots to give it.
//!
//! A test starts a [`TestServer`], talks to it through a [`Client`], and ends with [`TestServer::finish`], which checks
//! that nothing was left behind. Everything runs on SQLite and a folder, or, when `BOTYARD_TEST_POSTGRES_URL` is set, on
//! PostgreSQL and an S3 server: the same tests, unchanged.

mod backend;
pub mod bots;
pub mod client;
mod findings;
pub mod fixture;
mod held_object;
mod process;
pub mod program;
mod proxy;
pub mod raw;
mod s3;
pub mod server;
mod stub;
pub mod talk;
pub mod trap;

pub use backend::Backend;
pub use bots::BotFiles;
pub use findings::told;
pub use held_object::HeldObject;
pub use process::Process;
pub use proxy::BreakableProxy;
pub use server::TestServer;
pub use stub::{Asked, Stub};
