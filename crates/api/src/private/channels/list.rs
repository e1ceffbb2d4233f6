//! `GET …/channels`: the channels of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::record;
use crate::body::Call;
use crate::{ApiError, Platform};

/// The channels of a bot, in the order they were set up.
#[utoipa::path(get, path = "/api/users/{userId}/builder/streams/{botId}/channels", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "a list of channels"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
    let (_, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let channels = platform.store().channels(&bot.id).await?;
    Ok(Json(channels.iter().map(record).collect()))
}
