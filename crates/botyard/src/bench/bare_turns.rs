//! The least that a turn costs: axum takes a POST, SQLite commits one row, the answer is ready.

use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use access::MasterKey;
use axum::Router;
use axum::routing::post;
use axum::serve::ListenerExt;
use bytes::Bytes;
use domain::{Clock, IdSource};
use http::{StatusCode, header};
use store::{DatabaseOptions, Durability, ObjectLocation, Store};
use tokio::net::TcpListener;

use super::BenchError;

/// Prints the address it listens on, then answers every `POST /` when the row of it is as durable as a turn is.
pub async fn serve(folder: PathBuf) -> Result<(), BenchError> {
    let database = DatabaseOptions::Sqlite { path: folder.join("turns.db"), durability: Durability::Power };
    let objects = ObjectLocation::Folder { path: folder.join("objects"), flush: true };
    let ids = IdSource::random();
    let key = MasterKey::generate(&ids);
    // The same store, so that commits are grouped and flushed in the same way.
    let store = Arc::new(Store::open(&database, &objects, Clock::system(), ids, key).await?);
    store
        .write(|tx| Box::pin(async move { tx.execute("CREATE TABLE turns (body TEXT NOT NULL)", vec![]).await }))
        .await?;
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    println!("{}", listener.local_addr()?);
    let listener = listener.tap_io(|connection| {
        if let Err(error) = connection.set_nodelay(true) {
            tracing::debug!(%error, "a connection keeps its delay");
        }
    });
    let turn = move |body: Bytes| {
        let store = Arc::clone(&store);
        async move {
            let text = String::from_utf8_lossy(&body).into_owned();
            let written = store
                .write(|tx| {
                    Box::pin(async move {
                        tx.execute("INSERT INTO turns (body) VALUES ($1)", vec![store::sql::Arg::from(text)]).await
                    })
                })
                .await;
            let status = if written.is_ok() { StatusCode::OK } else { StatusCode::INTERNAL_SERVER_ERROR };
            (status, [(header::CONTENT_TYPE, "application/json")], "{\"data\":[]}")
        }
    };
    axum::serve(listener, Router::new().route("/", post(turn))).await?;
    Ok(())
}
