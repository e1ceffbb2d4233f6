//! `GET|PUT /api/builder/streams/{st}/dialogs`: the dialogs of a bot.

use axum::Json;
use axum::extract::{Path, State};
use definition::revise::revise_elements;
use serde_json::Value;

use super::{elements, given_elements};
use crate::body::Call;
use crate::documents::Documents;
use crate::{ApiError, Platform};

/// The dialogs of the bot's draft.
#[utoipa::path(get, path = "/api/builder/streams/{botId}/dialogs", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "a list of dialogs, each with `streamId`"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn read(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (_, bot) = platform.builder(&call, &bot).await?;
    let reader = bot.clone();
    let elements = platform.read_documents(&bot, move |documents| elements(&documents, "dialogs", &reader)).await?;
    Ok(Json(elements))
}

/// Replaces dialogs of the bot's draft: those of the body, found by their `_id`. A change that would break the bot is
/// refused.
#[utoipa::path(put, path = "/api/builder/streams/{botId}/dialogs", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Vec<Object>, responses((status = 200, description = "all dialogs as they are now"), (status = 412, description = "an element is unknown or would break the bot")), security(("bearer" = [])))]
pub(crate) async fn write(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (caller, bot) = platform.builder(&call, &bot).await?;
    let given = given_elements(call.json().await?, "dialogs")?;
    let revise = move |draft: &Documents| revise_elements(&draft.definition, &draft.config, "dialogs", &given);
    Ok(Json(platform.revise_list(&caller, bot, "dialogs", "dialog", revise).await?))
}
