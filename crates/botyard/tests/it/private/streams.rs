//! Bots made in the builder.

use serde_json::{Value, json};

use super::owner;
use crate::support::{BotFiles, TestServer};

#[tokio::test]
async fn a_bot_made_here_is_a_whole_one() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let admin = server.admin().await;
    for body in [
        json!({}),
        json!({"name": " "}),
        json!({"name": "A", "type": "robot"}),
        json!({"name": "A", "color": "red"}),
        json!({"name": "A", "defaultLanguage": "<en>"}),
        json!({"name": "n".repeat(300)}),
    ] {
        assert_eq!(ada.post(&ada.streams(), &body).await.status.as_u16(), 412, "{body}");
    }
    let body = json!({"name": "Grüßer 🙂", "description": "Says hello", "defaultLanguage": "de", "color": "#123456",
        "purpose": "employee"});
    let made = ada.post(&ada.streams(), &body).await.json();
    let bot = made["_id"].as_str().unwrap();
    for key in ["name", "description", "defaultLanguage", "color", "purpose"] {
        assert_eq!(made[key], body[key], "{key}");
    }
    assert_eq!(made["localeData"]["de"]["name"], body["name"]);
    assert_eq!(ada.get(&ada.streams()).await.json()[0]["_id"], made["_id"]);

    // It exports, the export imports as a new bot, and that one publishes.
    let archive = admin.export(bot, "latest").await;
    let zip = admin.upload("bot.zip", archive.to_vec()).await;
    let started = admin.post("/api/public/bot/import", &json!({"uploadMode": "ZIP", "zipInfo": zip})).await.json();
    let import = admin.wait(&format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap())).await;
    assert_eq!((&import["status"], &import["warnings"]), (&json!("success"), &json!([])), "{import}");
    let copy = import["streamId"].as_str().unwrap().to_owned();
    admin.publish(&copy, "first").await;
    admin.publish(bot, "first").await;

    // A whole record may be sent back with one thing changed; the documents change with it.
    for id in [bot, copy.as_str()] {
        let path = format!("{}/{id}", ada.streams());
        let mut record = ada.get(&path).await.json();
        record["name"] = json!("Renamed");
        record["sessionInactiveTime"] = json!(60_000);
        let updated = ada.put(&path, &record).await.json();
        assert_eq!((&updated["name"], &updated["localeData"]["de"]["name"]), (&json!("Renamed"), &json!("Renamed")));
        assert_eq!(updated["sessionInactiveTime"], 60_000);
        assert_eq!(updated["_id"], json!(id));
        ada.put(&path, &json!({"_id": "st-other"})).await.refused(412, "Validation errors/ Invalid arguments");
        ada.put(&path, &json!({"sessionInactiveTime": "soon"}))
            .await
            .refused(412, "Validation errors/ Invalid arguments");
    }
    let listed = admin.get("/api/public/bots").await.json();
    let names: Vec<&Value> = listed["bots"].as_array().unwrap().iter().map(|bot| &bot["name"]).collect();
    assert_eq!(names, ["Renamed", "Renamed"]);
    let shown = ada.post("/api/1.1/market/streams", &json!({"_id": bot, "color": "#654321"})).await.json();
    assert_eq!((&shown["color"], &shown["name"]), (&json!("#654321"), &json!("Renamed")));
    let other = ada.post("/api/market/streams", &json!({"name": "Other"})).await.json();
    assert_eq!(ada.get(&ada.streams()).await.json().as_array().unwrap().len(), 3);
    ada.delete(&format!("{}/{}", ada.streams(), other["_id"].as_str().unwrap())).await.json();
    ada.get(&format!("{}/{}", ada.streams(), other["_id"].as_str().unwrap())).await.refused(400, "Invalid StreamId");
    ada.post("/api/market/streams", &json!({"_id": other["_id"], "name": "Gone"}))
        .await
        .refused(400, "Invalid StreamId");
    server.finish().await;
}

#[tokio::test]
async fn icons_of_the_original_need_no_upload() {
    let listed = "5bf2ad6fe2bdbd10ed9eb0bc";
    let server = TestServer::start_with(|setup| setup.config.api.icon_ids = vec![listed.to_owned()]).await;
    let ada = owner(&server).await;
    let admin = server.admin().await;
    let well_known = "58d2376ab99576e94c2daf2c";
    let mut import = BotFiles::sample().upload(&admin).await;
    let uploaded = import["icon"].take();
    for icon in [well_known, listed] {
        import["icon"] = json!(icon);
        let bot = admin.import_body("/api/public/bot/import", &import).await.bot;
        let made = ada.post(&ada.streams(), &json!({"name": "Made", "icon": icon})).await.json();
        let shown = admin.get(&format!("/api/public/bot/{bot}")).await.json();
        for link in [&shown["icon"], &made["icon"]] {
            let bytes = admin.download(link.as_str().unwrap()).await;
            assert!(bytes.starts_with(b"\x89PNG"), "{icon}");
        }
        assert_eq!(made.get("ignored"), None, "{made}");
        // It is the bot's from then on.
        let files = BotFiles::from_archive(&admin.export(made["_id"].as_str().unwrap(), "latest").await);
        assert!(files.icon.is_some_and(|icon| icon.starts_with(b"\x89PNG")));
    }
    let unknown = "5bf2ad6fe2bdbd10ed9eb0bd";
    import["icon"] = json!(unknown);
    admin.post("/api/public/bot/import", &import).await.refused(400, "Invalid file id");
    let made = ada.post("/api/market/streams", &json!({"name": "Plain", "icon": unknown})).await.json();
    assert_eq!((&made["icon"], &made["ignored"]), (&json!(""), &json!(["icon"])));
    let made = ada.post("/api/market/streams", &json!({"name": "Own", "icon": uploaded})).await.json();
    let bytes = admin.download(made["icon"].as_str().unwrap()).await;
    assert_eq!(bytes, BotFiles::sample().icon.unwrap());
    server.finish().await;
}

#[tokio::test]
async fn universal_bots_are_of_the_second_version() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let admin = server.admin().await;
    let made = ada.post(&ada.streams(), &json!({"name": "All", "type": "universalbot"})).await.json();
    assert_eq!(made["universalBotVersion"], 2);
    let bot = made["_id"].as_str().unwrap();
    // What a file of the first version is refused with, the bot is refused, too.
    let path = |bot: &str| format!("{}/{bot}/updateUniversalBotVersion", ada.streams());
    let (status, text) = ada.put(&path(bot), &json!({"universalBotVersion": 1})).await.error();
    assert!(status == 400 && text.starts_with("The file contains the definition of the Universal Bots"), "{text}");
    assert_eq!(ada.put(&path(bot), &json!({"universalBotVersion": 2})).await.json()["universalBotVersion"], 2);
    ada.put(&path(bot), &json!({})).await.refused(412, "Validation errors/ Invalid arguments");
    let plain = admin.import_sample().await;
    ada.put(&path(&plain), &json!({"universalBotVersion": 2})).await.refused(400, "The bot is no universal bot");

    // What is made here can be imported again.
    let zip = admin.upload("bot.zip", admin.export(bot, "latest").await.to_vec()).await;
    let body = json!({"uploadMode": "ZIP", "zipInfo": zip});
    assert_eq!(admin.import_body("/api/public/bot/import", &body).await.record["status"], "success");
    server.finish().await;
}
