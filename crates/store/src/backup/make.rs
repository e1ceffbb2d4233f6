//! Making a backup.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use domain::Timestamp;
use futures_util::TryStreamExt;
use serde_json::Value;

use super::catalog::{self, Kind, Table};
use super::objects::{copy_out, make_parent};
use super::{
    BackupError, Digested, FORMAT, KEY, MANIFEST, Manifest, OBJECT_LIST, OBJECTS, ObjectCopies, ROWS, TableCopy, at,
};
use crate::founding;
use crate::sql::Connection;
use crate::sweep::{Sweep, referenced_objects};
use crate::{Error, Store};

/// What a backup is to be like.
#[derive(Clone, Debug)]
pub struct NewBackup {
    /// The folder, which must be empty or absent.
    pub folder: PathBuf,
    /// Whether the master key goes along. Whoever has such a backup can read every secret in it.
    pub with_key: bool,
    /// The release that makes it.
    pub release: String,
}

/// How often a backup asks whether sweeps are over, and how often at the most.
const SWEEP_LOOK: Duration = Duration::from_millis(500);
const SWEEP_LOOKS: u32 = 240;

pub(super) async fn make(store: &Store, new: &NewBackup) -> Result<Manifest, BackupError> {
    let folder = &new.folder;
    make_folder(folder)?;
    let mut sweep = hold_sweeps(store).await?;
    let made = tokio::select! {
        made = copy(store, new) => made,
        lost = sweep.keep() => Err(lost.into()),
    };
    sweep.end().await?;
    let manifest = made?;
    let path = folder.join(MANIFEST);
    let text = serde_json::to_vec_pretty(&manifest).expect("plain data always serialises");
    let mut file = File::create_new(&path).map_err(at(&path))?;
    file.write_all(&text).and_then(|()| file.sync_all()).map_err(at(&path))?;
    File::open(folder).and_then(|folder| folder.sync_all()).map_err(at(folder))?;
    Ok(manifest)
}

/// Nothing may be removed between the copy of the rows and that of the objects they name.
async fn hold_sweeps(store: &Store) -> Result<Sweep, BackupError> {
    for _ in 0..SWEEP_LOOKS {
        if let Some(sweep) = store.begin_sweep().await? {
            return Ok(sweep);
        }
        tokio::time::sleep(SWEEP_LOOK).await;
    }
    Err(BackupError::Busy)
}

fn make_folder(folder: &Path) -> Result<(), BackupError> {
    make_parent(&folder.join(ROWS).join("x"))?;
    let others = fs::read_dir(folder).map_err(at(folder))?.filter_map(Result::ok);
    let is_other = |name: &std::ffi::OsStr| name != ROWS;
    let rows = fs::read_dir(folder.join(ROWS)).map_err(at(folder))?;
    if others.into_iter().any(|entry| is_other(&entry.file_name())) || rows.count() > 0 {
        return Err(BackupError::NotEmpty(folder.to_owned()));
    }
    Ok(())
}

async fn copy(store: &Store, new: &NewBackup) -> Result<Manifest, BackupError> {
    let folder = &new.folder;
    let mut look = store.database.look().await?;
    let rows = copy_rows(&mut look.connection(&store.blobs), folder, store).await?;
    drop(look);
    let Rows { schema, key_fingerprint, tables, referenced, made_at } = rows;
    if new.with_key {
        let key = folder.join(KEY);
        store.key.save(&key).map_err(|error| at(&key)(std::io::Error::other(error)))?;
    }
    let copied = copy_out(store, &referenced, &folder.join(OBJECTS)).await?;
    let list = folder.join(OBJECT_LIST);
    let mut file = Digested::new(BufWriter::new(File::create_new(&list).map_err(at(&list))?));
    for object in &copied.objects {
        let line = serde_json::to_string(object).expect("plain data always serialises");
        writeln!(file, "{line}").map_err(at(&list))?;
    }
    let sha256 = finish(file, &list)?;
    Ok(Manifest {
        format: FORMAT,
        release: new.release.clone(),
        made_at,
        schema,
        key_fingerprint,
        has_key: new.with_key,
        tables,
        objects: ObjectCopies {
            count: copied.objects.len() as u64,
            bytes: copied.objects.iter().map(|object| object.size).sum(),
            sha256,
        },
        missing: copied.missing,
    })
}

struct Rows {
    schema: Vec<i64>,
    key_fingerprint: String,
    tables: Vec<TableCopy>,
    referenced: HashSet<String>,
    made_at: Timestamp,
}

async fn copy_rows(connection: &mut Connection<'_>, folder: &Path, store: &Store) -> Result<Rows, BackupError> {
    let versions = connection.rows("SELECT version FROM _sqlx_migrations ORDER BY version", vec![]).await?;
    let schema: Vec<i64> = versions.iter().map(|row| row.get("version")).collect::<Result<_, Error>>()?;
    let made_at = store.clock.now();
    let key_fingerprint = founding::fingerprint(connection).await?.unwrap_or_else(|| store.key.fingerprint());
    let mut tables = Vec::new();
    for table in catalog::tables(&schema).await? {
        tables.push(copy_table(connection, &table, folder).await?);
    }
    let referenced = referenced_objects(connection).await?;
    Ok(Rows { schema, key_fingerprint, tables, referenced, made_at })
}

async fn copy_table(connection: &mut Connection<'_>, table: &Table, folder: &Path) -> Result<TableCopy, BackupError> {
    let path = folder.join(ROWS).join(format!("{}.jsonl", table.name));
    let mut file = Digested::new(BufWriter::new(File::create_new(&path).map_err(at(&path))?));
    let mut count = 0;
    let mut rows = connection.stream(format!("SELECT {} FROM {}", table.column_list(), table.name), vec![])?;
    while let Some(row) = rows.try_next().await? {
        let mut values = Vec::with_capacity(table.columns.len());
        for column in &table.columns {
            values.push(match column.kind {
                Kind::Text => row.get::<Option<String>>(&column.name)?.map_or(Value::Null, Value::from),
                Kind::Int => row.get::<Option<i64>>(&column.name)?.map_or(Value::Null, Value::from),
                Kind::Bool => row.get::<Option<bool>>(&column.name)?.map_or(Value::Null, Value::from),
            });
        }
        writeln!(file, "{}", Value::Array(values)).map_err(at(&path))?;
        count += 1;
    }
    let columns = table.columns.iter().map(|column| column.name.clone()).collect();
    Ok(TableCopy { name: table.name.clone(), columns, rows: count, sha256: finish(file, &path)? })
}

/// Makes a file durable; the digest of what is in it.
fn finish(mut file: Digested<BufWriter<File>>, path: &Path) -> Result<String, BackupError> {
    file.flush().and_then(|()| file.inner.get_ref().sync_all()).map_err(at(path))?;
    Ok(file.sha256())
}
