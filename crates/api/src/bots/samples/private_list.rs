//! `GET /api/builder/samplebots`: the sample bots, as the original's builder asks for them. (api-other-families.md §12.)

use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::record;
use crate::body::Call;
use crate::{ApiError, Platform};

/// The sample bots that can be added to the account, for a person who is logged in.
#[utoipa::path(get, path = "/api/builder/samplebots", tag = "Private tier",
    responses((status = 200, description = "the list of sample bots")), security(("bearer" = [])))]
pub(crate) async fn list(State(platform): State<Platform>, call: Call) -> Result<Json<Vec<Value>>, ApiError> {
    platform.user(&call).await?;
    Ok(Json(platform.samples().iter().map(record).collect()))
}
