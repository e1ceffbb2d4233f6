//! `botyard bench`: how fast this machine can go, and how near the server comes.

use super::print;
use crate::{Error, bench};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Measure status calls, import, export and memory against this machine's own limits; takes about a minute.
    Lifecycle(Lifecycle),
    /// The server that status calls are compared with.
    #[command(hide = true)]
    BareServer {
        /// What it answers.
        body: String,
    },
}

#[derive(Debug, clap::Args)]
pub(super) struct Lifecycle {
    /// How often everything is repeated; medians are shown.
    #[arg(long, value_name = "COUNT", default_value_t = 7)]
    rounds: usize,
    /// Print the measures as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::BareServer { body } => Ok(bench::serve_bare(body).await?),
        Command::Lifecycle(args) => lifecycle(args).await,
    }
}

async fn lifecycle(args: Lifecycle) -> Result<(), Error> {
    if cfg!(debug_assertions) {
        eprintln!("this is a debug build: the numbers mean nothing; build with --release");
    }
    let measures = bench::lifecycle(args.rounds.max(1), |step| eprintln!("{step}")).await?;
    if args.json {
        let text = serde_json::to_string_pretty(&measures).expect("plain data always serialises");
        return print(&text);
    }
    measures.iter().try_for_each(|measure| print(&measure.line()))
}
