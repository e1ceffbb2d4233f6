//! Parts of a bot: components, dialogs, settings, variables, channels.

use domain::BotId;
use serde_json::json;

use super::owner;
use crate::support::{BotFiles, TestServer};

#[tokio::test]
async fn parts_of_a_bot_are_read_and_written() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let part = |name: &str| format!("/api/1.1/builder/stream/{bot}/{name}");
    let definition = BotFiles::sample().definition_value();
    for (name, member) in [("components", "dialogComponents"), ("dialogs", "dialogs")] {
        let mut read = ada.get(&part(name)).await.json();
        assert_eq!(read.as_array().unwrap().len(), definition[member].as_array().unwrap().len());
        assert_eq!((&read[0]["streamId"], &read[0]["_id"]), (&json!(bot), &definition[member][0]["_id"]));
        read[0]["lname"] = json!("renamed");
        let written = ada.put(&part(name), &json!([read[0]])).await.json();
        assert_eq!(written, read, "{name}");
        read[0]["_id"] = json!("dg-unknown");
        ada.put(&part(name), &read[0]).await.refused(412, "Validation errors/ Invalid arguments");
    }
    let setting = json!({"configurationKeyName": "exactTaskNameMatch", "configurationValue": true, "nlpEngine": "FM"});
    let before = ada.get(&part("advancedNLSettings")).await.json().as_array().unwrap().len();
    ada.put(&part("advancedNLSettings"), &json!({"advancedNLSettings": [setting]})).await.json();
    let after = ada.put(&part("advancedNLSettings"), &setting).await.json();
    let named = after.as_array().unwrap().iter().filter(|one| one["configurationKeyName"] == "exactTaskNameMatch");
    assert_eq!(named.map(|one| &one["configurationValue"]).collect::<Vec<_>>(), [&json!(true)]);
    assert!(after.as_array().unwrap().len() <= before + 1);
    let german = ada.get(&format!("{}?language=de", part("advancedNLSettings"))).await.json();
    assert!(german.as_array().unwrap().iter().all(|one| one["language"] == "de"));

    let written = ada.put(&part("details"), &json!({"description": "New words", "dialogs": []})).await.json();
    assert_eq!((&written["description"], &written["ignored"]), (&json!("New words"), &json!(["dialogs"])));
    assert_eq!(ada.get(&part("details")).await.json()["description"], "New words");
    ada.put(&part("details"), &json!({"supportedLanguages": [1]}))
        .await
        .refused(412, "Validation errors/ Invalid arguments");
    admin.publish(&bot, "changed by hand").await;

    let variables = format!("{}/{bot}/variables", ada.streams());
    let read = ada.post(&variables, &json!({"key": "api_token", "value": "s3cret", "isSecured": true})).await.json();
    let one = read.as_array().unwrap().iter().find(|one| one["key"] == "api_token").unwrap();
    assert_eq!((&one["value"], &one["isSecured"], &one["streamId"]), (&json!(""), &json!(true), &json!(bot)));
    assert_eq!(ada.get(&variables).await.json(), read);
    for body in [json!({}), json!([{"value": "x"}]), json!("x")] {
        ada.post(&variables, &body).await.refused(412, "Validation errors/ Invalid arguments");
    }
    let stored = server.store().secured_values(&BotId::stored(bot.clone())).await.unwrap();
    assert!(stored.iter().any(|(name, sealed)| name == "api_token" && !sealed.contains("s3cret")));

    let channels = format!("{}/{bot}/channels", ada.streams());
    ada.post(&format!("{channels}/ivr"), &json!({"enable": false, "isAsync": true})).await.json();
    let listed = ada.get(&channels).await.json();
    assert_eq!(
        (&listed[0]["type"], &listed[0]["enable"], &listed[0]["isAsync"]),
        (&json!("ivr"), &json!(false), &json!(true))
    );
    ada.post(&format!("{channels}/a%20b"), &json!({})).await.refused(412, "Validation errors/ Invalid arguments");
    ada.delete(&format!("{}/{bot}/channel/ivr", ada.streams())).await.json();
    ada.delete(&format!("{channels}/ivr")).await.refused(404, "Channel not found");
    server.finish().await;
}
