//! Who may call what.

use reqwest::Method;
use serde_json::json;

use super::{add_user, app_client, owner, sign_in};
use crate::support::TestServer;

#[tokio::test]
async fn nobody_reaches_what_is_not_theirs() {
    let server = TestServer::start_with(|setup| {
        let config = serde_json::from_value(json!({"internal_api_key": "0123456789abcdef"})).unwrap();
        setup.config.api = config;
    })
    .await;
    let ada = owner(&server).await;
    add_user(&server, "bob@example.com", false).await;
    let bob = sign_in(&server, "bob@example.com").await;
    let bot = ada.post(&ada.streams(), &json!({"name": "Hers"})).await.json()["_id"].as_str().unwrap().to_owned();
    let table = [
        (Method::GET, ada.streams(), 403),
        (Method::POST, bob.streams(), 403),
        (Method::POST, "/api/market/streams".to_owned(), 403),
        (Method::GET, format!("{}/{bot}", bob.streams()), 403),
        (Method::PUT, format!("{}/{bot}", bob.streams()), 403),
        (Method::DELETE, format!("{}/{bot}", bob.streams()), 403),
        (Method::GET, format!("{}/st-unknown", bob.streams()), 400),
        (Method::GET, bob.admin_apps(), 403),
        (Method::POST, bob.admin_apps(), 403),
        (Method::POST, ada.admin_apps(), 403),
        (Method::GET, bob.builder_apps(&bot), 403),
        (Method::POST, bob.builder_apps(&bot), 403),
        (Method::GET, format!("/api/builder/streams/{bot}/components"), 403),
        (Method::PUT, format!("/api/builder/streams/{bot}/details"), 403),
        (Method::GET, format!("/api/builder/streams/{bot}/dockStatus"), 403),
        (Method::GET, format!("/api/organization/{}/dockStatus", bob.organization), 403),
        (Method::GET, "/api/organization/o-other/dockStatus".to_owned(), 403),
        (Method::POST, format!("{}/{bot}/variables", bob.streams()), 403),
        (Method::POST, format!("{}/{bot}/channels/rtm", bob.streams()), 403),
        (Method::POST, "/api/users/sts".to_owned(), 403),
        (Method::PATCH, bob.streams(), 405),
    ];
    for (method, path, status) in table {
        let reply = bob.call(method.clone(), &path, &json!({"name": "x", "appName": "x"})).await;
        assert_eq!(reply.status.as_u16(), status, "{method} {path}: {}", reply.text());
        let unknown = server.anonymous().send(server.anonymous().request(method, &path).json(&json!({}))).await;
        assert_eq!(unknown.status.as_u16(), if status == 405 { 405 } else { 401 }, "{path}");
    }
    assert_eq!(bob.get(&bob.streams()).await.json(), json!([]));
    // An owner acts for others, and what is made is theirs.
    let made = ada.post(&bob.streams(), &json!({"name": "His"})).await.json();
    assert_eq!(made["createdBy"], json!(bob.id));
    assert_eq!(bob.get(&bob.streams()).await.json()[0]["_id"], made["_id"]);
    let tasks = format!("/api/organization/{}/workflows/updateTaskStatus", bob.organization);
    assert_eq!(bob.put(&tasks, &json!({"streamId": bot})).await.json()["approved"], json!([]));

    let internal = |path: &'static str, key: &'static str| {
        let client = server.anonymous();
        let request = client.request(Method::POST, path).header("apikey", key).json(&json!({"name": "Suite"}));
        async move { client.send(request).await }
    };
    internal("/api/internal/account", "wrong").await.refused(401, "Invalid SDK credentials");
    let account = internal("/api/internal/account", "0123456789abcdef").await.json();
    let app = internal("/api/internal/clientapp", "0123456789abcdef").await.json();
    assert_eq!((&app["name"], &app["accountId"]), (&json!("Suite"), &account["accountId"]));
    let record = json!({"clientId": app["cId"], "clientSecret": app["cS"], "algorithm": "HS256"});
    app_client(&server, &record).get("/api/public/bots").await.json();
    assert!(!format!("{:?} {}", server.config().api, json!(server.config().api)).contains("0123456789abcdef"));
    server.finish().await;

    let closed = TestServer::start().await;
    let path = "/api/internal/account";
    let request = closed.anonymous().request(Method::POST, path).header("apikey", "0123456789abcdef");
    closed.anonymous().send(request).await.refused(404, "Not Found");
    closed.finish().await;
}
