//! `GET /api/public/bot/{id}/testsuite/{name}/{run}/status`: how far a run is, and what came of it.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::BatchTest;
use serde_json::{Map, Value, json};

use super::{Suite, status_word};
use crate::body::Call;
use crate::record::{add_findings, add_progress, object};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BatchTestExecution], Limit::Request);

/// How far a run is: `running`, then `completed` with precision, recall, F1, the counts per intent, the confusions, and
/// a link to a CSV of all cases; or `failed`. `findings` (ours, absent without any) list `{pointer, code, text}`: what the
/// cases name and the bot has not. A suite of which no case names anything that the bot has fails.
#[utoipa::path(get, path = "/api/public/bot/{botId}/testsuite/{suite}/{run}/status", tag = "Batch tests",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("suite" = String, Path, description = "The suite's name or id"), ("run" = String, Path, description = "The run, `tr-…`")),
    responses((status = 200, description = "the run's record"), (status = 400, description = "there is no such suite or run")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path((bot, suite, run)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let suite = Suite::of(&platform, &bot, &suite).await?;
    let run = suite.run(&platform, &bot, &run).await?;
    let mut record = object(json!({
        "_id": run.id,
        "streamId": bot.id,
        "testSuiteId": suite.id(),
        "status": status_word(run.state),
        "percentage": run.progress,
    }));
    add_findings(&mut record, &run);
    add_progress(&mut record, &run);
    if let Some(result) = run.outcome::<BatchTest>()? {
        for key in ["utterance_count", "totalUtterances", "utterance_ran"] {
            record.insert(key.into(), json!(result.utterances));
        }
        let mut shown = json!({
            "runType": run.asked::<BatchTest>()?.version,
            "botLanguage": result.language,
            "startTime": run.started_at,
            "endTime": run.finished_at,
            "f1_score": result.f1_score,
            "precision": result.precision,
            "recall": result.recall,
            "results": result.results,
        });
        // A file that was swept away has no link any more.
        if let Some(file) = platform.store().file(&bot.account, &result.file_id).await? {
            shown["fileId"] = json!(file.id);
            shown["fileUrl"] = json!(platform.link(&call, &file));
        }
        record.insert("result".into(), shown);
    }
    Ok(Json(record))
}
