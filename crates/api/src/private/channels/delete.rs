//! `DELETE …/channel/{type}`: removes a channel.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use crate::body::Call;
use crate::{ApiError, Platform};

/// Removes a channel of a bot.
#[utoipa::path(delete, path = "/api/users/{userId}/builder/streams/{botId}/channel/{type}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("type" = String, Path, description = "`rtm`, `ivr`, …")),
    responses((status = 200, description = "it is gone, or was not there")), security(("bearer" = [])))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Path((user, bot, kind)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    platform.remove_channel(&call, &user, &bot, &kind).await
}

/// Removes a channel of a bot; the path by which it was set up works too.
#[utoipa::path(delete, path = "/api/users/{userId}/builder/streams/{botId}/channels/{type}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("type" = String, Path, description = "`rtm`, `ivr`, …")),
    responses((status = 200, description = "it is gone, or was not there")), security(("bearer" = [])))]
pub(crate) async fn delete_plural(
    State(platform): State<Platform>,
    Path((user, bot, kind)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    platform.remove_channel(&call, &user, &bot, &kind).await
}

impl Platform {
    async fn remove_channel(&self, call: &Call, user: &str, bot: &str, kind: &str) -> Result<Json<Value>, ApiError> {
        let (person, bot) = self.person_and_bot(call, user, bot).await?;
        // Scripts take away what may not be there; either way it is gone.
        let was_there = self.store().delete_channel(&bot, kind, &person.user.id).await?;
        let message = if was_there { "Channel deleted successfully" } else { "The bot has no such channel" };
        Ok(Json(json!({"type": kind, "streamId": bot.id, "message": message})))
    }
}
