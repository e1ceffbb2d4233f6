//! `PUT …/variables/{vr}`: changes a variable of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::id_of;
use crate::body::{Call, required_text};
use crate::variables::change_in_draft;
use crate::{ApiError, Platform};

/// Changes a variable of the bot's draft, named by its id: the body is that of `POST …/variables`. With another `key` the
/// variable is renamed, and has another id from then on, for the id goes by the key.
#[utoipa::path(put, path = "/api/users/{userId}/builder/streams/{botId}/variables/{variableId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("variableId" = String, Path, description = "The variable, `vr-…`")),
    request_body = Object, responses((status = 200, description = "the variable as it is now"), (status = 400, description = "the bot has no such namespace, or there is no such `variableType`"), (status = 404, description = "the bot has no such variable"), (status = 409, description = "another variable has the new key"), (status = 412, description = "`key` or `isSecured` is missing, or the type is another one")), security(("bearer" = [])))]
pub(crate) async fn change(
    State(platform): State<Platform>,
    Path((user, bot, id)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (person, bot) = platform.person_and_bot(&call, &user, &bot).await?;
    let gone = || ApiError::not_found("Variable not found");
    let stored = platform.variable_of(&bot, &id).await?.ok_or_else(gone)?;
    let mut given = call.members_with_texts().await?;
    required_text(&given, "key")?;
    platform.judge_variables(&bot, vec![(String::new(), Value::Object(given.clone()))]).await?;
    let kind = stored["variableType"].as_str().unwrap_or("env");
    if given.get("variableType").and_then(Value::as_str).is_some_and(|given| !given.eq_ignore_ascii_case(kind)) {
        let detail = format!("the variable is of the type `{kind}`, which cannot be changed; make a new one");
        return Err(ApiError::invalid_arguments(detail).at("/variableType"));
    }
    given.insert("variableType".into(), json!(kind));
    let variable = platform.variable_to_write(&bot, given).await?;
    let old_key = stored["key"].as_str().unwrap_or_default().to_owned();
    let gives_value = variable["value"].as_str().is_some_and(|value| !value.is_empty());
    if variable["key"] != stored["key"] && stored["isSecured"] == true && !gives_value {
        // It is sealed for its key, and nobody but the bot may open it.
        let detail = "a secured variable that is renamed needs its value again";
        return Err(ApiError::invalid_arguments(detail).at("/value"));
    }
    if stored["isSecured"] == true && variable["isSecured"] != true && !gives_value {
        // What is sealed is not opened for who changes it, and must not be lost without a word.
        let detail = "a secured variable that is to be secured no more needs its value again";
        return Err(ApiError::invalid_arguments(detail).at("/value"));
    }
    let (bot_id, new_id) = (bot.id.clone(), id_of(&bot.id, &variable));
    change_in_draft(&platform, &person.user.id, bot, old_key, variable).await?;
    let bot = platform.store().bot(&bot_id).await?.ok_or_else(ApiError::invalid_stream)?;
    Ok(Json(platform.variable_of(&bot, &new_id).await?.ok_or_else(gone)?))
}
