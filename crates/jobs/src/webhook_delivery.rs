//! Announcement of a finished request to a webhook, signed by the Standard Webhooks rules.

use std::time::Duration;

use access::webhook::WebhookKey;
use domain::task::{WebhookDelivery, WebhookDeliveryResult};

use crate::runner::{Attempt, Done};
use crate::{Context, JobError};

pub(crate) async fn run(context: &Context, attempt: &Attempt) -> Result<Done, JobError> {
    let store = &context.store;
    let request = &attempt.request;
    let asked: WebhookDelivery = request.asked()?;
    let Some(webhook) = store.webhook(&request.account, &asked.webhook_id).await? else {
        let reason = Some("the webhook was deleted".to_owned());
        return Done::without_effect::<WebhookDelivery>(&WebhookDeliveryResult { reason, ..Default::default() });
    };
    let body = asked.payload.to_string();
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
    let headers = [
        ("content-type", "application/json".to_owned()),
        ("webhook-id", request.id.to_string()),
        ("webhook-timestamp", now.as_seconds().to_string()),
        ("webhook-signature", signature),
    ];
    let headers = headers.map(|(name, value)| (name.to_owned(), value)).to_vec();
    let limit = Duration::from_millis(context.settings.webhook_timeout_ms);
    // Where calls may go is for the owner of the server to say, who may say it later: nothing is lost until then.
    let status = match context.services.announce(&webhook.url, headers, body, limit).await {
        Ok(status) => status,
        Err(failure) => return Err(JobError::Transient(format!("{} was not reached: {failure}", webhook.url))),
    };
    if (200..300).contains(&status) {
        let result = WebhookDeliveryResult { delivered: true, status: Some(status), reason: None };
        return Done::without_effect::<WebhookDelivery>(&result);
    }
    Err(match status {
        // Gone: the receiver wants no more of this.
        410 => JobError::refused(format!("{} answered 410", webhook.url)),
        status => JobError::Transient(format!("{} answered {status}", webhook.url)),
    })
}
