//! `GET /api/users/{u}/builder/streams/{st}`: one bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use crate::body::Call;
use crate::{ApiError, Platform};

/// A bot with its settings.
#[utoipa::path(get, path = "/api/users/{userId}/builder/streams/{botId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the bot"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn one(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    Ok(Json(platform.bot_with_settings(&call, &bot).await?))
}
