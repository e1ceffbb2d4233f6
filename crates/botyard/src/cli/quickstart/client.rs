//! The server's own first client: the calls a person would make to put a bot on it.

use std::time::Duration;

use domain::BotId;
use reqwest::RequestBuilder;
use serde_json::{Map, Value, json};

use super::sample;
use crate::Error;

pub(super) struct Client {
    http: reqwest::Client,
    url: String,
    token: String,
}

/// How often a status is asked for, and how many times before it is given up.
const STATUS_PAUSE: Duration = Duration::from_millis(50);
const STATUS_LOOKS: usize = 1_200;

const BOUNDARY: &str = "botyard-quickstart-boundary";

impl Client {
    pub(super) fn new(url: &str, token: String) -> Result<Self, Error> {
        // The server is on this machine; a proxy would not find it.
        let http = reqwest::Client::builder().no_proxy().build()?;
        Ok(Self { http, url: url.to_owned(), token })
    }

    /// Uploads the files of the sample; the body of an import from them.
    pub(super) async fn upload_sample(&self) -> Result<Map<String, Value>, Error> {
        let mut body = Map::new();
        for file in sample::files() {
            let mut form = format!(
                "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"fileContext\"\r\n\r\nbulkImport\r\n\
                 --{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{}\"\r\n\r\n",
                file.name
            )
            .into_bytes();
            form.extend_from_slice(file.bytes);
            form.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
            let request = self.http.post(format!("{}/api/public/uploadfile", self.url));
            let request =
                request.header("content-type", format!("multipart/form-data; boundary={BOUNDARY}")).body(form);
            let reply = self.call(request).await?;
            body.insert(file.member.to_owned(), reply["fileId"].clone());
        }
        Ok(body)
    }

    /// Imports the uploaded files as a new bot.
    pub(super) async fn import(&self, body: &Map<String, Value>) -> Result<BotId, Error> {
        let started = self.post("/api/public/bot/import", &Value::Object(body.clone())).await?;
        let id = started["_id"].as_str().unwrap_or_default();
        let done = self.wait(&format!("/api/public/bot/import/status/{id}"), "pending", "success").await?;
        Ok(BotId::stored(done["streamId"].as_str().unwrap_or_default()))
    }

    /// Publishes the bot.
    pub(super) async fn publish(&self, bot: &BotId) -> Result<(), Error> {
        let body = json!({"versionComment": "Published by quickstart"});
        self.post(&format!("/api/public/bot/{bot}/publish"), &body).await?;
        self.wait(&format!("/api/public/bot/{bot}/publish/status"), "inprogress", "successful").await.map(drop)
    }

    /// Lets the services of the bot answer what the export recorded: the sample calls a server that is not there.
    pub(super) async fn replay_services(&self, bot: &BotId) -> Result<(), Error> {
        let body = json!({"updateSet": {"servicesMode": "replay"}});
        self.call(self.http.put(format!("{}/api/public/bot/{bot}/setup", self.url)).json(&body)).await.map(drop)
    }

    /// Exports the published bot; the link to the archive.
    pub(super) async fn export(&self, bot: &BotId) -> Result<String, Error> {
        self.post(&format!("/api/public/bot/{bot}/export"), &json!({"exportType": "published"})).await?;
        let done = self.wait(&format!("/api/public/bot/{bot}/export/status"), "pending", "success").await?;
        Ok(done["downloadURL"].as_str().unwrap_or_default().to_owned())
    }

    async fn post(&self, path: &str, body: &Value) -> Result<Value, Error> {
        self.call(self.http.post(format!("{}{path}", self.url)).json(body)).await
    }

    /// Asks for a status until it is another word than `unfinished`, and expects the word `good` then.
    async fn wait(&self, path: &str, unfinished: &str, good: &str) -> Result<Value, Error> {
        for _ in 0..STATUS_LOOKS {
            let record = self.call(self.http.get(format!("{}{path}", self.url))).await?;
            let status = record["status"].as_str().unwrap_or_default();
            if status == good {
                return Ok(record);
            }
            if status != unfinished {
                return Err(Error::refused(format!("the sample bot is not usable, {path} says: {record}")));
            }
            tokio::time::sleep(STATUS_PAUSE).await;
        }
        Err(Error::refused(format!("{path} is not done after a minute; see the log with BOTYARD__LOG__LEVEL=info")))
    }

    async fn call(&self, request: RequestBuilder) -> Result<Value, Error> {
        let reply = request.header("auth", &self.token).send().await?;
        let (status, path) = (reply.status(), reply.url().path().to_owned());
        if !status.is_success() {
            let text = reply.text().await?;
            return Err(Error::refused(format!("the server refused {path} with {status}: {text}")));
        }
        Ok(reply.json().await?)
    }
}
