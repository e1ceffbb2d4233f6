//! `POST /api/public/builder/bot/{id}/variables/export`: the variables of a bot. (api.md §15.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::variables::export_variables;
use serde_json::Value;
use store::NewChange;

use crate::body::Call;
use crate::documents::{Documents, blocking};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::VariablesExport], Limit::Bot);

/// All variables of a bot's draft: environment variables, then content variables. Values of secured ones are empty.
#[utoipa::path(post, path = "/api/public/builder/bot/{botId}/variables/export", tag = "Variables", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the list of variables")), security(("token" = [])))]
pub(crate) async fn export(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Vec<Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let documents = Documents::load(platform.store(), &bot.content).await?;
    let variables = blocking(move || export_variables(&documents.config, &documents.definition)).await?;
    let variables = variables.map_err(|error| ApiError::internal(&error))?;
    let change = NewChange {
        user: caller.user().clone(),
        resource_id: None,
        resource_type: "variables",
        message: "Bot variables are exported".to_owned(),
    };
    platform.store().log_change(&bot.account, &bot.id, change).await?;
    Ok(Json(variables))
}
