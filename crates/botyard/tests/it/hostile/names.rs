//! Names and ids that no database keeps as they are: each is refused with what it is and what is wrong, and nothing is
//! kept. Texts that people write may have any character.

use access::AppKind;
use domain::LONGEST_KEY;
use reqwest::Method;
use serde_json::{Value, json};

use super::bodies::random_text;
use crate::support::client::{Client, Reply};
use crate::support::server::token;
use crate::support::talk::message;
use crate::support::{BotFiles, TestServer};

const NUL: &str = "has the character U+0000, which cannot be kept; leave it out";

fn too_long() -> String {
    format!("has 3000 bytes, and at most {LONGEST_KEY} are allowed; give a shorter one")
}

/// The two faults a name can have, with the words for each.
fn faults() -> [(String, String); 2] {
    [("a\0b".to_owned(), NUL.to_owned()), (random_text(3_000), too_long())]
}

fn hello() -> Value {
    json!({"name": "Target", "dialogs": [{"name": "Say Hello", "nodes": [{"id": "Hello", "message": "Hello"}]}]})
}

#[track_caller]
fn refused(reply: &Reply, what: &str, reason: &str) {
    assert_eq!(reply.error(), (400, format!("{what} {reason}")));
}

#[tokio::test]
async fn names_in_messages_are_refused_before_the_bot_hears_of_them() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&hello()).await;
    let user_tag = |name: &str| json!({"userLevelTags": [{"name": name, "value": "v"}]});
    for (bad, reason) in faults() {
        for (what, member, value) in [
            ("`from.id`", "from", json!({"id": bad})),
            ("`clientMessageId`", "clientMessageId", json!(bad)),
            ("`interactiveLanguage`", "interactiveLanguage", json!(bad)),
            ("`metaTags.userLevelTags`", "metaTags", user_tag(&bad)),
        ] {
            let mut body = message("ada", "say hello");
            body[member] = value;
            refused(&admin.post_to(&bot, &body).await, what, &reason);
        }
    }
    assert_eq!(admin.sessions_of(&bot, "ada").await, Vec::<Value>::new());
    // A name of the longest kind is good, and is told apart from its neighbour.
    let longest = random_text(LONGEST_KEY);
    let mut body = message(&longest, "say hello");
    (body["clientMessageId"], body["metaTags"]) = (json!(longest), user_tag(&longest));
    admin.post_to(&bot, &body).await.json();
    assert_eq!(admin.sessions_of(&bot, &longest).await.len(), 1);
    assert_eq!(admin.sessions_of(&bot, &longest[1..]).await.len(), 0);
    server.finish().await;
}

#[tokio::test]
async fn texts_may_have_any_character() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&hello()).await;
    let mut body = message("ada", "say\0 hello\u{fffe}");
    body["customData"] = json!({"a\0": "b\0"});
    body["metaTags"] = json!({"userLevelTags": [{"name": "n", "value": "v\0"}], "altText": [{"value": "s\0"}]});
    admin.post_to(&bot, &body).await.json();
    assert_eq!(admin.say(&bot, "ada", "say hello").await, ["Hello"], "the next message is answered");
    let asked = json!({"input": "say\0 hello", "streamName": "Target"});
    admin.post(&format!("/api/rest/bot/{bot}/findIntent"), &asked).await.json();
    let comment = json!({"versionComment": "a\u{1}b"});
    admin.post(&format!("/api/public/bot/{bot}/publish"), &comment).await.json();
    admin.wait(&format!("/api/public/bot/{bot}/publish/status")).await;
    server.finish().await;
}

#[tokio::test]
async fn names_in_tokens_are_refused() {
    let server = TestServer::start().await;
    let app = server.app_with(AppKind::Admin, &[], |app| app.jti_enforced = true).await;
    for (bad, reason) in faults() {
        for claim in ["jti", "kore_jti", "sub", "kore_sub", "userIdentity"] {
            let mut claims = json!({"appId": app.client_id, "jti": "good"});
            claims[claim] = json!(bad);
            let client = server.client_with_token(&token(&app, &claims));
            refused(&client.get("/api/public/bots").await, &format!("the claim `{claim}` of the token"), &reason);
        }
    }
    let client = server.client_with_token(&token(&app, &json!({"appId": "cs-\0"})));
    refused(&client.get("/api/public/bots").await, "an id or a name", NUL);
    server.finish().await;
}

#[tokio::test]
async fn names_in_calls_are_refused_and_nothing_is_kept() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&hello()).await;
    let suite = admin.upload("suite.json", br#"[{"input": "hello", "intent": "Say Hello"}]"#.to_vec()).await;
    for (bad, reason) in faults() {
        let body = json!({"fileName": suite, "fileType": "json", "name": bad});
        let reply = admin.post(&format!("/api/public/bot/{bot}/testsuite/import"), &body).await;
        refused(&reply, "`name`", &reason);

        let roles = json!([{"role": bad, "roleType": "bot", "permissions": {}}]).to_string();
        let body = json!({"fileId": admin.upload("roles.json", roles).await});
        let reply = admin.post("/api/public/roles/import", &body).await;
        refused(&reply, "the name of a role", &reason);
    }
    let user = |email: &str| json!({"users": [{"emailId": email, "firstName": "A", "lastName": "B"}]});
    assert_ne!(admin.post("/api/public/users", &user("a\0@example.com")).await.status, 200);
    let long = format!("{}@example.com", random_text(3_000));
    let users = admin.post("/api/public/users", &user(&long)).await;
    assert!(!users.status.is_server_error(), "{}", users.text());
    assert_eq!(admin.get("/api/public/roles").await.text().matches('\0').count(), 0);

    let key = random_text(3_000);
    let request = admin.request(Method::POST, &format!("/api/public/bot/{bot}/export"));
    let request = request.header("idempotency-key", key).json(&json!({"exportType": "latest"}));
    refused(&admin.send(request).await, "the idempotency key", &too_long());
    let suites = admin.get(&format!("/api/public/bot/{bot}/testsuite")).await.json();
    assert_eq!(suites["count"], 1, "only the one every bot has: {suites}");
    server.finish().await;
}

#[tokio::test]
async fn an_id_with_a_nul_finds_nothing_that_was_kept_without_it() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&hello()).await;
    admin.say(&bot, "a\u{fffd}b", "say hello").await;
    let sessions = |user: &str| json!({"userId": user, "limit": 10, "dateFrom": "2000-01-01"});
    let path = format!("/api/public/bot/{bot}/getSessions");
    refused(&admin.post(&path, &sessions("a\0b")).await, "`userId`", NUL);
    let found = admin.post(&path, &sessions("a\u{fffd}b")).await.json();
    assert_eq!(found["sessions"].as_array().map(Vec::len), Some(1));
    refused(&admin.get(&format!("/api/public/bot/{bot}%00")).await, "the path", NUL);
    refused(&admin.get("/api/public/bots?offset=%00").await, "the query", NUL);
    server.finish().await;
}

/// Documents keep every byte; what is shown of them, and what is found by their names, is judged.
#[tokio::test]
async fn documents_keep_every_character_and_imports_say_why_they_fail() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let marked = |mut files: BotFiles| {
        let text = String::from_utf8(files.definition).unwrap();
        let at = text.find("Corner Coffee").unwrap();
        files.definition = format!("{}\\u0000\\ud800{}", &text[..at], &text[at..]).into_bytes();
        files
    };
    let mut files = marked(BotFiles::sample());
    let mut config: Value = serde_json::from_slice(&files.config).unwrap();
    config["name"] = json!("Corner\0Coffee");
    files.config = serde_json::to_vec(&config).unwrap();
    let bot = admin.import_new(&files).await.bot;
    let exported = BotFiles::from_archive(&admin.export(&bot, "latest").await);
    let expected = BotFiles { config: files.config.clone(), ..marked(BotFiles::sample().with_id(&bot)) };
    assert_eq!(exported.difference(&expected), None);
    let shown = admin.get(&format!("/api/public/bot/{bot}")).await.json();
    assert!(!shown.to_string().contains("u0000"), "{shown}");

    for (key, reason) in faults() {
        let variable = json!({"key": key, "value": "v", "variableType": "env", "isSecured": true});
        config["envVariables"] = json!([variable]);
        let broken = BotFiles { config: serde_json::to_vec(&config).unwrap(), ..files.clone() };
        let record = import(&admin, &bot, &broken).await;
        let expected = format!("the key of a secured variable {reason}");
        assert_eq!((&record["status"], &record["reason"]), (&json!("failed"), &json!(expected)));
    }
    server.finish().await;
}

async fn import(admin: &Client, bot: &str, files: &BotFiles) -> Value {
    let body = files.upload(admin).await;
    let started = admin.post(&format!("/api/public/bot/{bot}/import"), &body).await.json();
    admin.wait(&format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap())).await
}
