//! `GET /api/botsdk/stream/{botId}/getMessages`: what was said, for a BotKit server.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::bot_of_server;
use crate::body::Call;
use crate::{ApiError, Platform, sessions};

/// Lists the messages of a user with the bot, the newest first; 20 unless `limit` says otherwise.
#[utoipa::path(get, path = "/api/botsdk/stream/{botId}/getMessages", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`"), ("userId" = String, Query, description = "The user: an id, an address or any other identity"), ("skip" = Option<i64>, Query, description = "How many messages to pass over"), ("limit" = Option<i64>, Query, description = "How many messages to give")),
    responses((status = 200, description = "`total`, `moreAvailable` and `messages`"), (status = 412, description = "`userId` is missing")), security(("token" = [])))]
pub(crate) async fn messages(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let bot = bot_of_server(&platform, &call, &bot).await?;
    sessions::messages_of_user(&platform, &call, bot).await.map(Json)
}
