//! The files an import is made from: uploaded one by one, or in one archive.

use std::io::{Read, Seek, SeekFrom, Write};
use std::sync::atomic::{AtomicU64, Ordering};

use access::SealedReader;
use archive::read::{Archive, Part};
use bytes::Bytes;
use definition::summary::Summary;
use definition::{Config, Document};
use domain::task::ImportFiles;
use domain::{AccountId, DefinitionFile};
use futures_util::TryStreamExt;
use store::{Failure, File, Store};
use tokio::sync::OwnedSemaphorePermit;

use crate::documents::blocking;
use crate::failure::chain;
use crate::{Context, JobError};

/// A bot as it was uploaded.
pub(crate) struct Incoming {
    pub(crate) definition: Document,
    /// The file that an export of the bot has it in.
    pub(crate) definition_file: DefinitionFile,
    pub(crate) config: Config,
    pub(crate) functions: Vec<(String, Bytes)>,
    pub(crate) icon: Option<(String, Bytes)>,
    /// The room it takes among all imports.
    pub(crate) room: Option<OwnedSemaphorePermit>,
}

/// The bytes of the parts, before they are understood.
struct Parts {
    definition: Vec<u8>,
    definition_name: String,
    /// The file it was in; an upload of single files does not tell.
    definition_file: Option<DefinitionFile>,
    config: Option<Vec<u8>>,
    functions: Vec<(String, Bytes)>,
    icon: Option<(String, Bytes)>,
    room: Option<OwnedSemaphorePermit>,
}

impl Incoming {
    /// Fetches and parses the files.
    pub(crate) async fn load(context: &Context, account: &AccountId, ids: &ImportFiles) -> Result<Self, JobError> {
        let parts = match &ids.zip_info {
            Some(zip) => from_archive(context, account, zip).await?,
            None => from_files(context, account, ids).await?,
        };
        blocking(move || {
            let definition = Document::parse(parts.definition, &parts.definition_name)?;
            let config = match parts.config {
                Some(bytes) => Config::parse(bytes, "config.json")?,
                None => blank_config(&definition)?,
            };
            for (name, source) in &parts.functions {
                if let Err(error) = std::str::from_utf8(source) {
                    let at = error.valid_up_to();
                    return Err(JobError::refused(format!(
                        "{name} is not a text in UTF-8 (byte {at}); save it as UTF-8 and upload it again"
                    )));
                }
            }
            let definition_file = match parts.definition_file {
                Some(file) => file,
                None => Summary::of(&definition)?.definition_file,
            };
            Ok(Self {
                definition,
                definition_file,
                config,
                functions: parts.functions,
                icon: parts.icon,
                room: parts.room,
            })
        })
        .await
    }
}

/// An archive without a configuration gets the one that says nothing but the bot's name.
fn blank_config(definition: &Document) -> Result<Config, JobError> {
    let name = Summary::of(definition)?.name.unwrap_or_default();
    let text = definition::write::value(&serde_json::json!({"name": name, "envVariables": []}));
    Ok(Config::parse(text, "config.json")?)
}

async fn file(store: &Store, account: &AccountId, id: &str) -> Result<File, JobError> {
    let file = store.file(account, id).await?;
    file.ok_or_else(|| {
        JobError::refused(format!("the uploaded file {id} is gone; upload it and start the import again"))
    })
}

async fn from_files(context: &Context, account: &AccountId, ids: &ImportFiles) -> Result<Parts, JobError> {
    let store = &context.store;
    let limit = context.settings.max_document_bytes;
    let total = AtomicU64::new(0);
    let mut room = Vec::new();
    for id in ids.parts() {
        let size = store.file(account, id).await?.map_or(0, |file| file.size);
        room.push(u64::try_from(size).unwrap_or(0));
    }
    let room = context.room.enter(room.into_iter().fold(0, u64::saturating_add)).await;
    let get = async |id: &str| {
        let file = file(store, account, id).await?;
        if u64::try_from(file.size).unwrap_or(0) > limit {
            let message = format!("{} has {} bytes, and {limit} are allowed", file.name, file.size);
            return Err(JobError::refused(message));
        }
        let size = u64::try_from(file.size).unwrap_or(0);
        let together = total.fetch_add(size, Ordering::Relaxed).saturating_add(size);
        let most = store.limits().import_bytes;
        if together > most {
            let message = format!("the files of the import have {together} bytes together, and {most} are allowed");
            return Err(JobError::refused(message));
        }
        let bytes = store.file_bytes(&file).await?;
        Ok((file.name, bytes))
    };
    let (Some(definition), Some(config)) = (&ids.bot_definition, &ids.config_info) else {
        return Err(JobError::refused("the request names no botDefinition or no configInfo"));
    };
    let (definition_name, definition) = get(definition).await?;
    let (_, config) = get(config).await?;
    let mut functions = Vec::new();
    for id in &ids.bot_functions {
        functions.push(get(id).await?);
    }
    let icon = match &ids.icon {
        Some(id) => Some(get(id).await?),
        None => None,
    };
    // The only holder gives its bytes away without a copy.
    Ok(Parts {
        definition: definition.into(),
        definition_name,
        definition_file: None,
        config: Some(config.into()),
        functions,
        icon,
        room,
    })
}

/// A file that can be read at any place.
trait ReadSeek: Read + Seek + Send {}

impl<R: Read + Seek + Send> ReadSeek for R {}

async fn from_archive(context: &Context, account: &AccountId, id: &str) -> Result<Parts, JobError> {
    let file = file(&context.store, account, id).await?;
    let mut bytes = context.store.file_as_kept(&file).await?;
    // Archives can be large and their directory stands at the end, so they are read from a file. It is as sealed as the
    // upload: the disk that it is on may be another one.
    let io = |error: std::io::Error| JobError::Transient(format!("a temporary file failed: {error}"));
    let mut local = tempfile::tempfile().map_err(io)?;
    while let Some(piece) = bytes.try_next().await? {
        local.write_all(&piece).map_err(io)?;
    }
    local.seek(SeekFrom::Start(0)).map_err(io)?;
    let limits = context.settings.archive_limits(context.store.limits().import_bytes);
    let store = context.store.clone();
    let name = file.name.clone();
    let refused = move |error: archive::read::ReadError| {
        JobError::Refused(Box::new(Failure {
            message: format!("{name}: {}", chain(&error)),
            file: Some(name.clone()),
            ..Failure::default()
        }))
    };
    let (mut archive, refused) = blocking(move || {
        let local: Box<dyn ReadSeek> = if file.is_sealed() {
            let size = u64::try_from(file.size).unwrap_or(0);
            let opened = SealedReader::new(store.key(), &file.object_key, size, local);
            let unreadable =
                |error| JobError::refused(format!("the uploaded file {} cannot be read: {error}", file.id));
            Box::new(opened.map_err(unreadable)?)
        } else {
            Box::new(std::io::BufReader::new(local))
        };
        let archive = Archive::open(local, &limits).map_err(&refused)?;
        Ok((archive, refused))
    })
    .await?;
    let unpacked = archive.entries().iter().map(archive::Entry::size).fold(0, u64::saturating_add);
    let room = context.room.enter(unpacked).await;
    blocking(move || {
        let refused = &refused;
        let definition = archive.read_part(Part::Definition).map_err(refused)?.unwrap_or_default();
        let config = archive.read_part(Part::Config).map_err(refused)?;
        let named = |archive: &Archive<_>, part| archive.entry(part).map(|entry| entry.file_name().to_owned());
        let icon_name = named(&archive, Part::Icon);
        let icon = archive.read_part(Part::Icon).map_err(refused)?.map(Bytes::from);
        let functions_name = named(&archive, Part::Functions);
        let functions = archive.read_part(Part::Functions).map_err(refused)?.map(Bytes::from);
        Ok(Parts {
            definition,
            definition_name: archive.definition_file().name().to_owned(),
            definition_file: Some(archive.definition_file()),
            config,
            functions: functions_name.zip(functions).into_iter().collect(),
            icon: icon_name.zip(icon),
            room,
        })
    })
    .await
}
