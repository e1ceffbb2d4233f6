//! `GET /api/public/bot/eraseUsersData/status/{requestId}`: how far an erasure is. No source says where the original has
//! it; this is where imports have theirs.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use store::EraseStatus;

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::DeleteUserData], Limit::Request);

/// Says how far an erasure is, how many rows went, and in `findings` what the request named that is not there.
#[utoipa::path(get, path = "/api/public/bot/eraseUsersData/status/{requestId}", tag = "People", params(("requestId" = String, Path, description = "The erasure, `eud-…`")),
    responses((status = 200, description = "`requestId`, `status` (`in-progress`, `success` or `failed`) and, when it ended, `erased` or `reason`"), (status = 400, description = "there is no such erasure")), security(("token" = [])))]
pub(crate) async fn status(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let request = platform.store().erase_request(&caller.app.account, &id).await?;
    let request = request.ok_or_else(ApiError::invalid_request_id)?;
    let word = match request.status {
        EraseStatus::InProgress => "in-progress",
        EraseStatus::Completed => "success",
        EraseStatus::Failed => "failed",
    };
    let mut record = json!({"requestId": request.id, "status": word, "createdOn": request.created_at});
    if let Some(at) = request.finished_at {
        record["completedOn"] = json!(at);
    }
    for member in ["erased", "reason", "findings"] {
        if let Some(value) = request.detail.get(member) {
            record[member] = value.clone();
        }
    }
    Ok(Json(record))
}
