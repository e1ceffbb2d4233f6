//! `PUT …/updateUniversalBotVersion`: moves a universal bot on to a newer version. (api-families-2.md §11.)

use axum::Json;
use axum::extract::{Path, State};
use definition::summary::{LEGACY_UNIVERSAL, is_current_universal};
use serde_json::{Map, Value};

use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform};

/// Sets the version of a universal bot: `{universalBotVersion}`. Bots of the first version are refused here as everywhere.
#[utoipa::path(put, path = "/api/users/{userId}/builder/streams/{botId}/updateUniversalBotVersion", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the bot as it is now"), (status = 400, description = "the version is the first one, or the bot is no universal bot"), (status = 412, description = "`universalBotVersion` is missing")), security(("bearer" = [])))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let body = call.members().await?;
    let version = body
        .get("universalBotVersion")
        .filter(|version| !version.is_null())
        .ok_or_else(|| ApiError::invalid_arguments("`universalBotVersion` is missing").at("/universalBotVersion"))?;
    if bot.kind != "universalbot" {
        let detail = format!("the bot is of the type `{}`; only universal bots have versions of their form", bot.kind);
        return Err(ApiError::bad_request("The bot is no universal bot").with_detail(detail));
    }
    if !is_current_universal(version) {
        return Err(ApiError::bad_request(LEGACY_UNIVERSAL).at("/universalBotVersion"));
    }
    let changes = object(serde_json::json!({"universalBotVersion": version}));
    let (bot, _) = platform.revise_settings(&person.user, bot, changes).await?;
    Ok(Json(platform.bot_with_settings(&call, &bot).await?))
}
