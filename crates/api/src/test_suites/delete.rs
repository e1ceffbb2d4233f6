//! `DELETE /api/public/bot/{id}/testsuite/{name}`: removes a suite.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::Suite;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BatchTestManagement], Limit::Bot);

/// Removes an imported suite. The one that every bot has stays.
#[utoipa::path(delete, path = "/api/public/bot/{botId}/testsuite/{suite}", tag = "Batch tests",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("suite" = String, Path, description = "The suite's name or id")),
    responses((status = 200, description = "`{message}`"), (status = 400, description = "there is no such suite, or every bot has it")), security(("token" = [])))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Path((bot, suite)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let not_found = || ApiError::bad_request("Test Suite not found");
    let Suite::Imported(suite) = Suite::of(&platform, &bot, &suite).await? else {
        return Err(not_found().with_detail("every bot has this suite; it cannot be removed"));
    };
    if !platform.store().delete_test_suite(&bot, &suite, caller.user()).await? {
        return Err(not_found());
    }
    Ok(Json(json!({"message": "Test Suite removed successfully"})))
}
