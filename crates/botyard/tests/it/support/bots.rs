//! Bots to import.

use std::io::Cursor;
use std::path::{Path, PathBuf};

use archive::{Archive, Limits, Part};
use domain::DefinitionFile;
use serde_json::{Value, json};

use super::client::Client;

/// The files a bot is imported from. A test may change them first.
#[derive(Clone)]
pub struct BotFiles {
    pub definition: Vec<u8>,
    pub definition_file: DefinitionFile,
    pub config: Vec<u8>,
    pub icon: Option<Vec<u8>>,
    pub functions: Option<Vec<u8>>,
}

/// The icon of bots without one. An import as new needs one, and nobody looks into it.
const BLANK_ICON: &[u8] = b"\x89PNG\r\n\x1a\n";

/// The names of all real exports of the shared corpus; none, and a line that says so, when the corpus is not there.
pub fn corpus_names() -> Vec<String> {
    names_in("corpus")
}

/// The names of all real apps, exports of today's platform, that are shared; none, and a line that says so, without them.
pub fn app_names() -> Vec<String> {
    names_in("apps")
}

fn names_in(folder: &str) -> Vec<String> {
    let Ok(entries) = std::fs::read_dir(shared(folder)) else {
        println!("skipped: no ../shared/{folder}");
        return Vec::new();
    };
    let folders = entries.map(|entry| entry.unwrap()).filter(|entry| entry.path().is_dir());
    let mut names: Vec<String> = folders.map(|folder| folder.file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

fn shared(folder: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared").join(folder)
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

    /// An app in the form of today's exports, made for tests: every kind of node, event and flow that older ones do not
    /// have, and the oddities of real ones. Half of its bytes is the indentation that the platform writes.
    pub fn wheelhouse() -> Self {
        Self::read(&Self::wheelhouse_folder()).expect("the app is part of the repository")
    }

    /// Where the files of [`Self::wheelhouse`] are.
    pub fn wheelhouse_folder() -> PathBuf {
        Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fixtures/wheelhouse")
    }

    /// A real export of the shared corpus, by the name of its folder; nothing, and a line that says so, when the corpus is
    /// not there.
    pub fn corpus(name: &str) -> Option<Self> {
        Self::shared("corpus", name)
    }

    /// A real app, by the name of its folder; nothing, and a line that says so, when it is not there.
    pub fn app(name: &str) -> Option<Self> {
        Self::shared("apps", name)
    }

    fn shared(folder: &str, name: &str) -> Option<Self> {
        let files = Self::read(&shared(folder).join(name));
        if files.is_none() {
            println!("skipped: no ../shared/{folder}/{name} with a definition and a configuration");
        }
        files
    }

    fn read(folder: &Path) -> Option<Self> {
        let read = |name: &str| std::fs::read(folder.join(name)).ok();
        let (definition_file, definition) =
            DefinitionFile::ALL.into_iter().find_map(|file| Some((file, read(file.name())?)))?;
        Some(Self {
            definition,
            definition_file,
            config: read("config.json")?,
            icon: read("icon.png"),
            functions: read("botFunctions.js"),
        })
    }

    /// The files in an exported archive.
    pub fn from_archive(bytes: &[u8]) -> Self {
        let mut archive = Archive::open(Cursor::new(bytes), &Limits::default()).unwrap();
        let definition_file = archive.definition_file();
        let mut part = |part| archive.read_part(part).unwrap();
        Self {
            definition_file,
            definition: part(Part::Definition).expect("an archive has a definition"),
            config: part(Part::Config).expect("an archive has a configuration"),
            icon: part(Part::Icon),
            functions: part(Part::Functions),
        }
    }

    /// The files as an archive, as an export has them.
    pub fn archive(&self) -> Vec<u8> {
        let mut archive = Vec::new();
        let icon = self.icon.as_deref().map(|bytes| [bytes]);
        let functions = self.functions.as_deref().map(|bytes| [bytes]);
        let export = archive::write::Export {
            definition_file: self.definition_file,
            definition: &[&self.definition],
            config: &[&self.config],
            icon: icon.as_ref().map(|pieces| pieces.as_slice()),
            functions: functions.as_ref().map(|pieces| pieces.as_slice()),
        };
        archive::write::write(&mut archive, &export).unwrap();
        archive
    }

    /// The same bot with another id at the top of its definition, where every known export has it.
    pub fn with_id(mut self, bot: &str) -> Self {
        let definition = String::from_utf8(self.definition).unwrap();
        let own = serde_json::from_str::<Value>(&definition).unwrap()["_id"].as_str().unwrap().to_owned();
        let place = definition.find("\"_id\"").unwrap();
        assert!(!definition[..place].contains('['), "the first `_id` is the bot's own");
        self.definition = definition.replacen(&own, bot, 1).into_bytes();
        self
    }

    /// Where these files are other than those, in a few words; nothing when every byte is the same. An icon made for a
    /// bot without one does not count.
    pub fn difference(&self, other: &Self) -> Option<String> {
        let icon = |files: &Self| files.icon.clone().unwrap_or_else(|| BLANK_ICON.to_vec());
        let name = |files: &Self| Some(files.definition_file.name().as_bytes().to_vec());
        let parts = [
            ("the name of the definition", name(self), name(other)),
            ("the definition", Some(self.definition.clone()), Some(other.definition.clone())),
            ("config.json", Some(self.config.clone()), Some(other.config.clone())),
            ("icon", Some(icon(self)), Some(icon(other))),
            ("botFunctions.js", self.functions.clone(), other.functions.clone()),
        ];
        let (name, ours, theirs) = parts.into_iter().find(|(_, ours, theirs)| ours != theirs)?;
        let (ours, theirs) = (ours.unwrap_or_default(), theirs.unwrap_or_default());
        let at = ours.iter().zip(&theirs).take_while(|(a, b)| a == b).count();
        let near = |bytes: &[u8]| {
            String::from_utf8_lossy(&bytes[at.saturating_sub(40)..bytes.len().min(at + 40)]).into_owned()
        };
        Some(format!("{name} differs at byte {at}: {:?} and not {:?}", near(&ours), near(&theirs)))
    }

    /// The bot's name in its configuration.
    pub fn name(&self) -> String {
        let config: Value = serde_json::from_slice(&self.config).unwrap();
        config["name"].as_str().unwrap_or_default().to_owned()
    }

    /// The definition as a tree of values.
    pub fn definition_value(&self) -> Value {
        serde_json::from_slice(&self.definition).unwrap()
    }

    /// Uploads the files; the body of an import from them. A bot without an icon gets a few
    /// bytes, since an import as new needs one and nobody looks into it.
    pub async fn upload(&self, client: &Client) -> Value {
        let mut body = json!({
            "botDefinition": client.upload(self.definition_file.name(), self.definition.clone()).await,
            "configInfo": client.upload("config.json", self.config.clone()).await,
            "icon": client.upload("icon.png", self.icon.clone().unwrap_or_else(|| BLANK_ICON.to_vec())).await,
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
        self.import_body("/api/public/bot/import", &body).await
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
        self.import_body(&format!("/api/public/bot/{bot}/import"), &body).await
    }

    /// Imports as a body says and waits until it is done.
    pub async fn import_body(&self, path: &str, body: &Value) -> Imported {
        let request = self.post(path, body).await.json()["_id"].as_str().unwrap().to_owned();
        let record = self.wait(&format!("/api/public/bot/import/status/{request}")).await;
        assert_eq!(record["status"], "success", "{record}");
        let bot = record["streamId"].as_str().unwrap().to_owned();
        Imported { bot, request, record }
    }
}
