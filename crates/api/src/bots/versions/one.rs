//! `GET /api/public/bot/{id}/versions/{n}`: one published version of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::{LOOK, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// A version of a bot: when, by whom and with which comment it was published, and the digests of what it holds.
#[utoipa::path(get, path = "/api/public/bot/{botId}/versions/{number}", tag = "Versions",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("number" = i64, Path, description = "The number of the version")),
    responses((status = 200, description = "the version"), (status = 400, description = "the bot has no such version")), security(("token" = [])))]
pub(crate) async fn one(
    State(platform): State<Platform>,
    Path((bot, number)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, LOOK).await?;
    let version = platform.version_in_path(&bot, &number).await?;
    Ok(Json(record(&bot, &version)))
}
