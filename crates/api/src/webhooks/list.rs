//! `GET /api/public/webhooks`: the webhooks of the account.

use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value};

use super::{reaches, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// The webhooks, the oldest first, without their secrets. A builder app sees those of its bots.
#[utoipa::path(get, path = "/api/public/webhooks", tag = "Webhooks",
    responses((status = 200, description = "the list of webhooks")), security(("token" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    call: Call,
) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
    let caller = platform.webhook_caller(&call).await?;
    let webhooks = platform.store().webhooks(&caller.app.account).await?;
    Ok(Json(webhooks.iter().filter(|webhook| reaches(&caller.app, webhook)).map(record).collect()))
}
