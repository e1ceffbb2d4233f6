//! Where a server lets calls go: services are judged in `services`; here is who calls besides them.

use access::AppKind;
use reqwest::Method;
use serde_json::{Map, Value, json};
use store::{Bot, NewChange, NewChannel, Webhook};

use crate::support::talk::message;
use crate::support::{Stub, TestServer};

/// A bot that greets.
fn greeter() -> Value {
    json!({"name": "Greeter", "dialogs": [{"name": "Greet", "nodes": [{"id": "Hello", "message": "Hello."}]}]})
}

#[tokio::test]
async fn what_certainly_may_not_be_called_is_refused_where_it_is_configured() {
    let server = TestServer::start_with(|setup| setup.config.egress.allow = vec!["10.1.0.0/16".into()]).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let app = server.app(AppKind::Builder, &[&bot]).await;
    let channel = |url: &str| {
        let app = json!({"clientId": "cs-1", "appName": "Web"});
        json!({"streamId": bot, "type": "ivr", "channelDetails": {"type": "ivr", "app": app, "isAsync": true, "postUrl": url}})
    };
    let botkit = format!("/api/public/bot/{bot}/agentintegrations/chat/custom");
    for (url, is_refused) in [
        ("http://127.0.0.1:9/x", true),
        ("http://[::1]/x", true),
        ("http://[::ffff:10.0.0.1]/x", true),
        ("http://2130706433/x", true),
        ("http://0177.1/x", true),
        ("http://169.254.169.254/latest", true),
        ("http://localhost:3000/x", true),
        ("http://10.1.2.3/x", false),
        ("https://bots.example.com/x", false),
    ] {
        for (path, body, pointer) in [
            ("/api/public/webhooks", json!({"url": url}), "/url"),
            ("/api/public/channels", channel(url), "/channelDetails/postUrl"),
            (&botkit, json!({"sdkClientId": app.client_id, "sdkHostUri": url}), "/sdkHostUri"),
        ] {
            let request = admin.request(Method::POST, path).header("accept", "application/problem+json").json(&body);
            let reply = admin.send(request).await;
            if !is_refused {
                reply.json();
                continue;
            }
            let problem = reply.value();
            assert_eq!((reply.status.as_u16(), &problem["pointer"]), (412, &json!(pointer)), "{path} {url} {problem}");
            let detail = problem["detail"].as_str().unwrap();
            assert!(detail.contains("is not to be called") && detail.contains("`[egress]`"), "{path} {url} {detail}");
        }
    }
    server.finish().await;
}

#[tokio::test]
async fn what_was_configured_before_is_judged_when_it_is_called() {
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    for allow in [vec![], vec![stub.place()]] {
        let is_allowed = !allow.is_empty();
        let server = TestServer::start_with(|setup| {
            setup.config.egress.allow = allow;
            setup.config.runner.max_attempts = 1;
            setup.config.conversation.keeper_interval_ms = 20;
        })
        .await;
        let admin = server.admin().await;
        let app = server.app(AppKind::Builder, &[]).await;
        let bot = admin.bring(&greeter()).await;
        let (store, premises) = (server.store(), server.premises());
        let stored = store.bot(&domain::BotId::stored(&*bot)).await.unwrap().unwrap();

        let id = store.ids().prefixed("wh");
        let webhook = Webhook {
            sealed_secret: store.seal_webhook_secret(&id, &access::webhook::new_secret(store.ids())),
            account: premises.account.id.clone(),
            bot: None,
            url: format!("{}/webhook", stub.url),
            events: vec!["publish.failed".into()],
            created_by: premises.owner.id.clone(),
            created_at: store.clock().now(),
            id,
        };
        store.add_webhook(&webhook).await.unwrap();
        let tested = admin.post(&format!("/api/public/webhooks/{}/test", webhook.id), &Value::Null).await.json();
        let told = tested["failure"]["message"].as_str().unwrap_or_default();
        assert_eq!(tested["state"], if is_allowed { "succeeded" } else { "failed" }, "{tested}");
        assert_eq!(told.contains("127.0.0.1 is not to be called"), !is_allowed, "{tested}");

        // A BotKit server that may not be called is one that does not answer.
        let kit = json!({"clientId": app.client_id, "callbackUrl": stub.url, "events": ["onmessage"]});
        let change = NewChange {
            user: premises.owner.id.clone(),
            resource_id: None,
            resource_type: "channel",
            message: "BotKit server registered".into(),
        };
        if !is_allowed {
            let edit = move |bot: &mut Bot| drop(bot.settings.insert("botkit".to_owned(), kit));
            store.edit_bot(&stored, change, edit).await.unwrap();
        }
        let sorry = "Sorry, I cannot help you at the moment. Please try again in a while.";
        assert_eq!(admin.say(&bot, "ann", "greet").await, [if is_allowed { "Hello." } else { sorry }]);

        let details = json!({"isAsync": true, "postUrl": format!("{}/post", stub.url)});
        let details: Map<String, Value> = details.as_object().unwrap().clone();
        let channel = NewChannel { kind: "ivr".into(), enabled: true, details, by: premises.owner.id.clone() };
        store.put_channel(&stored, channel).await.unwrap();
        admin.post_to(&bot, &message("ben", "greet")).await.json();
        if is_allowed {
            for path in ["/webhook", "/post"] {
                assert_eq!(stub.next().await.path, path);
            }
        } else {
            // A post that is refused is put off for two seconds, as after any failure.
            let mut look = tokio::time::interval(std::time::Duration::from_millis(20));
            loop {
                look.tick().await;
                let now = store.clock().now();
                let soon = now.plus(std::time::Duration::from_secs(10));
                if store.next_delivery_at().await.unwrap().is_some_and(|at| at > now && at < soon) {
                    break;
                }
            }
            assert!(stub.is_unasked());
        }
        server.finish().await;
    }
}
