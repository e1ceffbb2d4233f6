//! Channels, set up by the public call and by the builder's.

use domain::BotId;
use serde_json::json;

use super::owner;
use crate::support::TestServer;

#[tokio::test]
async fn channels_of_other_vendors_take_what_those_ask_for() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let ada = owner(&server).await;
    let bot = admin.import_sample().await;
    let mask = "********";
    // What is set up, and what is answered to the public call.
    let table = [
        (
            "msteams",
            json!({"botName": "Barista", "enable": true, "type": "msteams", "appId": "a-1", "appPassword": "s3cret-1"}),
            json!({"botName": "Barista", "enable": true, "type": "msteams", "appId": "a-1", "appPassword": mask}),
        ),
        (
            "slack",
            json!({"displayName": "Bar", "botName": "Barista", "enable": true, "type": "slack", "accessToken": "s3cret-2",
                "clientId": "c-1", "clientSecret": "s3cret-3", "verificationToken": "v-1"}),
            json!({"type": "slack", "enable": true, "verificationToken": "v-1", "notification": {"acl": []}, "name": "Bar"}),
        ),
        (
            "whatsapp",
            json!({"vendor": "infobip", "username": "u", "password": "s3cret-4", "from": ["+1"], "host": "h", "enable": true}),
            json!({"vendor": "infobip", "username": "u", "password": mask, "from": ["+1"], "host": "h", "enable": true,
                "type": "whatsapp"}),
        ),
        (
            "googlebusiness",
            json!({"enable": false, "clientToken": "s3cret-5"}),
            json!({"enable": false, "clientToken": mask, "type": "googlebusiness"}),
        ),
        (
            "telegram",
            json!({"enable": true, "bots": [{"name": "b", "auth_token": "s3cret-6"}]}),
            json!({"enable": true, "bots": [{"name": "b", "auth_token": mask}], "type": "telegram"}),
        ),
    ];
    for (kind, details, expected) in &table {
        let request = json!({"streamId": bot, "type": kind, "channelDetails": details});
        let mut made = admin.post("/api/public/channels", &request).await.json();
        if *kind == "slack" {
            let account = made.as_object_mut().unwrap().remove("streamUserAccountId").unwrap();
            assert!(account.as_str().unwrap().starts_with("su-"), "{account}");
        }
        assert_eq!(made, *expected, "{kind}");

        // The builder's call takes the same without an envelope; what comes back masked stays as it is.
        let path = format!("{}/{bot}/channels/{kind}", ada.streams());
        let shown = ada.post(&path, details).await.json();
        for (name, value) in expected.as_object().unwrap() {
            // Only the answer to the public call has this one back.
            let value = if name == "verificationToken" { json!(mask) } else { value.clone() };
            assert_eq!(shown[name], value, "{kind} {name}: {shown}");
        }
        let again = ada.post(&path, &shown).await.json();
        assert_eq!(again["_id"], shown["_id"], "{kind}");
        for name in details.as_object().unwrap().keys() {
            assert_eq!(again[name], shown[name], "{kind} {name}");
        }
    }
    let stored = server.store().channels(&BotId::stored(&bot)).await.unwrap();
    assert_eq!(stored.len(), table.len());
    for channel in &stored {
        let text = json!(channel.details).to_string();
        assert!(
            text.contains("\"sealed\":") && !text.contains("s3cret") && !text.contains("v-1") && !text.contains(mask),
            "{text}"
        );
    }
    assert!(!ada.get(&format!("{}/{bot}/channels", ada.streams())).await.text().contains("sealed"));

    // What a change does not give stays, secrets among it; so does what is sent back as it was read.
    let teams = format!("{}/{bot}/channels/msteams", ada.streams());
    let secret = async || {
        let stored = server.store().channel(&BotId::stored(&bot), "msteams").await.unwrap().unwrap();
        (stored.details["appPassword"]["sealed"].as_str().map(str::to_owned), stored.enabled)
    };
    let (kept, _) = secret().await;
    assert!(kept.is_some());
    let public = |details: serde_json::Value| json!({"streamId": bot, "type": "msteams", "channelDetails": details});
    let mut expected = table[0].2.clone();
    for (change, botname, enabled) in [
        (json!({}), "Barista", true),
        (json!({"enable": false}), "Barista", false),
        (json!({}), "Barista", false),
        (json!({"appPassword": mask, "botName": "Waiter"}), "Waiter", false),
        (expected.clone(), "Barista", true),
    ] {
        let made = admin.post("/api/public/channels", &public(change.clone())).await.json();
        (expected["botName"], expected["enable"]) = (json!(botname), json!(enabled));
        for (name, value) in expected.as_object().unwrap() {
            assert_eq!(made[name], *value, "{change} {name}");
        }
        let shown = ada.post(&teams, &json!({})).await.json();
        assert_eq!(ada.post(&teams, &shown).await.json()["appPassword"], mask, "{change}");
        assert_eq!(secret().await, (kept.clone(), enabled), "{change}");
    }
    let without = ada.post(&teams, &json!({"appPassword": null})).await.json();
    assert_eq!((without.get("appPassword"), &without["appId"]), (None, &json!("a-1")));
    for (reply, pointer) in [
        (ada.post(&teams, &json!({"appPassword": mask})).await, "/appPassword"),
        (
            admin.post("/api/public/channels", &public(json!({"bots": [{"a/b": {"pin": mask}}]}))).await,
            "/channelDetails/bots/0/a~1b/pin",
        ),
    ] {
        assert_eq!((reply.status.as_u16(), &reply.value()["errors"][0]["pointer"]), (412, &json!(pointer)));
    }

    for _ in 0..2 {
        let path = format!("{}/{bot}/channel/msteams", ada.streams());
        ada.delete(&path).await.json();
    }
    server.finish().await;
}
