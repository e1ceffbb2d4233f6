//! Walks through bots: every dialog is entered, and everything it asks is answered, until it has shown what it does.
//!
//! The bots run in this process on a store of their own, as they would on a server; only the clients are missing. A dialog
//! is walked from where it stands: the conversation is copied before each answer, so that the other answers can be given,
//! too. What goes wrong is a [`Fault`], and says whose it is and what tells that: see docs/walk.md.

mod answers;
mod channels;
mod evidence;
mod exports;
mod expression;
mod fault;
mod inputs;
mod judge;
mod ledger;
mod origins;
mod platform_keys;
mod report;
mod samples;
mod seen;
mod setters;
mod stage;
mod unreached;
mod walker;
mod ways;

use std::path::{Path, PathBuf};

pub use fault::{Blame, FailedScript, Fault, Kind};
pub use report::{BotWalks, Dialogs, Report, Total};
use serde_json::Value;

use crate::{Config, Error};

/// How bots are walked.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Services are answered from recordings and samples; nothing is called.
    pub replays: bool,
    /// What clients send as `customData`; nothing, where it is absent.
    pub custom_data: Option<Value>,
}

/// Walks through all bots whose exports are in the folders: as files, or as archives. `program` is started as
/// `script-worker`; `told` hears which bot comes next. Of the settings, those of conversations and understanding count.
///
/// # Errors
/// When a folder cannot be read, or no store can be made in the folder for temporary files.
pub async fn walk(
    folders: &[PathBuf],
    options: &Options,
    config: &Config,
    program: &Path,
    told: impl Fn(&str),
) -> Result<Report, Error> {
    let mut report = Report::default();
    let exports = exports::find(folders)?;
    let stage = stage::Stage::open(config, program).await?;
    for export in exports {
        told(&export.place);
        let place = export.place.clone();
        let walked = match stage.put_on(export).await? {
            Ok(bot) => walker::walk_bot(&stage, &bot, &place, options).await?,
            Err(reason) => BotWalks::unreadable(&place, reason),
        };
        report.bots.push(walked);
    }
    stage.close().await;
    Ok(report)
}
