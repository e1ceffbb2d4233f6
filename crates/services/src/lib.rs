//! Every call that goes out: services, the tokens they ask for, language models, BotKit servers, answers that are posted,
//! and announcements to webhooks. Nothing else in this server connects to an address that a user chose.
//!
//! Knows no bot, no dialog and no SQL: a [`Request`] comes in, filled in; a [`Response`] or the [`Failure`] to get one goes
//! out. A status that is not 2xx is a response like any other. Four rules hold for each call:
//!
//! - it ends within its timeout, whatever it spends it on: names, connections, redirects, tokens, or the body;
//! - it goes where [`Egress`] lets it go, and this is judged anew at each redirect and for each address of a name;
//! - no more than [`Options::max_response_bytes`] of the answer are read;
//! - secrets go to the host they are meant for, and into no debug text, no failure and no recording.
//!
//! By its [`Mode`] a call goes out, is answered from a recording or the export's sample, or goes out and is recorded.

mod cassette;
mod client;
mod egress;
mod failure;
mod generate;
mod hidden;
mod network;
mod options;
mod request;
mod response;
mod sample;
mod token;
mod transport;
mod xml;

pub use client::Client;
pub use failure::{Failure, SetupError};
pub use generate::{Generated, Prompt, Provider};
pub use options::{Egress, Mode, Options};
pub use request::{Auth, CredentialsIn, KeyPlace, Request};
pub use response::Response;
