//! Variables of a bot: import and export.

use domain::BotId;
use serde_json::{Value, json};

use crate::support::client::{Client, Reply};
use crate::support::{TestServer, told};

async fn import(client: &Client, bot: &str, body: &Value) -> Reply {
    client.post(&format!("/api/public/builder/bot/{bot}/variables/import"), body).await
}

async fn export(client: &Client, bot: &str) -> Vec<Value> {
    let reply = client
        .send(client.request(reqwest::Method::POST, &format!("/api/1.1/public/builder/stream/{bot}/variables/export")))
        .await;
    reply.json().as_array().unwrap().clone()
}

fn named<'a>(variables: &'a [Value], key: &str) -> &'a Value {
    variables.iter().find(|variable| variable["key"] == key).unwrap_or_else(|| panic!("no {key} in {variables:?}"))
}

#[tokio::test]
async fn variables_are_taken_in_and_given_out() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let builder = server.builder(&[&bot]).await;
    let before = export(&builder, &bot).await;

    let body = json!([
        {"key": "shopApi", "value": "https://new.example.com"},
        {"key": "shopApiKey", "value": "s3cret-of-the-shop", "isSecured": true},
        {"key": "onlyKey"},
        {"key": "asked", "value": "1", "variableType": "env", "scope": "onInstall"},
        {"key": "hello", "variableType": "locale", "localeData": {"en": {"value": "Hi", "hint": "greets"}}},
    ]);
    let reply = import(&builder, &bot, &body).await.json();
    assert_eq!(reply, json!({"message": "5 Variables imported/updated successfully."}));
    let after = export(&builder, &bot).await;
    assert_eq!(after.len(), before.len() + 3);
    assert_eq!(named(&after, "shopApi")["value"], "https://new.example.com");
    assert_eq!(named(&after, "shopApi")["hint"], named(&before, "shopApi")["hint"]);
    assert_eq!(named(&after, "shopApi")["vNameSpace"], named(&before, "shopApi")["vNameSpace"]);
    assert!(named(&after, "shopApi")["vNameSpace"][0]["name"].is_string());
    assert_eq!(
        [&named(&after, "shopApiKey")["value"], &named(&after, "shopApiKey")["isSecured"]],
        [&json!(""), &json!(true)]
    );
    assert_eq!([&named(&after, "onlyKey")["value"], &named(&after, "onlyKey")["variableType"]], ["", "env"]);
    assert_eq!(named(&after, "asked")["scope"], "onInstall");
    assert_eq!(named(&after, "hello")["localeData"]["en"]["value"], "Hi");

    // What was given out and is taken in again changes nothing; the secret stays where secrets are kept.
    let content = server.store().bot(&BotId::stored(&bot)).await.unwrap().unwrap().content;
    let reply = import(&builder, &bot, &json!(after)).await.json();
    assert_eq!(reply["message"], format!("{} Variables imported/updated successfully.", after.len()));
    assert_eq!(export(&builder, &bot).await, after);
    assert_eq!(server.store().bot(&BotId::stored(&bot)).await.unwrap().unwrap().content, content);
    let secrets = server.store().secured_values(&BotId::stored(&bot)).await.unwrap();
    assert_eq!(secrets.len(), 1);
    assert_eq!(secrets[0].0, "shopApiKey");
    assert!(!secrets[0].1.contains("s3cret"));
    let archive = admin.export(&bot, "latest").await;
    let config = server.store().blobs().content(&content.config).await.unwrap();
    for bytes in [archive.as_ref(), config.as_ref()] {
        assert!(!bytes.windows(6).any(|window| window == b"s3cret"));
    }

    let object = json!({
        "botVariables": [{"key": "grouped", "value": "x", "vNameSpace": [{"name": "Tills", "refId": "till-space"}]}],
        "botCollections": [{"name": "Tills", "refId": "till-space"}],
        "botCollectionVariables": [{"key": "collected", "value": "y"}],
    });
    assert_eq!(import(&builder, &bot, &object).await.json()["message"], "2 Variables imported/updated successfully.");
    let last = export(&builder, &bot).await;
    assert_eq!(named(&last, "grouped")["vNameSpace"], json!([{"name": "Tills", "refId": "till-space"}]));
    named(&last, "collected");

    // What the body names and the bot has not is taken in all the same, and told.
    let object = json!({
        "botVariables": [{"key": "stray", "value": "x", "variableType": "ENV", "vNameSpace": ["nowhere", {"name": "Tills"}]}],
        "botCollectionVariables": {"key": "a"}, "extras": [],
    });
    let reply = import(&builder, &bot, &object).await.json();
    assert_eq!(reply["message"], "1 Variables imported/updated successfully.");
    let expected = json!([
        ["/botCollectionVariables", "wrong_type"],
        ["/extras", "unknown_member"],
        ["/botVariables/0/vNameSpace/0", "unknown_namespace"],
    ]);
    assert_eq!(told(&reply), expected, "{reply}");
    assert_eq!(named(&export(&builder, &bot).await, "stray")["variableType"], "ENV");
    let refused = import(&builder, &bot, &json!([{"key": "a"}, {"key": "b", "variableType": "evn"}])).await;
    assert_eq!(refused.value()["errors"][0]["pointer"], "/1/variableType");
    refused.refused(400, "Invalid variableType");
    server.finish().await;
}

#[tokio::test]
async fn imports_that_meet_lose_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let builder = server.builder(&[&bot]).await;
    let bodies = [
        json!([{"key": "one", "value": "1"}]),
        json!([{"key": "two", "value": "2"}]),
        json!([{"key": "three", "value": "3"}]),
    ];
    let replies = tokio::join!(
        import(&builder, &bot, &bodies[0]),
        import(&builder, &bot, &bodies[1]),
        import(&builder, &bot, &bodies[2])
    );
    for reply in [replies.0, replies.1, replies.2] {
        reply.json();
    }
    let variables = export(&builder, &bot).await;
    for key in ["one", "two", "three"] {
        named(&variables, key);
    }
    server.finish().await;
}

#[tokio::test]
async fn bodies_without_variables_are_refused() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let builder = server.builder(&[&bot]).await;
    let before = export(&builder, &bot).await;
    let invalid = "Validation errors/ Invalid arguments";
    import(&builder, &bot, &json!({})).await.refused(500, "Internal Server Error");
    for body in [json!({"a": 1}), json!("x"), json!([{"value": "x"}]), json!([{"key": ""}]), json!([{"key": "a"}, 7])] {
        import(&builder, &bot, &body).await.refused(412, invalid);
    }
    let request = builder.request(reqwest::Method::POST, &format!("/api/public/builder/bot/{bot}/variables/import"));
    builder.send(request.body("[{\"key\": }]")).await.refused(412, invalid);
    let request = builder.request(reqwest::Method::POST, &format!("/api/public/builder/bot/{bot}/variables/import"));
    let request = request.header("accept", "application/problem+json").json(&json!([{"key": "a"}, {"value": "x"}]));
    assert_eq!(builder.send(request).await.value()["pointer"], "/1");
    assert_eq!(export(&builder, &bot).await, before);

    import(&admin, &bot, &json!([{"key": "a"}])).await.refused(401, "Permission denied. Scope is incorrect!");
    let stranger = server.builder(&[]).await;
    import(&stranger, &bot, &json!([{"key": "a"}])).await.refused(401, "Invalid SDK credentials");
    server.finish().await;

    let strict = TestServer::start_with(|setup| setup.config.api.empty_variables_fail = false).await;
    let bot = strict.admin().await.import_sample().await;
    import(&strict.builder(&[&bot]).await, &bot, &json!({})).await.refused(412, invalid);
    strict.finish().await;
}
