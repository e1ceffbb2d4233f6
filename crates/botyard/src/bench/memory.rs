//! The memory that an import and an export take at their peak.

use super::large_bot::LargeBot;
use super::server::Served;
use super::{Aim, BenchError, Measure, export};

/// Imports and exports the bot on a fresh server; nothing where the system does not tell what a process takes.
pub(super) async fn measure(bot: &LargeBot) -> Result<Option<Measure>, BenchError> {
    let (archive, _) = export::at_least(bot)?;
    let server = Served::start().await?;
    let mut connection = server.connect().await?;
    let file = server.upload(&mut connection, &archive).await?;
    let Some(idle) = kilobytes(server.process_id(), "VmRSS:") else { return Ok(None) };
    let (bot_id, _) = server.import(&mut connection, &file).await?;
    server.export(&mut connection, &bot_id).await?;
    let Some(peak) = kilobytes(server.process_id(), "VmHWM:") else { return Ok(None) };
    let document = bot.definition.len() as f64 / 1e6;
    Ok(Some(Measure::ratio(
        "memory",
        "peak memory above idle during import and export, against the size of the definition",
        "MB",
        (peak - idle) * 1024.0 / 1e6,
        document,
        Aim::AtMost(4.0),
    )))
}

/// A line of what Linux tells about a process.
pub(super) fn kilobytes(process: u32, name: &str) -> Option<f64> {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(name))?;
    line.split_whitespace().next()?.parse().ok()
}
