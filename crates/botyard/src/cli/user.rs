//! `botyard user`: people.

mod create;

use clap::Subcommand;

use crate::Error;

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create a user; works while the server runs.
    Create(create::Args),
}

pub(super) async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Create(args) => create::run(args).await,
    }
}
