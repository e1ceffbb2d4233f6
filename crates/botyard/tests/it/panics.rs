//! Panics: who panics fails alone, is counted by its name, and its loop goes on.

use std::time::Duration;

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::talk::message;
use crate::support::trap::Trap;
use crate::support::{Stub, TestServer};

const FAILURE: &str = "I am sorry, something went wrong and I had to discard your task. Please retry.";

fn description() -> Value {
    json!({"name": "Clerk", "dialogs": [
        {"name": "Ask Word", "nodes": [
            {"id": "Word", "entity": "label", "prompt": "Which word?"},
            {"id": "Said", "message": "You said {{context.entities.Word}}."}]},
        {"name": "Stay Well", "nodes": [{"id": "Well", "message": "well"}]}]})
}

async fn trapped(trap: &Trap) -> TestServer {
    let clock = trap.clock();
    TestServer::start_with(move |setup| {
        setup.options.sources.clock = clock;
        (setup.config.runner.poll_ms, setup.config.conversation.keeper_interval_ms) = (20, 20);
        setup.config.api.status_hold_ms = 0;
    })
    .await
}

/// How often a task panicked, as the metrics tell.
async fn panics(client: &Client, task: &str) -> usize {
    let metrics = client.get("/metrics").await.text();
    let line = format!("botyard_panics_total{{task=\"{task}\"}} ");
    metrics.lines().find_map(|it| it.strip_prefix(&line)).map_or(0, |count| count.parse().unwrap())
}

/// Waits until a task panicked so often.
async fn panicked(client: &Client, task: &str, count: usize) {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..3_000 {
        pause.tick().await;
        if panics(client, task).await >= count {
            return;
        }
    }
    panic!("{task}: {}", client.get("/metrics").await.text());
}

#[tokio::test]
async fn a_turn_that_panics_is_a_failed_turn() {
    let trap = Trap::default();
    let server = trapped(&trap).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    assert_eq!(admin.say(&bot, "ann", "ask word").await, ["Which word?"]);
    // A turn asks for the values that outlive it, and a failed turn does not.
    trap.set("store/src/context_values.rs");
    assert_eq!(admin.say(&bot, "ann", "blue").await, [FAILURE]);
    assert_eq!(panics(&admin, "turn").await, 1);
    trap.disarm();
    assert_eq!(admin.say(&bot, "ann", "stay well").await, ["well"], "the task is over, and nobody is held up");
    let mut transcript = admin.transcript(&bot, "ann").await;
    transcript.reverse();
    let failed = format!("< {FAILURE}");
    let expected = ["> ask word", "< Which word?", "> blue", &failed, "> stay well", "< well"];
    assert_eq!(transcript, expected);

    // A panic outside of the turn: the call fails, and the next one is served.
    trap.set("api/src/webhook/receive.rs");
    admin.post_to(&bot, &message("ann", "stay well")).await.refused(500, "Internal Server Error");
    assert_eq!(panics(&admin, "call").await, 1);
    trap.disarm();
    assert_eq!(admin.say(&bot, "ann", "stay well").await, ["well"]);
    server.finish().await;
}

#[tokio::test]
async fn a_job_that_panics_fails_with_the_reason_and_the_next_one_runs() {
    let trap = Trap::default();
    let server = trapped(&trap).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    trap.set("jobs/src/bot_export.rs");
    let started = admin.post(&format!("/api/public/bot/{bot}/export"), &json!({"exportType": "latest"})).await.json();
    let id = started["_id"].as_str().unwrap();
    let status = admin.wait(&format!("/api/public/bot/{bot}/export/status?exportId={id}")).await;
    assert_eq!(status["status"], "failed", "{status}");
    let request = admin.get(&format!("/api/public/requests/{id}")).await.json();
    let reason = request["failure"]["message"].as_str().unwrap();
    assert!(reason.contains("panicked") && reason.contains("the clock broke in jobs/src/bot_export.rs"), "{reason}");
    assert_eq!((&request["attempts"], panics(&admin, "job").await), (&json!(1), 1));
    trap.disarm();
    admin.export(&bot, "latest").await;
    server.finish().await;
}

#[tokio::test]
async fn loops_go_on_after_a_look_a_delivery_or_an_erasure_panicked() {
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let trap = Trap::default();
    let server = trapped(&trap).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    let details = json!({"type": "ivr", "name": "Hook", "enable": true, "isAsync": true, "postUrl": receiver.url,
        "app": {"clientId": "cs-1", "appName": "Web"}});
    admin
        .post("/api/public/channels", &json!({"streamId": bot, "type": "ivr", "channelDetails": details}))
        .await
        .json();
    // A message is answered, and its answer not posted while the loop of deliveries panics.
    trap.set("conversation/src/keeper.rs");
    assert_eq!(admin.post_to(&bot, &message("ann", "stay well")).await.json()["status"], "ok");
    panicked(&admin, "keeper of conversations", 2).await;
    panicked(&admin, "deliveries", 2).await;
    trap.disarm();
    assert_eq!(receiver.next().await.json()["data"][0]["val"], "well");
    for (place, task) in [("jobs/src/erase.rs", "erasures"), ("jobs/src/runner.rs", "job worker 1")] {
        trap.set(place);
        panicked(&admin, task, 2).await;
        trap.disarm();
    }
    // They were started again.
    admin.export(&bot, "latest").await;
    server.finish().await;
}

#[tokio::test]
async fn a_task_that_does_not_stay_alive_makes_the_server_not_ready() {
    let server = TestServer::start().await;
    let client = server.anonymous();
    assert_eq!(client.get("/readyz").await.status, 200);
    let stop = tokio_util::sync::CancellationToken::new();
    let task = tokio::spawn(server.store().supervisor().keep("task of a test", &stop, || async { panic!("it broke") }));
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    let answer = loop {
        pause.tick().await;
        let answer = client.get("/readyz").await;
        if answer.status != 200 {
            break answer;
        }
    };
    assert_eq!(answer.status, 503);
    let reason = answer.value()["reason"].as_str().unwrap().to_owned();
    assert_eq!(reason, "the task `task of a test` does not stay alive: it broke");
    stop.cancel();
    task.await.unwrap();
    assert_eq!(client.get("/readyz").await.status, 200);
    server.finish().await;
}
