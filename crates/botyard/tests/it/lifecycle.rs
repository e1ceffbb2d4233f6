//! A server from start to stop, and a bot from upload to download.

use std::io::{BufRead, BufReader};
use std::process::Stdio;

use botyard::config::Role;
use serde_json::{Value, json};

use crate::support::program::Running;
use crate::support::{BotFiles, TestServer};

#[tokio::test]
async fn a_bot_is_imported_exported_and_published_across_a_restart() {
    let mut server = TestServer::start().await;
    let admin = server.admin().await;
    let files = BotFiles::sample();
    let imported = admin.import_new(&files).await;
    assert_eq!(imported.record["_id"], imported.request);
    let before = admin.export(&imported.bot, "latest").await;
    let published = admin.publish(&imported.bot, "first").await;
    assert_eq!((&published["streamId"], &published["percentageComplete"]), (&json!(imported.bot), &json!(100)));

    server.restart().await;
    let admin = server.admin().await;
    let ready = admin.get("/readyz").await;
    assert_eq!(ready.json()["status"], "ready");
    assert_eq!(ready.header("x-request-id").len(), 24, "every reply names its call, as the log does");
    let after = admin.export(&imported.bot, "published").await;
    assert_eq!(before, after, "what was published is what was imported");
    server.finish().await;
}

#[cfg(unix)]
#[tokio::test(flavor = "multi_thread")]
async fn processes_share_the_work_on_one_database() {
    let server = TestServer::start_with(|setup| setup.config.roles = vec![Role::Api]).await;
    let admin = server.admin().await;
    let body = BotFiles::sample().upload(&admin).await;
    let import = admin.post("/api/public/bot/import", &body).await.json();
    let status = format!("/api/public/bot/import/status/{}", import["_id"].as_str().unwrap());
    assert_eq!(admin.get(&status).await.json()["status"], "pending", "nobody works on requests yet");

    let mut command = server.command(&["serve", "--roles", "jobs"]);
    command.env("BOTYARD__LOG__FORMAT", "json").stderr(Stdio::piped());
    let mut worker = Running::start(&mut command);
    let record = admin.wait(&status).await;
    assert_eq!(record["status"], "success", "{record}");
    worker.stop();
    let mut log = BufReader::new(worker.0.stderr.take().unwrap()).lines();
    let first: Value = serde_json::from_str(&log.next().unwrap().unwrap()).unwrap();
    assert_eq!(first["fields"]["message"], "serving");
    server.finish().await;
}
