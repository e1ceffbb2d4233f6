//! Where the answers of the asynchronous channel are posted to.

use serde_json::{Map, Value};

use super::CHANNEL;
use crate::{ApiError, Platform};

/// The names the address has in what channels are set up with.
const NAMES: [&str; 5] = ["postUrl", "post_URL", "postURL", "Post_URL", "url"];

/// The address in the details of a channel, and its name there.
pub(super) fn post_url(details: &Map<String, Value>) -> Option<(&'static str, &str)> {
    NAMES.into_iter().find_map(|name| Some((name, details.get(name)?.as_str()?)))
}

/// Refuses details of a channel whose answers could not be posted. `pointer` is where the details stand in the body.
pub(crate) fn require_callable_post(
    platform: &Platform,
    kind: &str,
    details: &Map<String, Value>,
    pointer: &str,
) -> Result<(), ApiError> {
    match post_url(details) {
        Some((name, url)) if kind == CHANNEL => platform.require_callable(url, &format!("{pointer}/{name}")),
        _ => Ok(()),
    }
}
