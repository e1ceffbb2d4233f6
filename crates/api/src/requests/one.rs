//! `GET /api/public/requests/{id}`: one request, whatever its kind.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::{Access, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// A request of any kind: its state and progress, its log, what came of it or why it failed, and when.
///
/// `failure` says what is wrong, where (file, JSON pointer, line and column) and what to do.
#[utoipa::path(get, path = "/api/public/requests/{requestId}", tag = "Requests", params(("requestId" = String, Path, description = "The request, `bir-…`, `ber-…`, `ds-…`")),
    responses((status = 200, description = "the request"), (status = 400, description = "there is no such request")), security(("token" = [])))]
pub(crate) async fn one(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, request) = platform.reachable_request(&call, id, Access::Look).await?;
    Ok(Json(record(&request)))
}
