//! Asking for a status: token, bot and record, against a server that only answers.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::task::JoinSet;

use super::connection::{Connection, get};
use super::server::{Bare, Served};
use super::{Aim, BenchError, Measure, median};

/// As many clients as ask at a time, each on a connection of its own.
const CLIENTS: usize = 32;
const ROUND: Duration = Duration::from_secs(1);

/// Asks for the status of a finished export of `bot`.
pub(super) async fn measure(server: &Served, bot: &str, rounds: usize) -> Result<Measure, BenchError> {
    let request = get(&format!("/api/public/bot/{bot}/export/status"), &server.token);
    let mut connection = server.connect().await?;
    let record = connection.call(&request).await?;
    let bare = Bare::start(&record.to_string())?;
    let bare_request = get("/", &server.token);
    let (mut ours, mut limit) = (Vec::new(), Vec::new());
    // The first round warms both sides up and is not counted.
    for round in 0..=rounds {
        let (answered, at_best) = (
            calls_per_second(server.address, request.clone()).await?,
            calls_per_second(bare.address, bare_request.clone()).await?,
        );
        if round > 0 {
            ours.push(answered);
            limit.push(at_best);
        }
    }
    Ok(Measure::ratio(
        "status",
        "export/status with its token check, against a bare axum GET of the same bytes, both with 32 clients",
        "/s",
        median(ours),
        median(limit),
        Aim::AtLeast(0.6),
    ))
}

async fn calls_per_second(address: SocketAddr, request: Vec<u8>) -> Result<f64, BenchError> {
    let request = Arc::new(request);
    let started = Instant::now();
    let mut clients = JoinSet::new();
    for _ in 0..CLIENTS {
        let request = Arc::clone(&request);
        clients.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let mut calls = 0_u32;
            while started.elapsed() < ROUND {
                let reply = connection.exchange(&request).await?;
                if reply.status != 200 {
                    let answer = String::from_utf8_lossy(connection.body(reply)).into_owned();
                    return Err(BenchError::Answer { call: "GET".to_owned(), answer });
                }
                calls += 1;
            }
            Ok(calls)
        });
    }
    let mut calls = 0;
    while let Some(client) = clients.join_next().await {
        calls += client.map_err(|error| BenchError::Comparison(error.to_string()))??;
    }
    Ok(f64::from(calls) / started.elapsed().as_secs_f64())
}
