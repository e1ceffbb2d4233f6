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

    let channels = format!("{}/{bot}/channels", ada.streams());
    ada.post(&format!("{channels}/ivr"), &json!({"enable": false, "isAsync": true})).await.json();
    let listed = ada.get(&channels).await.json();
    assert_eq!(
        (&listed[0]["type"], &listed[0]["enable"], &listed[0]["isAsync"]),
        (&json!("ivr"), &json!(false), &json!(true))
    );
    ada.post(&format!("{channels}/a%20b"), &json!({})).await.refused(412, "Validation errors/ Invalid arguments");
    ada.delete(&format!("{}/{bot}/channel/ivr", ada.streams())).await.json();
    assert_eq!(ada.get(&channels).await.json(), json!([]));
    server.finish().await;
}

#[tokio::test]
async fn variables_are_made_and_changed_one_by_one() {
    let server = TestServer::start().await;
    let ada = owner(&server).await;
    let bot = server.admin().await.import_sample().await;
    let path = format!("/api/1.1/users/{}/builder/stream/{bot}/variables", ada.id);
    let namespace = BotFiles::sample().definition_value()["namespaces"][0]["_id"].clone();
    let mask = "********";
    let before = ada.get(&path).await.json();
    let invalid = "Validation errors/ Invalid arguments";

    let made = json!({"key": "city", "value": "Ulm", "hint": "where", "audioTag": "", "isSecured": false, "variableType": "env",
        "group": "", "vNameSpace": []});
    let city = ada.post(&path, &made).await.json();
    let id = city["_id"].as_str().unwrap().to_owned();
    assert!(id.starts_with("vr-") && id.len() == 39, "{id}");
    for (name, value) in made.as_object().unwrap() {
        let expected = if name == "vNameSpace" { json!([namespace]) } else { value.clone() };
        assert_eq!(city[name], expected, "{name}: {city}");
    }
    assert_eq!(city["streamId"], json!(bot));

    // A secured value is never shown, and a mask that comes back changes nothing.
    let secret = json!({"key": "api_token", "value": "s3cret", "isSecured": true, "vNameSpace": [namespace]});
    let token = ada.post(&path, &secret).await.json();
    assert_eq!(
        (&token["value"], &token["isSecured"], &token["vNameSpace"]),
        (&json!(mask), &json!(true), &json!([namespace]))
    );
    let sealed = async || server.store().secured_values(&BotId::stored(bot.clone())).await.unwrap();
    let kept = sealed().await;
    assert!(kept.iter().any(|(name, sealed)| name == "api_token" && !sealed.contains("s3cret")));
    let token_path = format!("{path}/{}", token["_id"].as_str().unwrap());
    let mut back = token.clone();
    back["hint"] = json!("of the shop");
    let changed = ada.put(&token_path, &back).await.json();
    assert_eq!(
        (&changed["hint"], &changed["value"], &changed["_id"]),
        (&json!("of the shop"), &json!(mask), &token["_id"])
    );
    assert_eq!(sealed().await, kept);

    let texts = json!({"key": "greeting", "value": "Hello", "isSecured": false, "variableType": "locale"});
    let greeting = ada.post(&path, &texts).await.json();
    assert_eq!((&greeting["value"], &greeting["localeData"]["en"]["value"]), (&json!("Hello"), &json!("Hello")));

    // Changed, secured, renamed.
    let city_path = format!("{path}/{id}");
    let changed = ada
        .put(&city_path, &json!({"key": "city", "value": "Bonn", "isSecured": false, "ignoreEncryption": true}))
        .await;
    let changed = changed.json();
    assert_eq!(
        (&changed["value"], &changed["hint"], changed.get("ignoreEncryption")),
        (&json!("Bonn"), &json!("where"), None)
    );
    let secured = ada.put(&city_path, &json!({"key": "city", "value": "Bonn", "isSecured": true})).await.json();
    assert_eq!((&secured["value"], &secured["_id"]), (&json!(mask), &json!(id)));
    assert!(sealed().await.iter().any(|(name, _)| name == "city"));
    let renamed = ada.put(&city_path, &json!({"key": "town", "value": "Bonn", "isSecured": true})).await.json();
    assert_eq!(renamed["key"], "town");
    assert!(renamed["_id"] != json!(id) && sealed().await.iter().any(|(name, _)| name == "town"), "{renamed}");

    let all = ada.get(&path).await.json();
    let keys = |list: &serde_json::Value| -> Vec<String> {
        list.as_array().unwrap().iter().map(|one| one["key"].as_str().unwrap().to_owned()).collect()
    };
    let (had, has) = (keys(&before), keys(&all));
    assert_eq!(has.len(), had.len() + 3, "{has:?}");
    assert!(all.as_array().unwrap().contains(&renamed) && !all.to_string().contains("Bonn"), "{all}");
    // All of them sent back are as they were.
    assert_eq!(ada.post(&path, &all).await.json(), all);

    let town = format!("{path}/{}", renamed["_id"].as_str().unwrap());
    let table = [
        (&path, "POST", json!({}), 412, invalid),
        (&path, "POST", json!({"key": "a", "value": "x"}), 412, invalid),
        (&path, "POST", json!({"value": "x", "isSecured": false}), 412, invalid),
        (&path, "POST", json!({"key": "a", "isSecured": "maybe"}), 412, invalid),
        (&path, "POST", json!([{"value": "x"}]), 412, invalid),
        (&path, "POST", json!("x"), 412, invalid),
        (&city_path, "PUT", json!({"key": "city", "isSecured": false}), 404, "Variable not found"),
        (&town, "PUT", json!({"key": "town", "value": "x"}), 412, invalid),
        (&town, "PUT", json!({"key": "town", "value": mask, "isSecured": false}), 412, invalid),
        (&town, "PUT", json!({"key": "town", "isSecured": false}), 412, invalid),
        (&town, "PUT", json!({"key": "village", "value": mask, "isSecured": true}), 412, invalid),
        (&town, "PUT", json!({"key": "town", "isSecured": true, "variableType": "locale"}), 412, invalid),
    ];
    for (path, method, body, status, text) in table {
        let reply = if method == "PUT" { ada.put(path, &body).await } else { ada.post(path, &body).await };
        assert_eq!(reply.error(), (status, text.to_owned()), "{method} {path} {body}");
    }
    // Types that there are not, and namespaces that the bot has not.
    let named = |spaces: serde_json::Value| json!({"key": "a", "value": "x", "isSecured": false, "vNameSpace": spaces});
    let typed = |kind: serde_json::Value| json!({"key": "town", "value": "x", "isSecured": true, "variableType": kind});
    let (spaces, kind) = ("Invalid vNameSpace", "Invalid variableType");
    for (path, method, body, text, pointer, detail) in [
        (&path, "POST", named(json!([namespace, "ns-none"])), spaces, "/vNameSpace/1", "no namespace `ns-none`"),
        (&path, "POST", named(json!("ns-none")), spaces, "/vNameSpace", "must be a list"),
        (&path, "POST", named(json!([7])), spaces, "/vNameSpace/0", namespace.as_str().unwrap()),
        (&path, "POST", json!([made, named(json!([{"name": "no"}]))]), spaces, "/1/vNameSpace/0", "no namespace `no`"),
        (&path, "POST", typed(json!("evn")), kind, "/variableType", "give `env` or `locale`"),
        (&path, "POST", json!([typed(json!({}))]), kind, "/0/variableType", "`{}`"),
        (&town, "PUT", typed(json!("secret")), kind, "/variableType", "`secret`"),
        (&town, "PUT", named(json!(["ns-none"])), spaces, "/vNameSpace/0", "`ns-none`"),
    ] {
        let reply = if method == "PUT" { ada.put(path, &body).await } else { ada.post(path, &body).await };
        let error = reply.value()["errors"][0].clone();
        assert_eq!((reply.error(), &error["pointer"]), ((400, text.to_owned()), &json!(pointer)), "{method} {body}");
        assert!(error["detail"].as_str().unwrap().contains(detail), "{error}");
    }
    let taken = ada.put(&town, &json!({"key": "api_token", "value": "x", "isSecured": true})).await;
    assert_eq!(taken.status.as_u16(), 409);
    assert_eq!(ada.get(&path).await.json(), all, "what was refused changed nothing");
    server.finish().await;
}
