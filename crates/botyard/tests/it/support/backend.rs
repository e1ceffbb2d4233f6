//! Where a test's server keeps its data: a place of its own that goes with the test.

use std::path::{Path, PathBuf};

use access::Secret;
use botyard::Config;
use domain::IdSource;
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use super::s3::S3Server;

/// The variable that moves all tests to PostgreSQL and S3.
const POSTGRES_URL: &str = "BOTYARD_TEST_POSTGRES_URL";

/// The place of one test.
pub struct Backend {
    folder: TempDir,
    remote: Option<Remote>,
}

/// PostgreSQL with a schema of its own, and an S3 server with a bucket of its own.
struct Remote {
    postgres: String,
    schema: String,
    s3: S3Server,
}

impl Backend {
    pub async fn open() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let Ok(postgres) = std::env::var(POSTGRES_URL) else { return Self { folder, remote: None } };
        let schema = format!("test_{}", IdSource::random().object_id());
        execute(&postgres, format!("CREATE SCHEMA {schema}")).await;
        let s3 = S3Server::start(&folder.path().join("s3")).await;
        Self { folder, remote: Some(Remote { postgres, schema, s3 }) }
    }

    /// Points settings to this place.
    pub fn apply(&self, config: &mut Config) {
        config.data = self.folder.path().join("data");
        let Some(remote) = &self.remote else { return };
        let separator = if remote.postgres.contains('?') { '&' } else { '?' };
        let url = format!("{}{separator}options=-csearch_path%3D{}", remote.postgres, remote.schema);
        config.database.url = Some(Secret::new(url));
        config.objects = remote.s3.settings();
    }

    /// The files of objects whose writing was begun and neither ended nor called off.
    pub fn half_written_objects(&self) -> Vec<PathBuf> {
        let root = match &self.remote {
            Some(remote) => remote.s3.folder().to_owned(),
            None => self.folder.path().join("data").join("objects"),
        };
        let mut found = Vec::new();
        collect_half_written(&root, &mut found);
        found
    }

    pub async fn close(self) {
        if let Some(remote) = self.remote {
            execute(&remote.postgres, format!("DROP SCHEMA {} CASCADE", remote.schema)).await;
            remote.s3.stop();
        }
    }
}

/// The object store of a folder writes to `name#number` first. The S3 server keeps a file `.upload-…` for an upload as long
/// as it is neither ended nor called off; a part that arrives after that belongs to nothing, as on S3 itself.
fn collect_half_written(folder: &Path, found: &mut Vec<PathBuf>) {
    let Ok(entries) = std::fs::read_dir(folder) else { return };
    for entry in entries {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        if path.is_dir() {
            collect_half_written(&path, found);
        } else if name.contains('#') || name.starts_with(".upload-") {
            found.push(path);
        }
    }
}

async fn execute(url: &str, sql: String) {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers at the URL of the variable");
    sqlx::raw_sql(AssertSqlSafe(sql)).execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
}
