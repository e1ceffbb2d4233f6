//! Requests of every kind by id.

use access::{AppKind, Grant, Scope};
use botyard::config::Role;
use domain::BotId;
use serde_json::{Value, json};

use crate::support::{BotFiles, TestServer};

#[tokio::test]
async fn requests_are_listed_to_those_who_may_know() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (first, second) = (admin.import_sample().await, admin.import_sample().await);
    admin.export(&first, "latest").await;
    admin.publish(&first, "x").await;

    let denied = "Permission denied. Scope is incorrect!";
    let exporter = server.client_with_scopes(AppKind::Admin, &[], &[Scope::BotExport]).await;
    let builder = server.builder(&[&first]).await;
    let narrow = server
        .app_with(AppKind::Builder, &[&first, &second], |app| {
            app.grants =
                vec![Grant { bot: Some(BotId::stored(&first)), scopes: vec![Scope::BotExport], ..Grant::default() }];
        })
        .await;
    let narrow = server.client(&narrow);
    let of_first = format!("?streamId={first}");
    for (name, client, query, expected) in [
        ("admin", &admin, "", vec!["publish", "bot_export", "bot_import", "bot_import"]),
        ("admin", &admin, of_first.as_str(), vec!["publish", "bot_export", "bot_import"]),
        ("admin", &admin, "?kind=publish", vec!["publish"]),
        ("admin", &admin, "?limit=1&offset=1", vec!["bot_export"]),
        ("admin", &admin, "?kind=webhook_delivery", vec![]),
        ("exporter", &exporter, "", vec!["bot_export"]),
        ("builder", &builder, "", vec!["bot_export"]),
        ("narrow", &narrow, of_first.as_str(), vec!["bot_export"]),
    ] {
        let page = client.get(&format!("/api/public/requests{query}")).await.json();
        let list = page["requests"].as_array().unwrap();
        let kinds: Vec<&str> = list.iter().map(|request| request["kind"].as_str().unwrap()).collect();
        assert_eq!(kinds, expected, "{name} {query}");
    }
    assert_eq!(admin.get("/api/public/requests?limit=3").await.json()["moreAvailable"], true);
    narrow.get("/api/public/requests").await.refused(401, denied);
    exporter.get("/api/public/requests?kind=publish").await.refused(401, denied);
    builder.get(&format!("/api/public/requests?streamId={second}")).await.refused(401, "Invalid SDK credentials");
    admin.get("/api/public/requests?kind=dance").await.refused(412, "Validation errors/ Invalid arguments");
    server.anonymous().get("/api/public/requests").await.refused(401, "Invalid SDK credentials");

    let list = admin.get(&format!("/api/public/requests?streamId={first}")).await.json()["requests"].clone();
    let paths: Vec<String> = list
        .as_array()
        .unwrap()
        .iter()
        .map(|it| format!("/api/public/requests/{}", it["_id"].as_str().unwrap()))
        .collect();
    for path in &paths {
        let record = admin.get(path).await.json();
        assert_eq!([&record["state"], &record["streamId"]], ["succeeded", first.as_str()]);
        assert_eq!(
            (&record["percentageComplete"], &record["attempts"], &record["failure"]),
            (&json!(100), &json!(1), &Value::Null)
        );
        assert!(record["finishedOn"].is_string() && record["log"].is_array(), "{record}");
        admin.delete(path).await.refused(409, "The request has ended already");
    }
    builder.get(&paths[1]).await.json();
    exporter.get(&paths[0]).await.refused(401, denied);
    let stranger = server.builder(&[&second]).await;
    stranger.get(&paths[1]).await.refused(400, "Invalid request ID");
    admin.get("/api/public/requests/ds-unknown").await.refused(400, "Invalid request ID");
    server.finish().await;
}

#[tokio::test]
async fn a_failure_says_where_and_what_to_do() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let mut files = BotFiles::sample();
    files.definition = b"{\"_id\": \"st-1\",\n \"localeData\": {,}}".to_vec();
    let body = files.upload(&admin).await;
    let id = admin.post("/api/public/bot/import", &body).await.json()["_id"].as_str().unwrap().to_owned();
    admin.wait(&format!("/api/public/bot/import/status/{id}")).await;
    let record = admin.get(&format!("/api/public/requests/{id}")).await.json();
    assert_eq!(record["state"], "failed");
    let failure = &record["failure"];
    assert_eq!([&failure["file"], &failure["pointer"]], ["botDefinition.json", "/localeData"]);
    assert_eq!((&failure["line"], &failure["column"]), (&json!(2), &json!(17)));
    server.finish().await;
}

#[tokio::test]
async fn a_request_that_waits_is_called_off() {
    // Nobody works here, so requests wait.
    let server = TestServer::start_with(|setup| {
        setup.config.roles = vec![Role::Api];
        setup.config.api.status_hold_ms = 0;
    })
    .await;
    let admin = server.admin().await;
    admin.post("/api/public/webhooks", &json!({"url": "http://127.0.0.1:9/unheard"})).await.json();
    let body = BotFiles::sample().upload(&admin).await;
    let mut ids = Vec::new();
    for _ in 0..2 {
        ids.push(admin.post("/api/public/bot/import", &body).await.json()["_id"].as_str().unwrap().to_owned());
    }
    let waiting = admin.get(&format!("/api/public/requests/{}", ids[0])).await.json();
    assert_eq!((&waiting["state"], &waiting["attempts"]), (&json!("pending"), &json!(0)));
    let publisher = server.client_with_scopes(AppKind::Admin, &[], &[Scope::PublishRequest]).await;
    let path = format!("/api/public/requests/{}/cancel", ids[0]);
    publisher.post(&path, &json!({})).await.refused(401, "Permission denied. Scope is incorrect!");
    for _ in 0..2 {
        assert_eq!(admin.post(&path, &json!({})).await.json()["state"], "cancelled");
    }
    assert_eq!(admin.delete(&format!("/api/public/requests/{}", ids[1])).await.json()["state"], "cancelled");
    let status = admin.get(&format!("/api/public/bot/import/status/{}", ids[0])).await.json();
    assert_eq!([&status["status"], &status["reason"]], ["failed", "the request was cancelled"]);

    // Webhooks hear of each once, and a delivery that is called off announces nothing.
    let deliveries = "/api/public/requests?kind=webhook_delivery";
    let queued = admin.get(deliveries).await.json();
    assert_eq!(queued["total"], 2);
    for delivery in queued["requests"].as_array().unwrap() {
        let path = format!("/api/public/requests/{}", delivery["_id"].as_str().unwrap());
        assert_eq!(admin.delete(&path).await.json()["state"], "cancelled");
    }
    assert_eq!(admin.get(deliveries).await.json()["total"], 2);
    server.finish().await;
}

/// Rows without the form that today's rows say are those of the release before.
#[tokio::test]
async fn requests_of_the_release_before_run_to_their_end() {
    let mut server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    admin.publish(&bot, "x").await;
    server.restart_with(|config| config.roles = vec![Role::Api]).await;
    let admin = server.admin().await;
    let files = BotFiles::sample().upload(&admin).await;
    let rows = admin
        .upload("rows.csv", "taskName,sentence,type,language\nOrder Coffee,one flat white to go,intent,en\n")
        .await;
    let of_bot = format!("/api/public/bot/{bot}");
    let mut asked = vec![
        ("/api/public/bot/import".to_owned(), files.clone()),
        (format!("{of_bot}/import"), files),
        (format!("{of_bot}/export"), json!({"exportType": "published"})),
        (format!("{of_bot}/publish"), json!({"versionComment": "again", "initiateTraining": false})),
        (format!("{of_bot}/mlexport?type=csv"), Value::Null),
        (format!("{of_bot}/mlimport"), json!({"fileId": rows})),
        (format!("{of_bot}/ml/train"), Value::Null),
        (format!("{of_bot}/faqs/train"), json!({"language": "en"})),
        (format!("{of_bot}/testsuite/Developer%20defined%20utterances/run"), json!({"version": "published"})),
    ];
    for (path, body) in asked.drain(..) {
        admin.post(&path, &body).await.json();
    }
    let strip = "UPDATE requests SET parameters = REPLACE(parameters, ',\"v\":1}', '}') WHERE state = 'pending'";
    let changed = server.store().write(move |tx| Box::pin(async move { tx.execute(strip, Vec::new()).await })).await;
    assert_eq!(changed.unwrap(), 9);
    server.restart_with(|config| config.roles = vec![Role::Api, Role::Jobs]).await;
    let admin = server.admin().await;
    let list = admin.get("/api/public/requests?limit=100").await.json()["requests"].clone();
    let list = list.as_array().unwrap();
    let kinds: std::collections::BTreeSet<&str> = list.iter().map(|it| it["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds.len(), 8, "{kinds:?}");
    for request in list {
        let record = admin.wait(&format!("/api/public/requests/{}", request["_id"].as_str().unwrap())).await;
        assert_eq!(record["state"], "succeeded", "{record}");
    }
    server.finish().await;
}

/// A node that is not yet of the release that made a request says so, and does not guess.
#[tokio::test]
async fn a_request_of_a_later_release_is_told_as_such() {
    let mut server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    server
        .restart_with(|config| {
            config.roles = vec![Role::Api];
            config.api.status_hold_ms = 0;
        })
        .await;
    let admin = server.admin().await;
    let body = json!({"exportType": "latest"});
    let id = admin.post(&format!("/api/public/bot/{bot}/export"), &body).await.json()["_id"].clone();
    let raise =
        "UPDATE requests SET parameters = REPLACE(parameters, ',\"v\":1}', ',\"v\":9}') WHERE state = 'pending'";
    let changed = server.store().write(move |tx| Box::pin(async move { tx.execute(raise, Vec::new()).await })).await;
    assert_eq!(changed.unwrap(), 1);
    let status = admin.get(&format!("/api/public/bot/{bot}/export/status")).await;
    status.refused(503, "The request was made by a later release than this node's");
    // What is the same in all releases is told all the same.
    let path = format!("/api/public/requests/{}", id.as_str().unwrap());
    let record = admin.get(&path).await.json();
    assert_eq!([&record["kind"], &record["state"]], ["bot_export", "pending"]);
    assert_eq!(admin.delete(&path).await.json()["state"], "cancelled");
    server.finish().await;
}
