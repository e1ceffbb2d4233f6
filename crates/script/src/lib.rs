//! Bot scripts: a child process that reads and runs JavaScript, so that no script can hurt the server.
//!
//! A script engine inside the server has no hard deadline: a single call into the engine's C code can run for half a
//! minute whatever its limits say. A process can always be killed. So [`Checker`] and [`Pool`] (in the server) start the
//! same binary again as `botyard script-worker`, which runs [`run_worker`]; they exchange the frames of [`protocol`] over
//! pipes.
//!
//! A worker can tell whether a script can be read at all ([`Request::Check`]), and run one ([`Request::Run`]). What a
//! script sees is written in JavaScript, in `world/`.
//!
//! Two things keep one bot from harming others. [`Pool`] serves bots in turn, and gives each a share of the workers. And
//! before its first request a worker gives away every right it does not need ([`confine`]), so that whoever takes over the
//! engine has not taken over anything else; what comes back is measured again by the server.

#![warn(missing_docs)]

mod absent;
mod bounds;
mod check;
mod checker;
mod confine;
mod engine;
mod exports;
mod gate;
mod pool;
mod process;
pub mod protocol;
mod ran;
mod run;
mod source;
mod turns;
mod worker;
mod world;
mod wrapper;

pub use absent::{Absent, absent_in, is_absent};
pub use bounds::{Bounds, SPARE_BYTES};
pub use checker::Checker;
pub use confine::confine;
pub use pool::{Pool, PoolOptions};
pub use process::Error;
pub use protocol::{Kind, Outcome, Position, Reply, Request, Script};
pub use ran::{Fault, Put, Ran, ScriptTag, StoreName, TagLevel};
pub use run::{Code, Limits, MAX_DEPTH, Piece, Run};
pub use worker::{answer, run_worker};
