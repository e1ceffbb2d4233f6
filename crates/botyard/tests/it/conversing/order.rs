//! Messages that come close together are heard in the order they were accepted, on one node and on two.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use serde_json::{Value, json};

use super::delivery::post_to;
use crate::support::client::Client;
use crate::support::talk::message;
use crate::support::{Stub, TestServer};

/// So many messages are sent to one conversation.
const MESSAGES: usize = 8;
/// So long after one another. Milliseconds.
const GAPS: [u64; 4] = [0, 1, 5, 20];

fn description(place: &str) -> Value {
    json!({"name": "Listener", "events": {"INTENT_UNIDENTIFIED": {"say": "Heard."}}, "dialogs": [
        {"name": "Hold On", "nodes": [
            {"id": "Long", "service": {"url": format!("{place}/held"), "timeout": 120}},
            {"id": "Done", "message": "Done."}]},
        {"name": "Repeat Word", "nodes": [
            {"id": "Word", "entity": "number", "prompt": "Which?"},
            {"id": "Said", "message": "{{context.entities.Word}}"}]}]})
}

/// A message that was accepted: by which id, and when it was sent and accepted, by a clock that only counts.
struct Accepted {
    text: String,
    id: String,
    sent: usize,
    accepted: usize,
}

/// Sends messages to the nodes in turn, each this long after the one before was sent.
async fn send(nodes: &[Client], bot: &str, user: &str, gap: Duration) -> Vec<Accepted> {
    static CLOCK: AtomicUsize = AtomicUsize::new(0);
    let tick = || CLOCK.fetch_add(1, Ordering::SeqCst);
    let say = async |n: usize| {
        tokio::time::sleep(gap * u32::try_from(n).unwrap()).await;
        let (text, sent) = (format!("word-{n}"), tick());
        let answer = nodes[n % nodes.len()].post_to(bot, &message(user, &text)).await.json();
        Accepted { text, id: answer["traceId"].as_str().unwrap().to_owned(), sent, accepted: tick() }
    };
    futures_util::future::join_all((0..MESSAGES).map(say)).await
}

/// What a user said, in the order it was heard, without what they were held up by.
async fn heard(admin: &Client, bot: &str, user: &str) -> Vec<String> {
    let transcript = admin.transcript(bot, user).await;
    let said = transcript.iter().rev().filter_map(|line| line.strip_prefix("> "));
    said.filter(|text| *text != "hold on").map(str::to_owned).collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_are_heard_in_the_order_they_were_accepted() {
    let mut service = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start().await;
    let other = if server.store().is_shared() { Some(server.another().await) } else { None };
    let admin = server.admin().await;
    let bot = admin.bring(&description(&service.url)).await;
    post_to(&admin, &bot, &receiver.url).await;
    let node = |url: String| Client::new(url, Some(admin.token().to_owned()));
    let nodes: Vec<Client> =
        [Some(server.url()), other.as_ref().and_then(botyard::Server::url)].into_iter().flatten().map(node).collect();

    // Behind a turn that lasts, all wait: their rows tell the order in which they were accepted.
    let mut accepted = Vec::new();
    for gap in GAPS {
        let user = format!("held {gap}");
        nodes[0].post_to(&bot, &message(&user, "hold on")).await.json();
        assert_eq!(service.next().await.path, "/held");
        let sent = send(&nodes, &bot, &user, Duration::from_millis(gap)).await;
        let key = conversation::user_of(&server.premises().account.id, &user);
        let rows = server.store().pending_inbox(&domain::BotId::stored(&*bot), &key, "ivr").await.unwrap();
        let text_of = |row: &store::InboxMessage| sent.iter().find(|it| it.id == row.id).map(|it| it.text.clone());
        let in_rows: Vec<String> = rows.iter().filter_map(text_of).collect();
        assert_eq!((rows.len(), in_rows.len()), (MESSAGES + 1, MESSAGES), "{user}");
        accepted.push((user, sent, Some(in_rows)));
    }
    service.release();
    // And where each is answered as soon as it may be.
    for gap in GAPS {
        let user = format!("free {gap}");
        let sent = send(&nodes, &bot, &user, Duration::from_millis(gap)).await;
        accepted.push((user, sent, None));
    }
    let mut answers = 0;
    while answers < accepted.len() * MESSAGES {
        answers += usize::from(receiver.next().await.json()["data"][0]["val"] == "Heard.");
    }
    for (user, sent, in_rows) in &accepted {
        let heard = heard(&admin, &bot, user).await;
        assert_eq!(heard.len(), MESSAGES, "{user}: {heard:?}");
        if let Some(in_rows) = in_rows {
            assert_eq!(&heard, in_rows, "{user}");
        }
        // Whoever was told that a message is accepted before saying more is heard in that order.
        let place = |it: &Accepted| heard.iter().position(|text| *text == it.text).unwrap();
        for earlier in sent {
            for later in sent.iter().filter(|later| earlier.accepted < later.sent) {
                assert!(place(earlier) < place(later), "{user}: {} before {} in {heard:?}", earlier.text, later.text);
            }
        }
    }
    if let Some(other) = other {
        other.stop().await.unwrap();
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn messages_that_are_waited_for_are_heard_in_the_order_of_their_rows() {
    let mut service = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let place = service.place();
    let setup = |setup: &mut crate::support::server::Setup| {
        setup.config.conversation.services.egress.allow = vec![place];
        setup.config.conversation.sync_wait_ms = 120_000;
    };
    let server = TestServer::start_with(setup).await;
    let other = if server.store().is_shared() { Some(server.another().await) } else { None };
    let admin = server.admin().await;
    let bot = admin.bring(&description(&service.url)).await;
    let node = |url: String| Client::new(url, Some(admin.token().to_owned()));
    let nodes: Vec<Client> =
        [Some(server.url()), other.as_ref().and_then(botyard::Server::url)].into_iter().flatten().map(node).collect();
    let say = |n: usize, user: &str, text: String, after: Duration| {
        let (node, bot, user) = (nodes[n % nodes.len()].clone(), bot.clone(), user.to_owned());
        tokio::spawn(async move {
            tokio::time::sleep(after).await;
            node.say(&bot, &user, &text).await
        })
    };
    let mut in_line = Vec::new();
    for gap in GAPS {
        let user = format!("waits {gap}");
        let held = say(0, &user, "hold on".to_owned(), Duration::ZERO);
        assert_eq!(service.next().await.path, "/held");
        // Whoever comes while a turn runs is in line behind it, on whichever node.
        let after = |n: usize| Duration::from_millis(gap) * u32::try_from(n).unwrap();
        let waiting: Vec<_> = (0..MESSAGES).map(|n| say(n, &user, format!("repeat word {n}"), after(n))).collect();
        let key = conversation::user_of(&server.premises().account.id, &user);
        let mut pause = tokio::time::interval(Duration::from_millis(5));
        let rows = loop {
            let rows = server.store().pending_inbox(&domain::BotId::stored(&*bot), &key, "ivr").await.unwrap();
            if !server.store().is_shared() || rows.len() == MESSAGES {
                break rows;
            }
            pause.tick().await;
        };
        in_line.push((user, held, waiting, rows));
    }
    service.release();
    for (user, held, waiting, rows) in in_line {
        assert_eq!(held.await.unwrap(), ["Done."]);
        for (n, answer) in waiting.into_iter().enumerate() {
            assert_eq!(answer.await.unwrap(), [n.to_string()], "{user}: each has its own answer");
        }
        let heard = heard(&admin, &bot, &user).await;
        assert_eq!(heard.len(), MESSAGES, "{user}: {heard:?}");
        // One process that has the database alone needs no rows.
        if server.store().is_shared() {
            let text = |row: &store::InboxMessage| row.payload["event"]["message"]["text"].as_str().unwrap().to_owned();
            assert_eq!(heard, rows.iter().map(text).collect::<Vec<_>>(), "{user}");
        }
    }
    if let Some(other) = other {
        other.stop().await.unwrap();
    }
    server.finish().await;
}
