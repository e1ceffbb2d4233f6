//! `POST /api/public/webhooks/{id}/test`: sends an announcement of nothing, to see whether it arrives.

use axum::Json;
use axum::extract::{Path, State};
use domain::task::WebhookDelivery;
use serde_json::{Map, Value, json};
use store::NewRequest;

use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform};

/// Sends the event `webhook.test` to a webhook and tells how that went: `succeeded`, `failed`, or `pending` when it was
/// not taken yet and will be tried again. `GET /api/public/requests/{requestId}` tells more, then and later.
#[utoipa::path(post, path = "/api/public/webhooks/{webhookId}/test", tag = "Webhooks", params(("webhookId" = String, Path, description = "The webhook, `wh-…`")),
    responses((status = 200, description = "`requestId`, `state`, `result` and `failure` of the delivery"), (status = 400, description = "there is no such webhook")), security(("token" = [])))]
pub(crate) async fn test(
    State(platform): State<Platform>,
    Path(id): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, webhook) = platform.reachable_webhook(&call, &id).await?;
    let payload = json!({
        "type": "webhook.test",
        "timestamp": platform.now(),
        "data": {"webhookId": webhook.id, "streamId": webhook.bot},
    });
    let new = NewRequest {
        task: WebhookDelivery { webhook_id: webhook.id.clone(), payload }.into(),
        account: webhook.account.clone(),
        // A delivery waits for nothing: it is not one of the bot's own requests.
        bot: None,
        log: Vec::new(),
        app: Some(caller.app.client_id.to_string()),
        created_by: caller.user().clone(),
    };
    let submitted = platform.store().submit(new, platform.idempotency(&call, &caller).await?).await?;
    let request = platform.request_when_done(&webhook.account, submitted.request.id.as_str()).await?;
    Ok(Json(object(json!({
        "requestId": request.id,
        "state": request.state.as_str(),
        "result": request.result,
        "failure": request.failure,
    }))))
}
