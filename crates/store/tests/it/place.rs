//! A store of a test's own.

use std::path::{Path, PathBuf};
use std::time::Duration;

use access::MasterKey;
use bytes::Bytes;
use domain::task::{BotExport, ExportType};
use domain::{AccountId, BotId, Clock, IdSource, ManualClock, UserId};
use serde_json::{Map, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use store::{Bot, ChangeFilter, Content, DatabaseOptions, Durability, Error, NewRequest, ObjectLocation, Store};

pub struct Place {
    pub store: Store,
    pub hand: ManualClock,
    pub account: AccountId,
    pub user: UserId,
    database: DatabaseOptions,
    objects: ObjectLocation,
    clock: Clock,
    key: String,
    /// The schema of this test, on PostgreSQL.
    schema: Option<(String, String)>,
    folder: tempfile::TempDir,
}

impl Place {
    /// Opens an empty store whose clock only the test moves. It stands two days after the files that the test writes.
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let ids = IdSource::random();
        let (mut database, mut schema) = (sqlite(folder.path().join("botyard.db")), None);
        if let Ok(url) = std::env::var("BOTYARD_TEST_POSTGRES_URL") {
            let name = format!("test_{}", ids.object_id());
            execute(&url, format!("CREATE SCHEMA {name}")).await;
            let own = format!("{url}?options=-csearch_path%3D{name}");
            database = DatabaseOptions::Postgres { url: own, connections: 10 };
            schema = Some((url, name));
        }
        let objects = ObjectLocation::Folder { path: folder.path().join("objects"), flush: false };
        let (clock, hand) = Clock::manual(Clock::system().now().plus(Duration::from_secs(2 * 24 * 3600)));
        let key = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=".to_owned();
        let master = MasterKey::from_base64(&key).unwrap();
        let store = Store::open(&database, &objects, clock.clone(), ids, master).await.unwrap();
        let account = store.account().await.unwrap().id;
        Self { store, hand, account, user: UserId::stored("u-test"), database, objects, clock, key, schema, folder }
    }

    /// Another store on the same data, as another process has it.
    pub async fn another(&self) -> Store {
        let master = MasterKey::from_base64(&self.key).unwrap();
        Store::open(&self.database, &self.objects, self.clock.clone(), IdSource::random(), master).await.unwrap()
    }

    /// The folder of this test.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub fn object(&self, key: &str) -> PathBuf {
        self.folder.path().join("objects").join(key)
    }

    pub async fn close(self) {
        self.store.close().await;
        if let Some((url, name)) = self.schema {
            execute(&url, format!("DROP SCHEMA {name} CASCADE")).await;
        }
    }

    /// A bot of these documents.
    pub async fn bot(&self, content: Content) -> Bot {
        if content == no_content() {
            for digest in [&content.definition, &content.config] {
                let key = format!("content/{}/{digest}.zst", &digest[..2]);
                self.store.blobs().put(&key, Bytes::from_static(b"never read")).await.unwrap();
            }
        }
        self.try_bot(content).await.unwrap()
    }

    /// A bot of documents that may not be there.
    pub async fn try_bot(&self, content: Content) -> Result<Bot, Error> {
        let now = self.store.clock().now();
        let bot = Bot {
            id: BotId::new(self.store.ids()),
            account: self.account.clone(),
            reference_id: self.store.ids().uuid(),
            name: "Test".to_owned(),
            description: String::new(),
            kind: "default".to_owned(),
            purpose: "customer".to_owned(),
            color: "#336699".to_owned(),
            default_language: "en".to_owned(),
            languages: vec!["en".to_owned()],
            content,
            revision: 1,
            last_version: 0,
            published_version: None,
            settings: Map::new(),
            created_by: self.user.clone(),
            created_at: now,
            modified_by: self.user.clone(),
            modified_at: now,
        };
        let written = bot.clone();
        self.store.write(move |tx| Box::pin(async move { written.insert(tx).await })).await?;
        Ok(bot)
    }

    /// An export to be submitted.
    pub fn export_of(&self, bot: &Bot) -> NewRequest {
        NewRequest {
            task: BotExport { export_type: ExportType::Latest, version: None, body: json!({}), findings: Vec::new() }
                .into(),
            account: self.account.clone(),
            bot: Some(bot.id.clone()),
            log: Vec::new(),
            app: None,
            created_by: self.user.clone(),
        }
    }

    /// The messages in the change log of a bot, sorted.
    pub async fn changes(&self, bot: &BotId) -> Vec<String> {
        let filter = ChangeFilter { limit: 10_000, ..ChangeFilter::default() };
        let entries = self.store.changes(bot, &filter).await.unwrap();
        let mut messages: Vec<String> = entries.into_iter().map(|entry| entry.message).collect();
        messages.sort();
        messages
    }
}

/// Documents that nobody reads.
pub fn no_content() -> Content {
    Content {
        definition: "00".repeat(32),
        definition_file: domain::DefinitionFile::default(),
        config: "11".repeat(32),
        functions: Vec::new(),
        icon: None,
    }
}

fn sqlite(path: PathBuf) -> DatabaseOptions {
    DatabaseOptions::Sqlite { path, durability: Durability::Process }
}

async fn execute(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
