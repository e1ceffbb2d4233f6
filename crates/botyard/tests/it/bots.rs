//! The list of bots, one bot, sample bots, set-up.

use std::time::Duration;

use access::{AppKind, Scope, hash_of_token};
use domain::BotId;
use serde_json::{Value, json};

use crate::support::TestServer;

const SAMPLE: &str = "st-84c4ccdd-986f-51e8-a3ff-0b4ee16311b5";
const UNKNOWN: &str = "st-00000000-0000-5000-8000-000000000000";

#[tokio::test]
async fn bots_are_listed_page_by_page() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let first = admin.import_sample().await;
    let template = server.store().bot(&BotId::stored(&first)).await.unwrap().unwrap();
    for number in 1..=51 {
        let id = BotId::new(server.store().ids());
        let created_at = template.created_at.plus(Duration::from_millis(number));
        let bot = store::Bot { id, name: format!("Bot {number}"), created_at, ..template.clone() };
        server.store().write(move |tx| Box::pin(async move { bot.insert(tx).await })).await.unwrap();
    }
    let builder = server.app(AppKind::Builder, &[&first]).await;

    for (query, count, more) in [
        ("", 50, true),
        ("?offset=0&limit=50s", 50, true),
        ("?limit==&offset==", 50, true),
        ("?limit=1000", 50, true),
        ("?offset=2", 50, false),
        ("?offset=50", 2, false),
        ("?offset=51&limit=1", 1, false),
        ("?offset=0&limit=1", 1, true),
        ("?offset=500", 0, false),
    ] {
        let page = admin.get(&format!("/api/public/bots{query}")).await.json();
        assert_eq!((page["bots"].as_array().unwrap().len(), &page["availableMore"]), (count, &json!(more)), "{query}");
        assert_eq!((&page["total"], page.get("moreAvailable")), (&json!(52), None));
    }

    // A client that adds one per page, as one of the original does, comes to an end.
    let mut pages = 0;
    loop {
        let page = admin.get(&format!("/api/public/bots?offset={pages}&limit=50")).await.json();
        pages += 1;
        if page["availableMore"] == false {
            break;
        }
    }
    assert_eq!(pages, 3);

    let page = admin.get("/api/public/bots?limit=50").await.json();
    let bots = page["bots"].as_array().unwrap();
    let bot = bots.iter().find(|bot| bot["_id"] == first.as_str()).unwrap();
    for (key, expected) in [
        ("name", json!("Corner Coffee")),
        ("status", json!("configured")),
        ("type", json!("default")),
        ("purpose", json!("customer")),
        ("defaultLanguage", json!("en")),
        ("resourceid", json!("btstreams")),
        ("isLinkedTo", json!([])),
        ("isDeflect", json!(false)),
        ("containsPanelOrWidget", json!(false)),
    ] {
        assert_eq!(bot[key], expected, "{key}");
    }
    let icon = server.anonymous().download(bot["icon"].as_str().unwrap()).await;
    assert_eq!(&icon[1..4], b"PNG");
    let apps = bot["jwtApps"].as_array().unwrap();
    assert_eq!(apps.len(), 1);
    assert_eq!((&apps[0]["clientId"], apps[0].get("clientSecret")), (&json!(builder.client_id), None));
    assert!(!page.to_string().contains(builder.secret.expose()));
    server.finish().await;
}

#[tokio::test]
async fn secrets_of_apps_are_shown_only_where_the_settings_say_so() {
    let server = TestServer::start_with(|setup| setup.config.api.show_client_secrets = true).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let builder = server.app(AppKind::Builder, &[&bot]).await;
    let page = admin.get("/api/public/bots").await.json();
    assert_eq!(page["bots"][0]["jwtApps"][0]["clientSecret"], builder.secret.expose());
    server.finish().await;
}

#[tokio::test]
async fn a_sample_bot_is_added_and_set_up() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let samples = admin.get("/api/public/samplebots").await.json();
    assert_eq!((&samples[0]["_id"], &samples[0]["name"]), (&json!(SAMPLE), &json!("Corner Coffee")));

    let path = format!("/api/public/samplebots/{SAMPLE}/add");
    let first = admin.get(&path).await.json();
    let second = admin.get(&path).await.json();
    assert_eq!(
        (&first["name"], &second["name"]),
        (&json!("Corner Coffee_Botyard_1"), &json!("Corner Coffee_Botyard_2"))
    );
    assert_eq!((&first["originalName"], &first["state"]), (&json!("Corner Coffee"), &json!("setup")));
    assert_ne!(first["_id"], second["_id"]);
    assert_eq!(admin.get("/api/public/bots").await.json()["total"], 2);
    let bot = first["_id"].as_str().unwrap();
    assert!(bot.parse::<BotId>().is_ok(), "{bot}");
    admin.publish(bot, "as it came").await;

    admin.post(&path, &json!({})).await.refused(405, "Method Not Allowed");
    admin.get(&format!("/api/public/samplebots/{UNKNOWN}/add")).await.refused(400, "Invalid StreamId");
    let other = server.client_with_scopes(AppKind::Admin, &[], &[Scope::BotExport]).await;
    other.get(&path).await.refused(401, "Permission denied. Scope is incorrect!");

    let setup = format!("/api/public/bot/{bot}/setup");
    let set =
        json!({"variableUpdate": true, "updateSet": {"name": "Our Coffee", "color": "#112233", "state": "configured"}});
    let bot_now = admin.put(&setup, &set).await.json();
    assert_eq!([&bot_now["name"], &bot_now["color"], &bot_now["state"]], ["Our Coffee", "#112233", "configured"]);
    let variables =
        json!({"variableUpdate": true, "updateSet": [{"key": "shopApi", "value": "https://elsewhere.example.com"}]});
    admin.put(&setup, &variables).await.json();
    let builder = server.builder(&[bot]).await;
    let exported = builder.post(&format!("/api/public/builder/bot/{bot}/variables/export"), &Value::Null).await.json();
    assert_eq!(exported[0]["value"], "https://elsewhere.example.com");
    let shown = admin.get(&format!("/api/public/bot/{bot}")).await.json();
    assert_eq!([&shown["name"], &shown["status"]], ["Our Coffee", "published"]);
    assert_eq!([&shown["lastVersion"], &shown["publishedVersion"], &shown["revision"]], [1, 1, 3]);
    for body in
        [json!({}), json!({"updateSet": "x"}), json!({"updateSet": {"name": ""}}), json!({"updateSet": {"color": 1}})]
    {
        admin.put(&setup, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    server.finish().await;
}

#[tokio::test]
async fn people_see_sample_bots_with_their_access_token() {
    let server = TestServer::start().await;
    let owner = &server.premises().owner;
    let end = server.store().clock().now().plus(std::time::Duration::from_secs(60));
    server.store().add_access_token(&hash_of_token("let-me-in"), &owner.id, end).await.unwrap();
    let person = |token: &str| {
        let client = server.anonymous();
        let request = client.request(reqwest::Method::GET, "/api/1.1/builder/samplebots");
        let request = request.header("authorization", format!("bearer {token}"));
        async move { client.send(request).await }
    };
    assert_eq!(person("let-me-in").await.json()[0]["_id"], SAMPLE);
    person("guess").await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}
