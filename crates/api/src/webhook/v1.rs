//! `POST /chatbot/hooks/{botId}`: a message to a bot, in the first form of the channel.

use axum::Json;
use axum::extract::{Path, State};
use channels::webhook::Version;
use serde_json::Value;

use super::receive::receive;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Sends a message to a bot and answers with what it says: `{"session": {"new": false}, "message": {"text": "Hi"},
/// "from": {"id": "user-1"}}`. `message.type` `event` with `message.val` `ON_CONNECT` or `SESSION_CLOSURE` is an event.
///
/// With the header `state: configured` the draft answers instead of the published bot.
#[utoipa::path(post, path = "/chatbot/hooks/{botId}", tag = "Conversation", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "`text`: what the bot says, a text or a list of texts; `endOfTask` and its details when a task ended"), (status = 400, description = "the message cannot be read"), (status = 401, description = "the token is not good, or speaks for another user than `from.id`")), security(("bearer" = [])))]
pub(crate) async fn send(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    receive(&platform, Version::V1, &bot, &call).await.map(Json)
}
