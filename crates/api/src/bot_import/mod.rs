//! Import of a bot, as new or into an existing one: start it, and see how far it is.

pub(crate) mod existing;
pub(crate) mod functions;
pub(crate) mod new;
pub(crate) mod status;

use std::io::Cursor;

use archive::read::{Archive, Limits, Part};
use bytes::Bytes;
use definition::summary::{LEGACY_UNIVERSAL, Summary, UNIVERSAL, is_universal};
use domain::task::{BotImport, ImportFiles};
use http::StatusCode;
use serde_json::{Map, Value, json};
use store::{Bot, Request};

use crate::body::optional_text;
use crate::documents::blocking;
use crate::platform::Caller;
use crate::record::{add_findings, add_progress, lifecycle_word, object};
use crate::{ApiError, Platform};

/// The record of an import; `streamId` is there when it is done.
fn record(request: &Request) -> Result<Map<String, Value>, ApiError> {
    let asked: BotImport = request.asked()?;
    let mut record = object(json!({
        "_id": request.id,
        "streamRefId": asked.stream_ref_id,
        "status": lifecycle_word(request.state),
        "statusLogs": request.log,
        "requestType": "Botimport",
        "createdBy": request.created_by,
        "createdOn": request.created_at,
        "__v": 0,
    }));
    if request.state == store::State::Succeeded && asked.makes_a_bot() {
        record.insert("streamId".into(), json!(request.bot));
    }
    if let Some(result) = request.outcome::<BotImport>()? {
        let told =
            [("warnings", json!(result.warnings)), ("changes", result.changes), ("dryRun", json!(result.dry_run))];
        let told = told.into_iter().filter(|(_, value)| !value.is_null());
        record.extend(told.map(|(key, value)| (key.to_owned(), value)));
    }
    add_findings(&mut record, request);
    add_progress(&mut record, request);
    Ok(record)
}

/// A file larger than this is not opened before the import itself runs. Bytes.
const MAX_PEEK_BYTES: i64 = 8 << 20;
/// Nor is a definition that an archive unpacks to more, for nobody waits here for room. Bytes.
const MAX_PEEK_UNPACKED_BYTES: u64 = 8 << 20;

/// The files an import is made from, by id; each of them exists.
struct Files {
    definition: Option<String>,
    config: Option<String>,
    icon: Option<String>,
    functions: Vec<String>,
    zip: Option<String>,
}

impl Files {
    /// Reads the ids of a body. In mode ZIP everything comes from one archive; in mode JSON (the default, since no client
    /// sends the mode) definition and configuration are needed, and the icon where `needs_icon` says so.
    fn read(body: &Map<String, Value>, needs_icon: bool) -> Result<Self, ApiError> {
        let mode = optional_text(body, "uploadMode").map(|mode| mode.to_uppercase());
        let zip = optional_text(body, "zipInfo");
        let is_zip = match mode.as_deref() {
            None => zip.is_some() && optional_text(body, "botDefinition").is_none(),
            Some("ZIP") => true,
            Some("JSON") => false,
            Some(other) => {
                let detail = format!("`uploadMode` is `{other}`: give `JSON` or `ZIP`");
                return Err(ApiError::invalid_arguments(detail).at("/uploadMode"));
            }
        };
        let required = |name: &str| crate::body::required_text(body, name);
        if is_zip {
            let zip = Some(required("zipInfo")?);
            return Ok(Self { definition: None, config: None, icon: None, functions: Vec::new(), zip });
        }
        Ok(Self {
            definition: Some(required("botDefinition")?),
            config: Some(required("configInfo")?),
            icon: if needs_icon { Some(required("icon")?) } else { None },
            functions: functions_of(body)?,
            zip: None,
        })
    }

    /// Refuses ids of files that do not exist. In the place of an icon of the original's own comes ours.
    async fn check(&mut self, platform: &Platform, caller: &Caller) -> Result<(), ApiError> {
        let account = &caller.app.account;
        if let Some(icon) = &mut self.icon
            && platform.store().file(account, icon).await?.is_none()
            && let Some(ours) = platform.well_known_icon_file(account, caller.user(), icon).await?
        {
            *icon = ours;
        }
        let single = [
            ("/botDefinition", &self.definition),
            ("/configInfo", &self.config),
            ("/icon", &self.icon),
            ("/zipInfo", &self.zip),
        ];
        let single = single.into_iter().filter_map(|(pointer, id)| id.as_ref().map(|id| (pointer, id)));
        for (pointer, id) in single.chain(self.functions.iter().map(|id| ("/botFunctions", id))) {
            if platform.store().file(account, id).await?.is_none() {
                return Err(ApiError::no_such_file(id, pointer));
            }
        }
        Ok(())
    }

    /// Refuses a universal bot in the form of old versions at once, and one of any version where it does not fit `into`, with
    /// the status the original gives it.
    async fn refuse_universal(
        &self,
        platform: &Platform,
        account: &domain::AccountId,
        into: Option<&Bot>,
    ) -> Result<(), ApiError> {
        let status = if into.is_some() { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::BAD_REQUEST };
        let named = |(pointer, id): (&'static str, &'_ Option<String>)| id.clone().map(|id| (pointer, id));
        let file = named(("/botDefinition", &self.definition)).or_else(|| named(("/zipInfo", &self.zip)));
        let Some((pointer, id)) = file else { return Ok(()) };
        let Some(file) = platform.store().file(account, &id).await?.filter(|file| file.size <= MAX_PEEK_BYTES) else {
            return Ok(());
        };
        let mut bytes = platform.store().file_bytes(&file).await?;
        if self.zip.is_some() {
            let Some(definition) = blocking(move || definition_in(bytes)).await? else { return Ok(()) };
            bytes = definition.into();
        }
        // Nearly every bot is of another type, which a search for the word settles.
        let has_the_word = bytes.windows(UNIVERSAL.len()).any(|part| part.eq_ignore_ascii_case(UNIVERSAL.as_bytes()));
        if !has_the_word && !into.is_some_and(|bot| is_universal(&bot.kind)) {
            return Ok(());
        }
        // What cannot be read is the import's to report, with its place.
        let definition = definition::Document::parse(bytes, &file.name).ok();
        let summary = definition.and_then(|definition| Summary::of(&definition).ok());
        let Some(summary) = summary else { return Ok(()) };
        if summary.is_legacy_universal {
            return Err(ApiError::with_status(status, LEGACY_UNIVERSAL).at(pointer));
        }
        let misfit = into.and_then(|bot| summary.misfit(&bot.kind));
        misfit.map_or(Ok(()), |reason| Err(ApiError::with_status(status, reason).at(pointer)))
    }

    fn as_asked(&self) -> ImportFiles {
        ImportFiles {
            bot_definition: self.definition.clone(),
            config_info: self.config.clone(),
            icon: self.icon.clone(),
            bot_functions: self.functions.clone(),
            zip_info: self.zip.clone(),
        }
    }
}

/// The definition in an archive. What cannot be read is the import's to report.
fn definition_in(archive: Bytes) -> Option<Vec<u8>> {
    let limits = Limits { max_entry_bytes: MAX_PEEK_UNPACKED_BYTES, ..Limits::default() };
    let mut archive = Archive::open(Cursor::new(archive), &limits).ok()?;
    archive.read_part(Part::Definition).ok()?
}

/// `botFunctions`: a list of ids, or one id. Entries may also be `{fileId}` objects.
fn functions_of(body: &Map<String, Value>) -> Result<Vec<String>, ApiError> {
    let wrong =
        || ApiError::invalid_arguments("`botFunctions` must be a file id or a list of them").at("/botFunctions");
    let id_of = |value: &Value| {
        let text = value.as_str().or_else(|| value.get("fileId").and_then(Value::as_str));
        text.map(str::to_owned).ok_or_else(wrong)
    };
    let ids: Vec<String> = match body.get("botFunctions") {
        None | Some(Value::Null) => Vec::new(),
        Some(Value::Array(values)) => values.iter().map(id_of).collect::<Result<_, _>>()?,
        Some(value) => vec![id_of(value)?],
    };
    Ok(ids.into_iter().filter(|id| !id.trim().is_empty()).collect())
}

/// The first line of every import's log, which clients read in the first reply.
fn first_line(name: &str) -> Value {
    json!({"taskType": "importRequest", "taskName": name, "status": "success"})
}
