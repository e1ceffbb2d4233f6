//! A server that is killed again and again: what it acknowledged is answered once, in order.

use std::collections::HashMap;

use reqwest::StatusCode;
use serde_json::{Value, json};
use tokio::sync::{mpsc, watch};

use super::delivery::post_to;
use crate::support::client::Client;
use crate::support::talk::{bubbles, message};
use crate::support::{Process, Stub, TestServer};

/// So often the server is killed.
const DEATHS: usize = 10;
/// So many users talk, half of them over the asynchronous channel.
const USERS: usize = 6;
/// So many messages are acknowledged between two deaths.
const ACKNOWLEDGED: usize = 15;

fn description() -> Value {
    json!({"name": "Counter", "events": {"INTENT_UNIDENTIFIED": "Count Words"}, "dialogs": [
        {"name": "Count Words", "hidden": true, "nodes": [
            {"id": "Count", "script": "context.session.BotUserSession.n = (context.session.BotUserSession.n || 0) + 1;"},
            {"id": "Told", "message": "{{context.session.BotUserSession.n}} {{context.userInputs.originalInput.sentence}}"}]}]})
}

/// Where the server is now. A message that got no answer is sent again there, under the same id.
async fn talk(
    mut place: watch::Receiver<Option<Client>>,
    bot: String,
    user: String,
    acknowledged: mpsc::UnboundedSender<()>,
) -> usize {
    let mut n = 0;
    loop {
        let Some(client) = place.borrow_and_update().clone() else { return n };
        let mut body = message(&user, &format!("word-{}", n + 1));
        body["clientMessageId"] = json!(format!("{user}-{}", n + 1));
        let request = client.request(reqwest::Method::POST, &format!("/chatbot/v2/webhook/{bot}")).json(&body);
        let answer = match request.send().await {
            Ok(reply) if reply.status() == StatusCode::OK => reply.json::<Value>().await.ok(),
            Ok(reply) => panic!("{user}: {} {:?}", reply.status(), reply.text().await),
            Err(_) => None,
        };
        let Some(answer) = answer else {
            // It died over this message: there will be another server, or the end of the test.
            if place.changed().await.is_err() {
                return n;
            }
            continue;
        };
        n += 1;
        if answer.get("data").is_some() {
            assert_eq!(bubbles(&answer), [format!("{n} word-{n}")], "{user}");
        } else {
            assert_eq!(answer["status"], "ok", "{user}");
        }
        let _test_is_over = acknowledged.send(());
    }
}

#[tokio::test]
async fn a_server_that_is_killed_again_and_again_answers_everything_once() {
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    // This server prepares and looks; its keeper leaves the conversations to the processes.
    let server = TestServer::start_with(|setup| setup.config.conversation.keeper_interval_ms = 3_600_000).await;
    let admin = server.admin().await;
    let (waiting, posted) = (admin.bring(&description()).await, admin.bring(&description()).await);
    post_to(&admin, &posted, &receiver.url).await;
    let settings = [
        ("BOTYARD__CONVERSATION__KEEPER_INTERVAL_MS", "50"),
        // How long a script takes on a busy machine is not what this is about.
        ("BOTYARD__CONVERSATION__SCRIPTS__DEADLINE_MS", "10000"),
    ];
    let serve = async || {
        let process = Process::serve(&server, "api,jobs", &settings);
        let client = Client::new(process.url().await, Some(admin.token().to_owned()));
        (process, client)
    };
    let (mut process, client) = serve().await;
    let (place, seen) = watch::channel(Some(client));
    let (sender, mut acknowledged) = mpsc::unbounded_channel();
    let talks: Vec<_> = (0..USERS)
        .map(|n| {
            let bot = if n % 2 == 0 { &waiting } else { &posted };
            tokio::spawn(talk(seen.clone(), bot.clone(), format!("user-{n}"), sender.clone()))
        })
        .collect();
    for _ in 0..DEATHS {
        for _ in 0..ACKNOWLEDGED {
            acknowledged.recv().await.unwrap();
        }
        process.kill();
        let client;
        (process, client) = serve().await;
        place.send_replace(Some(client));
    }
    for _ in 0..ACKNOWLEDGED {
        acknowledged.recv().await.unwrap();
    }
    place.send_replace(None);
    let mut said = Vec::new();
    for talk in talks {
        said.push(talk.await.unwrap());
    }

    // All that was accepted is answered, and every answer posted; one whose post was not confirmed comes again.
    let mut heard: HashMap<String, usize> = HashMap::new();
    let is_done = |heard: &HashMap<String, usize>| {
        (1..USERS).step_by(2).all(|n| heard.get(&format!("user-{n}")).copied().unwrap_or_default() >= said[n])
    };
    while !is_done(&heard) {
        let post = receiver.next().await.json();
        let Some(text) = post["data"][0]["val"].as_str() else { continue };
        let user = post["to"].as_str().unwrap();
        let known = heard.entry(user.to_owned()).or_default();
        let n: usize = text.split(' ').next().unwrap().parse().unwrap();
        assert_eq!(text, format!("{n} word-{n}"), "{user}");
        assert!(n == *known + 1 || n == *known, "{user} heard {n} after {known}");
        *known = n;
    }
    for (n, said) in said.iter().enumerate() {
        let (bot, user) = (if n % 2 == 0 { &waiting } else { &posted }, format!("user-{n}"));
        let mut transcript = admin.transcript(bot, &user).await;
        transcript.reverse();
        let expected: Vec<String> =
            (1..=*said).flat_map(|n| [format!("> word-{n}"), format!("< {n} word-{n}")]).collect();
        assert_eq!(transcript[..expected.len()], expected, "{user}");
        // At the end one more may have been taken whose acknowledgement nobody waited for.
        assert!(transcript.len() <= expected.len() + 2, "{user}: {transcript:?}");
    }
    drop(process);
    server.finish().await;
}

#[tokio::test]
async fn what_a_server_acknowledged_before_it_died_is_answered_first() {
    // This server keeps nothing; what it finds in the inbox is of one that is no more.
    let server = TestServer::start_with(|setup| setup.config.roles = vec![botyard::config::Role::Api]).await;
    let admin = server.admin().await;
    let worker = Process::serve(&server, "jobs", &[]);
    let bot = admin.bring(&description()).await;
    worker.terminate();
    let account = &server.premises().account.id;
    let id = domain::BotId::stored(&*bot);
    for (text, poll) in [("kept one", "poll-1"), ("kept two", "poll-2")] {
        let raw = message("ann", text);
        let kept = conversation::Incoming::message(account, &id, "ann", "ivr", text, raw);
        let new = store::NewInboxMessage {
            id: server.store().ids().object_id(),
            conversation: kept.key(),
            payload: serde_json::to_value(&kept).unwrap(),
            poll_id: Some(poll.to_owned()),
        };
        server.store().put_inbox(new).await.unwrap();
    }
    assert_eq!(admin.say(&bot, "ann", "word three").await, ["3 word three"]);
    let mut transcript = admin.transcript(&bot, "ann").await;
    transcript.reverse();
    let expected = ["> kept one", "< 1 kept one", "> kept two", "< 2 kept two", "> word three", "< 3 word three"];
    assert_eq!(transcript, expected);
    let polled = admin.get(&format!("/chatbot/v2/webhook/{bot}/poll/poll-2")).await.json();
    assert_eq!(bubbles(&polled), ["2 kept two"]);
    server.finish().await;
}
