//! What a history keeps of a reply.

use dialog::reply::Reply;
use serde_json::{Value, json};

use crate::text;

/// The components of the message that a history keeps of a reply; `component_id` makes their ids (`cp-…`).
///
/// The text is kept as it was said, not sanitised: reports and exports read it too. A template is kept as its JSON text,
/// which clients read back. Its type is `text` all the same, as the type of the message that carries a template is.
pub fn components(reply: &Reply, mut component_id: impl FnMut() -> String) -> Vec<Value> {
    vec![json!({"_id": component_id(), "cT": "text", "data": {"text": text::of(reply)}, "thumbnails": []})]
}
