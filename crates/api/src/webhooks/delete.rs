//! `DELETE /api/public/webhooks/{id}`: removes a webhook.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::record;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Removes a webhook. Announcements that are under way are dropped.
#[utoipa::path(delete, path = "/api/public/webhooks/{webhookId}", tag = "Webhooks", params(("webhookId" = String, Path, description = "The webhook, `wh-…`")),
    responses((status = 200, description = "the webhook as it was"), (status = 400, description = "there is no such webhook")), security(("token" = [])))]
pub(crate) async fn delete(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, webhook) = platform.reachable_webhook(&call, &id).await?;
    platform.store().delete_webhook(&webhook.account, &webhook.id).await?;
    let description = format!("Webhook {} to {} removed", webhook.id, webhook.url);
    platform.store().log_audit(&webhook.account, "Webhook Management", &caller.app.name, &description).await?;
    Ok(Json(record(&webhook)))
}
