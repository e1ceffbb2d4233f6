//! Channels of a bot through the public API.

use domain::BotId;
use serde_json::{Value, json};

use crate::support::TestServer;

const PATH: &str = "/api/public/channels";

fn body(bot: &str, kind: &str, details: &Value) -> Value {
    let mut details = details.clone();
    details["app"] = json!({"clientId": "cs-1", "appName": "Web"});
    json!({"streamId": bot, "type": kind, "channelDetails": details})
}

#[tokio::test]
async fn channels_are_set_up_and_changed() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let published = admin.publish(&bot, "without a channel").await;
    assert!(published.to_string().contains("no channel is enabled"), "{published}");

    let rtm = json!({"type": "rtm", "displayName": "Web/Mobile Client", "name": "Web", "enable": true});
    let made = admin.post(PATH, &body(&bot, "rtm", &rtm)).await.json();
    assert_eq!([&made["type"], &made["displayName"], &made["name"]], ["rtm", "Web/Mobile Client", "Web"]);
    assert_eq!((&made["enable"], &made["notification"]), (&json!(true), &json!({"acl": []})));
    let keys = made["embedWebClientDetails"].clone();
    assert!(keys["apiKey"].as_str().unwrap().len() > 30 && keys["apiKey"] != keys["testAPIKey"], "{keys}");
    let again = admin.post(PATH, &body(&bot, "RTM", &json!({"name": "Web", "enable": "false"}))).await.json();
    assert_eq!((&again["enable"], &again["embedWebClientDetails"]), (&json!(false), &keys));

    let ivr = json!({"type": "ivr", "name": "Phone", "isAsync": true, "enablePolling": false});
    let made = admin.post(PATH, &body(&bot, "ivr", &ivr)).await.json();
    assert_eq!((&made["name"], &made["isAsync"], &made["enable"]), (&json!("Phone"), &json!(true), &json!(true)));

    let stored = server.store().channels(&BotId::stored(&bot)).await.unwrap();
    let stored: Vec<(&str, bool)> = stored.iter().map(|channel| (channel.kind.as_str(), channel.enabled)).collect();
    assert_eq!(stored, [("rtm", false), ("ivr", true)]);
    server.finish().await;
}

#[tokio::test]
async fn a_channel_without_an_app_or_a_bot_is_refused() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let no_app = "Missing app details in the payload";
    for body in [
        json!({}),
        json!({"streamId": bot, "type": "rtm", "name": "Web", "enable": true}),
        json!({"type": "rtm", "name": "Web"}),
        json!({"streamId": bot, "type": "rtm", "channelDetails": {"type": "rtm", "app": {}}}),
    ] {
        let reply = admin.post(PATH, &body).await;
        assert_eq!(reply.error(), (412, no_app.to_owned()), "{body}");
        assert_eq!(reply.value()["errors"][0]["code"], "ValidationError");
    }
    let invalid = "Validation errors/ Invalid arguments";
    let mut without_bot = body(&bot, "rtm", &json!({}));
    without_bot.as_object_mut().unwrap().remove("streamId");
    admin.post(PATH, &without_bot).await.refused(412, invalid);
    admin.post(PATH, &body(&bot, "a b", &json!({}))).await.refused(412, invalid);
    let flat = json!({"streamId": bot, "type": "msteams", "botName": "Barista", "enable": true});
    admin.post(PATH, &flat).await.refused(412, invalid);
    admin.send(admin.request(reqwest::Method::POST, PATH).body("{\"streamId\"")).await.refused(412, invalid);
    let unknown = "st-00000000-0000-5000-8000-000000000000";
    admin.post(PATH, &body(unknown, "rtm", &json!({}))).await.refused(400, "Invalid StreamId");
    let builder = server.builder(&[&bot]).await;
    builder.post(PATH, &body(&bot, "rtm", &json!({}))).await.refused(401, "Permission denied. Scope is incorrect!");
    server.anonymous().post(PATH, &json!({})).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}
