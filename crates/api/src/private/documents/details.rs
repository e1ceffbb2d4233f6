//! `GET|PUT /api/builder/streams/{st}/details`: the settings of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use crate::body::Call;
use crate::{ApiError, Platform};

/// The bot with its settings.
#[utoipa::path(get, path = "/api/builder/streams/{botId}/details", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the bot with its settings and `streamId`"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn read(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.builder(&call, &bot).await?;
    let mut record = platform.bot_with_settings(&call, &bot).await?;
    record.insert("streamId".into(), json!(bot.id));
    Ok(Json(record))
}

/// Changes settings of the bot's draft. What is absent stays; members that are no settings are listed in `ignored`.
#[utoipa::path(put, path = "/api/builder/streams/{botId}/details", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the bot as it is now"), (status = 412, description = "a setting cannot have this value")), security(("bearer" = [])))]
pub(crate) async fn write(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.builder(&call, &bot).await?;
    let (bot, ignored) = platform.revise_settings(&caller, bot, call.members().await?).await?;
    let mut record = platform.bot_with_settings(&call, &bot).await?;
    record.insert("streamId".into(), json!(bot.id));
    record.insert("ignored".into(), json!(ignored));
    Ok(Json(record))
}
