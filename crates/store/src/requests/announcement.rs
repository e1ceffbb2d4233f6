//! What webhooks hear of requests that ended.

use domain::task::{Kind, WebhookDelivery};
use domain::{IdSource, RequestId, Timestamp};
use serde_json::{Value, json};

use super::{NewRequest, Outcome, Request};
use crate::sql::Connection;
use crate::{Error, Webhook};

/// The announcement of a finished request to webhooks.
#[derive(Clone, Debug)]
pub struct Announcement {
    event: String,
    payload: Value,
    request: Request,
    ids: Vec<RequestId>,
}

/// How many webhooks hear of one bot at the most.
const MAX_WEBHOOKS: usize = 16;

impl Announcement {
    /// The announcement that a request ended so; none for deliveries, which would announce themselves for ever.
    pub fn of(ids: &IdSource, request: &Request, outcome: &Outcome, now: Timestamp) -> Option<Self> {
        if request.kind == Kind::WebhookDelivery {
            return None;
        }
        let state = match outcome {
            Outcome::Succeeded(_) => "succeeded",
            Outcome::Failed(_) => "failed",
            Outcome::Cancelled => "cancelled",
        };
        let event = format!("{}.{state}", request.kind.as_str());
        let payload = json!({
            "type": event,
            "timestamp": now,
            "data": {
                "requestId": request.id,
                "kind": request.kind.as_str(),
                "state": state,
                "streamId": request.bot,
                "failure": match outcome { Outcome::Failed(failure) => Some(failure), _ => None },
            },
        });
        let ids = (0..MAX_WEBHOOKS).map(|_| RequestId::new(ids, Kind::WebhookDelivery.prefix())).collect();
        Some(Self { event, payload, request: request.clone(), ids })
    }

    /// Queues a delivery for every webhook that hears of it, in the transaction that ends the request.
    pub async fn queue(self, tx: &mut Connection<'_>, now: Timestamp) -> Result<(), Error> {
        let webhooks = Webhook::of_bot(tx, &self.request.account, self.request.bot.as_ref()).await?;
        let hearing = webhooks.into_iter().filter(|webhook| webhook.hears(&self.event));
        for (webhook, id) in hearing.zip(self.ids) {
            let delivery = NewRequest {
                task: WebhookDelivery { webhook_id: webhook.id.clone(), payload: self.payload.clone() }.into(),
                account: self.request.account.clone(),
                // A delivery waits for nothing: it is not one of the bot's own requests.
                bot: None,
                log: Vec::new(),
                app: self.request.app.clone(),
                created_by: self.request.created_by.clone(),
            };
            Request::insert(tx, id, delivery, now).await?;
        }
        Ok(())
    }
}
