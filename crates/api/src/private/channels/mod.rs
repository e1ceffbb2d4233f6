//! Channels of a bot as the builder sets them up.

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod put;

use serde_json::{Map, Value, json};
use store::Channel;

/// A channel as clients read it: what was given, and what the server knows better.
fn record(channel: &Channel) -> Map<String, Value> {
    let mut record = channel.details.clone();
    for (key, value) in [
        ("_id", json!(channel.id)),
        ("streamId", json!(channel.bot)),
        ("type", json!(channel.kind)),
        ("enable", json!(channel.enabled)),
        ("createdBy", json!(channel.created_by)),
        ("createdOn", json!(channel.created_at)),
        ("lModifiedOn", json!(channel.modified_at)),
    ] {
        record.insert(key.into(), value);
    }
    record
}
