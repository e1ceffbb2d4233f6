//! Services: called, recorded, replayed, refused.

use dialog::compat::JsonBodies;
use serde_json::{Value, json};
use services::Mode;

use super::steps;
use crate::conversations::talk_with;
use crate::support::talk::{bubbles, message};
use crate::support::{Asked, Stub, TestServer};

/// The service of the family `services`.
fn answer(asked: &Asked) -> (u16, &'static str, String) {
    let path = asked.path.split('?').next().unwrap_or_default();
    let json = |status: u16, body: Value| (status, "application/json", body.to_string());
    match path {
        "/object" => json(200, json!({"name": "Ada", "items": [{"id": 7}, {"id": 8}]})),
        "/list" => json(200, json!([1, {"b": 2}])),
        "/text" => (200, "text/plain", "plain words".to_owned()),
        "/xml" => (200, "application/xml", "<order id=\"7\"><item>Tea</item><item>Milk</item></order>".to_owned()),
        "/moved" => (302, "text/plain", "/object".to_owned()),
        "/empty" => (204, "text/plain", String::new()),
        "/fault" => (500, "text/plain", "broken".to_owned()),
        "/token" => json(200, json!({"access_token": "token-1", "token_type": "Bearer", "expires_in": 3600})),
        path if path.starts_with("/echo") => json(
            200,
            json!({"method": asked.method, "path": asked.path, "trace": asked.header("x-trace"), "key": asked.header("x-key"),
                "type": asked.header("content-type"), "apiKey": asked.header("x-api-key"),
                "authorization": asked.header("authorization"), "body": asked.body}),
        ),
        _ => json(404, json!({"error": "none"})),
    }
}

/// An address where nobody listens.
async fn nowhere() -> String {
    let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
    format!("http://{}", listener.local_addr().unwrap())
}

#[tokio::test]
async fn services_answer_and_fail() {
    let mut stub = Stub::start(answer).await;
    let nowhere = nowhere().await;
    let places = [("{service}", stub.url.as_str()), ("{nowhere}", nowhere.as_str())];
    talk_with("services", &places, |setup| {
        setup.config.conversation.services.egress.allow = vec!["127.0.0.1".to_owned()];
    })
    .await;
    let mut tokens = Vec::new();
    while !stub.is_unasked() {
        let asked = stub.next().await;
        if asked.path == "/token" {
            tokens.push(asked.body);
        } else if asked.path.starts_with("/echo/green") {
            // What is filled in would break the JSON, so it is escaped.
            assert_eq!(asked.body, r#"{"item": "green \"tea\"", "count": 3, "note": "noted", "gone": ""}"#);
        }
    }
    assert_eq!(
        tokens,
        ["grant_type=client_credentials&client_id=cs-7&client_secret=s3cret&scope=read"],
        "one token for all"
    );
}

/// A bot with one service, which has a recorded answer if one is given.
fn one_service(url: &str, sample: Option<Value>) -> Value {
    let mut service = json!({"url": url, "timeout": 2});
    if let Some(sample) = sample {
        service["sample"] = sample;
    }
    json!({"name": "Fetcher", "events": {"TASK_FAILURE_EVENT": {"say": "It broke."}}, "dialogs": [{"name": "Get Name", "nodes": [
        {"id": "Fetch", "service": service},
        {"id": "Told", "message": "{{context.Fetch.response.body.name}} {{context.Fetch.response.statusCode}}"}]}]})
}

#[tokio::test]
async fn values_in_json_bodies_are_escaped_as_set() {
    for (setting, body) in
        [(JsonBodies::Escaped, r#"{"said": "a \"b\""}"#), (JsonBodies::Plain, r#"{"said": "a "b""}"#)]
    {
        let stub = Stub::start(answer).await;
        let server = TestServer::start_with(|setup| setup.config.conversation.compat.json_bodies = setting).await;
        let admin = server.admin().await;
        let service =
            json!({"url": format!("{}/echo", stub.url), "method": "post", "body": r#"{"said": "{{context.said}}"}"#});
        let bot = admin
            .bring(&json!({"name": "Echo", "dialogs": [{"name": "Echo It", "nodes": [
                {"id": "Say", "script": "context.said = 'a \"b\"';"}, {"id": "Post", "service": service},
                {"id": "Told", "message": {"js": "context.ok = context.Post.response.body.body; print('done');"}}]}]}))
            .await;
        let mut stub = stub;
        assert_eq!(admin.say(&bot, "ann", "echo it").await, ["done"]);
        assert_eq!(stub.next().await.body, body);
        server.finish().await;
    }
}

#[tokio::test]
async fn calls_that_change_something_carry_a_key_of_their_own() {
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let call = |path: &str, method: &str, headers: Value| {
        json!({"url": format!("{}/{path}", stub.url), "method": method,
        "body": "{}", "headers": headers})
    };
    let bot = admin
        .bring(&json!({"name": "Keys", "dialogs": [{"name": "Call All", "nodes": [
            {"id": "Look", "service": call("look", "get", json!({}))}, {"id": "Add", "service": call("add", "post", json!({}))},
            {"id": "AddMore", "service": call("more", "put", json!({}))},
            {"id": "Own", "service": call("own", "post", json!({"idempotency-key": "mine"}))},
            {"id": "Done", "message": "Done."}]}]}))
        .await;
    let mut keys = Vec::new();
    for _ in 0..2 {
        assert_eq!(admin.say(&bot, "ann", "call all").await, ["Done."]);
        for path in ["/look", "/add", "/more", "/own"] {
            let asked = stub.next().await;
            assert_eq!(asked.path, path);
            let key = asked.header("idempotency-key").to_owned();
            match path {
                "/look" => assert_eq!(key, ""),
                "/own" => assert_eq!(key, "mine"),
                _ => keys.push(key),
            }
        }
    }
    assert!(keys.iter().all(|key| key.len() == 32), "{keys:?}");
    assert_eq!(keys.iter().collect::<std::collections::BTreeSet<_>>().len(), 4, "each call has its own: {keys:?}");
    server.finish().await;
}

#[tokio::test]
async fn private_addresses_are_refused_unless_they_are_allowed() {
    let stub = Stub::start(answer).await;
    let server = TestServer::start_with(|setup| setup.config.egress.allow.clear()).await;
    let admin = server.admin().await;
    for url in [stub.url.clone(), stub.url.replace("127.0.0.1", "localhost"), "http://169.254.169.254".to_owned()] {
        let bot = admin.bring(&one_service(&format!("{url}/object"), None)).await;
        assert_eq!(admin.say(&bot, "ann", "get name").await, ["It broke."], "{url}");
        let errors = steps(&server, &bot, "ann", "error").await;
        let told = errors[0]["detail"]["message"].as_str().unwrap();
        assert!(told.contains("the service 'Fetch'") && told.contains("`[egress]`"), "{told}");
    }
    assert!(stub.is_unasked());
    server.finish().await;

    // A redirect is judged as the address itself is.
    let inner = stub.url.clone();
    let outer = Stub::start(move |_| (302, "text/plain", format!("{inner}/object"))).await;
    let place = outer.place();
    let server = TestServer::start_with(|setup| setup.config.egress.allow = vec![place]).await;
    let admin = server.admin().await;
    let bot = admin.bring(&one_service(&format!("{}/object", outer.url), None)).await;
    assert_eq!(admin.say(&bot, "ann", "get name").await, ["It broke."]);
    assert!(stub.is_unasked());
    server.finish().await;
}

#[tokio::test]
async fn recorded_answers_stand_for_services() {
    let mut stub = Stub::start(answer).await;
    let server = TestServer::start_with(|setup| {
        let folder = setup.config.data.join("cassettes");
        let services = &mut setup.config.conversation.services;
        services.egress.allow = vec!["127.0.0.1".to_owned()];
        services.cassettes = Some(folder);
    })
    .await;
    let admin = server.admin().await;
    let url = format!("{}/object", stub.url);
    let sampled = json!({"statusCode": 200, "body": {"name": "Sam"}, "headers": {}});
    let (plain, with_sample) = (
        admin.bring(&one_service(&url, None)).await,
        admin.bring(&one_service("https://gone.invalid/object", Some(sampled))).await,
    );
    let replay = async |bot: &str, user: &str| {
        let request = admin.request(reqwest::Method::POST, &format!("/chatbot/v2/webhook/{bot}"));
        let request = request.header("x-botyard-services", "replay").json(&message(user, "get name"));
        bubbles(&admin.send(request).await.json())
    };
    // What is in the export answers; where nothing is, the task fails and says what is missing.
    assert_eq!(replay(&with_sample, "ann").await, ["Sam 200"]);
    assert_eq!(replay(&plain, "ann").await, ["It broke."]);
    let errors = steps(&server, &plain, "ann", "error").await;
    assert!(errors[0]["detail"]["message"].as_str().unwrap().contains("record"), "{errors:?}");
    assert!(stub.is_unasked());

    // Recorded once, it is replayed from then on, for other users too.
    let set_mode = async |mode: &str| {
        let body = json!({"updateSet": {"servicesMode": mode}});
        admin.put(&format!("/api/public/bot/{plain}/setup"), &body).await.json();
    };
    set_mode("record").await;
    assert_eq!(admin.say(&plain, "ben", "get name").await, ["Ada 200"]);
    assert_eq!(stub.next().await.path, "/object");
    let cassette = server.config().data.join("cassettes").join("Fetch.json");
    assert!(std::fs::read_to_string(&cassette).unwrap().contains("Ada"));
    set_mode("replay").await;
    assert_eq!(admin.say(&plain, "cleo", "get name").await, ["Ada 200"]);
    assert_eq!(replay(&plain, "dora").await, ["Ada 200"]);
    assert!(stub.is_unasked());
    set_mode("").await;
    assert_eq!(admin.say(&plain, "emil", "get name").await, ["Ada 200"]);
    assert_eq!(stub.next().await.path, "/object", "live again");
    assert_eq!(server.config().conversation.services.mode, Mode::Live);
    server.finish().await;
}
