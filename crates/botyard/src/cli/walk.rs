//! `botyard walk`: every dialog of every bot is talked through.

use std::path::PathBuf;

use serde_json::Value;

use super::{log, print};
use crate::config::Layers;
use crate::{Error, walk};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folders with exports of bots, as files or archives; or an archive. What is named twice is walked once.
    #[arg(required = true, value_name = "DIR")]
    folders: Vec<PathBuf>,
    /// Answer services from recordings and from the samples in the bots; nothing is called.
    #[arg(long)]
    replay: bool,
    /// What clients send as `customData`, as a JSON object; they send none where this is absent.
    #[arg(long, value_name = "JSON", value_parser = custom_data)]
    custom_data: Option<Value>,
    /// Print what came of it as one JSON document.
    #[arg(long)]
    json: bool,
    /// A TOML file with settings; those of `conversation` and `nlu` count.
    #[arg(long, value_name = "FILE", env = "BOTYARD_CONFIG")]
    config: Option<PathBuf>,
}

fn custom_data(text: &str) -> Result<Value, String> {
    let value = serde_json::from_str(text).map_err(|error| format!("it is no JSON: {error}"))?;
    match value {
        Value::Object(_) => Ok(value),
        _ => Err("it is no JSON object; scripts read its members, so give one such as {\"tier\": 1}".to_owned()),
    }
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let layers = match args.config {
        Some(file) => Layers::default().file(file)?,
        None => Layers::default(),
    };
    let config = layers.finish();
    log::start(&config.log, "error")?;
    let options = walk::Options { replays: args.replay, custom_data: args.custom_data };
    let program = std::env::current_exe().map_err(Error::Program)?;
    let report = walk::walk(&args.folders, &options, &config, &program, |place| eprintln!("{place}")).await?;
    print(&if args.json { report.to_json().to_string() } else { report.to_text() })?;
    match report.complaint() {
        Some(complaint) => Err(Error::refused(complaint)),
        None => Ok(()),
    }
}
