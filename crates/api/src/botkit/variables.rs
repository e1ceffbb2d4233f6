//! `GET /api/botsdk/stream/{botId}/getBotVariables`: the variables of a bot, for its BotKit server.

use axum::Json;
use axum::extract::{Path, State};
use definition::variables::export_variables;
use serde_json::Value;

use super::{bot_of_server, documents_of};
use crate::body::Call;
use crate::documents::blocking;
use crate::{ApiError, Platform};

/// The variables of the published bot: environment variables, then content variables. Secured values are empty.
#[utoipa::path(get, path = "/api/botsdk/stream/{botId}/getBotVariables", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "a list of variables")), security(("token" = [])))]
pub(crate) async fn variables(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let bot = bot_of_server(&platform, &call, &bot).await?;
    let documents = documents_of(&platform, &bot).await?;
    let variables = blocking(move || export_variables(&documents.config, &documents.definition)).await?;
    variables.map(Json).map_err(|error| ApiError::internal(&error))
}
