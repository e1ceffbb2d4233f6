//! `POST /api/public/requests/{id}/cancel` and `DELETE /api/public/requests/{id}`: calls a request off.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};
use store::{NewChange, State as RequestState};

use super::{Access, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// Calls a request off: at once when it waits, else at the next step of its worker. Nothing of it takes effect then.
#[utoipa::path(post, path = "/api/public/requests/{requestId}/cancel", tag = "Requests", params(("requestId" = String, Path, description = "The request, `bir-…`, `ber-…`, `ds-…`")),
    responses((status = 200, description = "the request as it is now"), (status = 400, description = "there is no such request"), (status = 409, description = "it has ended already")), security(("token" = [])))]
pub(crate) async fn cancel(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    call_off(&platform, id, &call).await
}

/// Calls a request off; the same as `POST …/cancel`.
#[utoipa::path(delete, path = "/api/public/requests/{requestId}", tag = "Requests", params(("requestId" = String, Path, description = "The request, `bir-…`, `ber-…`, `ds-…`")),
    responses((status = 200, description = "the request as it is now"), (status = 400, description = "there is no such request"), (status = 409, description = "it has ended already")), security(("token" = [])))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    call_off(&platform, id, &call).await
}

async fn call_off(platform: &Platform, id: String, call: &Call) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, request) = platform.reachable_request(call, id, Access::Cancel).await?;
    let was_wanted = !request.cancel_requested;
    let cancelled = platform.store().cancel(&request.account, &request.id).await?;
    let request = cancelled.ok_or_else(ApiError::invalid_request_id)?;
    if matches!(request.state, RequestState::Succeeded | RequestState::Failed) {
        let detail = format!(
            "{} is {}; only a request that waits or runs can be called off",
            request.id,
            request.state.as_str()
        );
        return Err(ApiError::conflict("The request has ended already").with_detail(detail));
    }
    if was_wanted && let Some(bot) = &request.bot {
        let change = NewChange {
            user: caller.user().clone(),
            resource_id: Some(request.id.to_string()),
            resource_type: "request",
            message: format!("Request called off: {}", request.kind.as_str()),
        };
        platform.store().log_change(&request.account, bot, change).await?;
    }
    Ok(Json(record(&request)))
}
