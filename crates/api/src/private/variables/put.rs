//! `POST …/variables`: sets variables of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use crate::body::Call;
use crate::variables::import_into_draft;
use crate::{ApiError, Platform};

/// Sets variables of the bot's draft: `{key, value, variableType?, isSecured?, …}` or a list of such. Those with a known
/// key are changed, others are added. Values of secured variables are sealed, and never shown again.
#[utoipa::path(post, path = "/api/users/{userId}/builder/streams/{botId}/variables", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Vec<Object>, responses((status = 200, description = "all variables as they are now"), (status = 412, description = "a variable has no key")), security(("bearer" = [])))]
pub(crate) async fn put(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let body = match call.json().await? {
        one @ Value::Object(_) if one.get("key").is_some() => Value::Array(vec![one]),
        other => other,
    };
    if body.as_object().is_some_and(Map::is_empty) {
        return Err(ApiError::invalid_arguments("the body holds no variables; give {key, value} or a list of such"));
    }
    let id = bot.id.clone();
    import_into_draft(&platform, &person.user.id, bot, body).await?;
    let bot = platform.store().bot(&id).await?.ok_or_else(ApiError::invalid_stream)?;
    Ok(Json(platform.variables_of(&bot).await?))
}
