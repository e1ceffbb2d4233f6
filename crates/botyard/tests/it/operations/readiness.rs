//! Whether the server can work: it says so, with the reason, and works again when the reason is gone.

use std::process::{Command, Stdio};

use serde_json::json;

use super::{Site, served};
use crate::support::client::{Client, Reply};
use crate::support::program::Running;
use crate::support::{BotFiles, TestServer};

/// Expects that the server says it is not ready, for this reason.
#[track_caller]
fn assert_not_ready(reply: &Reply, reason: &str) {
    assert_eq!(reply.status, 503, "{}", reply.text());
    let said = reply.value()["reason"].as_str().unwrap().to_owned();
    assert!(said.contains(reason), "{said}");
}

#[tokio::test]
async fn a_folder_of_objects_that_is_gone_is_told_until_it_is_back() {
    let server = TestServer::start_with(|setup| setup.config.objects = botyard::config::Objects::default()).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    assert_eq!(admin.get("/readyz").await.status, 200);
    let (objects, away) = (server.config().data.join("objects"), server.config().data.join("away"));
    std::fs::rename(&objects, &away).unwrap();
    // A file in its place can be neither read from nor written to, whoever the server runs as.
    for in_its_place in [None, Some("a file")] {
        if let Some(text) = in_its_place {
            std::fs::write(&objects, text).unwrap();
        }
        assert_not_ready(&admin.get("/readyz").await, "objects are missing: the folder");
    }
    let refused = upload(&admin).await;
    let (status, message) = refused.error();
    assert!(status == 503 && message.starts_with("The server cannot do this now: "), "{status} {message}");

    // An empty folder is not what the bots need, and what was written into it would be lost.
    std::fs::remove_file(&objects).unwrap();
    std::fs::create_dir(&objects).unwrap();
    assert_not_ready(&admin.get("/readyz").await, "objects are missing: the folder");
    let (status, message) = upload(&admin).await.error();
    assert!(status == 503 && message.starts_with("The server cannot do this now: "), "{status} {message}");
    std::fs::remove_dir(&objects).unwrap();
    std::fs::rename(&away, &objects).unwrap();
    assert_eq!(admin.get("/readyz").await.status, 200);
    BotFiles::sample().upload(&admin).await;
    admin.export(&bot, "latest").await;
    server.finish().await;
}

#[tokio::test]
async fn a_database_file_that_is_gone_is_told_until_it_is_back() {
    if std::env::var("BOTYARD_TEST_POSTGRES_URL").is_ok() {
        println!("skipped: PostgreSQL has no file that could go; see faults.rs");
        return;
    }
    let server = TestServer::start().await;
    let (client, admin) = (server.anonymous(), server.admin().await);
    let (bot, comment) = (admin.import_sample().await, serde_json::json!({"versionComment": "gone"}));
    let (file, away) = (server.config().data.join("botyard.db"), server.config().data.join("away.db"));
    std::fs::rename(&file, &away).unwrap();
    assert_not_ready(&client.get("/readyz").await, "the file of the database is gone");
    // Nothing is acknowledged that the right file would not have, and another file in its place is not that one.
    for in_its_place in [None, Some("another file")] {
        if let Some(text) = in_its_place {
            std::fs::write(&file, text).unwrap();
        }
        let (status, message) = admin.post(&format!("/api/public/bot/{bot}/publish"), &comment).await.error();
        assert_eq!(
            (status, message.as_str()),
            (503, "The server cannot do this now: the file of the database is gone")
        );
    }
    std::fs::rename(&away, &file).unwrap();
    admin.publish(&bot, "after").await;
    assert_eq!(client.get("/readyz").await.status, 200);
    server.finish().await;
}

/// The largest file that a process may write; a write beyond it fails as on a disk that is full.
fn limit_files(process: u32, limit: &str) {
    let limited = Command::new("prlimit").args(["--pid", &process.to_string(), &format!("--fsize={limit}:")]).status();
    assert!(limited.unwrap().success());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_is_told_and_harms_nothing() {
    if std::env::var("BOTYARD_TEST_POSTGRES_URL").is_ok() || Command::new("prlimit").arg("--version").output().is_err()
    {
        println!("skipped: needs SQLite, whose disk is this process's, and prlimit");
        return;
    }
    let site = Site::open().await;
    let app = site.app().await;
    let serve = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    // The signal that comes with such a failure would end the process; a full disk sends none.
    let mut patient = Command::new("sh");
    patient.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(serve.get_program()).args(serve.get_args());
    for (name, value) in serve.get_envs() {
        match value {
            Some(value) => patient.env(name, value),
            None => patient.env_remove(name),
        };
    }
    patient.env("BOTYARD__LOG__FORMAT", "json").stderr(Stdio::piped());
    let mut running = Running::start(&mut patient);
    let url = served(&mut running);
    let client = app.client(url);
    let bot = client.import_sample().await;
    assert_eq!(client.get("/readyz").await.status, 200);

    limit_files(running.0.id(), "1024");
    let start = format!("/api/public/bot/{bot}/export");
    let (status, message) = client.post(&start, &json!({"exportType": "latest"})).await.error();
    assert!([503, 507].contains(&status) && message.contains("the database"), "{status} {message}");
    let (status, message) = upload(&client).await.error();
    assert_eq!((status, message.as_str()), (507, "The server cannot do this now: the disk of the objects is full"));
    // A write that failed is tried again at once, and reading goes on.
    assert_not_ready(&client.get("/readyz").await, "disk");
    assert_eq!(client.get("/healthz").await.status, 200);
    // The bot was never published, and the server can still tell.
    assert_eq!(client.get(&format!("/api/public/bot/{bot}/publish/status")).await.status, 400);

    limit_files(running.0.id(), "unlimited");
    assert_eq!(client.get("/readyz").await.status, 200);
    client.export(&bot, "latest").await;
    assert_eq!(upload(&client).await.status, 200);
    running.stop();
    site.close().await;
}

/// Uploads more than the limit lets be written.
async fn upload(client: &Client) -> Reply {
    let text = "x".repeat(20_000);
    let form = format!(
        "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.json\"\r\n\r\n{text}\r\n--x\r\n\
         Content-Disposition: form-data; name=\"fileContext\"\r\n\r\nbulkImport\r\n--x\r\n\
         Content-Disposition: form-data; name=\"fileExtension\"\r\n\r\njson\r\n--x--\r\n"
    );
    let request = client.request(reqwest::Method::POST, "/api/public/uploadfile");
    client.send(request.header("content-type", "multipart/form-data; boundary=x").body(form)).await
}
