//! Conversations with the sample bot: turns per second and how long each takes, alone and under load, against the least
//! that a durable turn costs on this machine; memory of idle sessions; publish under load.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use archive::write::{Export, write};
use domain::DefinitionFile;
use serde_json::json;
use tokio::task::JoinSet;

use super::connection::{Connection, post};
use super::memory::kilobytes;
use super::server::{Bare, Served};
use super::{Aim, BenchError, Measure, median, millis};
use crate::sample::CORNER_COFFEE;

/// How many users talk at a time.
const USERS: [usize; 3] = [1, 16, 64];
const ROUND: Duration = Duration::from_secs(2);
/// How many sessions lie idle when memory is looked at.
const IDLE: usize = 1_000;

/// Said one after the other, again and again: turns that run no script.
const WITHOUT_SCRIPT: [&str; 3] = ["leave feedback", "the crema was lovely", "discard all"];
/// The same with a script in every second turn.
const WITH_SCRIPT: [&str; 2] = ["opening hours", "saturday"];

/// Turns that were taken in a while.
struct Talk {
    per_second: f64,
    p50: f64,
    p99: f64,
}

/// Measures everything in this many rounds. `tell` hears what is going on.
///
/// # Errors
/// When a server does not start, or refuses what it is asked.
pub async fn run(rounds: usize, tell: impl Fn(&str)) -> Result<Vec<Measure>, BenchError> {
    let server = Served::start().await?;
    let mut connection = server.connect().await?;
    let archive = sample_archive()?;
    let file = server.upload(&mut connection, &archive).await?;
    let (bot, _) = server.import(&mut connection, &file).await?;
    server.publish(&mut connection, &bot).await?;
    let folder = tempfile::tempdir()?;
    let bare = Bare::start_turns(folder.path())?;
    let path = format!("/chatbot/v2/webhook/{bot}");
    let mut measures = Vec::new();

    for users in USERS {
        let (mut ours, mut limits, mut p50, mut p99, mut limit_p99) = (vec![], vec![], vec![], vec![], vec![]);
        // The first round warms both sides up and is not counted.
        for round in 0..=rounds {
            let talked = talk(server.address, &path, &server.token, users, &WITHOUT_SCRIPT, round).await?;
            let least = talk(bare.address, "/", &server.token, users, &WITHOUT_SCRIPT, round).await?;
            if round > 0 {
                ours.push(talked.per_second);
                p50.push(talked.p50);
                p99.push(talked.p99);
                limits.push(least.per_second);
                limit_p99.push(least.p99);
            }
        }
        tell(&format!("{users} users: {:.0} turns a second", median(ours.clone())));
        let [turns, half, most] = names(users);
        let aim = Aim::AtLeast(0.2);
        let what = "turns without scripts, against a bare axum POST with one SQLite commit";
        measures.push(Measure::ratio(turns, what, "/s", median(ours), median(limits), aim));
        measures.push(Measure::absolute(
            half,
            "half of those turns take at most",
            "ms",
            median(p50),
            Aim::AtMost(20.0),
        ));
        let what = "99 of 100 of those turns take at most, against those of the bare server";
        measures.push(Measure::ratio(most, what, "ms", median(p99), median(limit_p99), Aim::AtMost(5.0)));
    }

    tell("scripts");
    let (mut plain, mut scripted) = (vec![], vec![]);
    for round in 0..=rounds {
        let without = talk(server.address, &path, &server.token, 1, &WITHOUT_SCRIPT, rounds + 1 + round).await?;
        let with = talk(server.address, &path, &server.token, 1, &WITH_SCRIPT, 2 * rounds + 2 + round).await?;
        if round > 0 {
            plain.push(without.p50);
            scripted.push(with.p99);
        }
    }
    let what = "a turn with a script (99 of 100), against half of those without";
    measures.push(Measure::ratio("script", what, "ms", median(scripted), median(plain), Aim::AtMost(10.0)));

    tell("publish under load");
    let (mut calm, mut busy, mut publishes) = (vec![], vec![], vec![]);
    for round in 0..=rounds {
        let seed = 4 * rounds + 4 + 2 * round;
        let without = talk(server.address, &path, &server.token, 16, &WITHOUT_SCRIPT, seed).await?;
        let (with, took) = tokio::join!(
            talk(server.address, &path, &server.token, 16, &WITHOUT_SCRIPT, seed + 1),
            publish_until_done(&server, &bot),
        );
        if round > 0 {
            calm.push(without.p99);
            busy.push(with?.p99);
            publishes.push(took?);
        }
    }
    let what = "99 of 100 turns of 16 users while the bot is published again and again, against without";
    measures.push(Measure::ratio("publish", what, "ms", median(busy), median(calm), Aim::AtMost(3.0)));
    let what = "a publish with its training, under that load";
    measures.push(Measure::absolute("training", what, "ms", median(publishes), Aim::AtMost(2_000.0)));

    tell("memory of idle sessions");
    if let Some(before) = kilobytes(server.process_id(), "VmRSS:") {
        for user in 0..IDLE {
            let body = said(&format!("idle-{user}"), "leave feedback");
            connection.call(&post(&path, &server.token, &body)).await?;
        }
        let after = kilobytes(server.process_id(), "VmRSS:").unwrap_or(before);
        let what = "memory that a thousand sessions in the middle of a task add";
        measures.push(Measure::absolute("idle", what, "MB", (after - before).max(0.0) / 1024.0, Aim::AtMost(20.0)));
    }
    Ok(measures)
}

/// The archive of the sample bot.
fn sample_archive() -> Result<Vec<u8>, BenchError> {
    let mut archive = Vec::new();
    let (definition, config) = ([CORNER_COFFEE.definition], [CORNER_COFFEE.config]);
    let functions = CORNER_COFFEE.functions.map(|source| [source]);
    let functions = functions.as_ref().map(|source| source.as_slice());
    let export = Export {
        definition_file: DefinitionFile::Bot,
        definition: &definition,
        config: &config,
        icon: None,
        functions,
    };
    write(&mut archive, &export).map_err(|error| BenchError::Comparison(error.to_string()))?;
    Ok(archive)
}

const fn names(users: usize) -> [&'static str; 3] {
    match users {
        1 => ["turns1", "p50-1", "p99-1"],
        16 => ["turns16", "p50-16", "p99-16"],
        _ => ["turns64", "p50-64", "p99-64"],
    }
}

/// Publishes for as long as a round takes; the median time of one.
async fn publish_until_done(server: &Served, bot: &str) -> Result<f64, BenchError> {
    let mut connection = server.connect().await?;
    let started = Instant::now();
    let mut took = Vec::new();
    while started.elapsed() < ROUND {
        took.push(millis(server.publish(&mut connection, bot).await?));
    }
    Ok(median(took))
}

/// Lets users talk at the same time, each on a connection of its own.
async fn talk(
    address: SocketAddr,
    path: &str,
    token: &str,
    users: usize,
    texts: &'static [&'static str],
    round: usize,
) -> Result<Talk, BenchError> {
    let (path, token) = (Arc::new(path.to_owned()), Arc::new(token.to_owned()));
    let started = Instant::now();
    let mut talks = JoinSet::new();
    for user in 0..users {
        let (path, token) = (Arc::clone(&path), Arc::clone(&token));
        talks.spawn(async move {
            let mut connection = Connection::open(address).await?;
            let requests: Vec<Vec<u8>> =
                texts.iter().map(|text| post(&path, &token, &said(&format!("user-{round}-{user}"), text))).collect();
            let mut took = Vec::new();
            'talking: loop {
                for request in &requests {
                    if started.elapsed() >= ROUND {
                        break 'talking;
                    }
                    let began = Instant::now();
                    let reply = connection.exchange(request).await?;
                    if reply.status != 200 {
                        let answer = String::from_utf8_lossy(connection.body(reply)).into_owned();
                        return Err(BenchError::Answer { call: "POST".to_owned(), answer });
                    }
                    took.push(millis(began.elapsed()));
                }
            }
            Ok(took)
        });
    }
    let mut all: Vec<f64> = Vec::new();
    while let Some(talk) = talks.join_next().await {
        all.extend(talk.map_err(|error| BenchError::Comparison(error.to_string()))??);
    }
    let seconds = started.elapsed().as_secs_f64();
    all.sort_by(f64::total_cmp);
    let at = |share: usize| all.get(all.len() * share / 100).copied().unwrap_or(f64::NAN);
    Ok(Talk { per_second: all.len() as f64 / seconds, p50: at(50), p99: at(99) })
}

/// What a user says, as the webhook channel takes it.
fn said(user: &str, text: &str) -> serde_json::Value {
    json!({"session": {"new": false}, "message": {"type": "text", "val": text}, "from": {"id": user}})
}
