//! `GET|PUT /api/builder/streams/{st}/advancedNLSettings`: advanced settings of language understanding.

use axum::Json;
use axum::extract::{Path, State};
use definition::revise::revise_nl_settings;
use serde_json::Value;

use super::{elements, given_elements};
use crate::body::Call;
use crate::documents::Documents;
use crate::{ApiError, Platform};

const LIST: &str = "advancedNLSettings";

/// The advanced settings of the bot's draft; with `?language=` those of one language.
#[utoipa::path(get, path = "/api/builder/streams/{botId}/advancedNLSettings", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`"), ("language" = Option<String>, Query, description = "Such as `en`")),
    responses((status = 200, description = "a list of `{configurationKeyName, configurationValue, language, …}`"), (status = 400, description = "there is no such bot")), security(("bearer" = [])))]
pub(crate) async fn read(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (_, bot) = platform.builder(&call, &bot).await?;
    let reader = bot.clone();
    let mut elements = platform.read_documents(&bot, move |documents| elements(&documents, LIST, &reader)).await?;
    if let Some(language) = call.query().get("language") {
        elements.retain(|element| element["language"] == language);
    }
    Ok(Json(elements))
}

/// Sets advanced settings: `{configurationKeyName, configurationValue, language?}` or a list of such. Those the bot has
/// not yet are added.
#[utoipa::path(put, path = "/api/builder/streams/{botId}/advancedNLSettings", tag = "Private tier", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Vec<Object>, responses((status = 200, description = "all settings as they are now"), (status = 412, description = "a setting has no name")), security(("bearer" = [])))]
pub(crate) async fn write(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (caller, bot) = platform.builder(&call, &bot).await?;
    let given = given_elements(call.json().await?, LIST)?;
    let language = call.header("bot-language").unwrap_or(&bot.default_language).to_owned();
    let ids = platform.store().ids().clone();
    let revise = move |draft: &Documents| {
        let new_id = |prefix: &'static str| if prefix.is_empty() { ids.uuid() } else { ids.prefixed(prefix) };
        revise_nl_settings(&draft.definition, &draft.config, &given, &language, new_id)
    };
    Ok(Json(platform.revise_list(&caller, bot, LIST, "nl_settings", revise).await?))
}
