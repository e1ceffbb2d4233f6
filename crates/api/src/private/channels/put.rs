//! `POST …/channels/{type}`: sets a channel up.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::record;
use crate::body::Call;
use crate::channels::require_kind;
use crate::{ApiError, Platform};

/// Sets a channel of a bot up, or changes it: `{enable, name, displayName, app: {clientId, appName}, …}`, or what the vendor
/// of another type asks for. A new one is enabled unless `enable` is false. What is secret is sealed and not shown again.
///
/// What a change does not give stays as it is, a mask that comes back stands for the secret that is kept, and a member that is
/// null goes.
#[utoipa::path(post, path = "/api/users/{userId}/builder/streams/{botId}/channels/{type}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("type" = String, Path, description = "`rtm`, `ivr`, …")),
    request_body = Object, responses((status = 200, description = "the channel"), (status = 412, description = "the type is no word, or a mask stands where no secret is kept")), security(("bearer" = [])))]
pub(crate) async fn put(
    State(platform): State<Platform>,
    Path((user, bot, kind)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let details = call.members().await?;
    require_kind(&kind)?;
    let channel = platform.set_channel_up(&bot, kind, details, "", person.user.id).await?;
    Ok(Json(record(&channel)))
}
