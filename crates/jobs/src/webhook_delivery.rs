//! Announcement of a finished request to a webhook, signed by the Standard Webhooks rules.

use std::time::Duration;

use access::webhook::WebhookKey;
use serde_json::json;

use crate::failure::chain;
use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let id = request.parameters["webhookId"].as_str().unwrap_or_default();
    let Some(webhook) = store.webhook(&request.account, id).await? else {
        return Ok(Done::without_effect(json!({"delivered": false, "reason": "the webhook was deleted"})));
    };
    let body = request.parameters["payload"].to_string();
    let secret = store
        .open_webhook_secret(&webhook)
        .map_err(|error| JobError::refused(format!("the webhook's secret cannot be read: {error}")))?;
    let key: WebhookKey = secret
        .expose()
        .parse()
        .map_err(|_| JobError::refused("the webhook's secret is not usable; make a new webhook"))?;
    let now = store.clock().now();
    // The id stays the same over all attempts, so that a receiver knows a repetition.
    let signature = key.sign(request.id.as_str(), now, body.as_bytes());
    let answer = context
        .http
        .post(&webhook.url)
        .timeout(Duration::from_millis(context.settings.webhook_timeout_ms))
        .header("content-type", "application/json")
        .header("webhook-id", request.id.as_str())
        .header("webhook-timestamp", now.as_seconds().to_string())
        .header("webhook-signature", signature)
        .body(body)
        .send()
        .await;
    let status = match answer {
        Ok(answer) => answer.status(),
        Err(error) => return Err(JobError::Transient(format!("{} was not reached: {}", webhook.url, chain(&error)))),
    };
    if status.is_success() {
        return Ok(Done::without_effect(json!({"delivered": true, "status": status.as_u16()})));
    }
    Err(match status.as_u16() {
        // Gone: the receiver wants no more of this.
        410 => JobError::refused(format!("{} answered 410", webhook.url)),
        status => JobError::Transient(format!("{} answered {status}", webhook.url)),
    })
}
