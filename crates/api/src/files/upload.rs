//! `POST /api/public/uploadfile`: takes a file in, streaming it to the object store. (api.md §1.)

use std::time::Duration;

use archive::multipart::{Event, MultipartError, Parser};
use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use http_body_util::BodyExt;
use serde_json::{Value, json};
use store::{NewFile, SealedUpload};

use domain::{AccountId, Limits};

use crate::bodies::broken_off;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// Any app may upload; what it may do with the file is asked later.
const DEMAND: Demand = demand(&[], Limit::Account);

/// An upload keeps about so much in memory, whatever its size: the part that is filled. Bytes.
const HELD_OF_UPLOAD: usize = 8 << 20;

/// A field other than the file is a few words.
const MAX_FIELD_BYTES: usize = 4096;

/// Uploads a file, such as a part of a bot to import; gives the id that other calls name it by.
///
/// A form with the file in the part `file`, and optionally `fileContext` and `fileExtension`, in any order. The content
/// is not looked at. A file nothing refers to is removed after a day.
#[utoipa::path(post, path = "/api/public/uploadfile", tag = "Files", request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 200, description = "`fileId`, and the size and SHA-256 of what was taken in"), (status = 412, description = "the form cannot be read or has no file"), (status = 413, description = "the file is too large")), security(("token" = [])))]
pub(crate) async fn upload(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let limits = *platform.store().limits();
    let caller = platform.caller(&call, DEMAND).await?;

    let account = caller.app.account.clone();
    let left = room_left(&platform, &account).await?;
    let mut parser = Parser::new(call.header("content-type")).map_err(unreadable)?;
    let mut body = call.take_body();
    let mut room = platform.bodies().hold();
    let mut form = Form { limit: platform.settings().max_upload_bytes, left, limits, ..Form::default() };
    let mut received = 0;
    let taken = async {
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| broken_off(&error, upload_broke_off))?;
            if let Ok(bytes) = frame.into_data() {
                received += bytes.len();
                room.grow_to(received.min(HELD_OF_UPLOAD)).await?;
                form.take(parser.push(&bytes).map_err(unreadable)?, &platform).await?;
            }
        }
        form.take(parser.finish().map_err(unreadable)?, &platform).await
    }
    .await;
    if let Err(error) = taken {
        if let Some(upload) = form.upload.take() {
            upload.abort().await;
        }
        if let Some((key, ..)) = &form.stored {
            platform.store().blobs().delete(key).await?;
        }
        return Err(error);
    }
    let extension = form.extension();
    let Some((key, size, digest)) = form.stored else {
        return Err(ApiError::invalid_arguments("the form has no part named `file` with a file").at("/file"));
    };
    // Others may have come in meanwhile.
    if let Err(error) = room_left(&platform, &account).await.and_then(|left| no_room(size, left, &limits)) {
        platform.store().blobs().delete(&key).await?;
        return Err(error);
    }
    let file = NewFile {
        account,
        name: form.file_name.unwrap_or_else(|| "file".to_owned()),
        extension,
        context: form.context,
        size: i64::try_from(size).unwrap_or(i64::MAX),
        digest,
        object_key: key,
        created_by: caller.user().clone(),
        expires_at: Some(platform.now().plus(Duration::from_secs(platform.settings().upload_retention_s))),
    };
    let file = platform.store().add_file(file).await?;
    Ok(Json(json!({"fileId": file.id, "size": file.size, "sha256": file.digest})))
}

/// What a client is told whose upload ended too early.
pub(crate) fn upload_broke_off(cause: String) -> ApiError {
    ApiError::invalid_arguments(format!("the upload broke off before its end: {cause}; send it again"))
}

/// How many bytes the account may still upload.
async fn room_left(platform: &Platform, account: &AccountId) -> Result<u64, ApiError> {
    let limits = platform.store().limits();
    let (files, bytes) = platform.store().uploads_of(account).await?;
    if files >= limits.uploads as u64 {
        return Err(ApiError::too_large(format!(
            "The account has {files} uploaded files, at most {} are kept at a time; each goes {} seconds after it came",
            limits.uploads,
            platform.settings().upload_retention_s
        )));
    }
    Ok(limits.upload_bytes.saturating_sub(bytes))
}

fn no_room(size: u64, left: u64, limits: &Limits) -> Result<(), ApiError> {
    if size <= left {
        return Ok(());
    }
    Err(ApiError::too_large(format!(
        "The file is larger than the {left} bytes that the account may still upload: it may have {} bytes of uploaded files \
         at a time",
        limits.upload_bytes
    )))
}

fn unreadable(error: MultipartError) -> ApiError {
    ApiError::invalid_arguments(error.to_string())
}

/// What was understood of the form so far.
#[derive(Default)]
struct Form {
    limit: u64,
    /// How much room the account has left. Bytes.
    left: u64,
    limits: Limits,
    field: Field,
    text: Vec<u8>,
    file_name: Option<String>,
    context: String,
    claimed_extension: String,
    upload: Option<SealedUpload>,
    /// The object, and the size and SHA-256 of what it holds.
    stored: Option<(String, u64, String)>,
}

/// The part that is being read.
#[derive(Clone, Copy, Default, PartialEq)]
enum Field {
    File,
    Context,
    Extension,
    #[default]
    Other,
}

impl Form {
    async fn take(&mut self, events: Vec<Event>, platform: &Platform) -> Result<(), ApiError> {
        for event in events {
            match event {
                Event::Start(head) => {
                    self.field = match head.name.as_str() {
                        "file" if self.stored.is_some() => {
                            return Err(ApiError::invalid_arguments("the form has two parts named `file`; send one"));
                        }
                        "file" => {
                            self.file_name = head.file_name;
                            self.upload = Some(platform.store().upload());
                            Field::File
                        }
                        "fileContext" => Field::Context,
                        "fileExtension" => Field::Extension,
                        _ => Field::Other,
                    };
                    self.text.clear();
                }
                Event::Data(bytes) => self.data(bytes).await?,
                Event::End => self.end().await?,
            }
        }
        Ok(())
    }

    async fn data(&mut self, bytes: Bytes) -> Result<(), ApiError> {
        match self.field {
            Field::File => {
                let Some(upload) = &mut self.upload else { return Ok(()) };
                if upload.size() + bytes.len() as u64 > self.limit {
                    return Err(ApiError::too_large(format!(
                        "The file is larger than {} bytes, the most this server takes",
                        self.limit
                    )));
                }
                no_room(upload.size() + bytes.len() as u64, self.left, &self.limits)?;
                upload.push(bytes).await?;
            }
            Field::Context | Field::Extension => {
                if self.text.len() + bytes.len() > MAX_FIELD_BYTES {
                    return Err(ApiError::invalid_arguments("a field of the form is too long"));
                }
                self.text.extend_from_slice(&bytes);
            }
            Field::Other => {}
        }
        Ok(())
    }

    async fn end(&mut self) -> Result<(), ApiError> {
        let text = String::from_utf8_lossy(&self.text).trim().to_owned();
        match self.field {
            Field::File => {
                if let Some(upload) = self.upload.take() {
                    self.stored = Some(upload.finish().await?);
                }
            }
            Field::Context => self.context = text,
            Field::Extension => self.claimed_extension = text,
            Field::Other => {}
        }
        self.field = Field::Other;
        Ok(())
    }

    /// The extension of the file's name, else the one that was claimed: what is claimed is often wrong.
    fn extension(&self) -> String {
        let named = self.file_name.as_deref().and_then(|name| name.rsplit_once('.')).map(|(_, extension)| extension);
        let extension = named.filter(|extension| !extension.is_empty()).unwrap_or(&self.claimed_extension);
        let plain = extension.trim_start_matches('.').chars().filter(char::is_ascii_alphanumeric).take(10);
        plain.collect::<String>().to_ascii_lowercase()
    }
}
