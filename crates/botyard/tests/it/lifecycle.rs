//! A server from start to stop, and a bot from upload to download.

use serde_json::json;

use crate::support::{BotFiles, TestServer};

#[tokio::test]
async fn a_bot_is_imported_exported_and_published_across_a_restart() {
    let mut server = TestServer::start().await;
    let admin = server.admin().await;
    let files = BotFiles::sample();
    let imported = admin.import_new(&files).await;
    let before = admin.export(&imported.bot, "latest").await;
    let published = admin.publish(&imported.bot, "first").await;
    assert_eq!((&published["streamId"], &published["percentageComplete"]), (&json!(imported.bot), &json!(100)));

    server.restart().await;
    let admin = server.admin().await;
    admin.get("/readyz").await.json();
    let after = admin.export(&imported.bot, "published").await;
    assert_eq!(before, after, "what was published is what was imported");
    server.finish().await;
}
