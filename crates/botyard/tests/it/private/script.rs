//! The whole way of a script: from a password to a bot that is published, and back to nothing.

use domain::BotId;
use reqwest::Method;
use serde_json::{Value, json};
use store::ChangeFilter;

use super::{app_client, owner};
use crate::support::{BotFiles, TestServer};

#[tokio::test]
async fn a_script_sets_itself_up_and_takes_a_bot_through_its_life() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;

    let made = json!({"appName": "Deploy", "algorithm": "HS512", "bots": [], "scope": []});
    let app = ada.post(&ada.admin_apps(), &made).await.json();
    assert_eq!((&app["appName"], &app["scope"]), (&json!("Deploy"), &json!([])));
    let admin = app_client(&server, &app);
    let path = format!("{}/{}", ada.admin_apps(), app["clientId"].as_str().unwrap());
    admin.get("/api/public/bots").await.refused(401, "Permission denied. Scope is incorrect!");

    let scopes = json!({"scope": [{"scopes": ["bot_definition:bot_import", "bot_publish:publish_request",
        "bot_publish:publish_status", "role_management:role_management", "logs:admin_console_audit_logs"]}]});
    let request = ada.client.request(Method::POST, &path).header("Authorization", format!("Bearer {}", ada.token));
    let request = request.header("x-http-method-override", "put").json(&scopes);
    assert_eq!(ada.client.send(request).await.json()["scope"], scopes["scope"]);

    let bot = admin.import_new(&BotFiles::sample()).await.bot;
    let channel = format!("{}/{bot}/channels/rtm", ada.streams());
    let body = json!({"type": "rtm", "name": "RTM", "app": {"clientId": app["clientId"], "appName": "Deploy"}});
    assert_eq!(ada.post(&channel, &body).await.json()["enable"], true);
    admin.publish(&bot, "first").await;

    let builder = ada.post(&ada.builder_apps(&bot), &json!({"appName": "Reader", "algorithm": "HS256"})).await.json();
    assert_eq!(builder["bots"], json!([bot]));
    let builder_path = format!("{}/{}", ada.builder_apps(&bot), builder["clientId"].as_str().unwrap());
    // A scope of a newer platform is kept and answered back.
    let scopes = json!(["bot_definition:bot_export", "feedback:analytics"]);
    let granted = ada.put(&builder_path, &json!({"scope": [{"bot": bot, "scopes": scopes}]})).await.json();
    assert_eq!(granted["scope"][0]["scopes"], scopes);
    assert!(granted["warnings"].to_string().contains("`feedback:analytics` is not known here"), "{granted}");
    assert!(!app_client(&server, &builder).export(&bot, "published").await.is_empty());

    for dock in [
        format!("/api/1.1/builder/streams/{bot}/dockStatus"),
        format!("{}/{bot}/dockStatus", ada.streams()),
        format!("/api/organization/{}/dockStatus", ada.organization),
    ] {
        let dock = ada.get(&dock).await.json();
        let seen: Vec<[&str; 4]> = dock
            .as_array()
            .unwrap()
            .iter()
            .map(|one| ["jobType", "action", "status", "streamId"].map(|key| one[key].as_str().unwrap()))
            .collect();
        let expected = [("BOT_EXPORT", "EXPORT"), ("PUBLISH_BOT", "RUN"), ("BOT_IMPORT", "IMPORT")];
        assert_eq!(seen, expected.map(|(job, action)| [job, action, "SUCCESS", bot.as_str()]));
        assert_eq!(dock[0]["percentageComplete"], 100);
        assert_eq!((dock[0]["fileId"].as_str().map(str::len), &dock[1]["fileId"]), (Some(24), &Value::Null));
    }
    let tasks = format!("/api/1.1/organization/{}/workflows/updateTaskStatus", ada.organization);
    let dialogs = ada.get(&format!("/api/1.1/builder/streams/{bot}/dialogs")).await.json();
    let approved = ada.put(&tasks, &json!({"tasks": [{"_id": dialogs[0]["_id"], "status": "approved"}]})).await.json();
    assert_eq!(approved["approved"][0]["resourceId"], dialogs[0]["_id"]);
    assert_eq!(approved["approved"].as_array().unwrap().len(), 1);
    let all = ada.post(&tasks, &json!({"streamId": bot})).await.json();
    assert!(all["approved"].as_array().unwrap().len() >= dialogs.as_array().unwrap().len());

    let secret = ada.put(&format!("{path}/secret"), &json!({})).await.json();
    admin.get("/api/public/bots").await.refused(401, "Invalid SDK credentials");
    let rotated = app_client(&server, &secret);
    assert_eq!(rotated.get("/api/public/bots").await.json()["bots"][0]["_id"], json!(bot));
    ada.delete(&path).await.json();
    rotated.get("/api/public/bots").await.refused(401, "Invalid SDK credentials");
    ada.get(&path).await.refused(404, "App not found");
    assert_eq!(ada.get(&ada.admin_apps()).await.json(), json!([]));

    let filter = ChangeFilter { limit: 100, ..ChangeFilter::default() };
    let changes = server.store().changes(&BotId::stored(bot.clone()), &filter).await.unwrap();
    let changes: Vec<&str> = changes.iter().map(|change| change.resource_type.as_str()).collect();
    assert_eq!(changes.iter().filter(|kind| **kind == "app").count(), 2, "{changes:?}");
    ada.delete(&format!("{}/{bot}", ada.streams())).await.json();
    let audit = server.store().audit_log(&server.premises().account.id, &filter).await.unwrap().items;
    for done in [
        "Signed in",
        "Created the app Deploy",
        "Changed the app Reader",
        "Gave a new secret to the app Deploy",
        "Deleted the app Deploy",
        "Deleted the bot",
    ] {
        let by_ada = audit.iter().any(|entry| entry.description.starts_with(done) && entry.actor == "ada@example.com");
        assert!(by_ada, "{done} is not in {audit:?}");
    }
    ada.get(&ada.builder_apps(&bot)).await.refused(400, "Invalid StreamId");
    app_client(&server, &builder).get(&format!("/api/public/bot/{bot}")).await.refused(401, "Invalid SDK credentials");
    server.finish().await;
}
