//! What a turn was answered is kept: whoever takes it again asks nobody twice, and says nothing twice.

use std::time::Duration;

use reqwest::StatusCode;
use serde_json::{Value, json};

use super::delivery::post_to;
use crate::support::client::Client;
use crate::support::talk::{bubbles, message};
use crate::support::{Process, Stub, TestServer};

/// The services of the turn, in order.
const SERVICES: usize = 3;

/// A dialog that says something, calls a service, writes a row, and so on; the service at `held` does not answer at once.
fn description(url: &str, held: usize) -> Value {
    let mut nodes = Vec::new();
    for n in 1..=SERVICES {
        let place = if n == held { format!("{url}/held/{n}") } else { format!("{url}/{n}") };
        nodes.push(json!({"id": format!("Before{n}"), "message": format!("before {n}")}));
        nodes.push(json!({"id": format!("Call{n}"), "service": {"url": place, "method": "post", "timeout": 120, "body": "{\"random\": \"{{Math.random()}} {{Date.now()}}\"}"}}));
        nodes.push(json!({"id": format!("Put{n}"), "table": {"name": "Calls", "method": "insert", "data": {"n": format!("{{{{context.Call{n}.response.body.n}}}}")}}}));
    }
    nodes.push(json!({"id": "Rows", "table": {"name": "Calls", "method": "query", "query": {"expressions": [], "operator": "and"}}}));
    nodes.push(json!({"id": "Done", "message": "done {{context.Call1.response.body.n}} {{context.Call2.response.body.n}} {{context.Call3.response.body.n}}, {{context.Rows.response.body.total}} rows"}));
    json!({"name": "Caller", "dialogs": [
        {"name": "Call Three", "nodes": nodes},
        {"name": "Say Hello", "nodes": [{"id": "Hello", "message": "Hello."}]},
        {"name": "Count Rows", "nodes": [
            {"id": "All", "table": {"name": "Calls", "method": "query", "query": {"expressions": [], "operator": "and"}}},
            {"id": "Told", "message": "{{context.All.response.body.total}} rows"}]}]})
}

/// A service whose answers differ from each other, so that a second one would be seen.
async fn service() -> Stub {
    let answers = std::sync::atomic::AtomicUsize::new(0);
    Stub::start(move |_| {
        let n = answers.fetch_add(1, std::sync::atomic::Ordering::SeqCst) + 1;
        (200, "application/json", json!({"n": n}).to_string())
    })
    .await
}

/// A server that looks, and leaves the conversations to the processes.
async fn beside() -> TestServer {
    TestServer::start_with(|setup| setup.config.roles = vec![botyard::config::Role::Api]).await
}

/// Waits until every post is confirmed, so that none comes again after a death.
async fn until_all_is_posted(server: &TestServer) {
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    while server.store().next_delivery_at().await.unwrap().is_some() {
        pause.tick().await;
    }
}

const SAID: [&str; 5] = ["> call three", "< before 1", "< before 2", "< before 3", "< done 1 2 3, 3 rows"];

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_is_killed_at_any_step_uses_each_answer_once() {
    let server = beside().await;
    let admin = server.admin().await;
    for (held, is_posted) in [(1, true), (1, false), (2, false), (2, true), (3, false)] {
        let case = format!("{held}, posted: {is_posted}");
        let mut service = service().await;
        let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
        let place = service.place();
        let settings = [
            ("BOTYARD__CONVERSATION__KEEPER_INTERVAL_MS", "50"),
            ("BOTYARD__CONVERSATION__FLUSH_AFTER_MS", "20"),
            ("BOTYARD__CONVERSATION__SERVICES__EGRESS__ALLOW", place.as_str()),
            ("BOTYARD__CONVERSATION__SCRIPTS__DEADLINE_MS", "10000"),
        ];
        let serve = async || {
            let process = Process::serve(&server, "api,jobs", &settings);
            let client = Client::new(process.url().await, Some(admin.token().to_owned()));
            (process, client)
        };
        let mut body = message("ann", "call three");
        body["clientMessageId"] = json!("once");
        let (dies, client) = serve().await;
        let bot = client.bring(&description(&service.url, held)).await;
        if is_posted {
            post_to(&client, &bot, &receiver.url).await;
        }
        let (path, said) = (format!("/chatbot/v2/webhook/{bot}"), body.clone());
        let asked =
            tokio::spawn(async move { client.request(reqwest::Method::POST, &path).json(&said).send().await.is_ok() });
        let mut calls = Vec::new();
        while calls.len() < held {
            calls.push(service.next().await);
        }
        if is_posted {
            // What was said before is posted while the service takes its time.
            for n in 1..=held {
                assert_eq!(receiver.next().await.json()["data"][0]["val"], format!("before {n}"), "{case}");
            }
            until_all_is_posted(&server).await;
        }
        // On a shared database there is another node beside it by now.
        let beside = if server.store().is_shared() { Some(serve().await) } else { None };
        dies.kill();
        asked.await.unwrap();
        let (lives, client) = match beside {
            Some(beside) => beside,
            None => serve().await,
        };
        // Sent again under its id, the message is answered as it was.
        let (again, path, said) = (client.clone(), format!("/chatbot/v2/webhook/{bot}"), body.clone());
        let repeated = tokio::spawn(async move {
            loop {
                let reply = again.request(reqwest::Method::POST, &path).json(&said).send().await.unwrap();
                assert_eq!(reply.status(), StatusCode::OK);
                let answer = reply.json::<Value>().await.unwrap();
                if is_posted || answer.get("pollId").is_none() {
                    return answer;
                }
            }
        });
        // Whoever takes the turn repeats the call that was on its way, and no other.
        let again = service.next().await;
        let before = calls.last().unwrap();
        assert_eq!(again.path, before.path, "{case}");
        // Of the very first call nothing may be kept yet, of a message that nobody was told is kept.
        assert!(again.body == before.body || held == 1 && !is_posted, "{case}");
        assert_eq!(again.header("idempotency-key"), before.header("idempotency-key"), "{case}");
        assert!(!again.header("idempotency-key").is_empty());
        service.release();
        for n in held + 1..=SERVICES {
            assert_eq!(service.next().await.path, format!("/{n}"), "{case}");
        }
        let answer = repeated.await.unwrap();
        let expected = SAID.map(str::to_owned);
        if is_posted {
            let mut heard = Vec::new();
            while heard.last().is_none_or(|last: &String| !last.starts_with("done")) {
                let post = receiver.next().await.json();
                heard.extend(post["data"][0]["val"].as_str().map(str::to_owned));
            }
            let rest = expected[held + 1..].iter().map(|line| line.trim_start_matches("< ").to_owned());
            assert_eq!(heard, rest.collect::<Vec<_>>(), "{case}: each is posted once");
        } else {
            assert_eq!(bubbles(&answer), ["before 1", "before 2", "before 3", "done 1 2 3, 3 rows"], "{case}");
        }
        let mut transcript = admin.transcript(&bot, "ann").await;
        transcript.reverse();
        assert_eq!(transcript, expected, "{case}");
        assert!(service.is_unasked(), "{case}");
        assert_eq!(admin.sessions_of(&bot, "ann").await.len(), 1, "{case}");
        lives.terminate();
    }
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_said_before_a_slow_service_is_heard_before_its_answer() {
    let service = Stub::start(|_| (200, "application/json", json!({"n": 7}).to_string())).await;
    let place = service.place();
    let server = TestServer::start_with(|setup| {
        let conversation = &mut setup.config.conversation;
        (conversation.flush_after_ms, conversation.sync_wait_ms) = (10, 50);
        conversation.services.egress.allow = vec![place];
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&service.url, 2)).await;
    let mut once = message("ann", "call three");
    once["clientMessageId"] = json!("once");
    let first = admin.post_to(&bot, &once).await.json();
    let poll = format!("/chatbot/v2/webhook/{bot}/poll/{}", first["pollId"].as_str().unwrap());
    let mut heard = bubbles(&first);
    let hear = async |heard: &mut Vec<String>, until: &str| {
        let mut pause = tokio::time::interval(Duration::from_millis(20));
        while heard.last().is_none_or(|last| last != until) {
            pause.tick().await;
            let answer = admin.get(&poll).await.json();
            if answer.get("data").is_some() {
                assert_eq!(answer["to"], "ann");
                heard.extend(bubbles(&answer));
            }
            let is_over = answer.get("status").is_none() && answer.get("pollId").is_none();
            assert!(!is_over || heard.last().is_some_and(|last| last == until), "{heard:?}");
        }
    };
    hear(&mut heard, "before 2").await;
    let mut transcript = admin.transcript(&bot, "ann").await;
    transcript.reverse();
    assert_eq!(transcript, ["> call three", "< before 1", "< before 2"], "they are in the history by now");
    // Who sends it again hears the same, and polls for the rest.
    let repeated = admin.post_to(&bot, &once).await.json();
    assert_eq!(bubbles(&repeated), ["before 1", "before 2"]);
    service.release();
    hear(&mut heard, "done 7 7 7, 3 rows").await;
    let rest = format!("/chatbot/v2/webhook/{bot}/poll/{}", repeated["pollId"].as_str().unwrap());
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    let rest = loop {
        pause.tick().await;
        let answer = admin.get(&rest).await.json();
        if answer.get("data").is_some() {
            break answer;
        }
    };
    assert_eq!(bubbles(&rest), ["before 3", "done 7 7 7, 3 rows"]);
    assert_eq!(heard, ["before 1", "before 2", "before 3", "done 7 7 7, 3 rows"], "each is told once");
    admin.get(&poll).await.refused(400, "No data found");
    // A message that comes after is answered behind all of it, and what came before is told again as a whole.
    assert_eq!(admin.say(&bot, "ann", "say hello").await, ["Hello."]);
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_session_that_is_closed_under_its_turn_keeps_what_that_says() {
    let mut service = Stub::start(|_| (200, "application/json", json!({"n": 7}).to_string())).await;
    let server = TestServer::start_with(|setup| {
        let conversation = &mut setup.config.conversation;
        conversation.flush_after_ms = 0;
        conversation.services.egress.allow = vec!["127.0.0.1".to_owned()];
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&service.url, 1)).await;
    let close = async {
        // It waits for the first service, and what it said before is out.
        assert_eq!(service.next().await.path, "/held/1");
        let mut pause = tokio::time::interval(Duration::from_millis(10));
        while admin.transcript(&bot, "ann").await.len() < 2 {
            pause.tick().await;
        }
        // Another node closes it past the queue of this one, so nothing more can go out before the end.
        let filter = store::CloseFilter::default();
        let (account, id) = (server.premises().account.id.clone(), domain::BotId::stored(&*bot));
        let user = server.premises().owner.id.clone();
        let change =
            move |_| store::NewChange { user, resource_id: None, resource_type: "session", message: String::new() };
        assert_eq!(server.store().close_sessions(&account, &id, &filter, &[], change).await.unwrap().len(), 1);
        service.release();
    };
    let (said, ()) = tokio::join!(admin.say(&bot, "ann", "call three"), close);
    assert_eq!(said, ["before 1", "before 2", "before 3", "done 7 7 7, 3 rows"]);
    let rest = [service.next().await.path, service.next().await.path];
    assert_eq!((rest, service.is_unasked()), (["/2".to_owned(), "/3".to_owned()], true), "nobody is asked twice");
    assert_eq!(admin.say(&bot, "ann", "say hello").await, ["Hello."]);
    let sessions = admin.sessions_of(&bot, "ann").await;
    let counts: Vec<_> = sessions.iter().map(|it| (&it["sessionStatus"], &it["noOfMessagesExchanged"])).collect();
    assert_eq!(counts, [(&json!("active"), &json!(2)), (&json!("closed"), &json!(5))]);
    server.finish().await;
}

#[tokio::test]
async fn a_turn_costs_a_commit_and_one_for_each_answer() {
    let service = Stub::start(|_| (200, "application/json", json!({"n": 7}).to_string())).await;
    let place = service.place();
    let server = TestServer::start_with(|setup| {
        setup.config.conversation.services.egress.allow = vec![place];
        // However slow the machine is, nothing is so slow that what was said goes out before.
        setup.config.conversation.flush_after_ms = 600_000;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.bring(&description(&service.url, 0)).await;
    for (said, commits) in [("say hello", 1), ("count rows", 1), ("call three", 7), ("say hello", 1), ("count rows", 1)]
    {
        let before = server.store().turn_commits();
        admin.say(&bot, "ann", said).await;
        assert_eq!(server.store().turn_commits() - before, commits, "{said}");
    }
    let metrics = admin.get("/metrics").await.text();
    assert!(metrics.contains("botyard_turn_commits_total 11\n"), "{metrics}");
    server.finish().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_turn_that_asks_something_else_than_before_fails_by_name() {
    let mut service = service().await;
    let mut receiver = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = beside().await;
    let admin = server.admin().await;
    let place = service.place();
    let settings = [
        ("BOTYARD__CONVERSATION__KEEPER_INTERVAL_MS", "50"),
        ("BOTYARD__CONVERSATION__FLUSH_AFTER_MS", "20"),
        ("BOTYARD__CONVERSATION__SERVICES__EGRESS__ALLOW", place.as_str()),
    ];
    // What is kept was asked otherwise, or was written by a newer release.
    let frames = "UPDATE inbox SET frame = REPLACE(frame, '\"v\":1}', '\"v\":9}')";
    for (user, change, reason) in [
        ("ann", "UPDATE turn_effects SET fingerprint = 'service Other' WHERE place = '1'", "`service Other`"),
        ("ben", frames, "reads up to version 1"),
    ] {
        let process = Process::serve(&server, "api,jobs", &settings);
        let client = Client::new(process.url().await, Some(admin.token().to_owned()));
        let bot = client.bring(&description(&service.url, 2)).await;
        post_to(&client, &bot, &receiver.url).await;
        client.post_to(&bot, &message(user, "call three")).await.json();
        while !service.next().await.path.starts_with("/held") {}
        for n in 1..=2 {
            assert_eq!(receiver.next().await.json()["data"][0]["val"], format!("before {n}"));
        }
        until_all_is_posted(&server).await;
        process.kill();
        let changed = server.store().write(move |tx| Box::pin(async move { tx.execute(change, vec![]).await })).await;
        assert_eq!(changed.unwrap(), 1);
        let process = Process::serve(&server, "api,jobs", &settings);
        process.url().await;
        let said = loop {
            let post = receiver.next().await.json();
            if let Some(text) = post["data"][0]["val"].as_str().filter(|text| !text.starts_with("before")) {
                break text.to_owned();
            }
        };
        assert_eq!(said, "I am sorry, something went wrong and I had to discard your task. Please retry.");
        assert!(service.is_unasked(), "nobody is asked again");
        let stuck = admin.get(&format!("/api/public/stuckmessages?botId={bot}")).await.json();
        let stuck = stuck["messages"]
            .as_array()
            .unwrap()
            .iter()
            .find(|stuck| stuck["userId"] == user || stuck["identity"] == user);
        let why = stuck.unwrap()["reason"].as_str().unwrap().to_owned();
        assert!(why.contains(reason), "{why}");
        process.terminate();
    }
    server.finish().await;
}
