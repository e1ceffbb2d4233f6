//! Channels of a bot as the builder sets them up.

pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod put;

use serde_json::{Map, Value, json};
use store::Channel;

use crate::channels::shown;

/// A channel as clients read it: what was given but for secrets, and what the server knows better.
fn record(channel: &Channel) -> Map<String, Value> {
    let mut record = shown(channel);
    for (key, value) in [
        ("_id", json!(channel.id)),
        ("streamId", json!(channel.bot)),
        ("createdBy", json!(channel.created_by)),
        ("createdOn", json!(channel.created_at)),
        ("lModifiedOn", json!(channel.modified_at)),
    ] {
        record.insert(key.into(), value);
    }
    record
}
