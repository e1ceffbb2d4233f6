//! What an export costs at least: compressing the same bytes with the same compressor.

use std::time::{Duration, Instant};

use archive::write::{Export, write};
use domain::DefinitionFile;

use super::large_bot::LargeBot;
use super::{Aim, BenchError, Measure, median, millis};

/// The archive of a bot, and how long it took one core to make it.
pub(super) fn at_least(bot: &LargeBot) -> Result<(Vec<u8>, Duration), BenchError> {
    let started = Instant::now();
    let archive = archive_of(&bot.definition, &bot.config)?;
    Ok((archive, started.elapsed()))
}

/// The archive of a bot's two documents.
pub(super) fn archive_of(definition: &str, config: &str) -> Result<Vec<u8>, BenchError> {
    let mut archive = Vec::new();
    let (definition, config) = ([definition.as_bytes()], [config.as_bytes()]);
    let export = Export {
        definition_file: DefinitionFile::Bot,
        definition: &definition,
        config: &config,
        icon: None,
        functions: None,
    };
    write(&mut archive, &export).map_err(|error| BenchError::Comparison(error.to_string()))?;
    Ok(archive)
}

/// The measure of exports of new content.
pub(super) fn measure_new(ours: &[Duration], limit: &[Duration]) -> Measure {
    Measure::ratio(
        "export",
        "export of a new definition of 20 MB, against compressing it with the same compressor",
        "ms",
        median(ours.iter().copied().map(millis).collect()),
        median(limit.iter().copied().map(millis).collect()),
        Aim::AtMost(1.3),
    )
}

/// The measure of exports of content that was exported before.
pub(super) fn measure_again(ours: &[Duration]) -> Measure {
    let median = median(ours.iter().copied().map(millis).collect());
    let what = "export of a definition of 20 MB that did not change since its last export, median";
    Measure::absolute("again", what, "ms", median, Aim::AtMost(5.0))
}
