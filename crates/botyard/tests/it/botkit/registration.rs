//! Which BotKit server a bot has.

use access::{AppKind, Scope};
use serde_json::json;

use super::scene::Scene;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_is_registered_changed_and_removed() {
    let scene = Scene::open().await;
    let (admin, path) = (&scene.admin, scene.registration());
    let shown = |events: serde_json::Value| json!({"type": "custom", "sdkClientId": scene.app.client_id, "sdkHostUri": scene.kit.url, "events": events});
    assert_eq!(admin.get(&path).await.json(), shown(json!([])));
    let changed = admin.put(&path, &json!({"events": ["onMessage", "onhook"]})).await.json();
    assert_eq!(changed, shown(json!(["onmessage", "onhook"])));
    assert_eq!(admin.get(&path).await.json(), changed);

    let stranger = scene.server.app(AppKind::Builder, &[]).await;
    for (member, value) in [
        ("sdkClientId", json!("cs-00000000-0000-5000-8000-000000000000")),
        ("sdkClientId", json!(stranger.client_id)),
        ("sdkHostUri", json!("botkit.example.com")),
        ("sdkHostUri", json!("")),
        ("events", json!(["on_message"])),
    ] {
        let mut body = json!({"sdkClientId": scene.app.client_id, "sdkHostUri": scene.kit.url});
        body[member] = value.clone();
        let refused = admin.post(&path, &body).await;
        assert_eq!(refused.error().0, 412, "{member}: {value}");
    }
    assert_eq!(admin.get(&path).await.json(), changed, "what is refused changes nothing");

    // Whoever may not manage channels may not see the server either.
    let bots = [scene.bot.as_str()];
    let reader = scene.server.client_with_scopes(AppKind::Admin, &bots, &[Scope::BotSessions]).await;
    reader.get(&path).await.refused(401, "Permission denied. Scope is incorrect!");
    reader.delete(&path).await.refused(401, "Permission denied. Scope is incorrect!");

    for _ in 0..2 {
        assert_eq!(admin.delete(&path).await.json(), json!({"success": true}));
    }
    admin.get(&path).await.refused(404, "The bot has no custom agent integration");
    admin.put(&path, &json!({"events": []})).await.refused(404, "The bot has no custom agent integration");
    assert_eq!(scene.bubbles("ann", "greet").await, ["Hello there.", "All good?"]);
    assert!(scene.kit.take().is_empty(), "nobody is asked any more");
    scene.close().await;
}
