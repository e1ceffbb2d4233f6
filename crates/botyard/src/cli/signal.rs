//! Waiting for the order to stop, and stopping.

use crate::{Error, Server};

/// Serves until the process is told to stop (Ctrl-C or SIGTERM), then ends what is in progress. Told a second time, it
/// leaves at once.
pub(super) async fn serve_until_told(server: Server) -> Result<(), Error> {
    told_to_stop().await?;
    tracing::info!("stopping");
    tokio::select! {
        stopped = server.stop() => stopped,
        told = told_to_stop() => told,
    }
}

#[cfg(unix)]
async fn told_to_stop() -> Result<(), Error> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate()).map_err(Error::Terminal)?;
    tokio::select! {
        told = tokio::signal::ctrl_c() => told.map_err(Error::Terminal),
        _ = terminate.recv() => Ok(()),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> Result<(), Error> {
    tokio::signal::ctrl_c().await.map_err(Error::Terminal)
}
