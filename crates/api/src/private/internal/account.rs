//! `POST /api/internal/account`: the account test suites work in.

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use crate::body::{Call, optional_text};
use crate::{ApiError, Platform};

/// The account of this server, which has just one; `name` in the body is given back as it came.
#[utoipa::path(post, path = "/api/internal/account", tag = "Private tier", request_body = Object,
    responses((status = 200, description = "`{name, accountId, orgId, userId, emailId}`"), (status = 401, description = "the `apikey` is wrong"), (status = 404, description = "no key is configured")))]
pub(crate) async fn account(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    platform.require_internal_key(&call)?;
    let body = call.members().await?;
    let account = platform.store().account().await?;
    let owner = platform.internal_owner().await?;
    Ok(Json(json!({
        "name": optional_text(&body, "name").unwrap_or(account.name),
        "accountId": account.id,
        "orgId": account.organization,
        "userId": owner.id,
        "emailId": owner.email,
    })))
}
