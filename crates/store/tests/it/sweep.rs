//! What nobody refers to goes, and nothing else does.

use std::time::Duration;

use bytes::Bytes;
use serde_json::json;
use store::{Content, Error, ModelName, NamedBlob, NewBackup, NewFile, Store, Version};

use crate::conversations;
use crate::place::{Place, no_content};

#[tokio::test]
async fn expired_files_and_unused_objects_go_and_used_ones_stay() {
    let place = Place::open().await;
    let store = &place.store;
    let blobs = store.blobs();
    let put = async |text: &'static str| blobs.put_content(Bytes::from_static(text.as_bytes())).await.unwrap();
    let content = Content {
        definition: put("definition").await,
        definition_file: domain::DefinitionFile::default(),
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

/// A document that no bot refers to, so old that a sweep may remove it, and the content of a bot that would.
async fn old_document(store: &Store, text: &'static str) -> Content {
    let digest = store.blobs().put_content(Bytes::from_static(text.as_bytes())).await.unwrap();
    Content { definition: digest.clone(), config: digest, ..no_content() }
}

#[tokio::test]
async fn of_two_sweeps_one_waits_and_none_removes_what_was_written_anew() {
    let place = Place::open().await;
    let other = place.another().await;
    let content = old_document(&place.store, "used again").await;

    let mut first = place.store.begin_sweep().await.unwrap().unwrap();
    let doomed = first.doom().await.unwrap();
    assert_eq!(doomed.len(), 1);
    // A second sweep would have the same name on its list, and remove it after the first one is done.
    assert!(other.begin_sweep().await.unwrap().is_none());
    assert_eq!(other.sweep_objects().await.unwrap(), 0);
    assert!(matches!(place.try_bot(content.clone()).await, Err(Error::Conflict(_))), "it is being removed");
    assert_eq!(first.remove_doomed(doomed).await.unwrap(), 1);
    first.end().await.unwrap();

    let again = old_document(&other, "used again").await;
    assert_eq!(again, content);
    place.bot(content.clone()).await;
    assert_eq!(other.sweep_objects().await.unwrap(), 0);
    assert_eq!(place.store.blobs().content(&content.definition).await.unwrap(), b"used again");
    other.close().await;
    place.close().await;
}

#[tokio::test]
async fn a_bot_does_not_refer_to_what_a_whole_sweep_removed_meanwhile() {
    let place = Place::open().await;
    // An import finds that the document is there already, and writes nothing …
    old_document(&place.store, "there before").await;
    let content = old_document(&place.store, "there before").await;
    // … a sweep comes and goes before its bot is written …
    assert_eq!(place.store.sweep_objects().await.unwrap(), 1);
    // … so it has to start over.
    assert!(matches!(place.try_bot(content.clone()).await, Err(Error::Conflict(_))));
    old_document(&place.store, "there before").await;
    let bot = place.bot(content.clone()).await;

    // The same for a change of a bot; what the bot has already needs no second look.
    let changed = old_document(&place.store, "changed").await;
    assert_eq!(place.store.sweep_objects().await.unwrap(), 1);
    let now = place.store.clock().now();
    for (content, expected) in [(changed, false), (content, true)] {
        let (id, swap) = (bot.id.clone(), bot.swap(content, &place.user, now));
        let swapped =
            place.store.write(move |tx| Box::pin(async move { store::Bot::apply_swap(tx, &id, &swap).await }));
        assert_eq!(swapped.await.is_ok(), expected);
    }
    place.close().await;
}

#[tokio::test]
async fn a_sweep_that_died_holds_nobody_up_and_one_that_was_late_removes_nothing() {
    let place = Place::open().await;
    let content = old_document(&place.store, "unused").await;
    let mut late = place.store.begin_sweep().await.unwrap().unwrap();
    late.doom().await.unwrap();
    place.hand.advance(Duration::from_secs(61));
    let next = place.store.begin_sweep().await.unwrap().unwrap();
    assert!(matches!(late.doom().await, Err(Error::LeaseLost(_))));
    late.end().await.unwrap();
    assert!(place.store.begin_sweep().await.unwrap().is_none(), "the late one does not end the next one's turn");
    next.end().await.unwrap();
    // What the dead one had written down is no obstacle after the next sweep.
    assert_eq!(place.store.sweep_objects().await.unwrap(), 1);
    old_document(&place.store, "unused").await;
    place.bot(content).await;
    place.close().await;
}

#[tokio::test]
async fn a_backup_has_every_object_that_its_rows_name_although_a_sweep_wants_them() {
    let place = Place::open().await;
    let store = &place.store;
    let mut bots = Vec::new();
    // More than are copied at once.
    for number in 0..24 {
        let text = Bytes::from(format!("document {number}"));
        let digest = store.blobs().put_content(text).await.unwrap();
        bots.push(place.bot(Content { definition: digest.clone(), config: digest, ..no_content() }).await);
    }
    let first = bots.iter().map(|bot| bot.content.definition.clone()).min().unwrap();
    let first = place.object(&format!("content/{}/{first}.zst", &first[..2]));
    // Whoever opens a FIFO waits for its other end: the backup stands still at the first object.
    let kept = first.with_extension("kept");
    std::fs::rename(&first, &kept).unwrap();
    assert!(std::process::Command::new("mkfifo").arg(&first).status().unwrap().success());
    let folder = place.folder().join("backup");
    let new = NewBackup { folder: folder.clone(), with_key: false, release: "test".to_owned() };
    let backup = tokio::spawn({
        let store = store.clone();
        async move { store.back_up(&new).await }
    });
    // The rows are copied when the first objects are.
    let mut pause = tokio::time::interval(Duration::from_millis(10));
    while !folder.join("objects").exists() {
        assert!(!backup.is_finished(), "{:?}", backup.await);
        pause.tick().await;
    }
    for bot in &bots {
        assert!(store.delete_bot(&bot.id).await.unwrap());
    }
    assert_eq!(place.another().await.sweep_objects().await.unwrap(), 0, "a backup goes on");
    let fifo = first.with_extension("fifo");
    std::fs::rename(&first, &fifo).unwrap();
    std::fs::rename(&kept, &first).unwrap();
    drop(std::fs::File::options().read(true).write(true).open(&fifo).unwrap());
    std::fs::remove_file(&fifo).unwrap();
    let manifest = backup.await.unwrap().unwrap();
    assert_eq!((manifest.objects.count, manifest.missing.len()), (24, 0));
    assert_eq!(store.sweep_objects().await.unwrap(), 24);
    place.close().await;
}
