//! Versions of a bot, and the way back to one.

use access::{AppKind, Scope};
use serde_json::json;

use crate::support::{BotFiles, TestServer};

/// The sample bot with another greeting in its definition.
fn changed_sample() -> BotFiles {
    let mut files = BotFiles::sample();
    let text = String::from_utf8(files.definition).unwrap();
    let changed = text.replace("\"#6f4e37\"", "\"#000000\"");
    assert_ne!(text, changed);
    files.definition = changed.into_bytes();
    files
}

#[tokio::test]
async fn a_bot_goes_back_to_a_version_and_is_published_again() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let path = format!("/api/public/bot/{bot}/versions");
    assert_eq!(admin.get(&path).await.json(), json!({"total": 0, "moreAvailable": false, "versions": []}));

    let first = admin.export(&bot, "latest").await;
    admin.publish(&bot, "first").await;
    admin.import_into(&bot, &changed_sample(), None).await;
    let second = admin.export(&bot, "latest").await;
    assert_ne!(first, second);
    admin.publish(&bot, "second").await;

    let versions = admin.get(&path).await.json();
    let shown = |at: usize| {
        let version = &versions["versions"][at];
        [&version["version"], &version["versionComment"], &version["published"]].map(ToString::to_string)
    };
    assert_eq!(shown(0), ["2", "\"second\"", "true"]);
    assert_eq!(shown(1), ["1", "\"first\"", "false"]);
    assert_eq!(admin.get(&format!("{path}/1")).await.json(), versions["versions"][1]);
    let page = admin.get(&format!("{path}?limit=1")).await.json();
    assert_eq!((&page["moreAvailable"], page["versions"].as_array().unwrap().len()), (&json!(true), 1));
    let exported = admin.export_with(&bot, &json!({"exportType": "latest", "version": 1})).await;
    assert_eq!(exported, first);

    // Back to the first, in the draft only.
    let restored = admin.post(&format!("{path}/1/restore"), &json!({})).await.json();
    assert_eq!((&restored["restoredVersion"], &restored["publishRequestId"]), (&json!(1), &json!(null)));
    assert_eq!(admin.export(&bot, "latest").await, first);
    assert_eq!(admin.export(&bot, "published").await, second);
    assert_eq!(admin.get(&format!("/api/public/bot/{bot}")).await.json()["color"], "#6f4e37");

    // Back to the second and to the first, published at once; a repetition under one key does nothing.
    admin.post(&format!("{path}/2/restore"), &json!({"publish": true})).await.json();
    let body = json!({"publish": true, "versionComment": "back"});
    let mut requests = Vec::new();
    for _ in 0..2 {
        let request = admin.request(reqwest::Method::POST, &format!("{path}/1/restore"));
        let reply = admin.send(request.header("idempotency-key", "back-to-1").json(&body)).await.json();
        requests.push(reply["publishRequestId"].as_str().unwrap().to_owned());
    }
    assert_eq!(requests[0], requests[1]);
    admin.wait(&format!("/api/public/bot/{bot}/publish/status")).await;
    let versions = admin.get(&path).await.json()["versions"].clone();
    let list = versions.as_array().unwrap();
    let comments: Vec<&str> = list.iter().map(|version| version["versionComment"].as_str().unwrap()).collect();
    assert_eq!(comments, ["back", "Version 2 restored", "second", "first"]);
    assert_eq!(versions[0]["definitionSha256"], versions[3]["definitionSha256"]);
    assert_eq!(admin.export(&bot, "published").await, first);
    let filter = store::ChangeFilter { limit: 50, ..Default::default() };
    let log = server.store().changes(&domain::BotId::stored(&bot), &filter).await.unwrap();
    assert_eq!(log.iter().filter(|entry| entry.message == "Version 1 restored").count(), 2);
    server.finish().await;
}

#[tokio::test]
async fn only_what_is_allowed_and_exists_is_restored() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    admin.publish(&bot, "first").await;
    let path = format!("/api/public/bot/{bot}/versions");
    for number in ["0", "2", "-1", "x", "99999999999999999999"] {
        let message = format!("The bot has no version {number}");
        admin.get(&format!("{path}/{number}")).await.refused(400, &message);
        admin.post(&format!("{path}/{number}/restore"), &json!({})).await.refused(400, &message);
    }
    let denied = "Permission denied. Scope is incorrect!";
    let importer = server.client_with_scopes(AppKind::Admin, &[], &[Scope::BotImport]).await;
    importer.get(&path).await.refused(401, denied);
    importer.post(&format!("{path}/1/restore"), &json!({"publish": true})).await.refused(401, denied);
    importer.post(&format!("{path}/1/restore"), &json!({})).await.json();
    let builder = server.builder(&[&bot]).await;
    assert_eq!(builder.get(&path).await.json()["total"], 1);
    builder.post(&format!("{path}/1/restore"), &json!({})).await.refused(401, denied);
    admin.get(&format!("{path}/1/restore")).await.refused(405, "Method Not Allowed");
    server.finish().await;
}
