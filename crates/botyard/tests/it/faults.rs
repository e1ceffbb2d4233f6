//! What happens when something fails: a request that is called off, an object or a database that is away for a while,
//! a receiver of webhooks that does not answer.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use access::webhook::WebhookKey;
use axum::extract::State as Shared;
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use domain::{BotId, Clock, ManualClock, RequestId, Timestamp};
use serde_json::{Value, json};
use store::{Request, State};

use crate::support::client::Client;
use crate::support::server::Setup;
use crate::support::{BotFiles, BreakableProxy, HeldObject, TestServer};

/// Settings by which workers notice everything soon.
fn quick(setup: &mut Setup) {
    setup.config.runner.lease_ms = 300;
    setup.config.runner.poll_ms = 20;
    setup.config.api.status_hold_ms = 0;
}

/// A clock that only the test moves.
fn stopped_clock(setup: &mut Setup) -> ManualClock {
    let (clock, hand) = Clock::manual(Clock::system().now());
    setup.options.sources.clock = clock;
    hand
}

/// A request on this server as it is when `wanted` holds of it.
async fn request_when(server: &TestServer, id: &str, wanted: impl Fn(&Request) -> bool) -> Request {
    let id = RequestId::stored(id);
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    for _ in 0..6_000 {
        pause.tick().await;
        let request = server.store().request(&server.premises().account.id, &id).await.unwrap().unwrap();
        if wanted(&request) {
            return request;
        }
    }
    panic!("{:?}", server.store().request(&server.premises().account.id, &id).await);
}

/// Starts an export of all of a bot.
async fn start_export(client: &Client, bot: &str) -> String {
    id_of_export(client, bot, json!({"exportType": "latest"})).await
}

async fn id_of_export(client: &Client, bot: &str, body: Value) -> String {
    let started = client.post(&format!("/api/public/bot/{bot}/export"), &body).await.json();
    started["_id"].as_str().unwrap().to_owned()
}

/// The object that the bot's definition is kept in.
async fn definition_object(server: &TestServer, bot: &str) -> String {
    let bot = server.store().bot(&BotId::stored(bot)).await.unwrap().unwrap();
    let digest = bot.content.definition;
    format!("content/{}/{digest}.zst", &digest[..2])
}

/// Tells the object's place on the disk; the S3 server of the tests keeps its objects in a folder, too.
fn object_file(server: &TestServer, key: &str) -> PathBuf {
    match &server.config().objects.url {
        None => server.config().data.join("objects").join(key),
        Some(_) => server.path("s3/botyard/tests").join(key),
    }
}

#[tokio::test]
async fn a_request_that_is_called_off_fails_with_the_reason() {
    let server = TestServer::start_with(|setup| {
        quick(setup);
        // A reader can be held at a file only.
        setup.config.objects = botyard::config::Objects::default();
        setup.config.runner.workers = 1;
    })
    .await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let held = HeldObject::hold(&server.config().data.join("objects"), &definition_object(&server, &bot).await);
    let running = start_export(&admin, &bot).await;
    let waiting = start_export(&admin, &bot).await;
    request_when(&server, &running, |request| request.state == State::Running).await;

    // The one that waits ends at once, the one that runs as soon as its worker hears of it, wherever that is.
    for id in [&waiting, &running] {
        admin.post(&format!("/api/public/requests/{id}/cancel"), &json!({})).await.json();
        request_when(&server, id, |request| request.state == State::Cancelled).await;
        let record = admin.get(&format!("/api/public/bot/{bot}/export/status?exportId={id}")).await.json();
        assert_eq!((&record["status"], &record["reason"]), (&json!("failed"), &json!("the request was cancelled")));
        assert_eq!(record.get("downloadURL"), None);
    }
    held.put_back();
    admin.export(&bot, "latest").await;
    server.finish().await;
}

#[tokio::test]
async fn a_request_is_tried_again_when_an_object_is_away_for_a_while() {
    let mut hand = None;
    let server = TestServer::start_with(|setup| {
        quick(setup);
        hand = Some(stopped_clock(setup));
    })
    .await;
    let hand = hand.unwrap();
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let object = object_file(&server, &definition_object(&server, &bot).await);
    let away = object.with_extension("away");
    std::fs::rename(&object, &away).unwrap();

    let export = start_export(&admin, &bot).await;
    for (attempt, pause) in [(1, 1_000), (2, 2_000)] {
        let waiting =
            request_when(&server, &export, |request| request.state == State::Pending && request.attempt == attempt)
                .await;
        let now = server.store().clock().now();
        assert_eq!(waiting.due_at.since(now), Duration::from_millis(pause), "after attempt {attempt}");
        if attempt == 2 {
            std::fs::rename(&away, &object).unwrap();
        }
        hand.advance(Duration::from_millis(pause));
    }
    let done = request_when(&server, &export, |request| request.state.is_final()).await;
    assert_eq!((done.state, done.attempt), (State::Succeeded, 3));

    // What stays away is given up, and the reason names it.
    std::fs::rename(&object, &away).unwrap();
    let export =
        id_of_export(&admin, &bot, json!({"exportType": "latest", "exportOptions": {"tasks": ["botTask"]}})).await;
    let last = server.config().runner.max_attempts;
    for attempt in 1..last {
        request_when(&server, &export, |request| request.state == State::Pending && request.attempt == attempt).await;
        hand.advance(Duration::from_secs(60));
    }
    let failed = request_when(&server, &export, |request| request.state.is_final()).await;
    let reason = failed.failure.unwrap().message;
    let expected = format!("given up after {last} attempts: there is no object content/");
    assert!(failed.state == State::Failed && reason.starts_with(&expected), "{reason}");
    std::fs::rename(&away, &object).unwrap();
    server.finish().await;
}

#[tokio::test]
async fn a_database_that_is_away_for_a_while_costs_nothing_but_the_while() {
    let mut proxy = None;
    let Ok(url) = std::env::var("BOTYARD_TEST_POSTGRES_URL") else {
        println!("skipped: a SQLite file cannot be away; set BOTYARD_TEST_POSTGRES_URL");
        return;
    };
    let through = BreakableProxy::to(&url).await;
    let server = TestServer::start_with(|setup| {
        quick(setup);
        let direct = setup.config.database.url.take().unwrap();
        setup.config.database.url = Some(access::Secret::new(through.url(direct.expose())));
        proxy = Some(through);
    })
    .await;
    let proxy = proxy.unwrap();
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let status = format!("/api/public/bot/{bot}/export/status");
    let first = start_export(&admin, &bot).await;
    admin.wait(&status).await;

    proxy.break_off();
    assert_eq!(admin.get("/readyz").await.status, 503);
    assert_eq!(admin.get("/healthz").await.status, 200);
    for reply in [
        admin.get(&status).await,
        admin.post(&format!("/api/public/bot/{bot}/export"), &json!({"exportType": "latest"})).await,
    ] {
        reply.refused(503, "The server cannot do this now: the database does not answer or its disk fails");
    }

    proxy.restore();
    assert_eq!(admin.get("/readyz").await.status, 200);
    assert_eq!(admin.get(&status).await.json()["_id"], json!(first));
    admin.export(&bot, "latest").await;
    server.finish().await;
}

#[tokio::test]
async fn a_change_of_another_process_is_seen_by_the_next_read() {
    let server = TestServer::start().await;
    let app = server.app(access::AppKind::Admin, &[]).await;
    for name in ["once", "twice"] {
        let read = async || server.store().app(&app.client_id).await.unwrap().unwrap().app.secret.expose().to_owned();
        let before = read().await;
        assert_eq!(before, read().await);
        let mut rotate = server.command(&["app", "rotate", app.client_id.as_str()]);
        // Waiting here would hold up this process's own server, perhaps in the middle of a transaction.
        let rotated = tokio::task::spawn_blocking(move || rotate.output().unwrap()).await.unwrap();
        assert!(rotated.status.success(), "{name}: {}", String::from_utf8_lossy(&rotated.stderr));
        assert_ne!(before, read().await, "{name}");
    }
    server.finish().await;
}

/// A call a receiver of webhooks got.
#[derive(Clone)]
struct Delivery {
    headers: HeaderMap,
    body: Bytes,
}

/// A receiver of webhooks that answers with these, one after the other, and 200 from then on.
#[derive(Clone, Default)]
struct Receiver {
    answers: Arc<Mutex<Vec<StatusCode>>>,
    received: Arc<Mutex<Vec<Delivery>>>,
}

impl Receiver {
    async fn start(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let router = axum::Router::new().route("/hook", axum::routing::post(receive)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        url
    }

    /// The calls so far, when there are as many as this.
    async fn calls(&self, count: usize) -> Vec<Delivery> {
        let mut pause = tokio::time::interval(Duration::from_millis(10));
        for _ in 0..6_000 {
            pause.tick().await;
            let received = self.received.lock().unwrap().clone();
            if received.len() >= count {
                return received;
            }
        }
        panic!("{} calls instead of {count}", self.received.lock().unwrap().len());
    }
}

async fn receive(Shared(receiver): Shared<Receiver>, headers: HeaderMap, body: Bytes) -> StatusCode {
    receiver.received.lock().unwrap().push(Delivery { headers, body });
    let mut answers = receiver.answers.lock().unwrap();
    if answers.is_empty() { StatusCode::OK } else { answers.remove(0) }
}

impl Delivery {
    fn header(&self, name: &str) -> &str {
        self.headers[name].to_str().unwrap()
    }

    /// What was announced, after its signature was verified.
    fn verified(&self, key: &WebhookKey, now: Timestamp) -> Value {
        let (id, at) = (self.header("webhook-id"), self.header("webhook-timestamp"));
        key.verify(id, at, self.header("webhook-signature"), &self.body, now).unwrap();
        serde_json::from_slice(&self.body).unwrap()
    }
}

#[tokio::test]
async fn webhooks_hear_how_requests_ended_until_they_answer() {
    let mut hand = None;
    let server = TestServer::start_with(|setup| {
        quick(setup);
        hand = Some(stopped_clock(setup));
    })
    .await;
    let hand = hand.unwrap();
    let admin = server.admin().await;
    let receiver = Receiver::default();
    let webhook = admin.post("/api/public/webhooks", &json!({"url": receiver.start().await})).await.json();
    let key: WebhookKey = webhook["secret"].as_str().unwrap().parse().unwrap();

    // Two answers that may pass, then one that takes it: the same announcement comes three times.
    receiver.answers.lock().unwrap().extend([StatusCode::INTERNAL_SERVER_ERROR, StatusCode::BAD_GATEWAY]);
    let bot = admin.import_sample().await;
    for calls in 1..=2 {
        let delivery = receiver.calls(calls).await[calls - 1].header("webhook-id").to_owned();
        request_when(&server, &delivery, |request| request.state == State::Pending).await;
        hand.advance(Duration::from_secs(60));
    }
    let calls = receiver.calls(3).await;
    let ids: Vec<&str> = calls.iter().map(|call| call.header("webhook-id")).collect();
    assert!(ids.iter().all(|id| *id == ids[0]), "{ids:?}");
    let announced = calls[2].verified(&key, server.store().clock().now());
    assert_eq!(announced["type"], "bot_import.succeeded");
    assert_eq!((&announced["data"]["streamId"], &announced["data"]["state"]), (&json!(bot), &json!("succeeded")));

    // A failure comes with its reason, a cancellation with its name.
    let mut files = BotFiles::sample();
    files.definition = b"{\"_id\": }".to_vec();
    let body = files.upload(&admin).await;
    let failed = admin.post("/api/public/bot/import", &body).await.json()["_id"].clone();
    let announced = receiver.calls(4).await[3].verified(&key, server.store().clock().now());
    assert_eq!((&announced["type"], &announced["data"]["requestId"]), (&json!("bot_import.failed"), &failed));
    let record = admin.get(&format!("/api/public/bot/import/status/{}", failed.as_str().unwrap())).await.json();
    assert_eq!(announced["data"]["failure"]["message"], record["reason"]);

    // One id is one announcement, and every one of them was taken.
    let mut states = HashMap::new();
    for call in receiver.calls(4).await {
        let id = call.header("webhook-id").to_owned();
        let done = request_when(&server, &id, |request| request.state.is_final()).await;
        states.insert(id, done.state);
    }
    assert_eq!(states.into_values().collect::<Vec<_>>(), [State::Succeeded, State::Succeeded]);
    server.finish().await;
}
