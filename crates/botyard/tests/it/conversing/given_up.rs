//! Messages that cannot be answered: each attempt counts, whatever it takes along; then the user hears so, what comes
//! after goes on, and the operator sees to it.

use std::time::Duration;

use serde_json::{Value, json};

use super::delivery::post_to;
use crate::support::client::Client;
use crate::support::talk::{bubbles, message};
use crate::support::{Process, Stub, TestServer};

/// What the platform says of a failure.
const FAILURE: &str = "I am sorry, something went wrong and I had to discard your task. Please retry.";
/// So often a message is tried in these tests.
const ATTEMPTS: usize = 3;

fn description(service: &str) -> Value {
    json!({"name": "Clerk", "dialogs": [
        {"name": "Take Long", "nodes": [
            {"id": "Fetch", "service": {"url": format!("{service}/held"), "timeout": 60}},
            {"id": "Done", "message": "Done {{context.Fetch.response.body.n}}"}]},
        {"name": "Keep Same", "nodes": [
            {"id": "Order", "service": {"url": format!("{service}/order")}},
            {"id": "Keep", "script": "BotContext.put('of ' + context.session.UserContext._id, 'the same');"},
            {"id": "Kept", "message": "Kept."}]},
        {"name": "Stay Well", "nodes": [{"id": "Well", "message": "well"}]}]})
}

/// What `look` finds, as soon as it finds something.
async fn found<T>(mut look: impl AsyncFnMut() -> Option<T>) -> T {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..6_000 {
        pause.tick().await;
        if let Some(found) = look().await {
            return found;
        }
    }
    panic!("it is not found");
}

async fn stuck(client: &Client, bot: &str) -> Vec<Value> {
    let listed = client.get(&format!("/api/public/stuckmessages?botId={bot}")).await.json();
    assert_eq!(listed["total"], listed["messages"].as_array().unwrap().len());
    listed["messages"].as_array().unwrap().clone()
}

/// The JSON a command prints.
async fn command(server: &TestServer, arguments: &[&str]) -> Value {
    let mut command = server.command(arguments);
    let output = tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap();
    assert!(output.status.success(), "{arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_that_kills_the_server_in_every_attempt_is_given_up() {
    let mut service = Stub::start(|_| (200, "application/json", r#"{"n": 7}"#.to_owned())).await;
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    // This server prepares and looks; it leaves the conversations to the processes.
    let server = TestServer::start_with(|setup| setup.config.roles = vec![botyard::config::Role::Api]).await;
    let admin = server.admin().await;
    let worker = Process::serve(&server, "jobs", &[]);
    let posted = admin.bring(&description(&service.url)).await;
    let waiting = admin.bring(&description(&service.url)).await;
    worker.terminate();
    post_to(&admin, &posted, &receiver.url).await;
    let (attempts, place) = (ATTEMPTS.to_string(), service.place());
    let settings = [
        ("BOTYARD__CONVERSATION__KEEPER_INTERVAL_MS", "50"),
        ("BOTYARD__CONVERSATION__MESSAGE_ATTEMPTS", attempts.as_str()),
        ("BOTYARD__CONVERSATION__MESSAGE_PAUSE_MS", "20"),
        ("BOTYARD__CONVERSATION__SYNC_WAIT_MS", "2000"),
        ("BOTYARD__CONVERSATION__SERVICES__EGRESS__ALLOW", place.as_str()),
    ];
    let serve = async || {
        let process = Process::serve(&server, "api,jobs", &settings);
        let client = Client::new(process.url().await, Some(admin.token().to_owned()));
        (process, client)
    };

    let (mut process, mut client) = serve().await;
    assert_eq!(client.post_to(&posted, &message("ann", "take long")).await.json()["status"], "ok");
    let poll = client.post_to(&waiting, &message("ben", "take long")).await.json()["pollId"].clone();
    for _ in 0..ATTEMPTS {
        // Both messages are held at the service when the server dies.
        service.next().await;
        service.next().await;
        process.kill();
        (process, client) = serve().await;
    }

    // The user is told, by a post and by a poll, and is answered from then on.
    let post = receiver.next().await.json();
    assert_eq!((&post["to"], &post["data"][0]["val"]), (&json!("ann"), &json!(FAILURE)), "{post}");
    let polled = found(async || {
        let polled = client.get(&format!("/chatbot/v2/webhook/{waiting}/poll/{}", poll.as_str().unwrap())).await.json();
        polled.get("data").is_some().then_some(polled)
    });
    assert_eq!(bubbles(&polled.await), [FAILURE]);
    assert_eq!(client.say(&waiting, "ben", "stay well").await, ["well"]);
    let mut transcript = client.transcript(&waiting, "ben").await;
    transcript.reverse();
    assert_eq!(transcript, ["> take long", &format!("< {FAILURE}"), "> stay well", "< well"]);
    assert!(service.is_unasked(), "the service is called in each attempt and not again");

    // The operator sees both.
    let [of_ann, of_ben] = [stuck(&client, &posted).await, stuck(&client, &waiting).await].map(|all| all[0].clone());
    assert_eq!((&of_ann["identity"], &of_ann["attempts"]), (&json!("ann"), &json!(ATTEMPTS)), "{of_ann}");
    assert_eq!(of_ann["received"]["message"]["text"], "take long");
    assert!(of_ann["reason"].as_str().unwrap().contains("died"), "{of_ann}");
    let metrics = client.get("/metrics").await.text();
    assert!(metrics.contains("botyard_messages_stuck 2"), "{metrics}");
    let listed = command(&server, &["message", "list", "--bot", &waiting, "--json"]).await;
    assert_eq!((&listed[0]["_id"], listed.as_array().unwrap().len()), (&of_ben["_id"], 1));

    // One is tried again over the API, now that the service answers, the other by command.
    service.release();
    let id = of_ann["_id"].as_str().unwrap();
    let retry = format!("/api/public/stuckmessages/{id}/retry");
    let of_another_bot = server.builder(&[&waiting]).await;
    assert_eq!(of_another_bot.post(&retry, &json!({})).await.status, 400);
    assert_eq!(client.post(&retry, &json!({})).await.json()["retried"], true);
    assert_eq!(client.post(&retry, &json!({})).await.status, 400, "it is not stuck any more");
    let post = receiver.next().await.json();
    assert_eq!(post["data"][0]["val"], "Done 7", "{post}");
    let retried = command(&server, &["message", "retry", of_ben["_id"].as_str().unwrap(), "--json"]).await;
    assert_eq!(retried["retried"], true);
    found(async || (client.transcript(&waiting, "ben").await[0] == "< Done 7").then_some(())).await;
    assert!(stuck(&client, &posted).await.is_empty() && stuck(&client, &waiting).await.is_empty());
    process.terminate();
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_of_a_dead_process_waits_for_no_slow_turn_of_another_user() {
    let mut service = Stub::start(|_| (200, "application/json", r#"{"n": 7}"#.to_owned())).await;
    let server = TestServer::start_with(|setup| setup.config.roles = vec![botyard::config::Role::Api]).await;
    let admin = server.admin().await;
    let place = service.place();
    let settings = [
        ("BOTYARD__CONVERSATION__KEEPER_INTERVAL_MS", "50"),
        ("BOTYARD__CONVERSATION__SYNC_WAIT_MS", "100"),
        ("BOTYARD__CONVERSATION__SERVICES__EGRESS__ALLOW", place.as_str()),
    ];
    let serve = async |roles: &str| {
        let process = Process::serve(&server, roles, &settings);
        let client = Client::new(process.url().await, Some(admin.token().to_owned()));
        (process, client)
    };
    let (process, client) = serve("api,jobs").await;
    let bot = admin.bring(&description(&service.url)).await;
    client.post_to(&bot, &message("ann", "take long")).await;
    service.next().await;
    process.kill();

    // This one takes the message of the dead one, and its turn does not end.
    let (keeper, client) = serve("api,jobs").await;
    service.next().await;
    let (dies, of_the_dying) = serve("api").await;
    of_the_dying.post_to(&bot, &message("ben", "take long")).await;
    service.next().await;
    dies.kill();
    service.next().await;

    service.release();
    for user in ["ann", "ben"] {
        let answered = async || client.transcript(&bot, user).await.first().is_some_and(|last| last == "< Done 7");
        found(async || answered().await.then_some(())).await;
    }
    keeper.terminate();
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_always_fails_calls_a_service_so_often_and_no_more() {
    let mut service = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let place = service.place();
    let server = TestServer::start_with(|setup| {
        let conversation = &mut setup.config.conversation;
        conversation.message_attempts = ATTEMPTS as i64;
        (conversation.message_pause_ms, conversation.keeper_interval_ms) = (10, 20);
        conversation.services.egress.allow = vec![place];
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&service.url)).await;
    post_to(&admin, &bot, &receiver.url).await;
    // From here on the database refuses a second value like one it has: an error that stays.
    let index = "CREATE UNIQUE INDEX nothing_twice ON context_values (value)";
    server.store().write(move |tx| Box::pin(async move { tx.execute(index, vec![]).await })).await.unwrap();
    let mut heard = async |user: &str, text: &str| {
        assert_eq!(admin.post_to(&bot, &message(user, text)).await.json()["status"], "ok");
        loop {
            // The end of a task is posted by itself.
            let post = receiver.next().await.json();
            if let Some(text) = post["data"][0]["val"].as_str() {
                assert_eq!(post["to"], user, "{post}");
                return text.to_owned();
            }
        }
    };
    assert_eq!(heard("ann", "keep same").await, "Kept.");
    service.next().await;
    assert_eq!(heard("ben", "keep same").await, FAILURE);
    assert_eq!(heard("ben", "stay well").await, "well");
    let mut calls = 0;
    while !service.is_unasked() {
        service.next().await;
        calls += 1;
    }
    assert_eq!(calls, 1, "its answer is kept, however often the turn fails");

    // It is dropped, by who may.
    let of_ben = stuck(&admin, &bot).await.remove(0);
    assert!(of_ben["reason"].as_str().unwrap().to_lowercase().contains("unique"), "{of_ben}");
    let path = format!("/api/public/stuckmessages/{}", of_ben["_id"].as_str().unwrap());
    let reader = server.client_with_scopes(access::AppKind::Builder, &[&bot], &[access::Scope::ChatHistory]).await;
    assert_eq!(stuck(&reader, &bot).await, std::slice::from_ref(&of_ben));
    reader.delete(&path).await.refused(401, "Permission denied. Scope is incorrect!");
    assert_eq!(admin.delete(&path).await.json()["dropped"], true);
    assert!(stuck(&admin, &bot).await.is_empty());
    server.finish().await;
}
