//! Announcement of a finished request to a webhook.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{Asked, Kind};

/// What a delivery is asked.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct WebhookDelivery {
    /// The webhook.
    pub webhook_id: String,
    /// What is announced; it is sent as it is, to the byte, at every attempt.
    pub payload: Value,
}

/// What came of a delivery.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WebhookDeliveryResult {
    /// Whether the webhook took it.
    pub delivered: bool,
    /// The status it answered with.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub status: Option<u16>,
    /// Why nothing was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
}

impl Asked for WebhookDelivery {
    const KIND: Kind = Kind::WebhookDelivery;
    type Outcome = WebhookDeliveryResult;
}
