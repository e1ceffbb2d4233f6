//! Being told to stop, and stopping.

use crate::{Error, Server};

/// Hears the orders to stop this process: Ctrl-C and SIGTERM. From [`Orders::listen`] on they no longer kill it.
pub(super) struct Orders {
    #[cfg(unix)]
    interrupt: tokio::signal::unix::Signal,
    #[cfg(unix)]
    terminate: tokio::signal::unix::Signal,
}

impl Orders {
    #[cfg(unix)]
    pub(super) fn listen() -> Result<Self, Error> {
        use tokio::signal::unix::{SignalKind, signal};
        let interrupt = signal(SignalKind::interrupt()).map_err(Error::Terminal)?;
        let terminate = signal(SignalKind::terminate()).map_err(Error::Terminal)?;
        Ok(Self { interrupt, terminate })
    }

    #[cfg(not(unix))]
    pub(super) fn listen() -> Result<Self, Error> {
        Ok(Self {})
    }

    /// Waits for the next order.
    #[cfg(unix)]
    pub(super) async fn told_to_stop(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    #[cfg(not(unix))]
    pub(super) async fn told_to_stop(&mut self) {
        // Without a way to hear Ctrl-C nobody can ask for a stop.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }

    /// Ends what is in progress. Told to stop once more, it leaves at once.
    pub(super) async fn stop(mut self, server: Server) -> Result<(), Error> {
        tracing::info!("stopping");
        tokio::select! {
            stopped = server.stop() => stopped,
            () = self.told_to_stop() => Ok(()),
        }
    }
}
