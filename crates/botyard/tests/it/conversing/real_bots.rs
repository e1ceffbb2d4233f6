//! What real bots ask of the engine: found by talking to them as an ordinary user.

use crate::conversations::talk;
use crate::support::TestServer;
use serde_json::json;

#[tokio::test]
async fn bots_say_what_their_definition_asks_for() {
    talk("real_bots").await;
}

#[tokio::test]
async fn what_is_too_long_is_told_so() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let bot = admin
        .bring(&json!({"name": "Long", "dialogs": [{"name": "Note", "nodes": [
            {"id": "Text", "entity": "description", "prompt": "What?"}, {"id": "Told", "message": "Noted."}]}]}))
        .await;
    for (text, is_too_long) in [
        ("word ".repeat(6_001), true),
        ("word ".repeat(6_000), false),
        ("x".repeat(1_201), true),
        ("x".repeat(1_200), false),
    ] {
        let user = format!("user-{}-{is_too_long}", text.len());
        assert_eq!(admin.say(&bot, &user, "note").await, ["What?"]);
        let said = admin.say(&bot, &user, text.trim()).await;
        assert_eq!(said[0].contains("mistyped a really long word"), is_too_long, "{}: {said:?}", text.len());
    }
    server.finish().await;
}
