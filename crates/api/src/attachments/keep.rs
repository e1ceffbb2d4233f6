//! Keeps files, and pieces until they are joined.

use bytes::Bytes;
use serde_json::{Value, json};
use store::{NewAttachment, NewFile, sha256};

use super::LARGEST;
use super::form::{Form, too_large};
use super::sender::Sender;
use super::token::{LIFETIME, redeem};
use crate::{ApiError, Platform};

/// The most pieces of a file; SDKs cut at 1 MiB.
const MAX_PIECES: usize = 1000;

/// What a piece is for: the `context` of its row, by which it is swept when nobody joins it.
const PIECE: &str = "attachmentPiece";

/// Keeps a file that came whole.
pub(super) async fn whole(platform: &Platform, sender: Sender, form: Form) -> Result<Value, ApiError> {
    if let Some(token) = form.text("fileToken") {
        redeem(platform, &sender, token)?;
    }
    let (name, extension) = (form.name(), form.extension());
    let missing = || ApiError::invalid_arguments("the form has no part named `file` with a file").at("/file");
    let bytes = form.bytes.ok_or_else(missing)?;
    keep(platform, sender, name, extension, bytes).await
}

/// Keeps a piece of a file. One that comes again takes the place of the first.
pub(super) async fn piece(platform: &Platform, sender: Sender, token: &str, form: Form) -> Result<Value, ApiError> {
    let file = redeem(platform, &sender, token)?;
    let number = form.count("chunkNo")?;
    if number >= MAX_PIECES {
        let detail = format!("`chunkNo` must be less than {MAX_PIECES}: cut the file into larger pieces");
        return Err(ApiError::invalid_arguments(detail).at("/chunkNo"));
    }
    let missing = || ApiError::invalid_arguments("the form has no part named `chunk` with a piece").at("/chunk");
    let bytes = Bytes::from(form.bytes.ok_or_else(missing)?);
    let object_key = key_of(&file, number);
    let store = platform.store();
    let new = NewFile {
        account: sender.account,
        name: object_key.clone(),
        extension: String::new(),
        context: PIECE.to_owned(),
        size: i64::try_from(bytes.len()).unwrap_or(i64::MAX),
        digest: sha256(&bytes),
        object_key: object_key.clone(),
        created_by: sender.user,
        expires_at: Some(platform.now().plus(LIFETIME)),
    };
    store.blobs().put(&object_key, bytes).await?;
    store.add_file(new).await?;
    Ok(json!({"chunkNo": number}))
}

/// Joins the pieces of a file.
pub(super) async fn join(platform: &Platform, sender: Sender, token: &str, form: Form) -> Result<Value, ApiError> {
    let file = redeem(platform, &sender, token)?;
    let count = form.count("totalChunks")?;
    if count == 0 || count > MAX_PIECES {
        let detail = format!("`totalChunks` must be from 1 to {MAX_PIECES}");
        return Err(ApiError::invalid_arguments(detail).at("/totalChunks"));
    }
    let mut joined = Vec::new();
    for number in 0..count {
        let key = key_of(&file, number);
        let Some(piece) = platform.store().file_by_object(&key).await? else {
            let detail = format!("piece {number} of {count} did not come: send it first");
            return Err(ApiError::invalid_arguments(detail).at("/totalChunks"));
        };
        let size = usize::try_from(piece.size).unwrap_or(usize::MAX);
        if joined.len().saturating_add(size) > LARGEST {
            return Err(too_large());
        }
        joined.extend_from_slice(&platform.store().blobs().get(&key).await?);
    }
    keep(platform, sender, form.name(), form.extension(), joined).await
}

fn key_of(file: &str, number: usize) -> String {
    format!("uploads/{file}.{number}")
}

/// A file stays as long as the conversation it is sent in: until its user is erased.
async fn keep(
    platform: &Platform,
    sender: Sender,
    name: String,
    extension: String,
    bytes: Vec<u8>,
) -> Result<Value, ApiError> {
    if bytes.is_empty() {
        return Err(ApiError::invalid_arguments("the file is empty").at("/file"));
    }
    let Sender { account, user } = sender;
    let new = NewAttachment { account, user, name, extension, expires_at: None };
    let file = platform.store().put_attachment(new, Bytes::from(bytes)).await?;
    Ok(json!({"fileId": file.id, "hash": file.digest}))
}
