//! `POST /api/botsdk/stream/{botId}/{call}/{requestId}`: what a BotKit server wants done.

use axum::Json;
use axum::extract::{Path, State};
use conversation::{BotKitCall, Called};
use domain::TooLarge;
use serde_json::{Value, json};

use super::bot_of_server;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Takes a call of a bot's BotKit server under the id of something it was asked: `sendUserMessage`, `sendBotMessage`,
/// `skipUserMessage`, `skipBotMessage`, `sendAlertMessage`, `sendFeedbackMessage`, `serviceCallback`,
/// `startAgentSession`, `clearAgentSession`, `extendcallid`, `resetBot`, `clearConversationSession`. The body is the
/// payload that came, changed; `overrideMessagePayload` (`{body, isTemplate}`) goes before `message`.
#[utoipa::path(post, path = "/api/botsdk/stream/{botId}/{call}/{requestId}", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`"), ("call" = String, Path, description = "What is called for"), ("requestId" = String, Path, description = "`requestId` of the payload that came")),
    request_body = Option<Object>, responses((status = 200, description = "it is done, or will be"), (status = 400, description = "nothing was asked under this id, or its session has ended"), (status = 401, description = "the token is not of the app the server is registered with"), (status = 404, description = "there is no such call"), (status = 412, description = "the payload cannot be read")), security(("token" = [])))]
pub(crate) async fn callback(
    State(platform): State<Platform>,
    Path((bot, name, request)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let bot = bot_of_server(&platform, &call, &bot).await?;
    let wanted: BotKitCall =
        name.parse().map_err(|error| ApiError::not_found("Not Found").with_detail(format!("{error}")))?;
    let body = call.body().await?;
    let limits = platform.store().limits();
    let most = limits.message_bytes + limits.conversation_bytes;
    TooLarge::check("the payload", body.len(), most, "bytes")?;
    let payload = if body.is_empty() { json!({}) } else { call.json().await? };
    match platform.conversations().botkit_calls(&bot.id, wanted, &request, &payload).await? {
        Called::Done => Ok(Json(json!({"success": true}))),
        Called::Unknown => Err(ApiError::invalid_request_id()
            .with_detail("nothing was asked under this id, or the session it belongs to has ended")),
        Called::Unreadable(reason) => Err(ApiError::invalid_arguments(reason)),
    }
}
