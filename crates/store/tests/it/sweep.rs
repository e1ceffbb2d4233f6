//! What nobody refers to goes, and nothing else does.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use store::{Content, ModelName, NamedBlob, NewFile, Version};

use crate::conversations;
use crate::place::Place;

#[tokio::test]
async fn expired_files_and_unused_objects_go_and_used_ones_stay() {
    let place = Place::open().await;
    let store = &place.store;
    let blobs = store.blobs();
    let put = async |text: &'static str| blobs.put_content(Bytes::from_static(text.as_bytes())).await.unwrap();
    let content = Content {
        definition: put("definition").await,
        config: put("config").await,
        functions: vec![NamedBlob { name: "functions.js".to_owned(), digest: put("functions").await }],
        icon: Some(NamedBlob { name: "icon.png".to_owned(), digest: store::sha256(b"icon") }),
    };
    let icon = format!("icons/{}", store::sha256(b"icon"));
    blobs.put(&icon, Bytes::from_static(b"icon")).await.unwrap();
    place.bot(content.clone()).await;
    let unused = put("of no bot").await;
    // A model is needed as long as its definition is.
    let model = async |definition: &str| {
        let trainer = "1".to_owned();
        let name = ModelName { definition: definition.to_owned(), language: "en".to_owned(), trainer };
        blobs.put_model(&name, b"learned".to_vec()).await.unwrap();
        assert_eq!(blobs.model(&name).await.unwrap().as_deref(), Some(&b"learned"[..]));
        format!("models/{}/{definition}.en.1.zst", &definition[..2])
    };
    let (model, unused_model) = (model(&content.definition).await, model(&unused).await);
    let hour = Duration::from_secs(3600);
    for (key, lifetime) in [("uploads/kept", None), ("uploads/long", Some(hour * 100)), ("uploads/short", Some(hour))] {
        blobs.put(key, Bytes::from_static(b"upload")).await.unwrap();
        let file = NewFile {
            account: place.account.clone(),
            name: key.to_owned(),
            extension: String::new(),
            context: "bulkImport".to_owned(),
            size: 6,
            digest: store::sha256(b"upload"),
            object_key: key.to_owned(),
            created_by: place.user.clone(),
            expires_at: lifetime.map(|lifetime| store.clock().now().plus(lifetime)),
        };
        store.add_file(file).await.unwrap();
    }
    blobs.put("uploads/of-no-file", Bytes::from_static(b"upload")).await.unwrap();
    let staged = place.object("uploads/broken-off#1");
    std::fs::write(&staged, b"half").unwrap();

    let object = |digest: &str| format!("content/{}/{digest}.zst", &digest[..2]);
    let used = [
        object(&content.definition),
        object(&content.config),
        object(&content.functions[0].digest),
        icon,
        model,
        "uploads/kept".to_owned(),
        "uploads/long".to_owned(),
    ];
    let gone = [object(&unused), unused_model, "uploads/of-no-file".to_owned()];
    let there = |key: &String| place.object(key).exists();
    assert_eq!(store.sweep_files().await.unwrap(), 0, "no file has expired");
    assert_eq!(store.sweep_objects().await.unwrap(), gone.len() as u64);
    assert!(used.iter().all(there) && !gone.iter().any(there) && !staged.exists());
    assert!(there(&"uploads/short".to_owned()));

    // A file is forgotten a while after its end, in case a job took it up just before.
    place.hand.advance(hour);
    assert_eq!(store.sweep_files().await.unwrap(), 0);
    place.hand.advance(hour * 2);
    assert_eq!(store.sweep_files().await.unwrap(), 1);
    assert!(!there(&"uploads/short".to_owned()));
    assert_eq!(store.sweep_objects().await.unwrap(), 0);
    assert!(used.iter().all(there));
    place.close().await;
}

#[tokio::test]
async fn a_version_that_a_session_began_with_stays_as_long_as_the_bot() {
    let place = Place::open().await;
    let store = &place.store;
    let documents = async |name: &'static str| {
        let definition = store.blobs().put_content(Bytes::from_static(name.as_bytes())).await.unwrap();
        Content { config: definition.clone(), definition, ..no_content() }
    };
    let (old, new, draft) = (documents("old").await, documents("new").await, documents("draft").await);
    let bot = place.bot(draft.clone()).await;
    for content in [&old, &new] {
        let (id, content, by, now) = (bot.id.clone(), content.clone(), place.user.clone(), store.clock().now());
        let request = domain::RequestId::new(store.ids(), "ds");
        let publish = store.write(move |tx| {
            Box::pin(async move { Version::publish(tx, &id, &content, "", &request, &by, now).await })
        });
        publish.await.unwrap();
    }
    let key = conversations::key(&place, &bot, "ann");
    let mut turn = conversations::first_turn(store, &key, Vec::new());
    turn.session.as_mut().unwrap().state = json!({"version": 1});
    store.commit_turn(turn).await.unwrap();

    assert_eq!(store.sweep_objects().await.unwrap(), 0);
    let conversation = store.conversation(&key.bot, &key.user, &key.channel).await.unwrap().unwrap();
    let pinned = conversation.session.unwrap().state["version"].as_i64().unwrap();
    let version = store.version(&bot.id, pinned).await.unwrap().unwrap();
    assert_eq!(version.content, old);
    assert_eq!(store.blobs().content(&version.content.definition).await.unwrap(), b"old");

    assert!(store.delete_bot(&bot.id).await.unwrap());
    assert_eq!(store.conversation(&key.bot, &key.user, &key.channel).await.unwrap(), None);
    assert_eq!(store.sweep_objects().await.unwrap(), 3);
    place.close().await;
}
