//! The command line. One file per command.

mod app;
mod backup;
mod bench;
mod config;
mod log;
mod message;
mod nlu;
mod openapi;
mod quickstart;
mod restore;
mod serve;
mod signal;
mod token;
mod user;
mod walk;

use std::io::Write;
use std::path::PathBuf;
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::Layers;
use crate::{Config, Error};

/// A self-hosted server that is wire-compatible with the Kore.ai XO public API.
#[derive(Debug, Parser)]
#[command(name = "botyard", version)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Start a server that is ready to try: with an owner, two apps and a sample bot, and calls to copy.
    Quickstart(quickstart::Args),
    /// Start a server.
    Serve(serve::Args),
    /// Create, list and change apps: the clients of the API.
    #[command(subcommand)]
    App(app::Command),
    /// List, retry and drop messages that could not be answered.
    #[command(subcommand)]
    Message(message::Command),
    /// Create users.
    #[command(subcommand)]
    User(user::Command),
    /// Copy all data into a folder, while the server runs.
    Backup(backup::Args),
    /// Make a new store from a folder that `backup` made, of the same or the other kind of database.
    Restore(restore::Args),
    /// Make a token (JWT) for an app, without a server or its data; only the token is printed.
    Token(token::Args),
    /// Talk through every dialog of the bots in some folders, and tell what goes wrong.
    Walk(walk::Args),
    /// Prepare what language understanding is helped by.
    #[command(subcommand)]
    Nlu(nlu::Command),
    /// Print the settings in force as TOML, with secrets hidden.
    Config(config::Args),
    /// Print the description of the API (OpenAPI 3.1, JSON).
    Openapi,
    /// Measure this server against what this machine can do at best.
    #[command(subcommand)]
    Bench(bench::Command),
    /// Read scripts for the server that started this process.
    #[command(hide = true)]
    ScriptWorker {
        /// What it may take from the machine, as the server says it.
        bounds: Vec<String>,
    },
}

/// Where the settings come from; the same for every command that needs them.
#[derive(Debug, clap::Args)]
struct Place {
    /// A TOML file with settings.
    #[arg(long, value_name = "FILE", env = "BOTYARD_CONFIG")]
    config: Option<PathBuf>,
    /// The folder of the database, the objects and the master key [default: botyard-data].
    #[arg(long, value_name = "DIR", env = "BOTYARD_DATA")]
    data: Option<String>,
}

impl Place {
    /// The settings of the file, the environment and `--data`.
    fn layers(self) -> Result<Layers, Error> {
        let mut layers = Layers::default();
        if let Some(file) = self.config {
            layers = layers.file(file)?;
        }
        let variables = std::env::vars_os();
        // What is not Unicode cannot be one of ours.
        let texts = variables.filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        Ok(layers.environment(texts)?.flag("data", &["data"], self.data.as_deref())?)
    }

    /// The settings for a command that only works on the data: it logs what is wrong and nothing else.
    fn settings(self) -> Result<Config, Error> {
        let config = self.layers()?.finish();
        log::start(&config.log, "warn")?;
        Ok(config)
    }
}

/// Carries out what the arguments of this process say.
pub fn run() -> ExitCode {
    let command = Cli::parse().command;
    if let Command::ScriptWorker { bounds } = &command {
        // A worker needs nothing of a server, and is to have nothing of it.
        return match script::run_worker(bounds, std::io::stdin().lock(), std::io::stdout().lock()) {
            Ok(()) => ExitCode::SUCCESS,
            Err(_) => ExitCode::FAILURE,
        };
    }
    keep_files_private();
    let ended = tokio::runtime::Runtime::new().map_err(Error::Terminal).and_then(|runtime| {
        let ended = runtime.block_on(carry_out(command));
        // Whatever blocks a thread still, such as a disk that does not answer, was given up and must not hold up the end.
        runtime.shutdown_background();
        ended
    });
    match ended {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("botyard: {}", error.sentence());
            ExitCode::FAILURE
        }
    }
}

/// Whatever this process makes is its owner's only: rows, objects, temporary files. It holds for the whole process, so it
/// is set once, before anything else runs.
fn keep_files_private() {
    #[cfg(unix)]
    rustix::process::umask(rustix::fs::Mode::RWXG | rustix::fs::Mode::RWXO);
}

async fn carry_out(command: Command) -> Result<(), Error> {
    match command {
        Command::Quickstart(args) => quickstart::run(args).await,
        Command::Serve(args) => serve::run(args).await,
        Command::App(command) => app::run(command).await,
        Command::Message(command) => message::run(command).await,
        Command::User(command) => user::run(command).await,
        Command::Backup(args) => backup::run(args).await,
        Command::Restore(args) => restore::run(args).await,
        Command::Token(args) => token::run(args),
        Command::Walk(args) => walk::run(args).await,
        Command::Nlu(command) => nlu::run(&command),
        Command::Config(args) => config::run(args),
        Command::Openapi => openapi::run(),
        Command::Bench(command) => bench::run(command).await,
        Command::ScriptWorker { .. } => unreachable!("it is run before there is a runtime"),
    }
}

/// Writes a line to the standard output. A reader that has gone, such as `head`, is no error.
fn print(line: &str) -> Result<(), Error> {
    let mut output = std::io::stdout().lock();
    match writeln!(output, "{line}").and_then(|()| output.flush()) {
        Err(error) if error.kind() != std::io::ErrorKind::BrokenPipe => Err(Error::Terminal(error)),
        _ => Ok(()),
    }
}
