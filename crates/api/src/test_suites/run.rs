//! `POST /api/public/bot/{id}/testsuite/{name}/run`: starts a run of a suite.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use definition::finding::{Finding, find_unknown_members, listed};
use domain::task::{BatchTest, TestedVersion};
use serde_json::{Map, Value, json};
use store::NewRequest;

use super::{Suite, find_engine};
use crate::body::Call;
use crate::nlp::language_of;
use crate::record::{add_findings, object};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BatchTestExecution], Limit::Bot);

/// Starts a run of a suite, named by its name or id, against the draft (`version: inDevelopment`) or the published
/// version. The suite `Developer defined utterances` is there for every bot.
#[utoipa::path(post, path = "/api/public/bot/{botId}/testsuite/{suite}/run", tag = "Batch tests",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("suite" = String, Path, description = "The suite's name or id")),
    request_body(content = Object, description = "`{version?: inDevelopment|published}`"),
    responses((status = 200, description = "`{status: accepted, requestId}`"), (status = 400, description = "there is no such suite"), (status = 412, description = "`version` is unknown")), security(("token" = [])))]
pub(crate) async fn run(
    State(platform): State<Platform>,
    Path((bot, suite)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let suite = Suite::of(&platform, &bot, &suite).await?;
    let body = call.members().await?;
    let version = match body.get("version").and_then(Value::as_str) {
        None | Some("" | "inDevelopment") => TestedVersion::InDevelopment,
        Some("published") => TestedVersion::Published,
        Some(other) => {
            let detail = format!("`version` is `{other}`: give `inDevelopment` or `published`");
            return Err(ApiError::invalid_arguments(detail).at("/version"));
        }
    };
    let suite_id = match &suite {
        Suite::Developers => None,
        Suite::Imported(suite) => Some(suite.id.clone()),
    };
    let new = NewRequest {
        task: BatchTest {
            suite_key: suite.id().to_owned(),
            suite_id,
            suite_name: Some(suite.name().to_owned()),
            version,
            language: Some(language_of(&call, &bot)?),
            findings: findings_of(&Value::Object(body)),
        }
        .into(),
        account: bot.account.clone(),
        bot: Some(bot.id.clone()),
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    let mut record = object(json!({"status": "accepted", "requestId": submitted.request.id}));
    add_findings(&mut record, &submitted.request);
    Ok(Json(record))
}

/// What a body asks that is not done.
fn findings_of(body: &Value) -> Vec<Finding> {
    let mut findings = Vec::new();
    find_unknown_members(body, "", &["version", "engine"], &mut findings);
    find_engine(body, &mut findings);
    listed(findings, body)
}
