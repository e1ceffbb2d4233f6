//! `GET /api/botsdk/stream/{botId}/getDialog`: dialogs of a bot, for its BotKit server.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use super::{bot_of_server, documents_of};
use crate::body::Call;
use crate::documents::blocking;
use crate::{ApiError, Platform};

/// A dialog of the published bot, by `dialogId` (`_id` or `refId`) or `dialogName`; all of them when neither is given.
#[utoipa::path(get, path = "/api/botsdk/stream/{botId}/getDialog", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`"), ("dialogId" = Option<String>, Query, description = "The dialog"), ("dialogName" = Option<String>, Query, description = "Its name, in any letter case")),
    responses((status = 200, description = "the dialog, or a list of dialogs"), (status = 404, description = "there is no such dialog")), security(("token" = [])))]
pub(crate) async fn dialog(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let bot = bot_of_server(&platform, &call, &bot).await?;
    let documents = documents_of(&platform, &bot).await?;
    let dialogs = blocking(move || documents.definition.decode::<Vec<Value>>("dialogs")).await?;
    let dialogs = dialogs.map_err(|error| ApiError::internal(&error))?.unwrap_or_default();
    let query = call.query();
    let (id, name) = (query.get("dialogId"), query.get("dialogName"));
    if id.is_none() && name.is_none() {
        return Ok(Json(Value::Array(dialogs)));
    }
    let is_meant = |dialog: &Value| match id {
        Some(id) => dialog["_id"] == id || dialog["refId"] == id,
        None => dialog["lname"].as_str().zip(name).is_some_and(|(own, name)| own.eq_ignore_ascii_case(name)),
    };
    let found = dialogs.into_iter().find(is_meant);
    found.map(Json).ok_or_else(|| ApiError::not_found("There is no such dialog"))
}
