//! Webhooks: set up, tested, told what ended, removed.

use access::webhook::WebhookKey;
use access::{AppKind, Grant, Scope};
use axum::extract::{Request, State};
use axum::http::{HeaderMap, StatusCode};
use bytes::Bytes;
use domain::BotId;
use serde_json::{Value, json};
use tokio::sync::mpsc;

use crate::support::TestServer;

/// A receiver of announcements on a free port.
struct Receiver {
    url: String,
    calls: mpsc::UnboundedReceiver<(HeaderMap, Bytes)>,
}

impl Receiver {
    async fn start() -> Self {
        let (sender, calls) = mpsc::unbounded_channel();
        let router = axum::Router::new().fallback(take).with_state(sender);
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        // It ends with the test's runtime.
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, calls }
    }

    /// The next announcement, when its signature fits.
    async fn next(&mut self, secret: &str) -> Value {
        let (headers, body) = self.calls.recv().await.unwrap();
        let header = |name: &str| headers[name].to_str().unwrap();
        let key: WebhookKey = secret.parse().unwrap();
        let now = domain::Clock::system().now();
        key.verify(header("webhook-id"), header("webhook-timestamp"), header("webhook-signature"), &body, now).unwrap();
        serde_json::from_slice(&body).unwrap()
    }
}

async fn take(State(sender): State<mpsc::UnboundedSender<(HeaderMap, Bytes)>>, request: Request) -> StatusCode {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 20).await.unwrap();
    let _test_is_over = sender.send((parts.headers, body));
    if parts.uri.path() == "/gone" { StatusCode::GONE } else { StatusCode::OK }
}

#[tokio::test]
async fn a_webhook_hears_what_it_asked_for() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let mut receiver = Receiver::start().await;
    let events = json!(["publish.succeeded", "bot_export.succeeded", "publish.succeeded"]);
    let body = json!({"url": receiver.url, "streamId": bot, "events": events});
    let mut made = admin.post("/api/public/webhooks", &body).await.json();
    let secret = made["secret"].as_str().unwrap().to_owned();
    assert_eq!(made["events"], json!(["publish.succeeded", "bot_export.succeeded"]));
    let id = made["id"].as_str().unwrap().to_owned();
    made.as_object_mut().unwrap().remove("secret");
    assert_eq!(admin.get("/api/public/webhooks").await.json(), json!([made]));

    let tested = admin.post(&format!("/api/public/webhooks/{id}/test"), &Value::Null).await.json();
    assert_eq!(
        (&tested["state"], &tested["result"]),
        (&json!("succeeded"), &json!({"delivered": true, "status": 200}))
    );
    assert_eq!(receiver.next(&secret).await["type"], "webhook.test");

    admin.import_into(&bot, &crate::support::BotFiles::sample(), None).await;
    admin.publish(&bot, "heard").await;
    let heard = receiver.next(&secret).await;
    assert_eq!([&heard["type"], &heard["data"]["streamId"]], ["publish.succeeded", bot.as_str()]);

    // Deliveries are done before the server is asked to stop, and nothing comes after the webhook is gone.
    let deliveries = "/api/public/requests?kind=webhook_delivery";
    let list = admin.get(deliveries).await.json()["requests"].clone();
    assert_eq!(list.as_array().unwrap().len(), 2);
    for delivery in list.as_array().unwrap() {
        let id = domain::RequestId::stored(delivery["_id"].as_str().unwrap());
        let (store, account) = (server.store(), &server.premises().account.id);
        store.wait_for(std::time::Duration::from_secs(10), || store.request(account, &id)).await.unwrap();
    }
    assert_eq!(admin.delete(&format!("/api/public/webhooks/{id}")).await.json(), made);
    admin.delete(&format!("/api/public/webhooks/{id}")).await.refused(400, "Invalid webhook id");
    admin.post(&format!("/api/public/webhooks/{id}/test"), &Value::Null).await.refused(400, "Invalid webhook id");
    admin.publish(&bot, "not heard").await;
    assert_eq!(admin.get(deliveries).await.json()["total"], 2);
    server.finish().await;
}

#[tokio::test]
async fn a_receiver_that_is_gone_is_reported() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let receiver = Receiver::start().await;
    let url = receiver.url.replace("/hook", "/gone");
    let made = admin.post("/api/public/webhooks", &json!({"url": url})).await.json();
    let tested =
        admin.post(&format!("/api/public/webhooks/{}/test", made["id"].as_str().unwrap()), &Value::Null).await.json();
    assert_eq!(tested["state"], "failed");
    assert!(tested["failure"]["message"].as_str().unwrap().contains("410"), "{tested}");
    server.finish().await;
}

#[tokio::test]
async fn webhooks_are_made_and_seen_within_bounds() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (own, other) = (admin.import_sample().await, admin.import_sample().await);
    let builder = server.builder(&[&own]).await;
    let url = "https://ci.example.com/hook";
    let path = "/api/public/webhooks";
    for body in [
        json!({}),
        json!({"url": 7}),
        json!({"url": "ftp://example.com"}),
        json!({"url": "https://me:secret@example.com"}),
        json!({"url": url, "events": "publish.succeeded"}),
        json!({"url": url, "events": ["publish"]}),
        json!({"url": url, "events": ["webhook_delivery.failed"]}),
        json!({"url": url, "events": ["publish.succeeded", 1]}),
    ] {
        admin.post(path, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    builder.post(path, &json!({"url": url})).await.refused(412, "Validation errors/ Invalid arguments");
    builder.post(path, &json!({"url": url, "streamId": other})).await.refused(401, "Invalid SDK credentials");
    let unknown = "st-00000000-0000-5000-8000-000000000000";
    admin.post(path, &json!({"url": url, "streamId": unknown})).await.refused(400, "Invalid StreamId");
    let lister = server.client_with_scopes(AppKind::Admin, &[], &[Scope::RoleManagement]).await;
    lister.get(path).await.refused(401, "Permission denied. Scope is incorrect!");

    builder.post(path, &json!({"url": url, "streamId": own})).await.json();
    let of_other =
        admin.post(path, &json!({"url": url, "streamId": other})).await.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(builder.get(path).await.json().as_array().unwrap().len(), 1);
    assert_eq!(admin.get(path).await.json().as_array().unwrap().len(), 2);
    let narrow = server
        .app_with(AppKind::Builder, &[&own, &other], |app| {
            app.grants =
                vec![Grant { bot: Some(BotId::stored(&other)), scopes: vec![Scope::MlExport], ..Grant::default() }];
        })
        .await;
    assert_eq!(server.client(&narrow).get(path).await.json()[0]["id"], of_other.as_str());
    builder.delete(&format!("{path}/{of_other}")).await.refused(400, "Invalid webhook id");
    for _ in 0..15 {
        builder.post(path, &json!({"url": url, "streamId": own})).await.json();
    }
    builder
        .post(path, &json!({"url": url, "streamId": own}))
        .await
        .refused(400, "There are 16 webhooks already; remove one first");
    admin.post(path, &json!({"url": url, "streamId": other})).await.json();
    server.finish().await;
}
