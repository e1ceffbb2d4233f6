//! Sessions: how they begin, end and are counted.

use std::time::Duration;

use domain::ManualClock;
use reqwest::Method;
use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::talk::message;
use crate::support::{Stub, TestServer};

const CLOSING: &str =
    "I am closing our current conversation as I have not received any input from you. We can start over when you need.";

/// A bot whose sessions close after 15 minutes, as these settings say.
fn description(settings: Value) -> Value {
    let mut export = json!({"sessionInactiveTime": 900_000, "sessionClosureProcess": 1, "skipSessionMessage": false});
    for (name, value) in settings.as_object().unwrap() {
        export[name] = value.clone();
    }
    json!({"name": "Desk", "export": export, "events": {"INTENT_UNIDENTIFIED": {"say": "I am lost."}}, "dialogs": [
        {"name": "Book Visit", "nodes": [
            {"id": "Count", "entity": "number", "prompt": "How many?", "error": "A number, please."},
            {"id": "Booked", "message": "Booked {{context.entities.Count}}."}]},
        {"name": "Leave Note", "nodes": [
            {"id": "Note", "entity": "label", "prompt": "What?"}, {"id": "Noted", "message": "Noted {{context.entities.Note}}."}]},
        {"name": "Confirm Visit", "nodes": [
            {"id": "Sure", "confirm": "Sure?", "next": [{"if": {"dialogAct": "yes"}, "then": "Yes"}, {"default": "end"}]},
            {"id": "Yes", "message": "Then come."}]},
        {"name": "Tell Return", "nodes": [{"id": "Told", "message": "{{context.session.BotUserSession.isReturningUser}}"}]},
        {"name": "Ask Human", "nodes": [{"id": "Wait", "message": "Somebody will come."}, {"id": "Human", "transfer": true}]}]})
}

/// A server whose keeper looks this often. Milliseconds.
async fn start(keeper_ms: u64) -> (TestServer, ManualClock) {
    let (clock, hand) = domain::Clock::manual(domain::Timestamp::parse("2026-03-10T12:00:00Z").unwrap());
    let server = TestServer::start_with(|setup| {
        setup.options.sources.clock = clock;
        setup.config.conversation.keeper_interval_ms = keeper_ms;
    })
    .await;
    (server, hand)
}

/// The newest session of a user when it is closed.
async fn closed(admin: &Client, bot: &str, user: &str) -> Value {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..3_000 {
        pause.tick().await;
        let session = admin.sessions_of(bot, user).await.remove(0);
        if session["sessionStatus"] == "closed" {
            return session;
        }
    }
    panic!("{:?}", admin.sessions_of(bot, user).await);
}

async fn begin_anew(admin: &Client, bot: &str, user: &str, text: &str) -> Value {
    let mut body = message(user, text);
    body["session"] = json!({"new": true});
    admin.post_to(bot, &body).await.json()
}

#[tokio::test]
async fn a_session_is_closed_when_its_time_is_over() {
    let (server, hand) = start(20).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(json!({}))).await;
    assert_eq!(admin.say(&bot, "ann", "tell return").await, ["false"]);
    hand.advance(Duration::from_secs(899));
    assert_eq!(admin.say(&bot, "ann", "book visit").await, ["How many?"], "every message gives it more time");
    hand.advance(Duration::from_secs(899));
    assert_eq!(admin.say(&bot, "ann", "many").await, ["A number, please."]);
    hand.advance(Duration::from_secs(900));
    let session = closed(&admin, &bot, "ann").await;
    assert_eq!(
        (&session["start_time"], &session["end_time"]),
        (&json!("2026-03-10T12:00:00.000Z"), &json!("2026-03-10T12:44:58.000Z"))
    );
    assert_eq!(
        [&session["containmentType"], &session["noOfMessagesExchanged"], &session["noOfTasksExecuted"]],
        [&json!("dropOff"), &json!(7), &json!(1)]
    );
    assert_eq!(admin.transcript(&bot, "ann").await[..2], [format!("< {CLOSING}"), "< A number, please.".to_owned()]);

    // What was waited for is forgotten, the user is not.
    assert_eq!(admin.say(&bot, "ann", "5").await, ["I am lost."]);
    assert_eq!(admin.say(&bot, "ann", "tell return").await, ["true"]);
    let sessions = admin.sessions_of(&bot, "ann").await;
    assert_eq!(
        sessions.iter().map(|it| it["sessionStatus"].as_str().unwrap()).collect::<Vec<_>>(),
        ["active", "closed"]
    );
    server.finish().await;
}

#[tokio::test]
async fn a_message_closes_a_session_that_nobody_had_closed_in_time() {
    // The keeper sleeps: what it did not do is done before the message is answered.
    let (server, hand) = start(3_600_000).await;
    let admin = server.admin().await;
    for (settings, said) in [(json!({}), Some(CLOSING)), (json!({"skipSessionMessage": true}), None)] {
        let bot = admin.bring(&description(settings)).await;
        assert_eq!(admin.say(&bot, "ann", "book visit").await, ["How many?"]);
        hand.advance(Duration::from_secs(901));
        assert_eq!(admin.say(&bot, "ann", "5").await, ["I am lost."]);
        let mut expected =
            vec!["< I am lost.".to_owned(), "> 5".to_owned(), "< How many?".to_owned(), "> book visit".to_owned()];
        if let Some(said) = said {
            expected.insert(2, format!("< {said}"));
        }
        assert_eq!(admin.transcript(&bot, "ann").await, expected);
        let sessions = admin.sessions_of(&bot, "ann").await;
        assert_eq!((sessions.len(), &sessions[1]["sessionStatus"]), (2, &json!("closed")));
    }
    server.finish().await;
}

#[tokio::test]
async fn a_lazy_session_goes_on_with_an_answer_and_ends_with_anything_else() {
    let (server, hand) = start(20).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(json!({"sessionClosureProcess": 0}))).await;
    // What is asked, what comes after the time is over, the answer, and how many sessions there are then.
    for (asked, late, answer, sessions) in [
        ("book visit", "5", "Booked 5.", 1),
        ("book visit", "leave note", "What?", 2),
        ("book visit", "tell return", "true", 2),
        ("book visit", "blue", "I am lost.", 2),
        ("leave note", "buy milk", "Noted buy milk.", 1),
        ("confirm visit", "of course", "Then come.", 1),
        ("confirm visit", "tell return", "true", 2),
        ("tell return", "tell return", "true", 2),
    ] {
        let user = format!("{asked}-{late}").replace(' ', "-");
        admin.say(&bot, &user, asked).await;
        hand.advance(Duration::from_secs(901));
        assert_eq!(admin.say(&bot, &user, late).await, [answer], "{asked}: {late}");
        assert_eq!(admin.sessions_of(&bot, &user).await.len(), sessions, "{asked}: {late}");
    }
    // Nothing is closed while nobody says anything.
    let statuses = admin.sessions_of(&bot, "leave-note-buy-milk").await;
    assert_eq!(statuses[0]["sessionStatus"], "active");
    server.finish().await;
}

#[tokio::test]
async fn a_session_ends_when_somebody_asks_for_it() {
    let (server, hand) = start(1_000).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(json!({}))).await;
    let event = |name: &str| json!({"message": {"type": "event", "val": name}, "from": {"id": "ann"}});

    // There is nothing to close yet.
    let ignored = admin.post_to(&bot, &event("SESSION_CLOSURE")).await.json();
    assert_eq!([&ignored["data"][0]["type"], &ignored["data"][0]["eventType"]], ["event", "SESSION_CLOSURE_IGNORED"]);
    assert!(admin.sessions_of(&bot, "ann").await.is_empty());

    // `session.new`, the event, and the call of the public API each end the session in the middle of a task.
    admin.say(&bot, "ann", "book visit").await;
    hand.advance(Duration::from_secs(1));
    let answer = begin_anew(&admin, &bot, "ann", "5").await;
    assert_eq!(answer["data"][0]["val"], "I am lost.");
    admin.say(&bot, "ann", "book visit").await;
    hand.advance(Duration::from_secs(1));
    let closed = admin.post_to(&bot, &event("session_closure")).await.json();
    assert_eq!([&closed["data"][0]["eventType"], &closed["_v"]], ["SESSION_CLOSURE_SUCCESS", "v2"]);
    assert_eq!(admin.say(&bot, "ann", "5").await, ["I am lost."]);
    admin.say(&bot, "ann", "book visit").await;
    hand.advance(Duration::from_secs(1));
    let body = json!({"userId": "ann", "status": "inactive", "channel": "ivr"});
    let closed = admin.put(&format!("/api/public/bot/{bot}/session"), &body).await.json();
    assert_eq!(closed, json!({"success": true, "closed": 1}));
    assert_eq!(admin.say(&bot, "ann", "5").await, ["I am lost."]);
    assert_eq!(admin.say(&bot, "ann", "tell return").await, ["true"]);
    let sessions = admin.sessions_of(&bot, "ann").await;
    let statuses: Vec<&str> = sessions.iter().map(|it| it["sessionStatus"].as_str().unwrap()).collect();
    assert_eq!(statuses, ["active", "closed", "closed", "closed"]);
    assert!(sessions.iter().all(|it| (it["sessionStatus"] == "closed") == it["end_time"].is_string()), "{sessions:?}");
    // None of them was closed for want of messages.
    assert!(!admin.transcript(&bot, "ann").await.contains(&format!("< {CLOSING}")));
    server.finish().await;
}

#[tokio::test]
async fn a_close_waits_for_the_turn_that_runs_and_no_call_is_made_twice() {
    // The service itself closes the session, before it answers: neither waits for the other.
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start_with(|setup| {
        setup.config.egress.allow = vec!["127.0.0.1".to_owned()];
        setup.config.conversation.close_wait_ms = 3_600_000;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Slow", "dialogs": [
            {"name": "Greet", "nodes": [{"id": "Hi", "message": "Hi."}]},
            {"name": "Pay Bill", "nodes": [
                {"id": "Pay", "service": {"url": format!("{}/held/pay", stub.url), "method": "post", "body": "{}"}},
                {"id": "Paid", "message": "Paid."}]}]}))
        .await;
    assert_eq!(admin.say(&bot, "ann", "greet").await, ["Hi."]);
    let close = async {
        assert_eq!(stub.next().await.path, "/held/pay");
        let body = json!({"userId": "ann"});
        let closed = admin.put(&format!("/api/public/bot/{bot}/session"), &body).await.json();
        assert_eq!(closed, json!({"success": true, "closed": 1}));
        stub.release();
    };
    let (paid, ()) = tokio::join!(admin.say(&bot, "ann", "pay bill"), close);
    assert_eq!(paid, ["Paid."]);
    assert!(stub.is_unasked(), "the bill is paid once");
    // The close took effect before anything that is said later.
    assert_eq!(admin.say(&bot, "ann", "greet").await, ["Hi."]);
    let sessions = admin.sessions_of(&bot, "ann").await;
    let statuses: Vec<&Value> = sessions.iter().map(|session| &session["sessionStatus"]).collect();
    assert_eq!(statuses, ["active", "closed"]);
    assert_eq!(sessions[1]["noOfMessagesExchanged"], 4, "what the turn says belongs to the session that is closed");
    assert!(admin.transcript(&bot, "ann").await.contains(&"< Paid.".to_owned()));
    server.finish().await;
}

#[tokio::test]
async fn a_close_takes_the_session_along_that_its_first_turn_begins() {
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start_with(|setup| setup.config.egress.allow = vec!["127.0.0.1".to_owned()]).await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Slow", "dialogs": [{"name": "Pay Bill", "nodes": [
            {"id": "Pay", "service": {"url": format!("{}/held/pay", stub.url), "method": "post", "body": "{}"}},
            {"id": "Paid", "message": "Paid."}, {"id": "Count", "entity": "number", "prompt": "How many?"}]}]}))
        .await;
    let close = async {
        assert_eq!(stub.next().await.path, "/held/pay");
        let path = format!("/api/public/bot/{bot}/session");
        for (body, closed) in [(json!({"userId": "ben"}), 0), (json!({"userId": "ann"}), 1)] {
            assert_eq!(admin.put(&path, &body).await.json(), json!({"success": true, "closed": closed}), "{body}");
        }
        stub.release();
    };
    let (paid, ()) = tokio::join!(admin.say(&bot, "ann", "pay bill"), close);
    assert_eq!(paid, ["Paid.", "How many?"]);
    // What comes next is no answer to the question any more.
    admin.say(&bot, "ann", "5").await;
    let sessions = admin.sessions_of(&bot, "ann").await;
    let statuses: Vec<&Value> = sessions.iter().map(|session| &session["sessionStatus"]).collect();
    assert_eq!(statuses, ["active", "closed"]);
    server.finish().await;
}

#[tokio::test]
async fn sessions_tell_how_their_users_were_served() {
    let (server, _hand) = start(1_000).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(json!({}))).await;
    for (user, said) in [
        ("served", &["book visit", "5", "tell return"][..]),
        ("left", &["tell return", "book visit"]),
        ("unhelped", &["book visit", "5", "ask human"]),
        ("lost", &["nonsense words"]),
    ] {
        for text in said {
            admin.say(&bot, user, text).await;
        }
    }
    admin.put(&format!("/api/public/bot/{bot}/session"), &json!({})).await.json();
    // Nobody took over whom: that is no session of an agent.
    let served = &["lost", "served", "unhelped"][..];
    for (kind, users) in [("selfService", served), ("dropOff", &["left"]), ("agent", &[])] {
        let path = format!("/api/public/bot/{bot}/getSessions?containmentType={kind}");
        let body = json!({"dateFrom": "2026-01-01"});
        let found = admin.post(&path, &body).await.json();
        let found = found["sessions"].as_array().unwrap();
        assert!(
            found.iter().all(|session| session["containmentType"] == kind && session["sessionType"] == "interactive"),
            "{kind}"
        );
        let mut named = Vec::new();
        for user in ["left", "lost", "served", "unhelped"] {
            let own = admin.sessions_of(&bot, user).await;
            if found.iter().any(|session| session["sessionId"] == own[0]["sessionId"]) {
                named.push(user);
            }
        }
        assert_eq!((named.as_slice(), found.len()), (users, users.len()), "{kind}");
    }
    let counts = async |user: &str| {
        let session = admin.sessions_of(&bot, user).await.remove(0);
        (session["noOfMessagesExchanged"].as_i64().unwrap(), session["noOfTasksExecuted"].as_i64().unwrap())
    };
    assert_eq!([counts("served").await, counts("left").await, counts("lost").await], [(6, 2), (4, 1), (2, 0)]);
    server.finish().await;
}

#[tokio::test]
async fn a_bot_that_nobody_takes_over_from_says_so_and_goes_on() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(json!({}))).await;
    assert_eq!(admin.say(&bot, "ann", "book visit").await, ["How many?"]);
    // What is given up for a human is not taken up in between.
    let busy = "All our agents are busy at the moment. Please try again later.";
    assert_eq!(admin.say(&bot, "ann", "ask human").await, ["Somebody will come.", busy]);
    assert_eq!(admin.say(&bot, "ann", "leave note").await, ["What?"]);
    assert_eq!(admin.say(&bot, "ann", "none came").await, ["Noted none came."]);
    server.finish().await;
}

#[tokio::test]
async fn messages_of_both_sides_are_kept_the_newest_first() {
    let (server, hand) = start(1_000).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(json!({}))).await;
    admin.say(&bot, "ann@example.com", "book visit").await;
    hand.advance(Duration::from_secs(60));
    admin.say(&bot, "ann@example.com", "5").await;
    let path = format!("/api/public/bot/{bot}/getMessages?userId=ANN@example.com&channelType=ivr");
    let found = admin.send(admin.request(Method::GET, &path)).await.json();
    let messages = found["messages"].as_array().unwrap();
    let told: Vec<_> = messages
        .iter()
        .map(|it| (it["type"].as_str().unwrap(), it["components"][0]["data"]["text"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("outgoing", "Booked 5."), ("incoming", "5"), ("outgoing", "How many?"), ("incoming", "book visit")]
    );
    assert_eq!((&found["total"], &messages[0]["createdOn"]), (&json!(4), &json!("2026-03-10T12:01:00.000Z")));
    assert!(
        messages
            .iter()
            .all(|it| it["sessionId"] == messages[0]["sessionId"] && it["lang"] == "en" && it["botId"] == bot)
    );
    server.finish().await;
}
