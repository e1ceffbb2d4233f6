//! Files that were uploaded or made: what serves them, for how long.

use std::time::Duration;

use domain::{AccountId, FileId, Timestamp, UserId};

use crate::sql::{Connection, Row, kept};
use crate::{Error, Store, args};

/// A file.
#[derive(Clone, Debug, PartialEq)]
pub struct File {
    /// The id.
    pub id: FileId,
    /// The account.
    pub account: AccountId,
    /// The name in media links, `f-<uuid>.<extension>`.
    pub media_name: String,
    /// The name it was uploaded under, or is offered under.
    pub name: String,
    /// The extension, without a dot; empty when not known.
    pub extension: String,
    /// What it was uploaded for: `bulkImport`, `export` …
    pub context: String,
    /// How large it is, in bytes.
    pub size: i64,
    /// The SHA-256 of its bytes.
    pub digest: String,
    /// The object that holds its bytes. Several files may share one.
    pub object_key: String,
    /// Who uploaded it, or asked for it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
    /// When it goes; never when absent.
    pub expires_at: Option<Timestamp>,
}

/// What a new file is made from.
#[derive(Clone, Debug)]
pub struct NewFile {
    /// The account.
    pub account: AccountId,
    /// The name it is offered under.
    pub name: String,
    /// The extension, without a dot.
    pub extension: String,
    /// What it is for.
    pub context: String,
    /// Bytes.
    pub size: i64,
    /// SHA-256.
    pub digest: String,
    /// The object that holds its bytes.
    pub object_key: String,
    /// Whose it is.
    pub created_by: UserId,
    /// When it goes; never when absent.
    pub expires_at: Option<Timestamp>,
}

/// How long an object outlives the last file that named it: a job that took the file just before may still link it.
const OBJECT_GRACE: Duration = Duration::from_secs(3600);

const COLUMNS: &str = "id, account_id, media_name, name, extension, context, size, digest, object_key, created_by, \
    created_at, expires_at";

impl File {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: FileId::stored(row.get::<String>("id")?),
            account: AccountId::stored(row.get::<String>("account_id")?),
            media_name: row.get("media_name")?,
            name: row.get("name")?,
            extension: row.get("extension")?,
            context: row.get("context")?,
            size: row.get("size")?,
            digest: row.get("digest")?,
            object_key: row.get("object_key")?,
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
            expires_at: row.time_option("expires_at")?,
        })
    }

    /// Writes a file made by [`Store::new_file`].
    pub async fn insert(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        let sql = format!("INSERT INTO files ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)");
        tx.execute(
            sql,
            args![
                &self.id,
                &self.account,
                &self.media_name,
                kept(&*self.name),
                &self.extension,
                kept(&*self.context),
                self.size,
                &self.digest,
                &self.object_key,
                &self.created_by,
                self.created_at,
                self.expires_at,
            ],
        )
        .await
        .map(drop)
    }
}

impl Store {
    /// Gives a file its id and media name; [`File::insert`] or [`Store::add_file`] writes it.
    pub fn new_file(&self, new: NewFile) -> File {
        let media_id = self.ids.prefixed("f");
        let media_name = if new.extension.is_empty() { media_id } else { format!("{media_id}.{}", new.extension) };
        File {
            id: FileId::new(&self.ids),
            account: new.account,
            media_name,
            name: new.name,
            extension: new.extension,
            context: new.context,
            size: new.size,
            digest: new.digest,
            object_key: new.object_key,
            created_by: new.created_by,
            created_at: self.clock.now(),
            expires_at: new.expires_at,
        }
    }

    /// Writes a file whose bytes are in the object store already.
    pub async fn add_file(&self, new: NewFile) -> Result<File, Error> {
        let file = self.new_file(new);
        let written = file.clone();
        self.write(move |tx| Box::pin(async move { written.insert(tx).await })).await?;
        Ok(file)
    }

    /// The file with this id, if it has not expired.
    pub async fn file(&self, account: &AccountId, id: &str) -> Result<Option<File>, Error> {
        let load = async {
            let sql = format!("SELECT {COLUMNS} FROM files WHERE id = $1 AND account_id = $2");
            self.row(sql, args![id, account]).await?.as_ref().map(File::read).transpose()
        };
        // Kept answers do not know the time, so the end of a file is judged here.
        let found: Option<File> = self.read_cache.answer("file", &format!("{id} of {account}"), load).await?;
        let now = self.clock.now();
        Ok(found.filter(|file| file.expires_at.is_none_or(|end| end > now)))
    }

    /// The file with this name in media links, if it has not expired.
    pub async fn file_by_media_name(&self, name: &str) -> Result<Option<File>, Error> {
        let sql =
            format!("SELECT {COLUMNS} FROM files WHERE media_name = $1 AND (expires_at IS NULL OR expires_at > $2)");
        self.row(sql, args![name, self.clock.now()]).await?.as_ref().map(File::read).transpose()
    }

    /// A file that has not expired and whose bytes are in this object.
    pub async fn file_by_object(&self, object_key: &str) -> Result<Option<File>, Error> {
        let sql = format!(
            "SELECT {COLUMNS} FROM files WHERE object_key = $1 AND (expires_at IS NULL OR expires_at > $2) LIMIT 1"
        );
        self.row(sql, args![object_key, self.clock.now()]).await?.as_ref().map(File::read).transpose()
    }

    /// How many files an account uploaded that have not expired, and how many bytes they have together.
    pub async fn uploads_of(&self, account: &AccountId) -> Result<(u64, u64), Error> {
        let sql = "SELECT COUNT(*) AS files, CAST(COALESCE(SUM(size), 0) AS BIGINT) AS bytes FROM files \
            WHERE expires_at > $2 AND account_id = $1 AND object_key LIKE 'uploads/%'";
        let Some(row) = self.row(sql, args![account, self.clock.now()]).await? else { return Ok((0, 0)) };
        let (files, bytes) = (row.get::<i64>("files")?, row.get::<i64>("bytes")?);
        Ok((u64::try_from(files).unwrap_or(0), u64::try_from(bytes).unwrap_or(0)))
    }

    /// Forgets files that expired; the objects that no file names any more.
    pub(crate) async fn forget_expired_files(&self) -> Result<Vec<String>, Error> {
        let before = self.clock.now().minus(OBJECT_GRACE);
        self.write(move |tx| {
            Box::pin(async move {
                tx.execute("DELETE FROM archives WHERE expires_at < $1", args![before]).await?;
                let rows =
                    tx.rows("DELETE FROM files WHERE expires_at < $1 RETURNING object_key", args![before]).await?;
                let mut unnamed = Vec::new();
                for row in rows {
                    let key: String = row.get("object_key")?;
                    let named = tx.row("SELECT 1 AS one FROM files WHERE object_key = $1 LIMIT 1", args![&key]).await?;
                    if named.is_none() && !unnamed.contains(&key) {
                        unnamed.push(key);
                    }
                }
                Ok(unnamed)
            })
        })
        .await
    }
}
