//! Users who ask to be forgotten.

use access::{AppKind, Scope};
use botyard::config::Role;
use botyard::{Options, Server};
use domain::BotId;
use reqwest::Method;

use serde_json::{Value, json};
use store::ValueOwner;

use crate::forms::say;
use crate::support::client::{Client, Reply};
use crate::support::talk::message;
use crate::support::{Stub, TestServer, told};

const PATH: &str = "/api/public/bot/eraseUsersData";

async fn erase(client: &Client, body: &Value) -> Reply {
    client.send(client.request(Method::DELETE, PATH).json(body)).await
}

/// Asks for an erasure and waits until it is done; its record.
async fn erased(client: &Client, body: &Value) -> Value {
    let started = erase(client, body).await.json();
    assert_eq!(started["status"], "in-progress");
    let id = started["requestId"].as_str().unwrap();
    assert!(id.starts_with("eud-"), "{id}");
    let record = client.wait(&format!("{PATH}/status/{id}")).await;
    assert_eq!((&record["requestId"], &record["status"]), (&started["requestId"], &json!("success")), "{record}");
    assert!(record["completedOn"].is_string(), "{record}");
    record
}

/// How many messages a user has with a bot.
async fn messages(client: &Client, bot: &str, user: &str) -> i64 {
    let path = format!("/api/public/bot/{bot}/getMessages?userId={user}&channelType=ivr");
    client.get(&path).await.json()["total"].as_i64().unwrap()
}

/// A server that tells whoever asks to poll, at once: the message waits in the inbox.
async fn polled_server() -> TestServer {
    TestServer::start_with(|setup| {
        setup.config.egress.allow = vec!["127.0.0.1".to_owned()];
        setup.config.conversation.sync_wait_ms = 1;
    })
    .await
}

#[tokio::test]
async fn nothing_is_left_of_who_is_erased() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (bot, other) = (admin.import_sample().await, admin.import_sample().await);
    let (ada, ben) = ("ada@example.com", "ben");
    for (bot, user) in [(&bot, ada), (&bot, ben), (&other, ada)] {
        say(&admin, bot, user, "hello").await;
        say(&admin, bot, user, "leave feedback").await;
    }
    let record = erased(&admin, &json!({"userIds": [ada], "botIds": [bot]})).await;
    assert_eq!(told(&record), Value::Null);
    assert_eq!((&record["erased"]["sessions"], &record["erased"]["conversations"]), (&json!(1), &json!(1)));
    assert_eq!(record["erased"]["turnLogs"], 2, "{record}");
    assert_eq!(messages(&admin, &bot, ada).await, 0);
    assert!(messages(&admin, &bot, ben).await > 0 && messages(&admin, &other, ada).await > 0);

    // By then the user is new to the bot, and can be erased everywhere.
    say(&admin, &bot, ada, "hello").await;
    let body =
        json!({"userIds": [ada, "nobody", " "], "botIds": [bot, ""], "removeDataFromAllBots": true, "dryRun": true});
    let record = erased(&admin, &body).await;
    assert_eq!(record["erased"]["sessions"], 2, "{record}");
    let expected = json!([
        ["/dryRun", "unknown_member"],
        ["/botIds", "not_applied"],
        ["/userIds/2", "not_applied"],
        ["/botIds/1", "not_applied"],
        ["/userIds/1", "unknown_user"]
    ]);
    assert_eq!(told(&record), expected);
    assert!(messages(&admin, &bot, ada).await == 0 && messages(&admin, &other, ada).await == 0);
    assert!(messages(&admin, &bot, ben).await > 0);
    let id = record["requestId"].as_str().unwrap();
    let account = &server.premises().account.id;
    let kept = server.store().erase_request(account, id).await.unwrap().unwrap().detail;
    assert_eq!(kept["users"], 2);
    assert!(!kept.to_string().contains(ada), "who was erased is not kept as proof of it: {kept}");
    let log = admin.get("/api/public/auditlogs?size=1").await.json();
    assert!(log["auditlogs"][0]["Description"].as_str().unwrap().contains(id), "{log}");
    server.finish().await;
}

#[tokio::test]
async fn a_turn_that_runs_does_not_bring_back_who_is_erased() {
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = polled_server().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Slow", "dialogs": [
            {"name": "Leave Name", "nodes": [{"id": "Keep", "script": "BotUserSession.put('name', 'Ann', 60);"}]},
            {"name": "Pay Bill", "nodes": [
                {"id": "Keep", "script": "UserSession.put('card', '4C', 60);"},
                {"id": "Pay", "service": {"url": format!("{}/held/pay", stub.url), "method": "post", "body": "{}"}},
                {"id": "Paid", "message": "Paid."}]}]}))
        .await;
    let account = &server.premises().account.id;
    let (bot_id, user) = (BotId::stored(&*bot), conversation::user_of(account, "ann"));
    // The turn that runs is the first one of the user, and one more waits behind it.
    admin.post_to(&bot, &message("ann", "pay bill")).await.json();
    assert_eq!(stub.next().await.path, "/held/pay");
    admin.post_to(&bot, &message("ann", "leave name")).await.json();
    let started = erase(&admin, &json!({"userIds": ["ann"], "removeDataFromAllBots": true})).await.json();
    // Who comes later and waits for nothing is erased meanwhile.
    erased(&admin, &json!({"userIds": ["ben"], "removeDataFromAllBots": true})).await;
    let status = format!("{PATH}/status/{}", started["requestId"].as_str().unwrap());
    assert_eq!(admin.get(&status).await.json()["status"], "in-progress");
    stub.release();
    let record = admin.wait(&status).await;
    assert_eq!((&record["status"], &record["erased"]["sessions"]), (&json!("success"), &json!(1)), "{record}");
    assert!(stub.is_unasked(), "the bill is paid once");

    assert_eq!(admin.sessions_of(&bot, "ann").await, [] as [Value; 0]);
    assert_eq!(messages(&admin, &bot, "ann").await, 0);
    let store = server.store();
    assert!(store.conversation(&bot_id, &user, "ivr").await.unwrap().is_none());
    assert_eq!(store.pending_inbox(&bot_id, &user, "ivr").await.unwrap(), []);
    let owners = [ValueOwner::BotUser(bot_id, user.clone()), ValueOwner::User(account.clone(), user)];
    assert_eq!(store.context_values(&owners).await.unwrap(), []);
    server.finish().await;
}

#[tokio::test]
async fn what_is_said_while_somebody_is_erased_begins_anew() {
    let mut stub = Stub::start(|_| (200, "application/json", "{}".to_owned())).await;
    let server = polled_server().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Slow", "dialogs": [
            {"name": "Say Hello", "nodes": [{"id": "Hello", "message": "Hello."}]},
            {"name": "Pay Bill", "nodes": [
                {"id": "Pay", "service": {"url": format!("{}/held/pay", stub.url), "method": "post", "body": "{}"}},
                {"id": "Paid", "message": "Paid."}]}]}))
        .await;
    admin.post_to(&bot, &message("ann", "pay bill")).await.json();
    assert_eq!(stub.next().await.path, "/held/pay");
    let started = erase(&admin, &json!({"userIds": ["ann"], "removeDataFromAllBots": true})).await.json();
    let status = format!("{PATH}/status/{}", started["requestId"].as_str().unwrap());
    // It is under way when another one, which was asked for later, is done.
    erased(&admin, &json!({"userIds": ["ben"], "removeDataFromAllBots": true})).await;
    let answer = admin.post_to(&bot, &message("ann", "say hello")).await.json();
    stub.release();
    assert_eq!(admin.wait(&status).await["status"], "success");
    let poll = format!("/chatbot/v2/webhook/{bot}/poll/{}", answer["pollId"].as_str().unwrap());
    let mut pause = tokio::time::interval(std::time::Duration::from_millis(10));
    let answer = loop {
        pause.tick().await;
        let answer = admin.get(&poll).await.json();
        if answer.get("data").is_some() {
            break answer;
        }
    };
    assert_eq!(answer["data"][0]["val"], "Hello.");
    assert_eq!(messages(&admin, &bot, "ann").await, 2);
    server.finish().await;
}

#[tokio::test]
async fn an_erasure_that_nobody_could_do_is_done_by_who_comes_next() {
    let server = TestServer::start_with(|setup| setup.config.roles = vec![Role::Api]).await;
    let worker = async || {
        let mut config = server.config().clone();
        config.roles = vec![Role::Jobs];
        let program = Some(env!("CARGO_BIN_EXE_botyard").into());
        Server::start(&config, Options { program, ..Options::default() }).await.unwrap()
    };
    let admin = server.admin().await;
    let works = worker().await;
    let bot = admin.import_sample().await;
    works.stop().await.unwrap();
    say(&admin, &bot, "ada", "hello").await;
    let started = erase(&admin, &json!({"userIds": ["ada"], "botIds": [bot]})).await.json();
    let status = format!("{PATH}/status/{}", started["requestId"].as_str().unwrap());
    assert_eq!(admin.get(&status).await.json()["status"], "in-progress", "nobody does jobs");
    assert!(messages(&admin, &bot, "ada").await > 0);

    let works = worker().await;
    assert_eq!(admin.wait(&status).await["status"], "success");
    assert_eq!(messages(&admin, &bot, "ada").await, 0);
    works.stop().await.unwrap();
    server.finish().await;
}

#[tokio::test]
async fn what_is_not_clear_erases_nothing() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.import_sample().await;
    let wrong = "Validation errors/ Invalid arguments";
    for (body, status, message) in [
        (json!({}), 412, wrong),
        (json!({"userIds": [], "botIds": [bot]}), 412, wrong),
        (json!({"userIds": ["ada"]}), 412, wrong),
        (json!({"userIds": ["ada"], "botIds": []}), 412, wrong),
        (json!({"userIds": [{"id": "ada"}], "botIds": [bot]}), 412, wrong),
        (json!({"userIds": ["ada"], "botIds": [bot], "RemoveDataFromAllBots": "maybe"}), 412, wrong),
        (json!({"userIds": ["ada"], "botIds": [bot, "st-nowhere"]}), 400, "Invalid StreamId"),
    ] {
        erase(&admin, &body).await.refused(status, message);
    }
    admin.get(&format!("{PATH}/status/eud-nowhere")).await.refused(400, "Invalid request ID");
    let body = json!({"userIds": ["ada"], "botIds": [bot]});
    erase(&server.anonymous(), &body).await.refused(401, "Invalid SDK credentials");
    let poor = server.client_with_scopes(AppKind::Admin, &[], &[Scope::UserManagement]).await;
    erase(&poor, &body).await.refused(401, "Permission denied. Scope is incorrect!");
    assert_eq!(server.store().open_erase_requests(10).await.unwrap(), []);
    server.finish().await;
}
