//! Files of clients that talk over the webhook channel, or another one that has a type:
//! `/api/attachments/{streamId}/{channelType}…`.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::form::Form;
use super::sender::Sender;
use super::{keep, token};
use crate::body::Call;
use crate::{ApiError, Platform};

/// Gives a token for a file that is to be sent to a bot. It is good for an hour.
#[utoipa::path(post, path = "/api/attachments/{streamId}/{channelType}/token", tag = "Conversation", params(("streamId" = String, Path, description = "The bot, `st-…`"), ("channelType" = String, Path, description = "The channel, such as `ivr`")),
    responses((status = 200, description = "`fileToken`")), security(("bearer" = [])))]
pub(crate) async fn token(
    State(platform): State<Platform>,
    Path((bot, _channel)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let sender = Sender::of_bot(&platform, &call, &bot).await?;
    Ok(Json(json!({"fileToken": token::issue(&platform, &sender)})))
}

/// Sends a file to a bot: a form with the part `file`, and `fileToken`, `filename` and `fileExtension`; at most 25 MiB.
///
/// A message names it then: `"attachments": [{"fileId", "fileName", "fileType"}]`.
#[utoipa::path(post, path = "/api/attachments/file/{streamId}/{channelType}", tag = "Conversation", params(("streamId" = String, Path, description = "The bot, `st-…`"), ("channelType" = String, Path, description = "The channel, such as `ivr`")), request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 200, description = "`fileId` and `hash`"), (status = 400, description = "the token is not good"), (status = 412, description = "the form cannot be read or has no file"), (status = 413, description = "the file is too large")), security(("bearer" = [])))]
pub(crate) async fn whole(
    State(platform): State<Platform>,
    Path((bot, _channel)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let sender = Sender::of_bot(&platform, &call, &bot).await?;
    keep::whole(&platform, sender, Form::read(&call, platform.bodies()).await?).await.map(Json)
}

/// Sends a piece of a file to a bot: a form with `chunkNo`, from 0, and the part `chunk`. Pieces wait an hour for the
/// rest.
#[utoipa::path(post, path = "/api/attachments/{streamId}/{channelType}/token/{fileToken}/chunk", tag = "Conversation", params(("streamId" = String, Path, description = "The bot, `st-…`"), ("channelType" = String, Path, description = "The channel, such as `ivr`"), ("fileToken" = String, Path, description = "The token of the file")), request_body(content = Object, content_type = "multipart/form-data"),
    responses((status = 200, description = "`chunkNo`"), (status = 400, description = "the token is not good"), (status = 412, description = "the form cannot be read or has no piece"), (status = 413, description = "the piece is too large")), security(("bearer" = [])))]
pub(crate) async fn piece(
    State(platform): State<Platform>,
    Path((bot, _channel, token)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let sender = Sender::of_bot(&platform, &call, &bot).await?;
    keep::piece(&platform, sender, &token, Form::read(&call, platform.bodies()).await?).await.map(Json)
}

/// Makes a file of the pieces that were sent to a bot: `totalChunks`, `filename` and `fileExtension`, as a form or as
/// JSON.
#[utoipa::path(put, path = "/api/attachments/{streamId}/{channelType}/token/{fileToken}", tag = "Conversation", params(("streamId" = String, Path, description = "The bot, `st-…`"), ("channelType" = String, Path, description = "The channel, such as `ivr`"), ("fileToken" = String, Path, description = "The token of the file")), request_body = Object,
    responses((status = 200, description = "`fileId` and `hash`"), (status = 400, description = "the token is not good"), (status = 412, description = "a piece is missing"), (status = 413, description = "the file is too large")), security(("bearer" = [])))]
pub(crate) async fn join(
    State(platform): State<Platform>,
    Path((bot, _channel, token)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let sender = Sender::of_bot(&platform, &call, &bot).await?;
    keep::join(&platform, sender, &token, Form::of_call(&call).await?).await.map(Json)
}
