//! Apps: what is refused, and what a record says.

use access::generate_rsa_key;
use reqwest::Method;
use serde_json::{Value, json};

use super::{app_client, owner};
use crate::support::TestServer;

#[tokio::test]
async fn apps_say_what_is_wrong_with_them() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let bot = ada.post(&ada.streams(), &json!({"name": "Greeter"})).await.json()["_id"].as_str().unwrap().to_owned();
    let rsa = generate_rsa_key();
    let (admin, builder) = (ada.admin_apps(), ada.builder_apps(&bot));
    let table = [
        (&admin, json!({}), 412, "/appName", "missing"),
        (&admin, json!({"appName": "A", "algorithm": "HS1"}), 412, "/algorithm", "HS512"),
        (&admin, json!({"appName": "A", "algorithm": "RS256"}), 412, "/publicKey", "no public key"),
        (&admin, json!({"appName": "A", "algorithm": "ES256", "publicKey": rsa.public}), 412, "/publicKey", "P-256"),
        (
            &admin,
            json!({"appName": "A", "scope": [{"scopes": [" "]}]}),
            412,
            "/scope/0/scopes/0",
            "bot_definition:bot_import",
        ),
        (&builder, json!({"appName": "A", "scope": [" "]}), 412, "/scope/0", "bot_variables:export"),
        (&builder, json!({"appName": "A", "scope": [7]}), 412, "/scope/0", "scopes"),
        (&builder, json!({"appName": "A", "isJtiEnforced": "maybe"}), 412, "/isJtiEnforced", "true or false"),
        (&admin, json!({"appName": "A", "bots": ["st-unknown"]}), 400, "/bots", "st-unknown"),
        (&admin, json!({"appName": "A", "bots": 7}), 412, "/bots", "list"),
    ];
    for (path, body, status, pointer, word) in &table {
        let request = ada.client.request(Method::POST, path).header("Accept", "application/problem+json");
        let request = request.header("Authorization", format!("bearer {}", ada.token)).json(body);
        let problem = ada.client.send(request).await;
        assert_eq!(problem.status.as_u16(), *status, "{body}");
        let problem = problem.value();
        assert_eq!(problem["pointer"], *pointer, "{body}");
        assert!(problem["detail"].as_str().unwrap().contains(word), "{body}: {problem}");
    }
    assert_eq!(ada.get(&builder).await.json(), json!([]));

    let body = json!({"appName": "R", "algorithm": "rs256", "publicKey": rsa.public, "bots": ["all", bot], "isJweEnforced": true,
        "isJtiEnforced": "true", "scope": ["anonymouschat", "registration"], "pushNotifications": {"enable": false}});
    let app = ada.post(&admin, &body).await.json();
    assert!(app["encryptionPublicKey"].as_str().unwrap().starts_with("-----BEGIN PUBLIC KEY-----"));
    assert_eq!(app["scope"], json!([{"scopes": ["anonymouschat", "registration"]}]));
    assert_eq!((&app["algorithm"], &app["bots"]), (&json!("RS256"), &json!([bot])));
    assert_eq!((&app["isJtiEnforced"], &app["isJweEnforced"]), (&json!(true), &json!(true)));
    let listed = ada.get(&admin).await.json();
    assert_eq!((&listed[0]["clientId"], &listed[0]["clientSecret"]), (&app["clientId"], &Value::Null));
    let path = format!("{admin}/{}", app["clientId"].as_str().unwrap());
    assert_eq!(ada.get(&path).await.json()["clientSecret"], app["clientSecret"]);
    ada.get(&format!("{builder}/{}", app["clientId"].as_str().unwrap())).await.refused(404, "App not found");
    ada.get(&format!("{admin}/cs-unknown")).await.refused(404, "App not found");

    let body =
        json!({"appName": "B", "scope": [{"scopes": ["bot_definition:bot_export", "bot_definition:bot_import"]}]});
    let app = ada.post(&builder, &body).await.json();
    assert!(app["warnings"][0].as_str().unwrap().contains("bot_definition:bot_import"), "{app}");
    let enforced = ada
        .put(&format!("{builder}/{}", app["clientId"].as_str().unwrap()), &json!({"isJtiEnforced": true}))
        .await
        .json();
    assert_eq!((&enforced["scope"], &enforced["appName"]), (&app["scope"], &json!("B")));
    let client = app_client(&server, &enforced);
    client.get(&format!("/api/public/bot/{bot}/export/status")).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}
