//! `GET /api/public/bot/{id}/testsuite`: the suites of a bot with their newest results.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::BatchTest;
use serde_json::{Map, Value, json};
use store::Request;

use super::{DEVELOPERS_KEY, DEVELOPERS_NAME, run_summary};
use crate::body::Call;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BatchTestManagement, Scope::BatchTestExecution], Limit::Bot);

/// The most suites of one answer.
const MAX_LIMIT: i64 = 100;
/// How many of the newest runs of a bot are looked at for results.
const NEWEST_RUNS: i64 = 200;

/// The suites of a bot by their ids, each with the results of its newest runs, and the one that every bot has:
/// `AllMlUtterances`, named `Developer defined utterances`.
#[utoipa::path(get, path = "/api/public/bot/{botId}/testsuite", tag = "Batch tests",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("skip" = Option<i64>, Query, description = "Suites to pass over"), ("limit" = Option<i64>, Query, description = "Suites at most; 20 when absent, never more than 100")),
    responses((status = 200, description = "`count`, `moreAvailable`, and the suites, each under its id")), security(("token" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let query = call.query();
    let limit = query.number("limit", 20).clamp(1, MAX_LIMIT);
    let skip = query.number("skip", 0).max(0);
    let page = platform.store().test_suites(&bot.id, limit, skip).await?;
    let runs = platform.store().test_runs(&bot.id, NEWEST_RUNS).await?;
    let shown = i64::try_from(page.items.len()).unwrap_or(i64::MAX);
    // The suite that every bot has counts, too.
    let mut answer = object(json!({"count": page.total + 1, "moreAvailable": skip + shown < page.total}));
    for suite in page.items {
        let mut entry = json!({
            "testSuiteType": "custom",
            "name": suite.name,
            "description": suite.description,
            "language": suite.language,
            "utteranceCount": suite.cases.as_array().map_or(0, Vec::len),
            "createdOn": suite.created_at,
            "lastModifiedOn": suite.modified_at,
        });
        entry["results"] = results_of(&runs, &suite.id)?;
        answer.insert(suite.id, entry);
    }
    answer.insert(
        DEVELOPERS_KEY.into(),
        json!({
            "testSuiteType": "prebuilt",
            "name": DEVELOPERS_NAME,
            "description": "All utterances that were written for the bot's intents",
            "results": results_of(&runs, DEVELOPERS_KEY)?,
        }),
    );
    Ok(Json(answer))
}

fn results_of(runs: &[Request], suite: &str) -> Result<Value, ApiError> {
    let mut results = Vec::new();
    for run in runs {
        let asked: BatchTest = run.asked()?;
        if asked.suite_key == suite {
            results.push(run_summary(run, &asked)?);
        }
    }
    Ok(Value::Array(results))
}
