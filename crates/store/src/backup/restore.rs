//! A store from a backup.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, BufRead, BufReader};
use std::path::{Path, PathBuf};

use domain::Timestamp;
use serde_json::Value;
use sqlx::{Connection as _, PgConnection, SqliteConnection};

use super::catalog::{self, Kind, Table};
use super::objects::{self, digest_of};
use super::{BackupError, FORMAT, KEY, MANIFEST, Manifest, OBJECT_LIST, OBJECTS, ObjectCopy, ROWS, TableCopy, at};
use crate::database::{make_file, sqlite_options};
use crate::founding::is_founded;
use crate::health::{PROBE, Writing};
use crate::schema::{migrate, migrator, migrator_of};
use crate::sql::{Arg, Connection};
use crate::{Blobs, DatabaseOptions, ObjectLocation};

/// A backup that was read and found to be whole.
#[derive(Debug)]
pub struct Backup {
    folder: PathBuf,
    manifest: Manifest,
    objects: Vec<ObjectCopy>,
    tables: Vec<Table>,
}

/// As many rows go into one statement, and at most as many values as SQLite takes.
const ROWS_AT_ONCE: usize = 100;
const MOST_VALUES: usize = 30_000;

impl Backup {
    /// Reads a backup and compares every file with what the manifest says.
    ///
    /// # Errors
    /// When it is not a whole backup, or one of a newer release.
    pub async fn open(folder: &Path) -> Result<Self, BackupError> {
        let path = folder.join(MANIFEST);
        let text = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {
                return Err(BackupError::NoManifest(folder.to_owned()));
            }
            read => read.map_err(at(&path))?,
        };
        let damaged = |path: &Path, error: serde_json::Error| BackupError::Damaged {
            path: path.to_owned(),
            what: format!("cannot be read: {error}"),
        };
        // What another form looks like is not known; only these two are sure to be there.
        let form: Value = serde_json::from_slice(&text).map_err(|error| damaged(&path, error))?;
        if let Some(format) = form["format"].as_u64().filter(|format| *format != u64::from(FORMAT)) {
            let release = form["release"].as_str().unwrap_or("unknown").to_owned();
            return Err(BackupError::UnknownForm { format: u32::try_from(format).unwrap_or(u32::MAX), release });
        }
        let manifest: Manifest = serde_json::from_slice(&text).map_err(|error| damaged(&path, error))?;
        let tables = catalog::tables(&manifest.schema).await?;
        for table in &manifest.tables {
            let path = rows_file(folder, table);
            let (_, sha256) = digest_of(&path)?;
            if sha256 != table.sha256 {
                return Err(BackupError::Damaged { path, what: "is not what was copied".to_owned() });
            }
        }
        let list = folder.join(OBJECT_LIST);
        if digest_of(&list)?.1 != manifest.objects.sha256 {
            return Err(BackupError::Damaged { path: list, what: "is not what was written".to_owned() });
        }
        let mut objects = Vec::new();
        for line in BufReader::new(File::open(&list).map_err(at(&list))?).lines() {
            let object = serde_json::from_str(&line.map_err(at(&list))?).map_err(|error| damaged(&list, error))?;
            objects::check(&folder.join(OBJECTS), &object)?;
            objects.push(object);
        }
        Ok(Self { folder: folder.to_owned(), manifest, objects, tables })
    }

    /// What is in it.
    pub fn manifest(&self) -> &Manifest {
        &self.manifest
    }

    /// The file of the master key, when the backup has it.
    pub fn key_file(&self) -> Option<PathBuf> {
        self.manifest.has_key.then(|| self.folder.join(KEY))
    }

    /// Refuses a target that holds something else.
    ///
    /// # Errors
    /// When there is a store in the database, or objects of another one, or one of them cannot be reached.
    pub async fn check_target(&self, database: &DatabaseOptions, location: &ObjectLocation) -> Result<(), BackupError> {
        if is_founded(database).await? {
            return Err(BackupError::Founded);
        }
        // Those of this backup may be there: of an attempt that broke off, or because only the database moves.
        let own: HashSet<&str> = self.objects.iter().map(|object| object.name.as_str()).collect();
        let blobs = Blobs::open(location, Writing::default())?;
        let found = blobs.names("", Timestamp::from_millis(i64::MAX)).await?;
        match found.into_iter().find(|name| name != PROBE && !own.contains(name.as_str())) {
            Some(other) => Err(BackupError::OtherObjects(other)),
            None => Ok(()),
        }
    }

    /// Fills an empty store: objects first, then all rows in one transaction, then what newer releases changed.
    ///
    /// # Errors
    /// When the target is not empty or fails. What was written then is not a store yet; restoring may be repeated.
    pub async fn restore(&self, database: &DatabaseOptions, location: &ObjectLocation) -> Result<(), BackupError> {
        self.check_target(database, location).await?;
        let blobs = Blobs::open(location, Writing::default())?;
        objects::copy_in(&blobs, &self.objects, &self.folder.join(OBJECTS)).await?;
        // The schema of the backup first: a newer one expects its changes to have been made to rows as well.
        let (then, now) = (migrator_of(&self.manifest.schema)?, migrator());
        match database {
            DatabaseOptions::Sqlite { path, .. } => {
                make_file(path).map_err(at(path))?;
                let options = sqlite_options(path);
                let mut connection = SqliteConnection::connect_with(&options).await?;
                migrate(&then, &mut connection).await?;
                let mut transaction = connection.begin().await?;
                self.load(&mut Connection::sqlite(&mut transaction, &blobs)).await?;
                transaction.commit().await?;
                migrate(&now, &mut connection).await?;
                connection.close().await?;
            }
            DatabaseOptions::Postgres { url, .. } => {
                let mut connection = PgConnection::connect(url).await?;
                migrate(&then, &mut connection).await?;
                let mut transaction = connection.begin().await?;
                self.load(&mut Connection::postgres(&mut transaction, &blobs)).await?;
                transaction.commit().await?;
                migrate(&now, &mut connection).await?;
                connection.close().await?;
            }
        }
        Ok(())
    }

    async fn load(&self, tx: &mut Connection<'_>) -> Result<(), BackupError> {
        // A new schema comes with some rows; those of the backup take their place.
        for table in self.tables.iter().rev() {
            tx.execute(format!("DELETE FROM {}", table.name), vec![]).await?;
        }
        for table in &self.tables {
            let Some(copy) = self.manifest.tables.iter().find(|copy| copy.name == table.name) else { continue };
            self.load_table(tx, table, copy).await?;
        }
        Ok(())
    }

    async fn load_table(&self, tx: &mut Connection<'_>, table: &Table, copy: &TableCopy) -> Result<(), BackupError> {
        let path = rows_file(&self.folder, copy);
        let damaged = |what: String| BackupError::Damaged { path: path.clone(), what };
        let order: Vec<String> = table.columns.iter().map(|column| column.name.clone()).collect();
        if order != copy.columns {
            return Err(damaged("has other columns than its schema".to_owned()));
        }
        let at_once = (MOST_VALUES / table.columns.len().max(1)).clamp(1, ROWS_AT_ONCE);
        let mut lines = BufReader::new(File::open(&path).map_err(at(&path))?).lines();
        let mut loaded = 0;
        loop {
            let mut statement = Statement::new(table);
            for line in lines.by_ref().take(at_once) {
                let line = line.map_err(at(&path))?;
                let values: Vec<Value> = serde_json::from_str(&line).map_err(|error| damaged(error.to_string()))?;
                let number = loaded + statement.rows + 1;
                statement.add(values).map_err(|what| damaged(format!("has a wrong line {number}: {what}")))?;
            }
            if statement.rows == 0 {
                break;
            }
            loaded += statement.rows;
            let written = tx.execute(statement.sql, statement.args).await;
            written.map_err(|source| BackupError::Refused { table: table.name.clone(), source: Box::new(source) })?;
        }
        if loaded != copy.rows {
            return Err(damaged(format!("has {loaded} rows instead of {}", copy.rows)));
        }
        Ok(())
    }
}

fn rows_file(folder: &Path, table: &TableCopy) -> PathBuf {
    folder.join(ROWS).join(format!("{}.jsonl", table.name))
}

/// An INSERT of several rows.
struct Statement<'a> {
    table: &'a Table,
    sql: String,
    args: Vec<Arg>,
    rows: u64,
}

impl<'a> Statement<'a> {
    fn new(table: &'a Table) -> Self {
        let sql = format!("INSERT INTO {} ({}) VALUES ", table.name, table.column_list());
        Self { table, sql, args: Vec::new(), rows: 0 }
    }

    fn add(&mut self, values: Vec<Value>) -> Result<(), String> {
        if values.len() != self.table.columns.len() {
            return Err(format!("{} values instead of {}", values.len(), self.table.columns.len()));
        }
        self.sql.push_str(if self.rows > 0 { ", (" } else { "(" });
        for (at, (column, value)) in self.table.columns.iter().zip(values).enumerate() {
            if at > 0 {
                self.sql.push_str(", ");
            }
            let arg = match (column.kind, value) {
                // Of no type, so that it fits any column.
                (_, Value::Null) => {
                    self.sql.push_str("NULL");
                    continue;
                }
                (Kind::Text, Value::String(text)) => Arg::Text(Some(text)),
                (Kind::Int, Value::Number(number)) => {
                    Arg::Int(Some(number.as_i64().ok_or_else(|| format!("{number} is no whole number"))?))
                }
                (Kind::Bool, Value::Bool(value)) => Arg::Bool(value),
                (_, value) => return Err(format!("{value} does not fit the column {}", column.name)),
            };
            self.args.push(arg);
            self.sql.push_str(&format!("${}", self.args.len()));
        }
        self.sql.push(')');
        self.rows += 1;
        Ok(())
    }
}
