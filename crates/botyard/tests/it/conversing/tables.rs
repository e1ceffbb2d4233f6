//! Data tables: rows are a bot's own, and are written once.

use serde_json::Value;

use crate::conversations::talk;
use crate::support::TestServer;

#[tokio::test]
async fn tables_keep_rows() {
    talk("tables").await;
}

#[tokio::test]
async fn a_table_belongs_to_its_bot_and_to_all_its_users() {
    let file = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/fixtures/conversations/tables/bot.json");
    let description: Value = serde_json::from_str(&std::fs::read_to_string(file).unwrap()).unwrap();
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (bot, other) = (admin.bring(&description).await, admin.bring(&description).await);
    // Two users at once: each row is there once.
    let order = async |user: &str, item: &str| {
        admin.say(&bot, user, "add order").await;
        admin.say(&bot, user, item).await;
        admin.say(&bot, user, "5").await
    };
    let (ann, ben) = tokio::join!(order("ann", "tea"), order("ben", "milk"));
    assert_eq!(
        (ann.as_slice(), ben.as_slice()),
        (&["Ordered tea 5 200".to_owned()][..], &["Ordered milk 5 200".to_owned()][..])
    );
    assert_eq!(admin.say(&bot, "ann", "find either").await, ["2"]);
    assert_eq!(admin.say(&other, "ann", "find either").await, ["0"]);
    server.finish().await;
}
