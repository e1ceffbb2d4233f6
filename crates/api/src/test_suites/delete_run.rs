//! `DELETE /api/public/bot/{id}/testsuite/{name}/{run}`: removes a run with its results.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::Suite;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BatchTestManagement], Limit::Bot);

/// Removes a run that has ended, with its results.
#[utoipa::path(delete, path = "/api/public/bot/{botId}/testsuite/{suite}/{run}", tag = "Batch tests",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("suite" = String, Path, description = "The suite's name or id"), ("run" = String, Path, description = "The run, `tr-…`")),
    responses((status = 200, description = "`{message}`"), (status = 400, description = "there is no such suite or run"), (status = 409, description = "the run goes on")), security(("token" = [])))]
pub(crate) async fn delete_run(
    State(platform): State<Platform>,
    Path((bot, suite, run)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let suite = Suite::of(&platform, &bot, &suite).await?;
    let run = suite.run(&platform, &bot, &run).await?;
    if !platform.store().delete_test_run(&bot.id, &run.id).await? {
        return Err(ApiError::conflict("The run goes on; call it off or wait for its end"));
    }
    Ok(Json(json!({"message": "Test Result removed successfully"})))
}
