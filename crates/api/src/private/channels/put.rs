//! `POST …/channels/{type}`: sets a channel up.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};
use store::NewChannel;

use super::record;
use crate::body::Call;
use crate::webhook::require_callable_post;
use crate::{ApiError, Platform};

/// Sets a channel of a bot up, or changes it: `{enable, name, displayName, app: {clientId, appName}, …}`. It is enabled
/// unless `enable` is false.
#[utoipa::path(post, path = "/api/users/{userId}/builder/streams/{botId}/channels/{type}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("type" = String, Path, description = "`rtm`, `ivr`, …")),
    request_body = Object, responses((status = 200, description = "the channel"), (status = 412, description = "the type is no word")), security(("bearer" = [])))]
pub(crate) async fn put(
    State(platform): State<Platform>,
    Path((user, bot, kind)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let mut details = call.members().await?;
    if kind.len() > 40 || !kind.chars().all(|c| c.is_ascii_alphanumeric() || "-_".contains(c)) {
        let detail = format!("the type of the channel is `{kind}`: give a word such as `rtm`");
        return Err(ApiError::invalid_arguments(detail).at("/type"));
    }
    let enabled = match details.shift_remove("enable") {
        Some(Value::Bool(enabled)) => enabled,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
        _ => true,
    };
    require_callable_post(&platform, &kind, &details, "")?;
    let new = NewChannel { kind, enabled, details, by: person.user.id };
    let channel = platform.store().put_channel(&bot, new).await?;
    Ok(Json(record(&channel)))
}
