//! `GET /api/public/bot/{id}/publish/status`: how far the newest publish is. (api.md §9.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::{Kind, Publish};
use serde_json::{Map, Value, json};
use store::State as RequestState;

use crate::body::Call;
use crate::record::{add_findings, add_progress, object};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::PublishStatus], Limit::Request);

/// The publish that goes on, or the last one: `inprogress`, `successful` or `failed`, with a summary per resource.
///
/// `findings` (ours, absent without any) list `{pointer, code, text}`: what the request said and nobody knows.
#[utoipa::path(get, path = "/api/public/bot/{botId}/publish/status", tag = "Publish", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the publish's record"), (status = 400, description = "the bot was never published")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let request = platform.store().latest_request(&bot.id, Kind::Publish).await?;
    let request = request.ok_or_else(ApiError::invalid_request_id)?;
    let status = match request.state {
        RequestState::Pending | RequestState::Running => "inprogress",
        RequestState::Succeeded => "successful",
        RequestState::Failed | RequestState::Cancelled => "failed",
    };
    let mut record = object(json!({
        "_id": request.id,
        "jobType": "PUBLISH_BOT",
        "streamId": request.bot,
        "__v": 0,
        "action": "RUN",
        "countOfDockStatuses": 1,
        "createdBy": request.created_by,
        "requestedTime": request.created_at,
        "status": status,
        "lastModifiedOn": request.modified_at,
        "initiatedOn": request.started_at,
        "statusSummary": request.log,
    }));
    add_findings(&mut record, &request);
    add_progress(&mut record, &request);
    if let Some(result) = request.outcome::<Publish>()? {
        record.insert("version".into(), json!(result.version));
        record.insert("warnings".into(), json!(result.warnings));
    }
    Ok(Json(record))
}
