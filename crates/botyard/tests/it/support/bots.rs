//! Bots to import.

use std::path::Path;

use serde_json::{Value, json};

use super::client::Client;

/// The files a bot is imported from. A test may change them first.
#[derive(Clone)]
pub struct BotFiles {
    pub definition: Vec<u8>,
    pub config: Vec<u8>,
    pub icon: Option<Vec<u8>>,
    pub functions: Option<Vec<u8>>,
}

/// A bot that was imported.
pub struct Imported {
    /// The bot, `st-…`.
    pub bot: String,
    /// The request, `bir-…`.
    pub request: String,
    /// The record of the finished import.
    pub record: Value,
}

impl BotFiles {
    /// The bundled sample bot: 200 KB, with dialogs, an alert, an action, a knowledge graph, variables and functions.
    pub fn sample() -> Self {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("sample");
        Self::read(&folder).expect("the sample is part of the repository")
    }

    /// A real export of the shared corpus, by the name of its folder; nothing, and a line that says so, when the corpus is
    /// not there.
    pub fn corpus(name: &str) -> Option<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/corpus").join(name);
        let files = Self::read(&folder);
        if files.is_none() {
            println!("skipped: no ../shared/corpus/{name} with a definition and a configuration");
        }
        files
    }

    fn read(folder: &Path) -> Option<Self> {
        let read = |name: &str| std::fs::read(folder.join(name)).ok();
        Some(Self {
            definition: read("botDefinition.json")?,
            config: read("config.json")?,
            icon: read("icon.png"),
            functions: read("botFunctions.js"),
        })
    }

    /// The definition as a tree of values.
    pub fn definition_value(&self) -> Value {
        serde_json::from_slice(&self.definition).unwrap()
    }

    /// Uploads the files; the body of an import from them. A bot without an icon gets a few
    /// bytes, since an import as new needs one and nobody looks into it.
    pub async fn upload(&self, client: &Client) -> Value {
        let mut body = json!({
            "botDefinition": client.upload("botDefinition.json", self.definition.clone()).await,
            "configInfo": client.upload("config.json", self.config.clone()).await,
            "icon": client.upload("icon.png", self.icon.clone().unwrap_or_else(|| b"icon".to_vec())).await,
        });
        if let Some(functions) = &self.functions {
            body["botFunctions"] = json!([client.upload("botFunctions.js", functions.clone()).await]);
        }
        body
    }
}

impl Client {
    /// Imports a bot as a new one and waits until it is there.
    pub async fn import_new(&self, files: &BotFiles) -> Imported {
        let body = files.upload(self).await;
        self.import("/api/public/bot/import", &body).await
    }

    /// Imports the sample bot as a new one; its id.
    pub async fn import_sample(&self) -> String {
        self.import_new(&BotFiles::sample()).await.bot
    }

    /// Imports into a bot that exists, all of it or what `options` (`importOptions`) select, and waits until it is done.
    pub async fn import_into(&self, bot: &str, files: &BotFiles, options: Option<Value>) -> Imported {
        let mut body = files.upload(self).await;
        if let Some(options) = options {
            body["importOptions"] = options;
        }
        self.import(&format!("/api/public/bot/{bot}/import"), &body).await
    }

    async fn import(&self, path: &str, body: &Value) -> Imported {
        let request = self.post(path, body).await.json()["_id"].as_str().unwrap().to_owned();
        let record = self.wait(&format!("/api/public/bot/import/status/{request}")).await;
        assert_eq!(record["status"], "success", "{record}");
        let bot = record["streamId"].as_str().unwrap().to_owned();
        Imported { bot, request, record }
    }
}
