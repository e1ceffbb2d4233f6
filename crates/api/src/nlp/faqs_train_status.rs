//! `GET /api/public/bot/{id}/faqs/train/status`: how far the training of questions is. (api.md §16.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::task::{FaqTraining, Kind};
use serde_json::{Map, Value, json};
use store::{Request, State as RequestState};

use super::spoken;
use crate::body::Call;
use crate::record::{add_progress, object};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::TrainFaq], Limit::Request);

/// The newest training of a bot's questions: `in-progress`, `success` or `failure`.
#[utoipa::path(get, path = "/api/public/bot/{botId}/faqs/train/status", tag = "Training",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("language" = Option<String>, Query, description = "The language; any when absent")),
    responses((status = 200, description = "the training's record"), (status = 400, description = "questions of the bot were never trained, or the bot does not speak the language")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    if let Some(language) = call.query().get("language") {
        spoken(language, &bot)?;
    }
    let request = platform.store().latest_request(&bot.id, Kind::FaqTraining).await?;
    Ok(Json(record(&request.ok_or_else(ApiError::invalid_request_id)?)?))
}

/// The record of a training. `message` repeats the status: clients of the original compare either.
pub(super) fn record(request: &Request) -> Result<Map<String, Value>, ApiError> {
    let status = match request.state {
        RequestState::Pending | RequestState::Running => "in-progress",
        RequestState::Succeeded => "success",
        RequestState::Failed | RequestState::Cancelled => "failure",
    };
    let mut record = object(json!({
        "_id": request.id,
        "message": status,
        "status": status,
        "streamId": request.bot,
        "language": request.asked::<FaqTraining>()?.language,
        "__v": 0,
        "lastModifiedBy": request.created_by,
        "modifiedOn": request.modified_at,
    }));
    if let Some(result) = request.outcome::<FaqTraining>()? {
        record.insert("report".into(), result.report);
    }
    add_progress(&mut record, request);
    Ok(record)
}
