//! How large what a call carries may be: judged at the door, before anything is done with it. (docs/limits.md.)
//!
//! What stands in many bodies under the same name is judged for all of them here; what one endpoint alone takes, there.

use channels::webhook::Inbound;
use domain::{Limits, TooLarge, json_bytes, json_depth, json_size};
use serde_json::{Map, Value};

use crate::{ApiError, door};

/// Members that are ids, wherever they stand.
const IDS: [&str; 10] =
    ["clientId", "clientMessageId", "email", "fileId", "fileName", "identity", "key", "refId", "streamId", "userId"];
/// Members that are names.
const NAMES: [&str; 6] = ["appName", "botName", "displayName", "firstName", "lastName", "name"];
/// Members that are addresses to be called.
const ADDRESSES: [&str; 5] = ["callbackUrl", "postUrl", "post_URL", "postURL", "url"];
/// Members deeper than this are the customer's own, whatever they are called.
const OWN_LEVELS: usize = 3;

impl From<TooLarge> for ApiError {
    fn from(too_large: TooLarge) -> Self {
        Self::too_large(too_large.to_string())
    }
}

/// Refuses JSON that nests too deep, before it is read.
pub(crate) fn judge_depth(json: &[u8], limits: &Limits) -> Result<(), ApiError> {
    Ok(TooLarge::check("the body", json_depth(json), limits.json_depth, "levels")?)
}

/// Refuses ids, names and addresses that are too long, wherever they stand in a body.
pub(crate) fn judge_members(body: &Value, limits: &Limits) -> Result<(), ApiError> {
    judge_inside(body, limits, 0).map_err(|BadMember { error, path }| error.at(path))
}

/// A member that is refused, and the pointer to it as far as it is known.
struct BadMember {
    error: ApiError,
    path: String,
}

fn judge_inside(value: &Value, limits: &Limits, depth: usize) -> Result<(), BadMember> {
    if depth > OWN_LEVELS {
        return Ok(());
    }
    match value {
        Value::Array(items) => items.iter().enumerate().try_for_each(|(at, item)| {
            judge_inside(item, limits, depth + 1).map_err(|bad| bad.inside(&at.to_string()))
        }),
        Value::Object(members) => members.iter().try_for_each(|(name, value)| {
            let judged = match value {
                Value::String(text) => {
                    judge_member(name, text, limits).map_err(|error| BadMember { error, path: String::new() })
                }
                _ => judge_inside(value, limits, depth + 1),
            };
            judged.map_err(|bad| bad.inside(name))
        }),
        _ => Ok(()),
    }
}

impl BadMember {
    fn inside(self, name: &str) -> Self {
        Self { path: format!("/{}{}", segment(name), self.path), ..self }
    }
}

fn judge_member(name: &str, text: &str, limits: &Limits) -> Result<(), ApiError> {
    if IDS.contains(&name) || NAMES.contains(&name) {
        // What something is found by has to fit into an index.
        door::check_name(&format!("`{name}`"), text)?;
    }
    if ADDRESSES.contains(&name) { bytes(name, text.len(), limits.url_bytes) } else { Ok(()) }
}

/// A name as a segment of a pointer.
pub(crate) fn segment(name: &str) -> String {
    name.replace('~', "~0").replace('/', "~1")
}

/// Refuses a member that has too many bytes.
pub(crate) fn bytes(name: &str, found: usize, most: usize) -> Result<(), ApiError> {
    TooLarge::check(format!("`{name}`"), found, most, "bytes").map_err(|error| ApiError::from(error).at(pointer(name)))
}

/// Refuses a member that has too many items.
pub(crate) fn count(name: &str, found: usize, most: usize, unit: &'static str) -> Result<(), ApiError> {
    TooLarge::check(format!("`{name}`"), found, most, unit).map_err(|error| ApiError::from(error).at(pointer(name)))
}

fn pointer(name: &str) -> String {
    format!("/{}", name.replace('.', "/"))
}

/// Refuses a message that is too large, or has too much of something.
pub(crate) fn judge_message(inbound: &Inbound, limits: &Limits) -> Result<(), ApiError> {
    bytes("message.val", inbound.text.len(), limits.text_bytes)?;
    bytes("from.userInfo", json_bytes(&inbound.user_info), limits.user_info_bytes)?;
    bytes("customData", json_size(&inbound.custom_data).bytes, limits.custom_data_bytes)?;
    let meta = inbound.raw.get("metaInfo").map_or(0, |value| json_size(value).bytes);
    bytes("metaInfo", meta, limits.meta_info_bytes)?;
    count("message.attachments", inbound.attachments.len(), limits.message_attachments, "files")?;
    let tags = &inbound.tags;
    for (name, tags) in [("message", &tags.message), ("session", &tags.session), ("user", &tags.user)] {
        let name = format!("metaTags.{name}LevelTags");
        count(&name, tags.len(), limits.message_tags, "tags")?;
        let longest = tags.iter().map(|(name, value)| name.len().max(value.len())).max();
        bytes(&name, longest.unwrap_or(0), limits.tag_bytes)?;
    }
    count("metaTags.altText", inbound.alternative_texts.len(), limits.message_tags, "texts")?;
    bytes("metaTags.altText", inbound.alternative_texts.iter().map(String::len).max().unwrap_or(0), limits.tag_bytes)
}

/// Refuses variables that are too many or too large, in any of the forms they come in.
pub(crate) fn judge_variables(body: &Value, limits: &Limits) -> Result<(), ApiError> {
    let lists: Vec<(&str, &Vec<Value>)> = match body {
        Value::Array(items) => vec![("botVariables", items)],
        Value::Object(members) => {
            members.iter().filter_map(|(name, value)| Some((name.as_str(), value.as_array()?))).collect()
        }
        _ => Vec::new(),
    };
    for (name, items) in lists {
        count(name, items.len(), limits.variables, "variables")?;
        for (at, item) in items.iter().enumerate() {
            let key = item.get("key").and_then(Value::as_str).unwrap_or("value");
            let place = if body.is_array() { format!("/{at}") } else { format!("/{}/{at}", segment(name)) };
            bytes(key, largest_member(item.as_object()), limits.variable_bytes).map_err(|error| error.at(place))?;
        }
    }
    Ok(())
}

fn largest_member(members: Option<&Map<String, Value>>) -> usize {
    members.into_iter().flatten().map(|(_, value)| json_size(value).bytes).max().unwrap_or(0)
}
