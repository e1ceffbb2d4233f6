//! The asynchronous channel: answers are posted to the customer's server, in order, until it takes them.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::talk::message;
use crate::support::{Stub, TestServer};

fn description() -> Value {
    json!({"name": "Poster", "events": {"INTENT_UNIDENTIFIED": {"say": "I am lost."}}, "dialogs": [
        {"name": "Say Two", "nodes": [{"id": "One", "message": "one <b>bold</b>"}, {"id": "Two", "message": "two"}]},
        {"name": "Book Visit", "nodes": [{"id": "Count", "entity": "number", "prompt": "How many?"}, {"id": "Booked", "message": "Booked {{context.entities.Count}}."}]},
        {"name": "Show Buttons", "nodes": [{"id": "Buttons", "message": {"js": "print(JSON.stringify({type: 'template', payload: {text: 'Pick'}}));"}}]}]})
}

/// Sets the webhook channel of a bot up so that it posts to an address.
pub(super) async fn post_to(admin: &Client, bot: &str, url: &str) {
    let details = json!({"type": "ivr", "name": "Hook", "enable": true, "isAsync": true, "postUrl": url, "app": {"clientId": "cs-1", "appName": "Web"}});
    admin
        .post("/api/public/channels", &json!({"streamId": bot, "type": "ivr", "channelDetails": details}))
        .await
        .json();
}

#[tokio::test]
async fn answers_are_posted_in_order_until_they_are_taken() {
    // The receiver fails at the third post, twice: by a status, and by going away to an address that is none.
    let posts = AtomicUsize::new(0);
    let mut receiver = Stub::start(move |_| match posts.fetch_add(1, Ordering::SeqCst) {
        2 => (503, "text/plain", String::new()),
        3 => (302, "text/plain", "http://nowhere.invalid/".to_owned()),
        _ => (200, "application/json", "{}".to_owned()),
    })
    .await;
    let (clock, hand) = domain::Clock::manual(domain::Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| {
        setup.options.sources.clock = clock;
        setup.config.conversation.keeper_interval_ms = 20;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    post_to(&admin, &bot, &format!("{}/answers", receiver.url)).await;
    for text in ["say two", "book visit", "5", "show buttons"] {
        let accepted = admin.post_to(&bot, &message("ann", text)).await.json();
        assert_eq!((&accepted["status"], &accepted["_v"]), (&json!("ok"), &json!("v2")), "{accepted}");
        assert!(!accepted["traceId"].as_str().unwrap().is_empty());
    }
    let said = |val: Value, more: Value| {
        let kind = if val.is_string() { "text" } else { "template" };
        let mut body = json!({"to": "ann", "from": bot, "data": [{"type": kind, "val": val}], "_v": "v2"});
        body.as_object_mut().unwrap().extend(more.as_object().unwrap().clone());
        body
    };
    let last = json!({"endOfMessage": true});
    let buttons = json!({"type": "template", "payload": {"text": "Pick"}});
    let end = |task: &str| json!({"to": "ann", "from": bot, "_v": "v2", "endOfTask": true, "endReason": "Fulfilled", "completedTaskName": task});
    let expected = [
        said(json!("one <b>bold</b>"), json!({})),
        said(json!("two"), last.clone()),
        end("say two"),
        end("say two"),
        end("say two"),
        said(json!("How many?"), last.clone()),
        said(json!("Booked 5."), last.clone()),
        end("book visit"),
        said(buttons, last.clone()),
        end("show buttons"),
    ];
    for (at, expected) in expected.iter().enumerate() {
        let posted = tokio::select! {
            posted = receiver.next() => posted,
            // What was not taken is tried again later; time passes while nothing comes.
            () = async { loop { tokio::time::sleep(Duration::from_millis(50)).await; hand.advance(Duration::from_secs(1)); } } => unreachable!(),
        };
        assert_eq!(
            (posted.method.as_str(), posted.path.as_str(), posted.header("content-type")),
            ("POST", "/answers", "application/json")
        );
        let mut body = posted.json();
        let task = body.as_object_mut().unwrap().shift_remove("completedTaskId");
        assert_eq!(task.is_some(), expected.get("endOfTask").is_some());
        assert_eq!(&body, expected, "post {at}");
    }
    assert!(receiver.is_unasked());
    let transcript = admin.transcript(&bot, "ann").await;
    assert_eq!(transcript.len(), 9, "{transcript:?}");
    server.finish().await;
}

#[tokio::test]
async fn a_message_that_is_accepted_twice_is_answered_once() {
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    post_to(&admin, &bot, &receiver.url).await;
    let mut body = message("ann", "book visit");
    body["clientMessageId"] = json!("c-1");
    let accepted = futures_util::future::join_all((0..5).map(|_| admin.post_to(&bot, &body))).await;
    assert!(accepted.iter().all(|reply| reply.status == 200));
    admin.post_to(&bot, &message("ann", "5")).await.json();
    let mut said = Vec::new();
    while said.last().is_none_or(|text| text != "book visit") {
        let posted = receiver.next().await.json();
        let text = posted["data"][0]["val"].as_str().or_else(|| posted["completedTaskName"].as_str());
        said.push(text.unwrap().to_owned());
    }
    assert_eq!(said, ["How many?", "Booked 5.", "book visit"]);
    let key = conversation::user_of(&server.premises().account.id, "ann");
    let waiting = server.store().pending_inbox(&domain::BotId::stored(&*bot), &key, "ivr").await.unwrap();
    assert!(waiting.is_empty(), "{waiting:?}");
    server.finish().await;
}
