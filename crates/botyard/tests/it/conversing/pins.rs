//! A conversation stays with the version of the bot it began with.

use serde_json::{Value, json};

use crate::support::talk::{bubbles, message};
use crate::support::{TestServer, fixture};

fn description(version: &str) -> Value {
    json!({"name": "Growing", "dialogs": [{"name": "Book Visit", "nodes": [
        {"id": "Count", "entity": "number", "prompt": format!("How many, by {version}?")},
        {"id": "Booked", "message": format!("Booked {{{{context.entities.Count}}}} by {version}.")}]}]})
}

#[tokio::test]
async fn a_new_version_is_for_new_conversations() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description("one")).await;
    assert_eq!(admin.say(&bot, "ann", "book visit").await, ["How many, by one?"]);

    // A draft is only met by developers, each of whom says so.
    admin.import_into(&bot, &fixture::bot(&description("two")), None).await;
    assert_eq!(admin.say(&bot, "ben", "book visit").await, ["How many, by one?"]);
    let draft =
        admin.request(reqwest::Method::POST, &format!("/chatbot/v2/webhook/{bot}")).header("state", "configured");
    let answer = admin.send(draft.json(&message("dev", "book visit"))).await.json();
    assert_eq!(bubbles(&answer), ["How many, by two?"]);

    admin.publish(&bot, "grown").await;
    assert_eq!(admin.say(&bot, "ann", "5").await, ["Booked 5 by one."]);
    assert_eq!(admin.say(&bot, "ann", "book visit").await, ["How many, by one?"], "the session goes on");
    assert_eq!(admin.say(&bot, "cleo", "book visit").await, ["How many, by two?"]);
    let mut anew = message("ann", "book visit");
    anew["session"] = json!({"new": true});
    assert_eq!(bubbles(&admin.post_to(&bot, &anew).await.json()), ["How many, by two?"]);
    server.finish().await;

    // Where the owner of the server wants it, running conversations meet the new version too.
    let server = TestServer::start_with(|setup| setup.config.conversation.compat.pins_version = false).await;
    let admin = server.admin().await;
    let bot = admin.bring(&description("one")).await;
    assert_eq!(admin.say(&bot, "ann", "book visit").await, ["How many, by one?"]);
    admin.import_into(&bot, &fixture::bot(&description("two")), None).await;
    admin.publish(&bot, "grown").await;
    assert_eq!(admin.say(&bot, "ann", "5").await, ["Booked 5 by two."]);
    server.finish().await;
}
