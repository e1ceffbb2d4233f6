//! A store is opened with the master key it was made with, or not at all.

use access::{MasterKey, Secret};
use botyard::{Error, Premises, Sources};
use domain::IdSource;

use super::{Site, refused};

#[tokio::test(flavor = "multi_thread")]
async fn a_store_whose_key_is_missing_or_another_is_left_alone() {
    let site = Site::open().await;
    site.app().await;
    let file = site.config.master_key_file();
    let away = file.with_extension("away");
    std::fs::rename(&file, &away).unwrap();
    let commands: [&[&str]; 4] =
        [&["serve"], &["app", "list"], &["user", "create", "--email", "ann@example.com"], &["quickstart"]];
    for arguments in commands {
        let sentence = refused(site.command(arguments)).await;
        for part in [file.to_str().unwrap(), "is missing", "put a copy of that file back"] {
            assert!(sentence.contains(part), "{arguments:?}: {sentence}");
        }
        assert!(!file.exists(), "no key is made beside a store");
    }

    MasterKey::generate(&IdSource::random()).save(&file).unwrap();
    let other = std::fs::read(&file).unwrap();
    for arguments in commands {
        let sentence = refused(site.command(arguments)).await;
        for part in [file.to_str().unwrap(), "was made with another master key", "Nothing was changed"] {
            assert!(sentence.contains(part), "{arguments:?}: {sentence}");
        }
        assert_eq!(std::fs::read(&file).unwrap(), other, "the file stays as it is");
    }

    std::fs::rename(&away, &file).unwrap();
    assert!(site.run(&["app", "list"]).await.contains("CI"));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_store_of_the_release_before_takes_the_key_that_opens_its_secrets() {
    let site = Site::open().await;
    site.app().await;
    let forget = async || {
        let opened = Premises::open(&site.config, Sources::default()).await.unwrap();
        let forgotten =
            opened.store.write(|tx| Box::pin(async move { tx.execute("DELETE FROM master_key", vec![]).await }));
        assert_eq!(forgotten.await.unwrap(), 1);
        opened.store.close().await;
    };
    forget().await;
    let mut other = site.config.clone();
    other.access.master_key = Some(Secret::new("AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="));
    for _ in 0..2 {
        let refused = Premises::open(&other, Sources::default()).await;
        assert!(matches!(refused, Err(Error::OtherMasterKey { .. })), "{refused:?}");
        // The right one opens it, and is remembered.
        assert!(site.run(&["app", "list"]).await.contains("CI"));
    }
    // A key that is missing is not made anew for such a store either.
    forget().await;
    std::fs::remove_file(site.config.master_key_file()).unwrap();
    assert!(refused(site.command(&["app", "list"])).await.contains("is missing"));
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn of_two_that_make_a_store_at_once_with_different_keys_one_is_refused() {
    let site = Site::open().await;
    let of_node =
        |name: &str| {
            let mut config = site.config.clone();
            // One database and one place for objects, but each has a folder of its own, as on two machines.
            config.database.url = Some(config.database.url.unwrap_or_else(|| {
                let file = site.config.data.parent().unwrap().join("shared.db");
                Secret::new(format!("sqlite:{}", file.display()))
            }));
            config.objects.url =
                Some(config.objects.url.unwrap_or_else(|| {
                    site.config.data.parent().unwrap().join("shared-objects").display().to_string()
                }));
            config.data = site.config.data.join(name);
            config
        };
    let (one, two) = (of_node("one"), of_node("two"));
    let (first, second) =
        tokio::join!(Premises::open(&one, Sources::default()), Premises::open(&two, Sources::default()));
    let (winner, loser, refused) = match (first, second) {
        (Ok(premises), Err(error)) => ((one, premises), two, error),
        (Err(error), Ok(premises)) => ((two, premises), one, error),
        other => panic!("{other:?}"),
    };
    // Whoever was later either saw the store with no key beside it, or lost the race and took its own key away.
    assert!(matches!(refused, Error::OtherMasterKey { .. } | Error::MissingMasterKey { .. }), "{}", refused.sentence());
    assert!(winner.0.master_key_file().exists() && !loser.master_key_file().exists());
    winner.1.store.close().await;
    site.close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_older_release_leaves_a_newer_store_alone() {
    let site = Site::open().await;
    site.app().await;
    let opened = Premises::open(&site.config, Sources::default()).await.unwrap();
    let newer = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) \
        SELECT 9001, description, success, checksum, execution_time FROM _sqlx_migrations WHERE version = 1";
    opened.store.write(move |tx| Box::pin(async move { tx.execute(newer, vec![]).await })).await.unwrap();
    opened.store.close().await;
    let sentence = refused(site.command(&["serve"])).await;
    for part in ["made or upgraded by a newer release", "9001", "restore the backup"] {
        assert!(sentence.contains(part), "{sentence}");
    }
    site.close().await;
}
