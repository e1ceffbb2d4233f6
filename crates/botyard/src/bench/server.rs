//! The servers that are measured: processes of their own, as they are in production.

use std::fs::File;
use std::io::BufRead;
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use access::{Algorithm, App, AppKind, Grant, Scope, Secret, SigningKey};
use domain::AppId;
use serde_json::{Value, json};

use super::BenchError;
use super::connection::{Connection, get, post, upload};
use crate::{Config, Premises, Sources};

/// A `botyard serve` with default settings and an empty folder.
pub(super) struct Served {
    process: Process,
    pub(super) address: SocketAddr,
    pub(super) token: String,
    // Removed when the process has ended: fields are dropped in this order.
    _folder: tempfile::TempDir,
}

/// A process that ends with its owner.
struct Process(Child);

impl Drop for Process {
    fn drop(&mut self) {
        // It may have ended by itself, and then there is nothing to do.
        let _ended = self.0.kill().and_then(|()| self.0.wait());
    }
}

const START_LIMIT: Duration = Duration::from_secs(20);
/// How often an import that runs is looked at: often enough to add little to what is measured, rarely enough to take
/// little from it.
const LOOK_INTERVAL: Duration = Duration::from_millis(2);
const LOOK_LIMIT: Duration = Duration::from_secs(120);

impl Served {
    /// Starts the server and makes an admin app.
    pub(super) async fn start() -> Result<Self, BenchError> {
        Self::start_with(None).await
    }

    /// The same with an encoder.
    pub(super) async fn start_with(embeddings: Option<&Path>) -> Result<Self, BenchError> {
        let folder = tempfile::tempdir()?;
        let data = folder.path().join("data");
        let log = folder.path().join("log");
        let token = admin_token(&data).await?;
        let mut command = Command::new(std::env::current_exe()?);
        command.args(["serve", "--listen", "127.0.0.1:0", "--data"]).arg(&data);
        command.env("NO_COLOR", "1").stdin(Stdio::null()).stdout(Stdio::null()).stderr(File::create(&log)?);
        if let Some(path) = embeddings {
            command.env("BOTYARD__NLU__EMBEDDINGS", std::path::absolute(path)?);
        }
        let process = Process(command.spawn()?);
        let address = address_in_log(&log).await?;
        Ok(Self { process, address, token, _folder: folder })
    }

    pub(super) fn process_id(&self) -> u32 {
        self.process.0.id()
    }

    pub(super) async fn connect(&self) -> Result<Connection, BenchError> {
        Ok(Connection::open(self.address).await?)
    }

    /// Uploads an archive; the file's id.
    pub(super) async fn upload(&self, connection: &mut Connection, archive: &[u8]) -> Result<String, BenchError> {
        let reply = connection.call(&upload(&self.token, "bot.zip", archive)).await?;
        Ok(reply["fileId"].as_str().unwrap_or_default().to_owned())
    }

    /// Imports an uploaded archive as a new bot; its id, and the time from the call until it read `success`.
    pub(super) async fn import(
        &self,
        connection: &mut Connection,
        file: &str,
    ) -> Result<(String, Duration), BenchError> {
        let request = post("/api/public/bot/import", &self.token, &json!({"zipInfo": file, "uploadMode": "ZIP"}));
        let started = Instant::now();
        let record = connection.call(&request).await?;
        let id = record["_id"].as_str().unwrap_or_default();
        let status = get(&format!("/api/public/bot/import/status/{id}"), &self.token);
        let record = until_done(connection, &status).await?;
        Ok((record["streamId"].as_str().unwrap_or_default().to_owned(), started.elapsed()))
    }

    /// Publishes a bot; the time from the call until it read `successful`.
    pub(super) async fn publish(&self, connection: &mut Connection, bot: &str) -> Result<Duration, BenchError> {
        let path = format!("/api/public/bot/{bot}/publish");
        let started = Instant::now();
        connection.call(&post(&path, &self.token, &json!({"versionComment": "bench"}))).await?;
        let status = get(&format!("{path}/status"), &self.token);
        until_done(connection, &status).await?;
        Ok(started.elapsed())
    }

    /// Exports a bot; the time from the call until it read `success`.
    pub(super) async fn export(&self, connection: &mut Connection, bot: &str) -> Result<Duration, BenchError> {
        let path = format!("/api/public/bot/{bot}/export");
        let request = post(&path, &self.token, &json!({"exportType": "latest"}));
        let started = Instant::now();
        let record = connection.call(&request).await?;
        let id = record["_id"].as_str().unwrap_or_default();
        let status = get(&format!("{path}/status?exportId={id}"), &self.token);
        until_done(connection, &status).await?;
        Ok(started.elapsed())
    }
}

async fn until_done(connection: &mut Connection, status: &[u8]) -> Result<Value, BenchError> {
    let deadline = Instant::now() + LOOK_LIMIT;
    loop {
        let record = connection.call(status).await?;
        match record["status"].as_str() {
            Some("success" | "successful") => return Ok(record),
            Some("pending" | "inprogress") if Instant::now() < deadline => tokio::time::sleep(LOOK_INTERVAL).await,
            _ => {
                let call = String::from_utf8_lossy(status).lines().next().unwrap_or_default().to_owned();
                return Err(BenchError::Answer { call, answer: record.to_string() });
            }
        }
    }
}

/// Makes the data folder with an app that may do everything, and a token of it.
async fn admin_token(data: &Path) -> Result<String, BenchError> {
    let failed = |error: &dyn std::error::Error| BenchError::Comparison(format!("no app could be made: {error}"));
    let config = Config { data: data.to_owned(), ..Config::default() };
    let premises = Premises::open(&config, Sources::default()).await.map_err(|error| failed(&error))?;
    let ids = premises.store.ids();
    let app = App {
        client_id: AppId::new(ids),
        account: premises.account.id.clone(),
        owner: premises.owner.id.clone(),
        kind: AppKind::Admin,
        name: "bench".to_owned(),
        algorithm: Algorithm::Hs256,
        secret: Secret::client(ids),
        public_key: None,
        decryption_key: None,
        bots: Vec::new(),
        grants: vec![Grant { scopes: Scope::held_by(AppKind::Admin), ..Grant::default() }],
        jti_enforced: false,
        jwe_enforced: false,
    };
    premises.store.put_app(&app, &json!({})).await.map_err(|error| failed(&error))?;
    premises.store.close().await;
    let key = SigningKey::new(app.algorithm, app.secret.expose()).map_err(|error| failed(&error))?;
    Ok(access::sign(&key, &json!({"appId": app.client_id, "sub": "bench"})))
}

/// Waits until the log says where the server listens.
async fn address_in_log(log: &Path) -> Result<SocketAddr, BenchError> {
    let deadline = Instant::now() + START_LIMIT;
    while Instant::now() < deadline {
        let text = std::fs::read_to_string(log)?;
        // Only a line that is complete is understood.
        let url = text.split_inclusive('\n').filter(|line| line.ends_with('\n')).find_map(|line| {
            let (_, rest) = line.split_once("url=\"http://")?;
            rest.split_once('"')?.0.parse().ok()
        });
        if let Some(address) = url {
            return Ok(address);
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    Err(BenchError::NotStarted(std::fs::read_to_string(log)?))
}

/// The bare server, in a process of its own like the other one.
pub(super) struct Bare {
    _process: Process,
    pub(super) address: SocketAddr,
}

impl Bare {
    /// The server that status calls are compared with.
    pub(super) fn start(body: &str) -> Result<Self, BenchError> {
        Self::start_with(&["bench", "bare-server", body])
    }

    /// The server that turns are compared with, its database in an empty folder.
    pub(super) fn start_turns(folder: &Path) -> Result<Self, BenchError> {
        Self::start_with(&["bench", "bare-turns", &folder.to_string_lossy()])
    }

    fn start_with(arguments: &[&str]) -> Result<Self, BenchError> {
        let mut command = Command::new(std::env::current_exe()?);
        command.args(arguments).stdin(Stdio::null()).stdout(Stdio::piped());
        let mut process = Process(command.spawn()?);
        let mut line = String::new();
        if let Some(output) = process.0.stdout.take() {
            std::io::BufReader::new(output).read_line(&mut line)?;
        }
        let address = line.trim().parse().map_err(|_| BenchError::NotStarted(line))?;
        Ok(Self { _process: process, address })
    }
}
