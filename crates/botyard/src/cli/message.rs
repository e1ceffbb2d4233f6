//! `botyard message`: messages that could not be answered and were given up.
//!
//! Every command here works on the data itself, so it works with and without a running server.

mod drop;
mod list;
mod retry;

use clap::Subcommand;
use serde_json::{Map, Value, json};
use store::StuckMessage;

use super::{Place, print};
use crate::{Error, Premises};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// List the messages that were given up, the newest first.
    List(list::Args),
    /// Have a message that was given up tried again by the server that runs, or that is started next.
    Retry(One),
    /// Drop a message that was given up, for good.
    Drop(One),
}

/// One message, and how to tell what was done with it.
#[derive(Debug, clap::Args)]
pub(super) struct One {
    #[command(flatten)]
    place: Place,
    /// The message, as `botyard message list` shows it.
    id: String,
    /// Print the message as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::List(args) => list::run(args).await,
        Command::Retry(one) => retry::run(one).await,
        Command::Drop(one) => drop::run(one).await,
    }
}

/// The message with this id.
async fn find(premises: &Premises, id: &str) -> Result<StuckMessage, Error> {
    premises.store.stuck_message(&premises.account.id, id).await?.ok_or_else(|| unknown(id))
}

fn unknown(id: &str) -> Error {
    Error::refused(format!("no message {id} was given up; `botyard message list` shows all"))
}

/// A message as JSON.
fn record(message: &StuckMessage) -> Map<String, Value> {
    let key = &message.conversation;
    let mut record = Map::new();
    record.insert("_id".into(), json!(message.id));
    record.insert("streamId".into(), json!(key.bot));
    record.insert("identity".into(), json!(key.identity));
    record.insert("channel".into(), json!(key.channel));
    record.insert("attempts".into(), json!(message.attempts));
    record.insert("reason".into(), json!(message.reason));
    record.insert("createdOn".into(), json!(message.created_at));
    record.insert("givenUpOn".into(), json!(message.given_up_at));
    record
}

/// Prints a message that something was done with: as JSON, or in a line for people.
fn show(message: &StuckMessage, done: &str, as_json: bool) -> Result<(), Error> {
    if as_json {
        let mut record = record(message);
        record.insert(done.into(), json!(true));
        return print(&Value::Object(record).to_string());
    }
    print(&format!("{}  {done}", message.id))
}
