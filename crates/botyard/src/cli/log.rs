//! Starting the log.

use std::io::IsTerminal;

use tracing_subscriber::EnvFilter;

use crate::Error;
use crate::config::{self, Log, LogFormat};

/// Sends events to the standard error from now on: those of the level that is set, else those of `default_level`.
pub(super) fn start(log: &Log, default_level: &str) -> Result<(), Error> {
    let level = log.level.as_deref().unwrap_or(default_level);
    let filter = level.parse::<EnvFilter>();
    let filter = filter.map_err(|_| config::Error::LogLevel { level: level.to_owned() })?;
    let events = tracing_subscriber::fmt().with_env_filter(filter).with_writer(std::io::stderr);
    // A log that cannot be written, on a full disk perhaps, must not end the server: saying so would go the same way.
    let events = events.log_internal_errors(false);
    let events = events.with_ansi(std::io::stderr().is_terminal());
    // Only a second start could fail, and then the first one's log goes on.
    match log.format {
        LogFormat::Text => events.try_init().ok(),
        LogFormat::Json => events.json().try_init().ok(),
    };
    std::panic::set_hook(Box::new(|panic| {
        // Who contains it tells what failed by it; only here is known where it was.
        let (place, message) = (panic.location().map(ToString::to_string), panic.payload_as_str());
        tracing::error!(place, message, "a panic");
    }));
    Ok(())
}
