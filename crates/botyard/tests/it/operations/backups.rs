//! A backup of a running server, and servers from it.

use std::path::Path;

use access::MasterKey;
use botyard::Config;
use domain::IdSource;
use serde_json::Value;

use super::{App, Site, below, refused, succeed};
use crate::support::Backend;
use crate::support::server::command_on;

/// A folder of its own with SQLite, whatever the other tests are on.
fn sqlite_in(folder: &Path) -> Config {
    let mut config = Config { data: folder.to_owned(), ..Config::default() };
    config.server.listen = ([127, 0, 0, 1], 0).into();
    config
}

/// What a server on these settings says of the bot and of all that was in the backup.
async fn exported(config: &Config, app: &App, bot: &str) -> (bytes::Bytes, bytes::Bytes, usize) {
    let options =
        botyard::Options { program: Some(env!("CARGO_BIN_EXE_botyard").into()), ..botyard::Options::default() };
    let server = botyard::Server::start(config, options).await.unwrap();
    let client = app.client(server.url().unwrap());
    let (latest, published) = (client.export(bot, "latest").await, client.export(bot, "published").await);
    let bots = server.premises().store.bot_names(&server.premises().account.id).await.unwrap();
    server.stop().await.unwrap();
    (latest, published, bots.len())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_moves_by_backup_and_restore_from_any_engine_to_any() {
    let site = Site::open().await;
    let app = site.app().await;
    let server = site.serve().await;
    let client = app.client(server.url().unwrap());
    let bot = client.import_sample().await;
    client.publish(&bot, "first").await;
    let expected = (client.export(&bot, "latest").await, client.export(&bot, "published").await, 1);
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let (first, second) = (path("first"), path("second"));
    let made = site.run(&["backup", first.to_str().unwrap(), "--with-key", "--json"]).await;
    let made: Value = serde_json::from_str(&made).unwrap();
    assert_eq!((&made["hasKey"], &made["missing"]), (&Value::Bool(true), &Value::Array(Vec::new())));
    assert!(made["rows"].as_u64().unwrap() > 10 && made["objects"].as_u64().unwrap() > 3, "{made}");
    #[cfg(unix)]
    for path in below(&first) {
        use std::os::unix::fs::PermissionsExt;
        let mode = std::fs::metadata(&path).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{}", path.display());
    }
    // What came later is not in it.
    client.import_sample().await;
    server.stop().await.unwrap();

    // Into a folder, with the key of the backup; from there into the engine of these tests, with a key at hand.
    let middle = sqlite_in(&path("data"));
    succeed(command_on(&middle, &["restore", first.to_str().unwrap()])).await;
    assert_eq!(exported(&middle, &app, &bot).await, expected);
    succeed(command_on(&middle, &["backup", second.to_str().unwrap()])).await;
    assert!(!second.join("master.key").exists());
    let backend = Backend::open().await;
    let mut last = Config::default();
    last.server.listen = ([127, 0, 0, 1], 0).into();
    backend.apply(&mut last);
    let sentence = refused(command_on(&last, &["restore", second.to_str().unwrap()])).await;
    assert!(sentence.contains("has no master key") && sentence.contains(last.master_key_file().to_str().unwrap()));
    MasterKey::load(&middle.master_key_file()).unwrap().unwrap().save(&last.master_key_file()).unwrap();
    succeed(command_on(&last, &["restore", second.to_str().unwrap()])).await;
    assert_eq!(exported(&last, &app, &bot).await, expected);

    let sentence = refused(command_on(&last, &["restore", second.to_str().unwrap()])).await;
    assert!(sentence.contains("there is a store in this database already"), "{sentence}");
    backend.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_that_cannot_be_restored_changes_nothing_and_says_why() {
    let site = Site::open().await;
    site.app().await;
    let folder = tempfile::tempdir().unwrap();
    let path = |name: &str| folder.path().join(name);
    let backup = path("backup");
    let restore =
        |data: &str, folder: &Path| command_on(&sqlite_in(&path(data)), &["restore", folder.to_str().unwrap()]);
    let sentence = refused(command_on(&sqlite_in(&path("nothing")), &["backup", backup.to_str().unwrap()])).await;
    assert!(sentence.contains("there is no store in") && !path("nothing").join("botyard.db").exists(), "{sentence}");
    site.run(&["backup", backup.to_str().unwrap(), "--with-key"]).await;
    let sentence = refused(site.command(&["backup", backup.to_str().unwrap()])).await;
    assert!(sentence.contains("is not empty"), "{sentence}");

    let other_key = sqlite_in(&path("other key"));
    std::fs::create_dir(&other_key.data).unwrap();
    MasterKey::generate(&IdSource::random()).save(&other_key.master_key_file()).unwrap();
    let sentence = refused(restore("other key", &backup)).await;
    assert!(sentence.contains("another master key") && sentence.contains("Nothing was restored"), "{sentence}");

    let other_objects = sqlite_in(&path("other objects"));
    std::fs::create_dir_all(other_objects.data.join("objects/content/ab")).unwrap();
    std::fs::write(other_objects.data.join("objects/content/ab/x.zst"), "of another").unwrap();
    let sentence = refused(restore("other objects", &backup)).await;
    assert!(sentence.contains("content/ab/x.zst"), "{sentence}");

    let manifest = backup.join("manifest.json");
    let text = std::fs::read_to_string(&manifest).unwrap();
    let table: [(&str, String, &str); 3] = [
        ("form", text.replacen("\"format\": 1", "\"format\": 2", 1), "does not know"),
        ("schema", text.replacen("\"schema\": [", "\"schema\": [9001, ", 1), "newer release"),
        ("digest", text.replacen("\"sha256\": \"", "\"sha256\": \"0", 1), "is not what was copied"),
    ];
    for (name, changed, expected) in table {
        assert_ne!(changed, text, "{name}");
        std::fs::write(&manifest, changed).unwrap();
        let sentence = refused(restore(name, &backup)).await;
        assert!(sentence.contains(expected), "{name}: {sentence}");
        assert!(!path(name).join("botyard.db").exists(), "{name}");
    }
    std::fs::remove_file(&manifest).unwrap();
    let sentence = refused(restore("unfinished", &backup)).await;
    assert!(sentence.contains("not finished"), "{sentence}");
    std::fs::write(&manifest, text).unwrap();
    succeed(restore("whole", &backup)).await;
    site.close().await;
}
