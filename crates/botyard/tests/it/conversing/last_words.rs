//! What is said last in sessions that end, and where it goes.

use std::time::Duration;

use serde_json::{Value, json};

use super::delivery::post_to;
use crate::support::client::Client;
use crate::support::talk::message;
use crate::support::{Process, Stub, TestServer};

const CLOSING: &str =
    "I am closing our current conversation as I have not received any input from you. We can start over when you need.";
const FAILED: &str = "I am sorry, something went wrong and I had to discard your task. Please retry.";

/// A bot that does this at the end of tasks, and has these closing words.
fn description(event: Value, closing: &str, export: Value) -> Value {
    let mut description = json!({"name": "Desk", "export": export,
        "events": {"INTENT_UNIDENTIFIED": {"say": "I am lost."}},
        "dialogs": [
            {"name": "Book Visit", "nodes": [
                {"id": "Count", "entity": "number", "prompt": "How many?"}, {"id": "Booked", "message": "Booked."}]},
            {"name": "Ask Rating", "nodes": [
                {"id": "Thanks", "message": "Thank you, {{context.session.UserContext.firstName}}."},
                {"id": "Stars", "entity": "number", "prompt": "How many stars?"}, {"id": "Rated", "message": "Rated."}]},
            {"name": "Tell Office", "nodes": [
                {"id": "Tell", "service": {"url": "http://127.0.0.1:1/", "method": "post", "body": "{}"}},
                {"id": "Told", "message": "Told {{context.Tell.response.statusCode}}."}]}]});
    if !event.is_null() {
        description["events"]["CONVERSATION_END"] = event;
    }
    if !closing.is_empty() {
        description["responses"] = json!([{"of": "Session Closed", "say": closing}]);
    }
    description
}

async fn close(client: &Client, bot: &str, body: &Value) -> Value {
    client.put(&format!("/api/public/bot/{bot}/session"), body).await.json()
}

/// The bot that posted next, and what it said.
async fn posted(receiver: &mut Stub) -> [String; 2] {
    let body = receiver.next().await.json();
    [&body["from"], &body["data"][0]["val"]].map(|text| text.as_str().unwrap().to_owned())
}

#[tokio::test]
async fn a_session_that_somebody_closes_ends_with_the_last_words_of_its_bot() {
    let server = TestServer::start_with(|setup| {
        setup.config.egress.allow = vec!["127.0.0.1".to_owned()];
        // Whoever closes waits until it is done.
        setup.config.conversation.close_wait_ms = 3_600_000;
    })
    .await;
    let admin = server.admin().await;
    let ended = "print(context.taskExecution.endReason + ' ' + context.taskExecution.completedTaskName);";
    // What the bot does at the end of tasks, its closing words, whether it closes silently, and what it says last.
    let table = [
        (Value::Null, "", false, &[][..]),
        (Value::Null, "See you.", false, &["See you."]),
        (Value::Null, "See you.", true, &[]),
        (Value::Null, "{{context.session.UserContext.firstName}}, goodbye.", false, &["Ann, goodbye."]),
        (json!({"say": "How was it?"}), "", true, &["How was it?"]),
        (json!({"say": "How was it?"}), "See you.", false, &["How was it?", "See you."]),
        (json!({"script": ended}), "", false, &["Canceled book visit"]),
        (json!({"script": "throw new Error('no');"}), "See you.", false, &["See you."]),
        (json!("Ask Rating"), "See you.", false, &["Thank you, Ann.", "How many stars?", "See you."]),
        (json!("Tell Office"), "See you.", false, &[FAILED, "See you."]),
    ];
    for (event, closing, silently, last) in table {
        let what = format!("{event} {closing} {silently}");
        let bot = admin.bring(&description(event, closing, json!({"skipSessionMessage": silently}))).await;
        let mut asked = message("ann", "book visit");
        asked["from"]["userInfo"] = json!({"firstName": "Ann"});
        admin.post_to(&bot, &asked).await.json();
        assert_eq!(
            close(&admin, &bot, &json!({"userId": "ann"})).await,
            json!({"success": true, "closed": 1}),
            "{what}"
        );
        let session = admin.sessions_of(&bot, "ann").await.remove(0);
        assert_eq!(
            [&session["sessionStatus"], &session["containmentType"], &session["noOfMessagesExchanged"]],
            [&json!("closed"), &json!("dropOff"), &json!(2 + last.len())],
            "{what}"
        );
        let mut said: Vec<String> = last.iter().rev().map(|text| format!("< {text}")).collect();
        said.extend(["< How many?".to_owned(), "> book visit".to_owned()]);
        assert_eq!(admin.transcript(&bot, "ann").await, said, "{what}");
        // Nothing of it is left, and nobody is told twice.
        assert_eq!(close(&admin, &bot, &json!({})).await["closed"], 0, "{what}");
        assert_eq!(admin.say(&bot, "ann", "5").await, ["I am lost."], "{what}");
        let log = admin.get(&format!("/api/public/bot/{bot}/changelogs")).await.json().to_string();
        assert_eq!(log.matches("Conversation session closed").count(), 1, "{what}: {log}");
    }
    server.finish().await;
}

#[tokio::test]
async fn last_words_are_posted_where_answers_are() {
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let (clock, hand) = domain::Clock::manual(domain::Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| {
        setup.options.sources.clock = clock;
        setup.config.conversation.keeper_interval_ms = 20;
    })
    .await;
    let admin = server.admin().await;
    // 1: closed at its time; 0: when the next message comes.
    for process in [1, 0] {
        let settings = json!({"sessionInactiveTime": 900_000, "sessionClosureProcess": process});
        let bot = admin.bring(&description(Value::Null, "", settings)).await;
        post_to(&admin, &bot, &receiver.url).await;
        admin.post_to(&bot, &message("ann", "book visit")).await.json();
        assert_eq!(posted(&mut receiver).await, [&bot, "How many?"]);
        // With the clock the lease on the post would run out, and it be posted again.
        let mut look = tokio::time::interval(Duration::from_millis(5));
        while server.store().next_delivery_at().await.unwrap().is_some() {
            look.tick().await;
        }
        hand.advance(Duration::from_secs(901));
        if process == 0 {
            admin.post_to(&bot, &message("ann", "nonsense")).await.json();
        }
        assert_eq!(posted(&mut receiver).await, [&bot, CLOSING]);
        if process == 0 {
            assert_eq!(posted(&mut receiver).await, [&bot, "I am lost."]);
        }
    }
    let bot = admin.bring(&description(json!({"say": "How was it?"}), "See you.", json!({}))).await;
    post_to(&admin, &bot, &receiver.url).await;
    admin.post_to(&bot, &message("ann", "book visit")).await.json();
    assert_eq!(posted(&mut receiver).await, [&bot, "How many?"]);
    assert_eq!(close(&admin, &bot, &json!({"userId": "ann"})).await["closed"], 1);
    for text in ["How was it?", "See you."] {
        assert_eq!(posted(&mut receiver).await, [&bot, text]);
    }
    assert!(receiver.is_unasked());
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_close_that_waits_happens_whichever_process_dies() {
    let mut service = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start_with(|setup| setup.config.roles = vec![botyard::config::Role::Api]).await;
    let admin = server.admin().await;
    let place = service.place();
    let settings = [
        ("BOTYARD__CONVERSATION__KEEPER_INTERVAL_MS", "50"),
        ("BOTYARD__CONVERSATION__SYNC_WAIT_MS", "100"),
        ("BOTYARD__CONVERSATION__SERVICES__EGRESS__ALLOW", place.as_str()),
    ];
    let serve = async || {
        let process = Process::serve(&server, "api,jobs", &settings);
        let client = Client::new(process.url().await, Some(admin.token().to_owned()));
        (process, client)
    };
    let (dies, client) = serve().await;
    // What the bot says last, and who is with it when it is closed: each is closed once, behind what was said before.
    let mut waiting = Vec::new();
    for closing in ["", "See you."] {
        let held = json!({"id": "Long", "service": {"url": format!("{}/held", service.url), "timeout": 120}});
        let mut description = description(Value::Null, closing, Value::Null);
        description["dialogs"]
            .as_array_mut()
            .unwrap()
            .push(json!({"name": "Take Long", "nodes": [held, {"id": "Done", "message": "Done."}]}));
        let bot = client.bring(&description).await;
        assert_eq!(client.say(&bot, "ann", "gibberish").await, ["I am lost."]);
        client.post_to(&bot, &message("ann", "take long")).await.json();
        assert_eq!(service.next().await.path, "/held");
        assert_eq!(close(&client, &bot, &json!({"userId": "ann"})).await, json!({"success": true, "closed": 1}));
        // Kept behind the close.
        client.post_to(&bot, &message("ann", "book visit")).await.json();
        waiting.push((bot, closing));
    }
    dies.kill();
    let (lives, client) = serve().await;
    service.release();
    for (bot, closing) in waiting {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        while client.sessions_of(&bot, "ann").await.len() < 2 {
            pause.tick().await;
        }
        let mut said = vec!["> gibberish", "< I am lost.", "> take long", "< Done."];
        said.extend((!closing.is_empty()).then_some("< See you."));
        said.extend(["> book visit", "< How many?"]);
        let mut transcript = client.transcript(&bot, "ann").await;
        transcript.reverse();
        assert_eq!(transcript, said);
        let sessions = client.sessions_of(&bot, "ann").await;
        let states: Vec<_> = sessions.iter().map(|it| &it["sessionStatus"]).collect();
        assert_eq!(states, [&json!("active"), &json!("closed")]);
        let log = admin.get(&format!("/api/public/bot/{bot}/changelogs")).await.json().to_string();
        assert_eq!(log.matches("Conversation session closed").count(), 1, "{log}");
    }
    lives.terminate();
    server.finish().await;
}
