//! No acknowledged request is lost, and none takes effect twice, whatever dies and when.
//!
//! The server of these tests only answers; the work is done by processes of the real program, which are killed at an
//! exact point: where they wait for an object of which the test holds the file.

use domain::{AccountId, BotId, RequestId};
use serde_json::{Value, json};
use store::{ChangeFilter, Request, State};

use crate::support::client::Client;
use crate::support::server::Setup;
use crate::support::{BotFiles, HeldObject, Process, TestServer};

const SHORT_LEASE: [(&str, &str); 2] = [("BOTYARD__RUNNER__LEASE_MS", "1000"), ("BOTYARD__RUNNER__POLL_MS", "50")];

/// A server that takes requests and carries none out, with objects in a folder on either database.
async fn front() -> TestServer {
    TestServer::start_with(|setup: &mut Setup| {
        setup.config.roles = vec![botyard::config::Role::Api];
        setup.config.objects = botyard::config::Objects::default();
        setup.config.api.status_hold_ms = 0;
    })
    .await
}

/// The request as it is when `wanted` holds of it.
async fn request_when(server: &TestServer, id: &str, wanted: impl Fn(&Request) -> bool) -> Request {
    let account: AccountId = server.premises().account.id.clone();
    let id = RequestId::stored(id);
    let mut pause = tokio::time::interval(std::time::Duration::from_millis(10));
    for _ in 0..6_000 {
        pause.tick().await;
        let request = server.store().request(&account, &id).await.unwrap().unwrap();
        if wanted(&request) {
            return request;
        }
    }
    panic!("{:?}", server.store().request(&account, &id).await);
}

/// Starts a request while no worker is there, holds the object, lets a worker run into it and kills the worker; puts the
/// object back and lets another worker finish. The request then.
async fn survive(server: &TestServer, object: &str, request: &str) -> Request {
    let held = HeldObject::hold(&server.config().data.join("objects"), object);
    let doomed = Process::serve(server, "jobs", &SHORT_LEASE);
    let running = request_when(server, request, |request| request.state == State::Running).await;
    assert_eq!(running.attempt, 1);
    doomed.kill();
    held.put_back();
    let _second = Process::serve(server, "jobs", &SHORT_LEASE);
    let done = request_when(server, request, |request| request.state.is_final()).await;
    assert_eq!((done.state, done.attempt), (State::Succeeded, 2), "{:?}", done.failure);
    done
}

/// The bot's sample, imported by a worker that is not killed.
async fn imported(server: &TestServer, admin: &Client) -> String {
    let _worker = Process::serve(server, "jobs", &SHORT_LEASE);
    admin.import_sample().await
}

async fn messages_in_log(server: &TestServer, bot: &str) -> Vec<String> {
    let filter = ChangeFilter { limit: 100, ..ChangeFilter::default() };
    let entries = server.store().changes(&BotId::stored(bot), &filter).await.unwrap();
    entries.into_iter().map(|entry| entry.message).collect()
}

async fn uploaded_object(server: &TestServer, file: &Value) -> String {
    let account = &server.premises().account.id;
    server.store().file(account, file.as_str().unwrap()).await.unwrap().unwrap().object_key
}

async fn id_of(client: &Client, path: &str, body: Value) -> String {
    client.post(path, &body).await.json()["_id"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn an_import_whose_worker_is_killed_makes_one_bot() {
    let server = front().await;
    let admin = server.admin().await;
    let files = BotFiles::sample();
    let body = files.upload(&admin).await;
    let request = id_of(&admin, "/api/public/bot/import", body.clone()).await;
    // The icon is the last of the files that are read.
    let object = uploaded_object(&server, &body["icon"]).await;
    let done = survive(&server, &object, &request).await;

    let bots = server.store().bots(&server.premises().account.id, 0, 10).await.unwrap();
    assert_eq!(bots.items.iter().map(|bot| &bot.id).collect::<Vec<_>>(), [done.bot.as_ref().unwrap()]);
    assert_eq!(bots.items[0].revision, 1);
    let record = admin.get(&format!("/api/public/bot/import/status/{request}")).await.json();
    assert_eq!(messages_in_log(&server, record["streamId"].as_str().unwrap()).await, ["Import request completed"]);
    let lines = record["statusLogs"].as_array().unwrap();
    let of_import = lines.iter().filter(|line| line["taskType"] == "importBot").count();
    assert_eq!(of_import, 1, "what the first attempt logged is not told twice: {record}");
    server.finish().await;
}

#[tokio::test]
async fn an_import_into_a_bot_an_export_and_a_publish_survive_their_workers() {
    let server = front().await;
    let admin = server.admin().await;
    let bot = imported(&server, &admin).await;
    let id = BotId::stored(&*bot);
    let before = server.store().bot(&id).await.unwrap().unwrap();
    // All three read the definition of the draft: while it is imported into, exported, or compiled.
    let digest = &before.content.definition;
    let object = format!("content/{}/{digest}.zst", &digest[..2]);

    let body = BotFiles::sample().upload(&admin).await;
    let request = id_of(&admin, &format!("/api/public/bot/{bot}/import"), body).await;
    survive(&server, &object, &request).await;
    assert_eq!(server.store().bot(&id).await.unwrap().unwrap().revision, before.revision + 1);

    let request = id_of(&admin, &format!("/api/public/bot/{bot}/export"), json!({"exportType": "latest"})).await;
    let done = survive(&server, &object, &request).await;
    let record = admin.get(&format!("/api/public/bot/{bot}/export/status")).await.json();
    assert_eq!((&record["status"], &record["_id"]), (&json!("success"), &json!(done.id)));
    let archive = admin.download(record["downloadURL"].as_str().unwrap()).await;
    assert_eq!(store::sha256(&archive), record["sha256"].as_str().unwrap());

    let comment = json!({"versionComment": "once"});
    let resources = admin.post(&format!("/api/public/bot/{bot}/publish"), &comment).await.json();
    survive(&server, &object, resources[0]["result"]["requestId"].as_str().unwrap()).await;
    let versions = server.store().versions(&id).await.unwrap();
    assert_eq!(versions.iter().map(|version| version.number).collect::<Vec<_>>(), [1]);

    let mut log = messages_in_log(&server, &bot).await;
    log.sort();
    let expected = [
        "Bot published as version 1: once",
        "Export request completed",
        "Import request completed",
        "Import request completed",
    ];
    assert_eq!(log, expected);
    server.finish().await;
}

#[tokio::test]
async fn a_worker_that_is_told_to_stop_hands_its_request_back() {
    let server = front().await;
    let admin = server.admin().await;
    let body = BotFiles::sample().upload(&admin).await;
    let object = uploaded_object(&server, &body["icon"]).await;
    let request = id_of(&admin, "/api/public/bot/import", body).await;
    let held = HeldObject::hold(&server.config().data.join("objects"), &object);
    // With a lease this long the request is only finished in time when it is handed back.
    let long_lease = [
        ("BOTYARD__RUNNER__LEASE_MS", "3600000"),
        ("BOTYARD__RUNNER__POLL_MS", "50"),
        ("BOTYARD__RUNNER__GRACE_MS", "100"),
    ];
    let worker = Process::serve(&server, "jobs", &long_lease);
    request_when(&server, &request, |request| request.state == State::Running).await;
    worker.terminate();
    request_when(&server, &request, |request| request.state == State::Pending).await;

    held.put_back();
    let _second = Process::serve(&server, "jobs", &long_lease);
    let done = request_when(&server, &request, |request| request.state.is_final()).await;
    assert_eq!((done.state, done.attempt), (State::Succeeded, 2));
    server.finish().await;
}

#[tokio::test]
async fn what_was_acknowledged_is_there_after_the_server_was_killed() {
    let server = front().await;
    let admin = server.admin().await;
    let bot = imported(&server, &admin).await;
    let front = Process::serve(&server, "api", &[]);
    let client = Client::new(front.url().await, Some(admin.token().to_owned()));
    let path = format!("/api/public/bot/{bot}/export");
    let body = json!({"exportType": "latest"});
    let started = (0..20).map(|_| id_of(&client, &path, body.clone()));
    let started = futures_util::future::join_all(started).await;
    front.kill();

    let again = Process::serve(&server, "api", &[]);
    let client = Client::new(again.url().await, Some(admin.token().to_owned()));
    let _worker = Process::serve(&server, "jobs", &SHORT_LEASE);
    for id in &started {
        let record = client.wait(&format!("{path}/status?exportId={id}")).await;
        assert_eq!((&record["_id"], &record["status"]), (&json!(id), &json!("success")));
    }
    let exports = messages_in_log(&server, &bot).await;
    assert_eq!(exports.iter().filter(|message| *message == "Export request completed").count(), started.len());
    server.finish().await;
}
