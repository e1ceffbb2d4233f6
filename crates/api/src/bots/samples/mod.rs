//! Sample bots: bots that come with the server.

pub(super) mod add;
pub(super) mod list;
pub(super) mod private_list;

use serde_json::{Value, json};

use crate::Sample;

/// A sample bot as lists show it.
fn record(sample: &Sample) -> Value {
    json!({"_id": sample.id, "name": sample.name, "description": sample.description, "type": "default"})
}
