//! Scripts: what they keep for whom, what they tag, and where they fail.

use serde_json::{Value, json};

use super::steps;
use crate::conversations::talk;
use crate::sessions::start;

#[tokio::test]
async fn scripts_do_what_they_say() {
    talk("scripts").await;
}

#[tokio::test]
async fn libraries_files_of_functions_and_synonyms_are_as_authors_know_them() {
    talk("libraries").await;
}

/// The fixture of the family `scripts`.
pub(super) fn description() -> Value {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/conversations/scripts/bot.json");
    serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap()
}

#[tokio::test]
async fn values_are_kept_for_those_they_are_for() {
    let (server, _hand) = start().await;
    let admin = server.admin().await;
    let (bot, other) = (admin.bring(&description()).await, admin.bring(&description()).await);
    assert_eq!(admin.say(&bot, "ann", "keep values").await, ["Kept ebus."]);
    // Account, bot, user, user with the bot (for its lifetime), session, user without a lifetime.
    for (bot, user, values) in [
        (&bot, "ann", "e b u s f g"),
        (&bot, "ben", "e b undefined undefined undefined undefined"),
        (&other, "ann", "e undefined u undefined undefined g"),
        (&other, "ben", "e undefined undefined undefined undefined undefined"),
    ] {
        assert_eq!(admin.say(bot, user, "tell values").await, [values], "{user}");
    }
    let body =
        json!({"session": {"new": true}, "message": {"type": "text", "val": "tell values"}, "from": {"id": "ann"}});
    let answer = admin.post_to(&bot, &body).await.json();
    assert_eq!(answer["data"][0]["val"], "e b u s undefined g", "a new session forgets what has no lifetime");
    server.finish().await;
}

#[tokio::test]
async fn tags_are_seen_in_sessions_and_messages() {
    let (server, _hand) = start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    let body = json!({"message": {"type": "text", "val": "tag things"}, "from": {"id": "ann"}, "metaTags": {
        "userLevelTags": [{"name": "from", "value": "shop"}], "sessionLevelTags": [{"name": "visit", "value": 3}],
        "messageLevelTags": [{"name": "key", "value": "first"}]}});
    admin.post_to(&bot, &body).await.json();
    let sessions = admin.sessions_of(&bot, "ann").await;
    let pairs = |tags: &Value| -> Vec<String> {
        let pair = |tag: &Value| format!("{}={}", tag["name"].as_str().unwrap(), tag["value"].as_str().unwrap());
        tags.as_array().unwrap().iter().map(pair).collect()
    };
    assert_eq!(pairs(&sessions[0]["tags"]["userTags"]), ["from=shop", "plan=gold", "seen=1"]);
    assert_eq!(pairs(&sessions[0]["tags"]["sessionTags"]), ["visit=3", "order=A1", "step=Tag Things"]);
    let list = json!({"userId": "ann"});
    let messages = admin.post(&format!("/api/public/bot/{bot}/getMessages"), &list).await.json();
    let messages = messages["messages"].as_array().unwrap();
    assert_eq!(pairs(&messages[0]["tags"]["messageTags"]), ["shown=yes"]);
    assert_eq!(pairs(&messages[1]["tags"]["messageTags"]), ["key=first", "mood=good"]);

    // The user keeps theirs in the next session, the session does not.
    let body =
        json!({"session": {"new": true}, "message": {"type": "text", "val": "greet user"}, "from": {"id": "ann"}});
    admin.post_to(&bot, &body).await.json();
    let sessions = admin.sessions_of(&bot, "ann").await;
    assert_eq!(sessions.len(), 2);
    let newest = sessions.iter().find(|session| session["sessionStatus"] == "active").unwrap();
    assert_eq!(pairs(&newest["tags"]["userTags"]), ["from=shop", "plan=gold", "seen=1"]);
    assert_eq!(newest["tags"]["sessionTags"], json!([]));
    server.finish().await;
}

#[tokio::test]
async fn debug_logs_say_where_a_script_failed_and_what_it_logged() {
    let (server, _hand) = start().await;
    let admin = server.admin().await;
    let bot = admin.bring(&description()).await;
    for (task, node, message) in [
        ("miss function", "Ask", "farewell is not defined, line 3, column 3"),
        (
            "miss function in action",
            "Outer",
            "in 'InnerTwo': ReferenceError: farewell is not defined, line 2, column 1",
        ),
        ("miss function in message", "Broken", "farewell is not defined, line 1, column 7"),
        ("break grammar", "Grammar", "line 1, column 15"),
        ("throw text", "Throw", "out of stock"),
    ] {
        let user = task.replace(' ', "-");
        assert_eq!(admin.say(&bot, &user, task).await, ["It broke."], "{task}");
        let errors = steps(&server, &bot, &user, "error").await;
        assert_eq!(errors.len(), 1, "{task}: {errors:?}");
        assert_eq!(errors[0]["name"], node, "{task}");
        let told = errors[0]["detail"]["message"].as_str().unwrap();
        assert!(told.contains(message), "{task}: {told}");
    }
    admin.say(&bot, "ann", "log things").await;
    let logged = steps(&server, &bot, "ann", "log").await;
    assert_eq!((&logged[0]["name"], &logged[0]["detail"]["message"]), (&json!("Log"), &json!("looked at {\"a\":1}")));
    server.finish().await;
}
