//! Export of a bot: select, zip, and keep the archive by what is in it.

use std::time::Duration;

use archive::write::{Export, write};
use bytes::Bytes;
use definition::finding::{listed, spelled_as_in};
use definition::{Document, ExportOptions, SelectError, select};
use domain::task::{BotExport, BotExportResult, ExportType};
use domain::{BotId, DefinitionFile};
use serde_json::{Value, json};
use store::{Archive, Content, Failure, File, NewFile, Store};

use crate::documents::{Documents, Texts, blocking};
use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

/// Changes whenever the same content would give other bytes than before, so that old archives are not taken for new ones.
const FORMAT: &str = "2";

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let id = request.bot.as_ref().ok_or_else(|| JobError::refused("the request names no bot"))?;
    let bot = store.bot(id).await?;
    let bot = bot.ok_or_else(|| JobError::refused(format!("the bot {id} was deleted meanwhile")))?;
    let asked: BotExport = request.asked()?;
    let version =
        match asked.version {
            Some(number) => Some(number),
            None if asked.export_type == ExportType::Published => Some(bot.published_version.ok_or_else(|| {
                JobError::refused("the bot was never published; publish it first, or export `latest`")
            })?),
            None => None,
        };
    let content = match version {
        None => bot.content.clone(),
        Some(number) => {
            let version = store.version(id, number).await?;
            version.ok_or_else(|| JobError::refused(format!("the bot has no version {number}")))?.content
        }
    };
    let options = ExportOptions::from_json(&asked.body).map_err(|error| JobError::refused(error.to_string()))?;
    let content_key = archive_key(id, &content, &options, &asked.body);

    // Equal content gives equal bytes, so an archive that is there already is the answer.
    let archive = match store.archive(&content_key).await? {
        Some(archive) => archive,
        None => make_archive(context, attempt, content_key, id, &content, options, asked.body).await?,
    };
    let file = archive_file(store, context, attempt, &bot.name, &archive);
    let result = BotExportResult {
        file_id: file.id.to_string(),
        size: file.size,
        sha256: file.digest.clone(),
        version,
        notes: archive.notes.clone(),
        findings: archive.notes["findings"].clone(),
    };
    let entry = store::NewChange {
        user: request.created_by.clone(),
        resource_id: Some(request.id.to_string()),
        resource_type: "Export",
        message: "Export request completed".to_owned(),
    }
    .entry(store, &request.account, id);
    Done::new::<BotExport>(
        &result,
        Box::new(move |tx| {
            Box::pin(async move {
                archive.put(tx).await?;
                file.insert(tx).await?;
                entry.insert(tx).await
            })
        }),
    )
}

/// Packs the archive and keeps its bytes as an object of this attempt alone, so that no sweep can mistake it for an old
/// one.
async fn make_archive(
    context: &Context,
    attempt: &Attempt,
    content_key: String,
    id: &BotId,
    content: &Content,
    options: ExportOptions,
    body: Value,
) -> Result<Archive, JobError> {
    let store = &context.store;
    let icon = match &content.icon {
        Some(icon) => Some(store.blobs().get(&store::icon_key(&icon.digest)).await?),
        None => None,
    };
    let bot_id = id.clone();
    let file = content.definition_file;
    let (packed, notes) = if options.is_full() {
        let texts = Texts::load(store, content).await?;
        attempt.progress(40).await?;
        (blocking(move || pack(&texts, file, icon, &bot_id)).await?, Value::Null)
    } else {
        let documents = Documents::load(store, content).await?;
        attempt.progress(40).await?;
        blocking(move || pack_selected(documents, file, icon, &bot_id, &options, &body)).await?
    };
    attempt.progress(80).await?;
    let object_key = format!("exports/{}/{}.zip", attempt.request.id, attempt.request.attempt);
    let mut upload = store.blobs().upload(&object_key);
    upload.push(packed).await?;
    let (size, digest) = upload.finish().await?;
    let retention = Duration::from_secs(context.settings.export_retention_s);
    Ok(Archive {
        content_key,
        object_key,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        digest,
        notes,
        expires_at: store.clock().now().plus(retention),
    })
}

/// What an archive is remembered by: the same for the same content and the same selection.
fn archive_key(id: &BotId, content: &Content, options: &ExportOptions, body: &Value) -> String {
    let content = serde_json::to_string(content).expect("plain data always serialises");
    // The whole body stands in for the selection; two bodies that select the same in other words only miss the archive.
    let selection = if options.is_full() { String::new() } else { body.to_string() };
    store::sha256(format!("{FORMAT}\n{id}\n{content}\n{selection}").as_bytes())
}

/// The archive of a part of the bot, and what its reader should know.
fn pack_selected(
    documents: Documents,
    file: DefinitionFile,
    icon: Option<Bytes>,
    id: &BotId,
    options: &ExportOptions,
    body: &Value,
) -> Result<(Bytes, Value), JobError> {
    let parts = select(&documents.definition, &documents.config, options).map_err(|error| of_select(error, body))?;
    let notes = json!({"stubs": parts.anchors, "findings": listed(parts.findings, body)});
    let texts = Texts { definition: parts.definition, config: parts.config, functions: documents.functions };
    Ok((pack(&texts, file, icon, id)?, notes))
}

/// Why nothing can be exported, with the pointer as the body of the request spells it.
fn of_select(error: SelectError, body: &Value) -> JobError {
    let message = error.to_string();
    match error {
        SelectError::Shape(error) => error.into(),
        SelectError::NothingLeft { pointer, .. } => {
            let pointer = Some(spelled_as_in(body, &pointer));
            JobError::Refused(Box::new(Failure { message, pointer, ..Failure::default() }))
        }
    }
}

/// The archive of these texts, with the bot's own id.
fn pack(texts: &Texts, file: DefinitionFile, icon: Option<Bytes>, id: &BotId) -> Result<Bytes, JobError> {
    let parsed;
    let with_id = match definition::document::with_id(&texts.definition, id.as_str()) {
        Some(with_id) => with_id,
        None => {
            parsed = Document::parse(texts.definition.clone(), file.name())?;
            parsed.with_id(id.as_str())
        }
    };
    let pieces = with_id.pieces().map(str::as_bytes);
    let sources: Vec<&[u8]> = texts
        .functions
        .iter()
        .enumerate()
        // Several files become one; a line end keeps the last line of one from running into the next.
        .flat_map(|(at, (_, source))| [if at > 0 { b"\n".as_slice() } else { b"" }, source.as_bytes()])
        .collect();
    let icon_pieces = icon.as_deref().map(|bytes| [bytes]);
    let export = Export {
        definition_file: file,
        definition: &pieces,
        config: &[texts.config.as_bytes()],
        icon: icon_pieces.as_ref().map(|pieces| pieces.as_slice()),
        functions: (!sources.is_empty()).then_some(&sources),
    };
    let mut packed = Vec::new();
    write(&mut packed, &export).map_err(|error| JobError::refused(error.to_string()))?;
    Ok(Bytes::from(packed))
}

fn archive_file(store: &Store, context: &Context, attempt: &Attempt, bot_name: &str, archive: &Archive) -> File {
    let retention = Duration::from_secs(context.settings.export_retention_s);
    store.new_file(NewFile {
        account: attempt.request.account.clone(),
        name: format!("{}.zip", if bot_name.is_empty() { "bot" } else { bot_name }),
        extension: "zip".to_owned(),
        context: "export".to_owned(),
        size: archive.size,
        digest: archive.digest.clone(),
        object_key: archive.object_key.clone(),
        created_by: attempt.request.created_by.clone(),
        expires_at: Some(store.clock().now().plus(retention)),
    })
}
