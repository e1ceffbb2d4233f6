//! The least that answers a call: axum with one route and a body that is ready.

use std::net::Ipv4Addr;

use axum::Router;
use axum::routing::get;
use axum::serve::ListenerExt;
use bytes::Bytes;
use http::header;
use tokio::net::TcpListener;

use super::BenchError;

/// Prints the address it listens on, then answers every `GET /` with `body` as JSON until the process is ended.
pub async fn serve(body: String) -> Result<(), BenchError> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let body = Bytes::from(body);
    let answer = move || {
        let body = body.clone();
        async move { ([(header::CONTENT_TYPE, "application/json")], body) }
    };
    axum::serve(listener, Router::new().route("/", get(answer))).await?;
    Ok(())
}
