//! `GET …/variables`: the variables of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use crate::body::Call;
use crate::{ApiError, Platform};

/// The variables of the bot's draft: environment variables, then content variables, each with its `_id` (`vr-…`). In the
/// place of a secured value stands a mask.
#[utoipa::path(get, path = "/api/users/{userId}/builder/streams/{botId}/variables", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "a list of variables"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (_, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    Ok(Json(platform.variables_of(&bot).await?))
}
