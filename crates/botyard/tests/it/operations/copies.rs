//! Files of a stopped server: all that was acknowledged is in them, and nobody else may read them.

use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use super::{Site, below, copy, output, refused, served, succeed};
use crate::support::program::{Running, command};

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

/// What a person copies of a folder, without looking for more.
fn copy_data(from: &Path, to: &Path) {
    assert!(!from.join("botyard.db-wal").exists(), "the log is folded: {:?}", below(from));
    std::fs::create_dir(to).unwrap();
    for name in ["botyard.db", "master.key", "objects"] {
        copy(&from.join(name), &to.join(name));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_copy_of_the_file_of_a_stopped_server_has_all_that_was_acknowledged() {
    if std::env::var("BOTYARD_TEST_POSTGRES_URL").is_ok() {
        println!("skipped: PostgreSQL has no file to copy");
        return;
    }
    let site = Site::open().await;
    let app = site.app().await;
    let mut serve = site.command(&["serve", "--listen", "127.0.0.1:0"]);
    serve.env("BOTYARD__LOG__FORMAT", "json").stderr(Stdio::piped());
    let mut running = Running::start(&mut serve);
    let client = app.client(served(&mut running));
    let bot = client.import_sample().await;
    let exported = client.export(&bot, "latest").await;
    let made_beside = site.run(&["user", "create", "--email", "ann@example.com"]).await;
    running.stop();

    let mut copied = site.config.clone();
    copied.data = site.config.data.with_file_name("copy");
    copy_data(&site.config.data, &copied.data);
    let server = botyard::Server::start(&copied, options()).await.unwrap();
    let client = app.client(server.url().unwrap());
    assert_eq!(client.export(&bot, "latest").await, exported);
    let user = domain::UserId::stored(made_beside.split_whitespace().next().unwrap());
    assert!(server.premises().store.user(&user).await.unwrap().is_some());
    server.stop().await.unwrap();
    assert!(!copied.data.join("botyard.db-wal").exists());

    // A command that fails leaves nothing behind either.
    refused(site.command(&["app", "rotate", "cs-00000000-0000-5000-8000-000000000000"])).await;
    assert!(!site.config.data.join("botyard.db-wal").exists());
    site.close().await;
}

fn options() -> botyard::Options {
    botyard::Options { program: Some(env!("CARGO_BIN_EXE_botyard").into()), ..botyard::Options::default() }
}

#[tokio::test(flavor = "multi_thread")]
async fn what_a_quickstart_leaves_is_whole_and_its_owners_only() {
    let folder = tempfile::tempdir().unwrap();
    let (data, other) = (folder.path().join("data"), folder.path().join("copy"));
    let on = |data: &Path, arguments: &[&str]| {
        let mut command = command(arguments);
        command.env("BOTYARD_DATA", data);
        command
    };
    let mut quickstart = on(&data, &["quickstart", "--listen", "127.0.0.1:0", "--json"]);
    let mut running = Running::start(quickstart.stdout(Stdio::piped()));
    let mut line = String::new();
    BufReader::new(running.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
    // With the log and its index, which are gone after the end.
    for path in below(&data).into_iter().chain([data.clone()]) {
        assert_eq!(mode(&path) & 0o077, 0, "{} has mode {:o}", path.display(), mode(&path));
    }
    assert!(data.join("botyard.db-wal").exists());
    running.stop();
    copy_data(&data, &other);
    let listed = succeed(on(&other, &["app", "list"])).await;
    assert_eq!(listed.lines().count(), 2, "{listed}");

    // A folder that others can enter is told of.
    let ours = succeed(on(&data, &["app", "list"])).await;
    assert_eq!(ours, listed);
    std::fs::set_permissions(&data, std::fs::Permissions::from_mode(0o755)).unwrap();
    let open = output(on(&data, &["app", "list"])).await;
    let warning = String::from_utf8_lossy(&open.stderr).into_owned();
    assert!(open.status.success() && warning.contains(&format!("chmod -R go-rwx {}", data.display())), "{warning}");
    // An open key is refused.
    std::fs::set_permissions(data.join("master.key"), std::fs::Permissions::from_mode(0o644)).unwrap();
    assert!(refused(on(&data, &["app", "list"])).await.contains("chmod 600"));
}
