//! `POST /chatbot/v2/webhook/{botId}`: a message to a bot, in the second form of the channel.

use axum::Json;
use axum::extract::{Path, State};
use channels::webhook::Version;
use serde_json::Value;

use super::receive::receive;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Sends a message to a bot and answers with what it says: `{"session": {"new": false}, "message": {"type": "text",
/// "val": "Hi"}, "from": {"id": "user-1"}}`. `message.type` is `text`, `template`, `event` (`val` `ON_CONNECT` or
/// `SESSION_CLOSURE`) or `formData`.
///
/// An answer with a `pollId` is not whole: ask `…/poll/{pollId}` for the rest. Where the channel is asynchronous, the
/// answer is `{"status": "ok"}` at once, and what the bot says is posted to the channel's `postUrl`.
#[utoipa::path(post, path = "/chatbot/v2/webhook/{botId}", tag = "Conversation", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "`data`: what the bot says, in order; `endOfTask` and its details when a task ended"), (status = 400, description = "the message cannot be read"), (status = 401, description = "the token is not good, or speaks for another user than `from.id`")), security(("bearer" = [])))]
pub(crate) async fn send(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    receive(&platform, Version::V2, &bot, &call).await.map(Json)
}
