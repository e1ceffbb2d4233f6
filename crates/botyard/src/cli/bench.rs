//! `botyard bench`: how fast this machine can go, and how near the server comes.

use std::path::PathBuf;

use super::print;
use crate::{Error, bench};

#[derive(Debug, clap::Subcommand)]
pub(super) enum Command {
    /// Measure status calls, import, export and memory against this machine's own limits; takes about a minute.
    Lifecycle(Lifecycle),
    /// Measure understanding on public data sets: what it gets right, what it costs; takes about half a minute.
    Nlu(Nlu),
    /// Measure conversations: turns per second and their time against this machine's own limit, memory, publish under load;
    /// takes about a minute.
    Conversation(Lifecycle),
    /// The server that turns are compared with.
    #[command(hide = true)]
    BareTurns {
        /// An empty folder for its database.
        folder: PathBuf,
    },
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

#[derive(Debug, clap::Args)]
pub(super) struct Nlu {
    /// The folder of the data sets; those that are not there are skipped.
    #[arg(long, value_name = "DIR")]
    data_sets: PathBuf,
    /// A folder with bots, each a folder with a `botDefinition.json`. When absent, `corpus` beside the data sets is taken,
    /// if it is there.
    #[arg(long, value_name = "DIR")]
    bots: Option<PathBuf>,
    /// An encoder, as `nlu.embeddings` takes it: what it costs, and what users meet with it.
    #[arg(long, value_name = "PATH")]
    embeddings: Option<PathBuf>,
    /// Print the figures as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::BareServer { body } => Ok(bench::serve_bare(body).await?),
        Command::BareTurns { folder } => Ok(bench::serve_bare_turns(folder).await?),
        Command::Lifecycle(args) => lifecycle(args).await,
        Command::Conversation(args) => conversation(args).await,
        Command::Nlu(args) => understanding(&args).await,
    }
}

async fn lifecycle(args: Lifecycle) -> Result<(), Error> {
    warn_of_debug_build();
    let measures = bench::lifecycle(args.rounds.max(1), |step| eprintln!("{step}")).await?;
    if args.json {
        let text = serde_json::to_string_pretty(&measures).expect("plain data always serialises");
        return print(&text);
    }
    measures.iter().try_for_each(|measure| print(&measure.line()))
}

async fn conversation(args: Lifecycle) -> Result<(), Error> {
    warn_of_debug_build();
    let measures = bench::conversation(args.rounds.max(1), |step| eprintln!("{step}")).await?;
    if args.json {
        let text = serde_json::to_string_pretty(&measures).expect("plain data always serialises");
        return print(&text);
    }
    measures.iter().try_for_each(|measure| print(&measure.line()))
}

async fn understanding(args: &Nlu) -> Result<(), Error> {
    warn_of_debug_build();
    let beside = args.data_sets.join("../corpus");
    let bots = args.bots.clone().or_else(|| beside.is_dir().then_some(beside));
    let rows =
        bench::nlu::run(&args.data_sets, bots.as_deref(), args.embeddings.as_deref(), |step| eprintln!("{step}"))
            .await?;
    if args.json {
        let text = serde_json::to_string_pretty(&rows).expect("plain data always serialises");
        return print(&text);
    }
    rows.iter().try_for_each(|row| print(&row.line()))
}

fn warn_of_debug_build() {
    if cfg!(debug_assertions) {
        eprintln!("this is a debug build: the numbers mean nothing; build with --release");
    }
}
