//! `POST …/variables`: sets variables of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::Value;

use super::{MASK, NO_MEMBERS, id_of};
use crate::body::{Call, required_text};
use crate::variables::import_into_draft;
use crate::{ApiError, Platform};

/// Sets a variable of the bot's draft: `{key, value, hint, isSecured, variableType?, group?, vNameSpace?, audioTag?}`. One
/// with a known key is changed. It is in the namespace every bot has unless `vNameSpace` names others, by `_id` (`ns-…`) or
/// `refId`. The value of a secured variable is sealed, and a mask is shown in its place.
///
/// A list of variables (ours) sets all of them, and is answered with all that the bot has then.
#[utoipa::path(post, path = "/api/users/{userId}/builder/streams/{botId}/variables", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the variable with its `_id`, `vr-…`"), (status = 400, description = "the bot has no such namespace, or there is no such `variableType`"), (status = 412, description = "`key` or `isSecured` is missing")), security(("bearer" = [])))]
pub(crate) async fn put(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let id = bot.id.clone();
    let changed = async || platform.store().bot(&id).await?.ok_or_else(ApiError::invalid_stream);
    match call.json().await? {
        Value::Object(given) => {
            required_text(&given, "key")?;
            platform.judge_variables(&bot, vec![(String::new(), Value::Object(given.clone()))]).await?;
            let variable = platform.variable_to_write(&bot, given).await?;
            let variable_id = id_of(&id, &variable);
            import_into_draft(&platform, &person.user.id, bot, Value::Array(vec![variable])).await?;
            let written = platform.variable_of(&changed().await?, &variable_id).await?;
            // Somebody else may have taken it away since.
            written.map(Json).ok_or_else(|| ApiError::conflict("The variable was removed meanwhile; send it again"))
        }
        Value::Array(mut variables) => {
            for variable in variables.iter_mut().filter_map(Value::as_object_mut) {
                variable.retain(|name, _| !NO_MEMBERS.contains(&name.as_str()));
                if variable.get("value").is_some_and(|value| value == MASK) {
                    variable.shift_remove("value");
                }
            }
            let placed = variables.iter().enumerate().map(|(at, variable)| (format!("/{at}"), variable.clone()));
            platform.judge_variables(&bot, placed.collect()).await?;
            import_into_draft(&platform, &person.user.id, bot, Value::Array(variables)).await?;
            Ok(Json(Value::Array(platform.variables_of(&changed().await?).await?)))
        }
        _ => Err(ApiError::invalid_arguments(
            "the body holds no variables; give {key, value, isSecured} or a list of such",
        )),
    }
}
