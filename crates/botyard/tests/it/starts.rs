//! Starting requests: repeated, at once, too often, and where there is nothing to work on.

use std::time::Duration;

use api::{RateLimits, Window};
use domain::Clock;
use reqwest::Method;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::client::{Client, Reply};
use crate::support::{BotFiles, TestServer};

async fn start_with_key(client: &Client, path: &str, key: &str, body: &Value) -> Reply {
    client.send(client.request(Method::POST, path).header("idempotency-key", key).json(body)).await
}

#[tokio::test]
async fn a_repeated_key_starts_nothing_new() {
    let server = TestServer::start().await;
    let (admin, other) = (server.admin().await, server.admin().await);
    let (bot, second) = (admin.import_sample().await, admin.import_sample().await);
    let path = format!("/api/public/bot/{bot}/export");
    let latest = json!({"exportType": "latest"});
    let first = start_with_key(&admin, &path, "k", &latest).await.json()["_id"].clone();
    let same = start_with_key(&admin, &path, "k", &latest).await.json()["_id"].clone();
    assert_eq!(same, first);
    admin.wait(&format!("{path}/status")).await;
    let again = start_with_key(&admin, &path, "k", &latest).await.json();
    assert_eq!((&again["_id"], &again["status"]), (&first, &json!("success")), "the record as it is by now");

    for (name, client, path, key, body, expected) in [
        ("another body", &admin, path.clone(), "k", json!({"exportType": "published"}), None),
        ("another bot", &admin, path.replace(&bot, &second), "k", latest.clone(), None),
        ("another key", &admin, path.clone(), "l", latest.clone(), Some(())),
        ("another app", &other, path.clone(), "k", latest.clone(), Some(())),
        ("no key", &admin, path.clone(), "", latest.clone(), Some(())),
    ] {
        let reply = start_with_key(client, &path, key, &body).await;
        match expected {
            Some(()) => assert_ne!(reply.json()["_id"], first, "{name}"),
            None => assert_eq!(reply.status, 409, "{name}"),
        }
    }
    admin.wait(&format!("{path}/status")).await;
    server.finish().await;
}

#[tokio::test]
async fn requests_of_one_bot_run_in_the_order_they_came() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/publish");
    let mut requests = Vec::new();
    for comment in ["one", "two", "three"] {
        let answer = admin.post(&path, &json!({"versionComment": comment})).await.json();
        requests.push(answer[0]["result"]["requestId"].as_str().unwrap().to_owned());
    }
    let mut calls = JoinSet::new();
    for _ in 0..4 {
        let (admin, path) = (admin.clone(), path.clone());
        calls.spawn(async move { admin.post(&path, &json!({"versionComment": "at once"})).await.json() });
    }
    let at_once = calls.join_all().await;
    requests.extend(at_once.iter().map(|answer| answer[0]["result"]["requestId"].as_str().unwrap().to_owned()));

    let mut versions = Vec::new();
    for id in &requests {
        let record = wait_for_request(&admin, id).await;
        versions.push(record["result"]["version"].as_i64().unwrap());
    }
    assert_eq!(versions[..3], [1, 2, 3]);
    versions.sort();
    assert_eq!(versions, [1, 2, 3, 4, 5, 6, 7], "each request had its own effect");
    server.finish().await;
}

async fn wait_for_request(client: &Client, id: &str) -> Value {
    let mut pause = tokio::time::interval(Duration::from_millis(20));
    for _ in 0..3_000 {
        let record = client.get(&format!("/api/public/requests/{id}")).await.json();
        if record["state"] != "pending" && record["state"] != "running" {
            return record;
        }
        pause.tick().await;
    }
    panic!("{id} does not end");
}

#[tokio::test]
async fn calls_over_the_limit_are_told_when_to_come_back() {
    let mut hand = None;
    let server = TestServer::start_with(|setup| {
        let (clock, moved) = Clock::manual(Clock::system().now());
        setup.options.sources.clock = clock;
        hand = Some(moved);
        let windows = vec![Window { seconds: 60, calls: 8 }];
        setup.config.api.rate_limits = RateLimits { enabled: true, windows };
    })
    .await;
    let hand = hand.unwrap();
    let admin = server.admin().await;
    // A sample bot is there at once: to wait for an import would be many calls.
    let sample = admin.get("/api/public/samplebots").await.json()[0]["_id"].clone();
    let added = admin.get(&format!("/api/public/samplebots/{}/add", sample.as_str().unwrap())).await.json();
    let bot = added["_id"].as_str().unwrap();
    let path = format!("/api/public/bot/{bot}/publish/status");
    for _ in 0..8 {
        admin.get(&path).await.refused(400, "Invalid request ID");
    }
    hand.advance(Duration::from_secs(20));
    let over = admin.get(&path).await;
    over.refused(429, "Rate limit for this API has been reached. Please try again after some time.");
    assert_eq!(over.header("retry-after"), "40");
    // Other keys have limits of their own: starts on this bot, lists of the account, each import.
    for id in ["bir-1", "bir-2"] {
        for _ in 0..8 {
            admin.get(&format!("/api/public/bot/import/status/{id}")).await.refused(400, "Invalid request ID");
        }
    }
    admin
        .post(&format!("/api/public/bot/{bot}/publish"), &json!({}))
        .await
        .refused(412, "Validation errors/ Invalid arguments");
    admin.get("/api/public/bots").await.json();
    // Who is refused for another reason hears that reason.
    server.anonymous().get(&path).await.refused(401, "Invalid SDK credentials");
    hand.advance(Duration::from_secs(40));
    admin.get(&path).await.refused(400, "Invalid request ID");
    server.finish().await;
}

#[tokio::test]
async fn an_export_of_what_was_never_published_fails_with_the_reason() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/export");
    admin.post(&path, &json!({"exportType": "Published"})).await.json();
    let record = admin.wait(&format!("{path}/status")).await;
    assert_eq!(record["status"], "failed");
    assert_eq!(record["reason"], "the bot was never published; publish it first, or export `latest`");
    assert_eq!(record["downloadURL"], Value::Null);
    let reply = admin.post(&path, &json!({"exportType": "latest", "version": 7})).await;
    reply.refused(400, "The bot has no version 7");
    server.finish().await;
}

/// The sample bot with another script in one of its nodes.
fn with_script(script: &str) -> BotFiles {
    let mut files = BotFiles::sample();
    let mut tree = files.definition_value();
    let components = tree["dialogComponents"].as_array_mut().unwrap();
    let component = components.iter_mut().find(|component| component["name"] == "ForgetQuantity").unwrap();
    component["script"] = json!(script);
    files.definition = serde_json::to_vec(&tree).unwrap();
    files
}

#[tokio::test]
async fn a_script_that_cannot_be_read_is_a_warning_with_its_place() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut files = with_script("context.a%20%3D%201%3B%0Aif%20(context.a%20%7B%7D");
    files.functions = Some(b"function fine() {}\nfunction broken( { return 1; }\n".to_vec());
    let bot = admin.import_new(&files).await.bot;
    let published = admin.publish(&bot, "with a broken script").await;
    assert_eq!(published["warnings"], 2);
    let lines = published["statusSummary"].as_array().unwrap();
    let with_warnings: Vec<(&str, String)> = lines
        .iter()
        .filter(|line| line["resourceId"] != "CHANNELS" && line.get("warnings").is_some())
        .map(|line| (line["name"].as_str().unwrap(), line["warnings"].to_string()))
        .collect();
    let find = |name: &str| with_warnings.iter().find(|(of, _)| *of == name).map(|(_, text)| text.as_str());
    let expected =
        r#"["dialog 'Order Coffee' node 'ForgetQuantity' script: Unexpected token '{' (line 2, column 15)"]"#;
    assert_eq!(find("Order Coffee"), Some(expected), "{with_warnings:?}");
    let functions = find("Settings").unwrap_or_else(|| panic!("{with_warnings:?}"));
    assert!(functions.contains("botFunctions.js") && functions.contains("(line 2, column "), "{functions}");
    server.finish().await;
}

#[tokio::test]
async fn what_a_script_uses_and_does_not_exist_is_a_warning_by_its_name() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let files = with_script("var _ = koreUtil._;\ncontext.rule = new koreUtil.rrule(_.delay);");
    let bot = admin.import_new(&files).await.bot;
    let published = admin.publish(&bot, "with what is absent").await;
    let lines = published["statusSummary"].as_array().unwrap();
    let order = lines.iter().find(|line| line["name"] == "Order Coffee").unwrap();
    let of_script = |text: &str| format!("dialog 'Order Coffee' node 'ForgetQuantity' script: {text}");
    let expected = [
        of_script("koreUtil.rrule does not exist here (line 2, column 29)"),
        of_script("_.delay does not exist here (line 2, column 37)"),
    ];
    assert_eq!(order["warnings"], json!(expected), "{order}");
    server.finish().await;
}

#[tokio::test]
async fn functions_that_throw_when_they_are_evaluated_are_a_warning_with_its_place() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let lines_of = |published: &Value| -> Value {
        let lines = published["statusSummary"].as_array().unwrap();
        lines.iter().find(|line| line["resourceId"] == "SETTINGS").unwrap()["warnings"].clone()
    };
    let bot = {
        let mut files = BotFiles::sample();
        files.functions = Some(b"function fine() {}\nmissing.total = 1;\n".to_vec());
        admin.import_new(&files).await.bot
    };
    let published = admin.publish(&bot, "with functions that throw").await;
    let expected = "scripts fail, since evaluating the bot functions before them fails: ReferenceError: missing \
                    is not defined, in bot functions file 'botFunctions.js', line 2, column 1";
    assert_eq!(lines_of(&published), json!([expected]));
    // Those that export what they declare are fine.
    let mut files = BotFiles::sample();
    files.functions = Some(b"module.exports.total = () => 1;\n".to_vec());
    let bot = admin.import_new(&files).await.bot;
    assert_eq!(lines_of(&admin.publish(&bot, "with exports").await), Value::Null);
    server.finish().await;
}
