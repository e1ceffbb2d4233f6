//! What was said in confidence is nowhere in clear: not in the database, its log, an object or a file on the way.

use std::path::Path;

use bytes::Bytes;
use serde_json::{Value, json};
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use store::NewFile;

use crate::support::TestServer;
use crate::support::bots::BotFiles;
use crate::zip_builder::{deflated, zip};

/// The value of a secured variable. No other text has it in it.
const SECRET: &str = "s3cr3t-of-the-corner-coffee-shop";

/// The sample with a value for its secured variable.
fn with_secret() -> BotFiles {
    let mut files = BotFiles::sample();
    let text = String::from_utf8(files.config).unwrap();
    let key = text.find("\"shopApiKey\"").unwrap();
    let value = key + text[key..].find("\"value\": \"").unwrap() + "\"value\": \"".len();
    files.config = [&text[..value], SECRET, &text[value..]].concat().into_bytes();
    files
}

/// Large text that does not compress to less than a few sealed pieces, with the secret at the front and the end.
fn padded(config: &[u8], padding: usize) -> Vec<u8> {
    let mut config: Value = serde_json::from_slice(config).unwrap();
    let noise = (0..padding / 16).map(|at| store::sha256(&at.to_le_bytes())[..16].to_owned());
    config["padding"] = json!(noise.collect::<String>());
    config["envVariables"].as_array_mut().unwrap().reverse();
    serde_json::to_vec(&config).unwrap()
}

#[tokio::test]
async fn a_secured_value_is_nowhere_in_clear() {
    let mut server = TestServer::start().await;
    let admin = server.admin().await;
    let files = with_secret();
    let sample = BotFiles::sample();

    // As new, from files; into the bot, from an archive of several sealed pieces; and out again.
    let bot = admin.import_new(&files).await.bot;
    let mut large = files.clone();
    large.config = padded(&files.config, 300_000);
    let archive = zip(&[deflated("botDefinition.json", &large.definition), deflated("config.json", &large.config)]);
    let archive = admin.upload("bot.zip", archive).await;
    admin
        .import_body(&format!("/api/public/bot/{bot}/import"), &json!({"uploadMode": "ZIP", "zipInfo": archive}))
        .await;
    admin.import_into(&bot, &files, None).await;
    admin.publish(&bot, "with a secret").await;
    let exported = BotFiles::from_archive(&admin.export(&bot, "latest").await);
    assert_eq!(exported.difference(&sample.with_id(&bot)), None, "every byte but the value");

    // An import that fails at the secret's place, or before it, does not repeat it.
    let text = String::from_utf8(files.config.clone()).unwrap();
    for broken in [text.replacen(SECRET, &format!("{SECRET}\" x"), 1), text.replacen("\"name\"", "name", 1)] {
        let mut body = files.upload(&admin).await;
        body["configInfo"] = json!(admin.upload("config.json", broken).await);
        let started = admin.post(&format!("/api/public/bot/{bot}/import"), &body).await.json();
        let id = started["_id"].as_str().unwrap();
        let record = admin.wait(&format!("/api/public/bot/import/status/{id}")).await;
        assert_eq!(record["status"], "failed", "{record}");
        assert!(!record.to_string().contains(SECRET), "{record}");
    }
    let builder = server.builder(&[&bot]).await;
    let variables = json!([{"key": "another", "value": SECRET, "isSecured": true}]);
    builder.post(&format!("/api/public/builder/bot/{bot}/variables/import"), &variables).await.json();
    admin.export(&bot, "latest").await;

    // Also after a restart, when the log of the database was folded into it.
    for when in ["while it runs", "after a restart"] {
        let mut found = Vec::new();
        let looked = search(&server.path(""), &mut found);
        assert!(looked > 5, "{when}: {looked} files were looked at");
        assert_eq!(found, Vec::<String>::new(), "{when}");
        if let Some(url) = server.config().database.url.as_ref().map(|url| url.expose().to_owned()) {
            assert_eq!(search_tables(&url).await, Vec::<String>::new(), "{when}");
        }
        server.restart().await;
    }
    server.finish().await;
}

/// Puts the names of files with the secret into `found`; how many were looked at.
fn search(folder: &Path, found: &mut Vec<String>) -> usize {
    let holds = |bytes: &[u8]| bytes.windows(SECRET.len()).any(|part| part == SECRET.as_bytes());
    let mut looked = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            looked += search(&path, found);
            continue;
        }
        let Ok(bytes) = std::fs::read(&path) else { continue };
        looked += 1;
        let unpacked = if path.extension().is_some_and(|it| it == "zst") {
            zstd::stream::decode_all(bytes.as_slice()).unwrap()
        } else {
            Vec::new()
        };
        if holds(&bytes) || holds(&unpacked) {
            found.push(path.display().to_string());
        }
    }
    looked
}

/// The tables of PostgreSQL that have a row with the secret.
async fn search_tables(url: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.unwrap();
    let tables = "SELECT tablename::text FROM pg_tables WHERE schemaname = current_schema()";
    let tables: Vec<String> =
        sqlx::query(tables).fetch_all(&mut connection).await.unwrap().iter().map(|row| row.get(0)).collect();
    assert!(tables.len() > 10, "{tables:?}");
    let mut found = Vec::new();
    for table in tables {
        let sql = format!("SELECT COUNT(*) FROM {table} AS r WHERE r::text LIKE '%{SECRET}%'");
        let count: i64 = sqlx::query(AssertSqlSafe(sql)).fetch_one(&mut connection).await.unwrap().get(0);
        if count > 0 {
            found.push(table);
        }
    }
    connection.close().await.unwrap();
    found
}

#[tokio::test]
async fn uploads_of_the_version_before_are_read_and_changed_ones_are_not() {
    let server = TestServer::start().await;
    let admin = server.admin().await;
    let (files, store) = (with_secret(), server.store());
    let mut body = files.upload(&admin).await;
    let premises = server.premises();

    // An object under a plain name is as it came, as all were before they were sealed.
    store.blobs().put("uploads/of-before", Bytes::from(files.config.clone())).await.unwrap();
    let config = NewFile {
        account: premises.account.id.clone(),
        name: "config.json".into(),
        extension: "json".into(),
        context: "bulkImport".into(),
        size: files.config.len() as i64,
        digest: store::sha256(&files.config),
        object_key: "uploads/of-before".into(),
        created_by: premises.owner.id.clone(),
        expires_at: None,
    };
    body["configInfo"] = json!(store.add_file(config).await.unwrap().id);
    let bot = admin.import_body("/api/public/bot/import", &body).await.bot;
    let secured = store.secured_values(&domain::BotId::stored(&bot)).await.unwrap();
    assert_eq!(secured.len(), 1, "the value was taken out of the old upload");

    let config = admin.upload("config.json", files.config.clone()).await;
    let kept = store.file(&premises.account.id, &config).await.unwrap().unwrap();
    let mut bytes = store.blobs().get(&kept.object_key).await.unwrap().to_vec();
    *bytes.last_mut().unwrap() ^= 1;
    store.blobs().put(&kept.object_key, bytes.into()).await.unwrap();
    body["configInfo"] = json!(config);
    body["name"] = json!("Changed");
    let started = admin.post("/api/public/bot/import", &body).await.json();
    let record = admin.wait(&format!("/api/public/bot/import/status/{}", started["_id"].as_str().unwrap())).await;
    assert_eq!(record["status"], "failed", "{record}");
    let reason = record["statusLogs"].to_string();
    assert!(reason.contains("config.json") && reason.contains("cannot be opened with this master key"), "{record}");
    server.finish().await;
}
