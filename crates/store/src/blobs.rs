//! Bytes, large and immutable: in a folder or in an S3 bucket.
//!
//! `content/` holds the documents of bots, compressed, each under the SHA-256 of its own bytes: equal content is kept
//! once and a name can never be stale. `models/` holds what was learned from definitions. `exports/` and `icons/`
//! hold files as they are served; `uploads/` what came in, mostly sealed (see [`crate::sealed`]).

use std::collections::HashSet;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use aws_lc_rs::digest::{Context, SHA256, digest};
use bytes::Bytes;
use domain::Timestamp;
use futures_util::{StreamExt, TryStreamExt, stream::BoxStream};
use object_store::aws::AmazonS3Builder;
use object_store::buffered::BufWriter;
use object_store::local::LocalFileSystem;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use object_store::{GetOptions, GetRange, ObjectStore, ObjectStoreExt, PutPayload};
use serde::{Deserialize, Serialize};
use tokio::io::AsyncWriteExt;

use crate::LinkSigner;
use crate::health::Writing;
use crate::identity::Identity;

/// Where bytes are kept.
#[derive(Clone, Debug)]
pub enum ObjectLocation {
    /// A folder of this machine, created when absent.
    Folder {
        /// The folder.
        path: PathBuf,
        /// Whether every file is flushed to the disk before it is acknowledged.
        flush: bool,
    },
    /// A bucket of S3 or of a server that speaks its protocol.
    S3(S3Options),
}

/// How an S3 bucket is reached. What is absent is taken from the usual `AWS_…` variables.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields, default)]
pub struct S3Options {
    /// The bucket.
    pub bucket: String,
    /// A folder inside the bucket that all names get; empty for none.
    pub prefix: String,
    /// The server, when it is not the vendor's own.
    pub endpoint: Option<String>,
    /// The region.
    pub region: Option<String>,
    /// The access key id.
    pub access_key_id: Option<String>,
    /// The secret access key.
    pub secret_access_key: Option<String>,
    /// Whether plain HTTP is allowed, for servers on the same machine or network.
    pub allow_http: bool,
}

/// The object store refused or could not be reached.
#[derive(Debug, thiserror::Error)]
pub enum BlobError {
    /// The location cannot be used.
    #[error("the object location {location} cannot be used")]
    Location {
        /// The location.
        location: String,
        /// What was said.
        source: object_store::Error,
    },
    /// The folder cannot be made.
    #[error("the folder {path} for objects cannot be made")]
    Folder {
        /// The folder.
        path: String,
        /// What was said.
        source: std::io::Error,
    },
    /// The folder of all objects is not there any more.
    #[error("the folder {0} for objects is gone; put it back")]
    FolderGone(String),
    /// No object has this name.
    #[error("there is no object {0}")]
    Missing(String),
    /// Reading or writing failed.
    #[error("the object store failed on {name}")]
    Transfer {
        /// The object.
        name: String,
        /// What was said.
        source: object_store::Error,
    },
    /// What was read is not what was written.
    #[error("the object {0} is damaged: its content does not match its name")]
    Damaged(String),
}

/// The object store. Cheap to clone.
#[derive(Clone)]
pub struct Blobs {
    store: Arc<dyn ObjectStore>,
    signer: Option<LinkSigner>,
    prefix: String,
    folder: Option<Folder>,
    writing: Writing,
}

/// The folder that all objects are in.
#[derive(Clone)]
struct Folder {
    path: PathBuf,
    /// Which folder it was when it was opened.
    identity: Option<Identity>,
}

impl Folder {
    /// Says when the folder is not there any more; another one in its place would hide that all objects are gone.
    fn check(&self) -> Result<(), BlobError> {
        if Identity::is_still(self.identity, &self.path) {
            Ok(())
        } else {
            Err(BlobError::FolderGone(self.path.display().to_string()))
        }
    }
}

impl std::fmt::Debug for Blobs {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:?}", self.store)
    }
}

/// Objects up to this size are written in one request, larger ones in parts of this size. Bytes.
const PART_SIZE: usize = 8 << 20;
/// The level at which documents are compressed: fast, and JSON shrinks by ten.
const COMPRESSION_LEVEL: i32 = 1;

/// A document that claims to be larger is unpacked piece by piece, since the claim may come from damage. Bytes.
const LARGEST_CONTENT: u64 = 1 << 30;

impl Blobs {
    pub(crate) fn open(location: &ObjectLocation, writing: Writing) -> Result<Self, BlobError> {
        match location {
            ObjectLocation::Folder { path, flush } => {
                let failed = |source| BlobError::Folder { path: path.display().to_string(), source };
                make_folder(path).map_err(failed)?;
                let folder = LocalFileSystem::new_with_prefix(path)
                    .map_err(|source| BlobError::Location { location: path.display().to_string(), source })?;
                let store = Arc::new(folder.with_fsync(*flush).with_automatic_cleanup(false));
                let folder = Folder { path: path.clone(), identity: Identity::of(path) };
                Ok(Self { store, signer: None, prefix: String::new(), folder: Some(folder), writing })
            }
            ObjectLocation::S3(options) => {
                let mut builder =
                    AmazonS3Builder::from_env().with_bucket_name(&options.bucket).with_allow_http(options.allow_http);
                if let Some(endpoint) = &options.endpoint {
                    builder = builder.with_endpoint(endpoint);
                }
                if let Some(region) = &options.region {
                    builder = builder.with_region(region);
                }
                if let Some(id) = &options.access_key_id {
                    builder = builder.with_access_key_id(id);
                }
                if let Some(secret) = &options.secret_access_key {
                    builder = builder.with_secret_access_key(secret);
                }
                let bucket = builder
                    .build()
                    .map_err(|source| BlobError::Location { location: format!("s3://{}", options.bucket), source })?;
                let bucket = Arc::new(bucket);
                let prefix = options.prefix.trim_matches('/').to_owned();
                let store: Arc<dyn ObjectStore> = if prefix.is_empty() {
                    Arc::clone(&bucket) as _
                } else {
                    Arc::new(PrefixStore::new(Arc::clone(&bucket), prefix.clone()))
                };
                Ok(Self { store, signer: Some(bucket), prefix, folder: None, writing })
            }
        }
    }

    /// A store of no objects, for looks at a database that name none.
    pub(crate) fn nowhere() -> Self {
        let (store, writing) = (Arc::new(InMemory::new()), Writing::default());
        Self { store, signer: None, prefix: String::new(), folder: None, writing }
    }

    /// Answers when objects can be read, and the document with this digest, which a bot needs, is there.
    pub(crate) async fn check(&self, needed: Option<&str>) -> Result<(), BlobError> {
        self.check_folder()?;
        let name = needed.map_or_else(|| "content/none".to_owned(), content_key);
        if !self.has(&name).await? && needed.is_some() {
            return Err(BlobError::Missing(name));
        }
        Ok(())
    }

    fn check_folder(&self) -> Result<(), BlobError> {
        self.folder.as_ref().map_or(Ok(()), Folder::check)
    }

    /// Keeps a document under the digest of its bytes; a document that is there already is not written again.
    pub async fn put_content(&self, bytes: Bytes) -> Result<String, BlobError> {
        let (digest, bytes) =
            tokio::task::spawn_blocking(move || (sha256(&bytes), bytes)).await.expect("hashing cannot panic");
        let key = content_key(&digest);
        if !self.has(&key).await? {
            self.put_packed(&key, bytes).await?;
        }
        Ok(digest)
    }

    /// The document with this digest.
    pub async fn content(&self, digest: &str) -> Result<Vec<u8>, BlobError> {
        self.packed(&content_key(digest)).await
    }

    /// Writes an object compressed.
    pub(crate) async fn put_packed(
        &self,
        key: &str,
        bytes: impl AsRef<[u8]> + Send + 'static,
    ) -> Result<(), BlobError> {
        let packed = tokio::task::spawn_blocking(move || zstd::bulk::compress(bytes.as_ref(), COMPRESSION_LEVEL))
            .await
            .expect("compressing cannot panic")
            .expect("compressing into memory cannot fail");
        self.put(key, Bytes::from(packed)).await
    }

    /// Reads an object that was written compressed.
    pub(crate) async fn packed(&self, key: &str) -> Result<Vec<u8>, BlobError> {
        let packed = self.get(key).await?;
        let bytes = tokio::task::spawn_blocking(move || unpack(&packed)).await.expect("decompressing cannot panic");
        bytes.map_err(|_| BlobError::Damaged(key.to_owned()))
    }

    /// Whether an object is there.
    pub(crate) async fn has(&self, key: &str) -> Result<bool, BlobError> {
        let path = Path::from(key);
        match self.store.head(&path).await {
            Ok(_) => Ok(true),
            Err(object_store::Error::NotFound { .. }) => Ok(false),
            Err(source) => Err(failed(&path)(source)),
        }
    }

    /// Begins to write an object whose size is not known yet.
    pub fn upload(&self, key: &str) -> Upload {
        let path = Path::from(key);
        Upload {
            writer: BufWriter::with_capacity(Arc::clone(&self.store), path.clone(), PART_SIZE),
            path,
            hash: Context::new(&SHA256),
            size: 0,
            writing: self.writing.clone(),
            folder: self.folder.clone(),
        }
    }

    /// Writes an object whole.
    pub async fn put(&self, key: &str, bytes: Bytes) -> Result<(), BlobError> {
        self.check_folder()?;
        let path = Path::from(key);
        self.store.put(&path, PutPayload::from(bytes)).await.map_err(unwritten(&path, &self.writing))?;
        Ok(())
    }

    /// Reads an object whole.
    pub async fn get(&self, key: &str) -> Result<Bytes, BlobError> {
        self.read(&Path::from(key)).await
    }

    /// Reads an object, or the part of it between two offsets (the second one excluded), piece by piece.
    pub async fn stream(
        &self,
        key: &str,
        range: Option<std::ops::Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, BlobError> {
        let path = Path::from(key);
        let options = GetOptions { range: range.map(GetRange::Bounded), ..GetOptions::default() };
        let answer = self.store.get_opts(&path, options).await.map_err(failed(&path))?;
        if answer.range.is_empty() {
            // Of an empty file the object store would read a range that is not there.
            return Ok(futures_util::stream::empty().boxed());
        }
        Ok(answer.into_stream().map_err(move |source| failed(&path)(source)).boxed())
    }

    /// Removes an object; one that is not there is no error.
    pub async fn delete(&self, key: &str) -> Result<(), BlobError> {
        let path = Path::from(key);
        match self.store.delete(&path).await {
            Ok(()) | Err(object_store::Error::NotFound { .. }) => Ok(()),
            Err(source) => Err(failed(&path)(source)),
        }
    }

    /// The names of all objects below a folder that were last written before a moment.
    pub async fn names(&self, folder: &str, before: Timestamp) -> Result<HashSet<String>, BlobError> {
        let path = Path::from(folder);
        let mut found = HashSet::new();
        let mut listing = self.store.list(Some(&path));
        while let Some(object) = listing.try_next().await.map_err(failed(&path))? {
            if object.last_modified.timestamp_millis() < before.as_millis() {
                found.insert(object.location.to_string());
            }
        }
        Ok(found)
    }

    /// A link by which anybody may read the object for a while without this server, when the store can make one.
    pub async fn link(&self, key: &str, lifetime: Duration) -> Result<Option<String>, BlobError> {
        let Some(signer) = &self.signer else { return Ok(None) };
        let path = if self.prefix.is_empty() { Path::from(key) } else { Path::from(format!("{}/{key}", self.prefix)) };
        let link = signer.signed_url(http::Method::GET, &path, lifetime).await.map_err(failed(&path))?;
        Ok(Some(link.to_string()))
    }

    /// Removes what writers that died left half-written in a folder: files named `…#<number>` that no listing shows.
    /// A bucket has none; there unfinished uploads are the bucket's own business (a lifecycle rule).
    pub(crate) async fn remove_abandoned_uploads(&self, before: Timestamp) -> Result<(), BlobError> {
        let Some(folder) = self.folder.as_ref().map(|folder| folder.path.clone()) else { return Ok(()) };
        let path = folder.display().to_string();
        let removed = tokio::task::spawn_blocking(move || remove_staged(&folder, before)).await;
        removed.expect("listing a folder cannot panic").map_err(|source| BlobError::Folder { path, source })
    }

    async fn read(&self, path: &Path) -> Result<Bytes, BlobError> {
        let answer = self.store.get(path).await.map_err(failed(path))?;
        answer.bytes().await.map_err(failed(path))
    }
}

fn remove_staged(folder: &std::path::Path, before: Timestamp) -> std::io::Result<()> {
    for entry in std::fs::read_dir(folder)? {
        let entry = entry?;
        let (path, metadata) = (entry.path(), entry.metadata()?);
        if metadata.is_dir() {
            remove_staged(&path, before)?;
            continue;
        }
        let written = metadata.modified()?.duration_since(std::time::UNIX_EPOCH).unwrap_or_default();
        let is_old = i64::try_from(written.as_millis()).is_ok_and(|millis| millis < before.as_millis());
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_staged =
            name.rsplit_once('#').is_some_and(|(_, number)| number.bytes().all(|byte| byte.is_ascii_digit()));
        if is_staged && is_old {
            std::fs::remove_file(path)?;
        }
    }
    Ok(())
}

/// An object that is being written. Dropped unfinished, it leaves nothing under its name.
pub struct Upload {
    writer: BufWriter,
    path: Path,
    hash: Context,
    size: u64,
    writing: Writing,
    folder: Option<Folder>,
}

impl Upload {
    /// Appends bytes.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.check_folder()?;
        self.hash.update(&bytes);
        self.size += bytes.len() as u64;
        self.writer.put(bytes).await.map_err(unwritten(&self.path, &self.writing))
    }

    fn check_folder(&self) -> Result<(), BlobError> {
        self.folder.as_ref().map_or(Ok(()), Folder::check)
    }

    /// How many bytes were appended.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes the object visible and durable; its size and the SHA-256 of its bytes.
    pub async fn finish(mut self) -> Result<(u64, String), BlobError> {
        self.check_folder()?;
        self.writer.shutdown().await.map_err(|error| {
            let error = object_store::Error::Generic { store: "upload", source: error.into() };
            unwritten(&self.path, &self.writing)(error)
        })?;
        Ok((self.size, hex(self.hash.finish().as_ref())))
    }

    /// Gives up what was appended.
    pub async fn abort(mut self) {
        if let Err(error) = self.writer.abort().await {
            tracing::debug!(%error, "an upload was not cleaned up at once; the sweep will do it");
        }
    }
}

/// The SHA-256 of some bytes, as lower-case hexadecimal.
pub fn sha256(bytes: &[u8]) -> String {
    hex(digest(&SHA256, bytes).as_ref())
}

pub(crate) fn hex(bytes: &[u8]) -> String {
    use std::fmt::Write;
    bytes.iter().fold(String::with_capacity(bytes.len() * 2), |mut text, byte| {
        write!(text, "{byte:02x}").expect("writing to a string cannot fail");
        text
    })
}

/// The bytes again that `put_content` compressed. Their size is written in front, so they are unpacked in one go.
fn unpack(packed: &[u8]) -> std::io::Result<Vec<u8>> {
    match zstd::zstd_safe::get_frame_content_size(packed) {
        Ok(Some(size)) if size < LARGEST_CONTENT => zstd::bulk::decompress(packed, size as usize),
        _ => zstd::stream::decode_all(packed),
    }
}

/// The object that holds the document with this digest.
pub(crate) fn content_key(digest: &str) -> String {
    format!("content/{}/{digest}.zst", digest.get(..2).unwrap_or("xx"))
}

/// Makes the folder of objects, for its owner only.
fn make_folder(path: &std::path::Path) -> std::io::Result<()> {
    let mut builder = std::fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt;
        builder.mode(0o700);
    }
    builder.create(path)
}

/// A write that failed, which the next look at the health of the store tries again.
fn unwritten(path: &Path, writing: &Writing) -> impl Fn(object_store::Error) -> BlobError {
    let (failed, writing) = (failed(path), writing.clone());
    move |source| {
        writing.doubt();
        failed(source)
    }
}

fn failed(path: &Path) -> impl Fn(object_store::Error) -> BlobError {
    let name = path.to_string();
    move |source| match source {
        object_store::Error::NotFound { .. } => BlobError::Missing(name.clone()),
        source => BlobError::Transfer { name: name.clone(), source },
    }
}
