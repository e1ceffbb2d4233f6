//! The port of the measurements, where they have one of their own.

use std::net::SocketAddr;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::Error;

/// The open port.
pub(crate) struct MeasurementsPort {
    address: SocketAddr,
    /// Until it is served.
    listener: Option<TcpListener>,
}

impl MeasurementsPort {
    /// Opens the port, when the settings name one.
    ///
    /// # Errors
    /// When it is taken.
    pub(crate) async fn open(settings: &api::Measurements) -> Result<Option<Self>, Error> {
        let Some(wanted) = settings.listen else { return Ok(None) };
        let at_fault = |source| Error::Listen { address: wanted, source };
        let listener = TcpListener::bind(wanted).await.map_err(at_fault)?;
        let address = listener.local_addr().map_err(at_fault)?;
        Ok(Some(Self { address, listener: Some(listener) }))
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Answers until `stop`. Answers are short, so that nobody waits for the last ones.
    pub(crate) fn serve(&mut self, platform: api::Platform, stop: CancellationToken) {
        let Some(listener) = self.listener.take() else { return };
        let serving =
            axum::serve(listener, api::metrics_router(platform)).with_graceful_shutdown(stop.cancelled_owned());
        tokio::spawn(async move {
            if let Err(error) = serving.await {
                tracing::error!(%error, "measurements are not answered any more");
            }
        });
    }
}
