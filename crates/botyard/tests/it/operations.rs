//! What an operator meets: keys that are lost, files that are copied, backups, a disk that is full, open folders.

mod backups;
mod copies;
mod keys;
mod readiness;

use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use botyard::{Config, Options, Server};
use serde_json::{Value, json};

use crate::support::Backend;
use crate::support::client::Client;
use crate::support::program::Running;
use crate::support::server::command_on;

/// A place for a store that no server has opened yet.
pub struct Site {
    pub config: Config,
    backend: Backend,
}

impl Site {
    pub async fn open() -> Self {
        let backend = Backend::open().await;
        let mut config = Config::default();
        config.server.listen = ([127, 0, 0, 1], 0).into();
        backend.apply(&mut config);
        Self { config, backend }
    }

    /// A server of this process on it.
    pub async fn serve(&self) -> Server {
        let options = Options { program: Some(env!("CARGO_BIN_EXE_botyard").into()), ..Options::default() };
        Server::start(&self.config, options).await.unwrap()
    }

    pub fn command(&self, arguments: &[&str]) -> Command {
        command_on(&self.config, arguments)
    }

    /// Runs a command that must succeed; what it prints.
    pub async fn run(&self, arguments: &[&str]) -> String {
        succeed(self.command(arguments)).await
    }

    /// An admin app made on the command line, as a client needs it.
    pub async fn app(&self) -> App {
        let printed = self.run(&["app", "create", "--name", "CI", "--kind", "admin", "--json"]).await;
        App(serde_json::from_str(&printed).unwrap())
    }

    pub async fn close(self) {
        self.backend.close().await;
    }
}

/// What `botyard app create` printed.
pub struct App(Value);

impl App {
    /// A client of a server that may be another one than that the app was made at.
    pub fn client(&self, url: String) -> Client {
        let text = |member: &str| self.0[member].as_str().unwrap();
        let key = access::SigningKey::new(access::Algorithm::Hs256, text("clientSecret")).unwrap();
        Client::new(url, Some(access::sign(&key, &json!({"appId": text("clientId")}))))
    }
}

pub async fn output(mut command: Command) -> Output {
    tokio::task::spawn_blocking(move || command.output().unwrap()).await.unwrap()
}

/// Runs a command that must succeed; what it prints.
pub async fn succeed(command: Command) -> String {
    let output = output(command).await;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// Runs a command that must fail; the sentence it fails with.
pub async fn refused(command: Command) -> String {
    let output = output(command).await;
    let text = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(!output.status.success() && output.stdout.is_empty(), "{text}");
    assert_eq!(text.lines().count(), 1, "one sentence: {text}");
    text
}

/// All files and folders below a folder.
pub fn below(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(below(&path));
        }
        found.push(path);
    }
    found.sort();
    found
}

/// Copies a file, or a folder with all that is in it.
pub fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        std::fs::create_dir_all(to).unwrap();
        for entry in std::fs::read_dir(from).unwrap() {
            let entry = entry.unwrap();
            copy(&entry.path(), &to.join(entry.file_name()));
        }
    } else {
        std::fs::copy(from, to).unwrap();
    }
}

/// Where the program answers; the rest of its log is thrown away.
pub fn served(running: &mut Running) -> String {
    let mut log = BufReader::new(running.0.stderr.take().unwrap());
    loop {
        let mut line = String::new();
        assert!(log.read_line(&mut line).unwrap() > 0, "it serves");
        let event: serde_json::Value = serde_json::from_str(&line).unwrap();
        if let Some(url) = event["fields"]["url"].as_str() {
            let url = url.to_owned();
            std::thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
            return url;
        }
    }
}
