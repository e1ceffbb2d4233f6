//! Rows that cannot be read: who waits for an answer is told that something is lost, and can go on.

use serde_json::json;
use store::sql::Sql;

use crate::support::TestServer;

#[tokio::test]
async fn a_damaged_session_ends_with_words_and_the_next_message_finds_a_new_one() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let dialogs = json!([{"name": "Book Visit", "nodes": [
        {"id": "Count", "entity": "number", "prompt": "How many?", "error": "A number, please."},
        {"id": "Booked", "message": "Booked {{context.entities.Count}}."}]}]);
    let bot = admin.bring(&json!({"name": "Desk", "dialogs": dialogs})).await;
    // A document of another shape, and what is none.
    for (user, state) in [("ann", r#"{"state": 7}"#), ("ben", r#"{"state": {"sta"#)] {
        assert_eq!(admin.say(&bot, user, "book visit").await, ["How many?"], "{user}");
        let sql: Sql = "UPDATE sessions SET state = $1 WHERE ended_at IS NULL".into();
        let damage = store::args![state];
        let damaged = server.store().write(move |tx| Box::pin(tx.execute(sql, damage))).await.unwrap();
        assert_eq!(damaged, 1, "the one session that runs");
        let lost = "I am sorry, something went wrong and I had to discard your task. Please retry.";
        assert_eq!(admin.say(&bot, user, "3").await, [lost], "{user}");
        assert_eq!(admin.say(&bot, user, "book visit").await, ["How many?"], "{user}");
        assert_eq!(admin.say(&bot, user, "4").await, ["Booked 4."], "{user}");
        let told = [
            "< Booked 4.",
            "> 4",
            "< How many?",
            "> book visit",
            &format!("< {lost}"),
            "> 3",
            "< How many?",
            "> book visit",
        ];
        assert_eq!(admin.transcript(&bot, user).await, told, "{user}: nothing that was said is lost");
        let sessions = admin.sessions_of(&bot, user).await;
        let statuses: Vec<_> = sessions.iter().map(|session| session["sessionStatus"].as_str().unwrap()).collect();
        assert_eq!(statuses, ["active", "closed"], "{user}");
        let end: Sql = "UPDATE sessions SET ended_at = active_at WHERE ended_at IS NULL".into();
        server.store().write(move |tx| Box::pin(tx.execute(end, vec![]))).await.unwrap();
    }
    server.finish().await;
}
