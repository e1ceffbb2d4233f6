//! Access tokens for passwords, and signed tokens for quick-start pages.

use access::{AppKind, Secret};
use reqwest::Method;
use serde_json::{Value, json};

use domain::Clock;

use super::{PASSWORD, add_user, credentials, owner};
use crate::support::TestServer;
use crate::support::server::Setup;

#[tokio::test]
async fn signing_in_is_strict_and_slow_for_guessers() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let client = server.anonymous();
    let mut app = server.app(AppKind::Admin, &[]).await;
    let with_client = |secret: &str| {
        let mut body = credentials("ada@example.com", PASSWORD);
        body["client_id"] = json!(app.client_id);
        body["client_secret"] = json!(secret);
        body
    };
    let without = |name: &str| {
        let mut body = credentials("ada@example.com", PASSWORD);
        body.as_object_mut().unwrap().remove(name);
        body
    };
    let long = "x".repeat(5000);
    let table = [
        (credentials("ADA@Example.com", PASSWORD), 200),
        (without("client_id"), 200),
        (without("grant_type"), 200),
        (with_client(app.secret.expose()), 200),
        (with_client("wrong"), 401),
        (credentials("ada@example.com", "wrong"), 401),
        (credentials("ada@example.com", &long), 401),
        (credentials("nobody@example.com", PASSWORD), 401),
        (credentials("owner@localhost", ""), 412),
        (without("username"), 412),
        (json!({"grant_type": "client_credentials", "username": "a", "password": "b"}), 412),
        (json!([1]), 412),
    ];
    for (body, status) in &table {
        let reply = client.post("/api/oauth/token", body).await;
        assert_eq!(reply.status.as_u16(), *status, "{body}");
        assert!(*status == 200 || reply.value()["errors"][0]["msg"].is_string(), "{body}");
    }
    let form = client.request(Method::POST, "/api/1.1/oauth/token/");
    let form = form.header("content-type", "application/x-www-form-urlencoded");
    let form = form.body("grant_type=password&username=ada%40example.com&password=correct+horse+battery");
    assert_eq!(client.send(form).await.json()["userInfo"]["id"], json!(ada.id));

    for _ in 0..10 {
        let reply = client.post("/api/oauth/token", &credentials("eve@example.com", "guess")).await;
        assert_eq!(reply.status.as_u16(), 401);
    }
    let reply = client.post("/api/oauth/token", &credentials("eve@example.com", "guess")).await;
    assert_eq!(reply.status.as_u16(), 429);
    assert!(reply.header("retry-after").parse::<u64>().is_ok_and(|pause| pause <= 60));
    client.post("/api/oauth/token", &credentials("ada@example.com", PASSWORD)).await.json();

    for token in ["", "bearer", "bearer x", "Basic eDp5"] {
        let request = client.request(Method::GET, &ada.streams()).header("Authorization", token);
        client.send(request).await.refused(401, "Invalid SDK credentials");
    }

    let own = ada.post("/api/users/sts", &Value::Null).await.json();
    let claims = access::client_id_of(own["jwt"].as_str().unwrap()).unwrap();
    let again = ada.post("/api/users/sts", &json!({})).await.json();
    assert_eq!(access::client_id_of(again["jwt"].as_str().unwrap()).unwrap(), claims, "one app signs for all");
    let asked = json!({"clientId": app.client_id, "clientSecret": app.secret.expose(), "identity": "me", "aud": "",
        "isAnonymous": false});
    let jwt = client.post("/api/users/sts", &asked).await.json()["jwt"].as_str().unwrap().to_owned();
    server.client_with_token(&jwt).get("/api/public/bots").await.json();
    app.secret = Secret::new("another");
    let asked = json!({"clientId": app.client_id, "clientSecret": app.secret.expose()});
    client.post("/api/users/sts", &asked).await.refused(401, "Invalid SDK credentials");
    client.post("/api/users/sts", &json!({})).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}

/// The status of an attempt to sign in, as a proxy on this machine passes it on.
async fn attempt(server: &TestServer, from: &str, name: &str, password: &str) -> u16 {
    let client = server.anonymous();
    let request = client.request(Method::POST, "/api/oauth/token").header("x-forwarded-for", from);
    client.send(request.json(&credentials(name, password))).await.status.as_u16()
}

fn behind_a_proxy(setup: &mut Setup) {
    setup.config.api.proxies.trusted = vec!["127.0.0.1".parse().unwrap()];
    setup.options.sources.clock = Clock::manual(Clock::system().now()).0;
}

#[tokio::test]
async fn guessers_are_slow_and_people_get_in_where_they_usually_are() {
    const OFFICE: &str = "192.0.2.1";
    const HOME: &str = "198.51.100.7";
    const ADA: &str = "ada@example.com";
    let mut server = TestServer::start_with(behind_a_proxy).await;
    for name in [ADA, "ben@example.com"] {
        add_user(&server, name, true).await;
    }
    assert_eq!(attempt(&server, OFFICE, ADA, PASSWORD).await, 200);
    assert_eq!(attempt(&server, HOME, "ben@example.com", PASSWORD).await, 200);
    // What is usual is known to the next process, too.
    server.restart().await;

    // One password at many names, from the office.
    let mut sprayed = Vec::new();
    for number in 0..31 {
        sprayed.push(attempt(&server, OFFICE, &format!("user{number}@example.com"), "guess").await);
    }
    assert_eq!(sprayed, [vec![401; 30], vec![429]].concat());
    assert_eq!(attempt(&server, OFFICE, "ben@example.com", PASSWORD).await, 429, "he was never there");
    assert_eq!(attempt(&server, HOME, "ben@example.com", PASSWORD).await, 200);
    assert_eq!(attempt(&server, OFFICE, ADA, "typo").await, 401);
    assert_eq!(attempt(&server, OFFICE, ADA, PASSWORD).await, 200, "she usually is");

    // Many passwords at one name, from many places.
    let mut spread = Vec::new();
    for number in 0..31 {
        spread.push(attempt(&server, &format!("203.0.113.{number}"), ADA, "guess").await);
    }
    assert_eq!(spread, [vec![401; 30], vec![429]].concat());
    assert_eq!(attempt(&server, HOME, ADA, PASSWORD).await, 429, "a new place has to wait");
    assert_eq!(attempt(&server, OFFICE, ADA, PASSWORD).await, 200);
    server.finish().await;
}

#[tokio::test]
async fn a_client_cannot_choose_its_address() {
    let server = TestServer::start_with(|setup| {
        behind_a_proxy(setup);
        setup.config.api.proxies.trusted.clear();
    })
    .await;
    let mut statuses = Vec::new();
    for number in 0..11 {
        statuses.push(attempt(&server, &format!("203.0.113.{number}"), "eve@example.com", "guess").await);
    }
    assert_eq!(statuses, [vec![401; 10], vec![429]].concat());
    server.finish().await;
}
