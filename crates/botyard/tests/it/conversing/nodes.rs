//! Nodes of today's apps, without a language model.

use serde_json::{Value, json};
use services::Mode;

use super::steps;
use crate::conversations::talk_with;
use crate::support::TestServer;

#[tokio::test]
async fn nodes_of_today_do_their_work_without_a_model() {
    talk_with("nodes", &[], |setup| setup.config.conversation.services.mode = Mode::Replay).await;
}

#[tokio::test]
async fn a_skipped_node_is_told_at_publish_and_in_the_debug_log() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "New", "dialogs": [{"name": "Look Ahead", "nodes": [
            {"id": "Ball", "type": "hologram"}, {"id": "Story", "generative": {"prompt": "A story"}},
            {"id": "Said", "message": "Done."}]}]}))
        .await;
    assert_eq!(admin.say(&bot, "ann", "look ahead").await, ["Done."]);
    let skipped = steps(&server, &bot, "ann", "skipped").await;
    let told: Vec<(&str, &str)> = skipped
        .iter()
        .map(|step| (step["node"].as_str().unwrap(), step["detail"]["cause"].as_str().unwrap()))
        .collect();
    let hologram = "nodes of the type 'hologram' are not run here";
    assert_eq!(told, [("Ball", hologram), ("Story", "no language model is configured")]);
    assert_eq!(steps(&server, &bot, "ann", "error").await, [Value::Null; 0]);
    server.finish().await;
}

#[tokio::test]
async fn dialogs_that_call_each_other_in_turn_do_not_pile_up() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let end = json!([{"default": ""}]);
    let bot = admin
        .bring(&json!({"name": "Loop", "dialogs": [
            {"name": "Choose", "nodes": [
                {"id": "Which", "entity": "label", "prompt": "Which?"},
                {"id": "Go", "dialog": "Cancel Flight", "next": end}]},
            {"name": "Cancel Flight", "nodes": [
                {"id": "Number", "entity": "label", "prompt": "Number?"},
                {"id": "Not", "message": "{{context.entities.Number}} is not there."},
                {"id": "Again", "dialog": "Choose", "next": end}]}]}))
        .await;
    assert_eq!(admin.say(&bot, "ann", "choose").await, ["Which?"]);
    for round in 0..60 {
        assert_eq!(admin.say(&bot, "ann", "cancel it").await, ["Number?"], "{round}");
        let number = format!("n{round}");
        let wanted = [format!("{number} is not there."), "Which?".to_owned()];
        assert_eq!(admin.say(&bot, "ann", &number).await, wanted, "{round}");
    }
    assert_eq!(steps(&server, &bot, "ann", "error").await, [Value::Null; 0]);
    server.finish().await;
}
