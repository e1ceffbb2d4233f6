//! `PUT /api/users/{u}/builder/streams/{st}`: changes a bot's settings.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use crate::body::Call;
use crate::{ApiError, Platform};

/// Changes the name, description, colour and other settings of a bot. What is absent stays; a whole record may be sent
/// back. Members that are no settings are listed in `ignored`.
#[utoipa::path(put, path = "/api/users/{userId}/builder/streams/{botId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the bot as it is now"), (status = 409, description = "somebody else changed it meanwhile"), (status = 412, description = "a setting cannot have this value")), security(("bearer" = [])))]
pub(crate) async fn update(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let (bot, ignored) = platform.revise_settings(&person.user, bot, call.members().await?).await?;
    let mut record = platform.bot_with_settings(&call, &bot).await?;
    if !ignored.is_empty() {
        record.insert("ignored".into(), json!(ignored));
    }
    Ok(Json(record))
}
