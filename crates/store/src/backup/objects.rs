//! Objects on their way into a backup and out of it.

use std::collections::HashSet;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::{Component, Path, PathBuf};

use bytes::Bytes;
use domain::Timestamp;
use futures_util::FutureExt;
use futures_util::stream::{self, StreamExt, TryStreamExt};

use super::{BackupError, Digested, ObjectCopy, at};
use crate::blobs::{BlobError, content_key};
use crate::{Blobs, Store, models};

/// How many objects are under way at once: enough to hide the time a bucket takes to answer.
const AT_ONCE: usize = 8;
/// How much of a file is read at once. Bytes.
const PIECE: usize = 1 << 20;

/// What was copied, and what should have been.
pub(super) struct Copied {
    pub(super) objects: Vec<ObjectCopy>,
    pub(super) missing: Vec<String>,
}

/// Copies the objects that rows name, and the models of definitions among them, into a folder.
pub(super) async fn copy_out(
    store: &Store,
    referenced: &HashSet<String>,
    folder: &Path,
) -> Result<Copied, BackupError> {
    let blobs = &store.blobs;
    let of_definition =
        |name: &String| models::definition_of(name).is_some_and(|it| referenced.contains(&content_key(it)));
    let models = blobs.names(models::FOLDER, Timestamp::from_millis(i64::MAX)).await?.into_iter().filter(of_definition);
    let mut names: Vec<String> = referenced.iter().cloned().chain(models).collect();
    names.sort();
    let (blobs, folder) = (blobs.clone(), folder.to_owned());
    let mut copies = stream::iter(names)
        .map(|name| FutureExt::boxed(copy_named(blobs.clone(), name, folder.clone())))
        .buffered(AT_ONCE);
    let mut copied = Copied { objects: Vec::new(), missing: Vec::new() };
    while let Some((name, object)) = copies.try_next().await? {
        match object {
            Some(object) => copied.objects.push(object),
            None => copied.missing.push(name),
        }
    }
    Ok(copied)
}

/// An object's name and its copy, if it was there to be copied.
async fn copy_named(blobs: Blobs, name: String, folder: PathBuf) -> Result<(String, Option<ObjectCopy>), BackupError> {
    match copy_one(&blobs, &name, &folder.join(&name)).await {
        Ok((size, sha256)) => Ok((name.clone(), Some(ObjectCopy { name, size, sha256 }))),
        Err(BackupError::Store(crate::Error::Blob(BlobError::Missing(_)))) => Ok((name, None)),
        Err(error) => Err(error),
    }
}

async fn copy_one(blobs: &Blobs, name: &str, path: &Path) -> Result<(u64, String), BackupError> {
    let mut pieces = blobs.stream(name, None).await?;
    make_parent(path)?;
    let mut file = Digested::new(File::create_new(path).map_err(at(path))?);
    while let Some(piece) = pieces.try_next().await? {
        file.write_all(&piece).map_err(at(path))?;
    }
    file.inner.sync_all().map_err(at(path))?;
    Ok((file.size, file.sha256()))
}

/// Puts the objects of a folder into a store.
pub(super) async fn copy_in(blobs: &Blobs, objects: &[ObjectCopy], folder: &Path) -> Result<(), BackupError> {
    let copies = stream::iter(objects).map(Ok).try_for_each_concurrent(AT_ONCE, |object| async move {
        let path = file_of(folder, &object.name)?;
        let mut file = File::open(&path).map_err(at(&path))?;
        let mut upload = blobs.upload(&object.name);
        loop {
            let mut piece = Vec::with_capacity(PIECE);
            Read::by_ref(&mut file).take(PIECE as u64).read_to_end(&mut piece).map_err(at(&path))?;
            if piece.is_empty() {
                break;
            }
            upload.push(Bytes::from(piece)).await?;
        }
        upload.finish().await?;
        Ok(())
    });
    copies.await
}

/// Refuses an object whose file is not the one that was copied.
pub(super) fn check(folder: &Path, object: &ObjectCopy) -> Result<(), BackupError> {
    let path = file_of(folder, &object.name)?;
    let found = digest_of(&path)?;
    if found != (object.size, object.sha256.clone()) {
        let what = "is not what was copied".to_owned();
        return Err(BackupError::Damaged { path, what });
    }
    Ok(())
}

/// The size and the digest of a file.
pub(super) fn digest_of(path: &Path) -> Result<(u64, String), BackupError> {
    let file = match File::open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            return Err(BackupError::Damaged { path: path.to_owned(), what: "is missing".to_owned() });
        }
        opened => opened.map_err(at(path))?,
    };
    let mut file = Digested::new(file);
    io::copy(&mut file, &mut io::sink()).map_err(at(path))?;
    Ok((file.size, file.sha256()))
}

/// The file of an object. A list that was tampered with could lead out of the folder.
fn file_of(folder: &Path, name: &str) -> Result<PathBuf, BackupError> {
    if Path::new(name).components().all(|part| matches!(part, Component::Normal(_))) {
        return Ok(folder.join(name));
    }
    Err(BackupError::Damaged { path: folder.to_owned(), what: format!("cannot hold an object named {name}") })
}

/// Makes the folder that a file goes into, for its owner only.
pub(super) fn make_parent(path: &Path) -> Result<(), BackupError> {
    let Some(parent) = path.parent() else { return Ok(()) };
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(parent).map_err(at(parent))
}
