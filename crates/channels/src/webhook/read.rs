//! Reads what a client sends, in either form of the channel and in the odd ones that real clients have.

use serde_json::{Map, Value};

use super::{BadPayload, Inbound, Kind, Tags, Version};

/// Reads a request.
///
/// Either form is read on either path; the version says which of `message.text` (v1) and `message.val` (v2) counts
/// where a request has both. A message may be a bare text, texts and ids may be numbers, and a flag may be `"true"`.
///
/// # Errors
/// Where the request is no object, where it says nothing (no text, no file, no event, no form), and where what should be its id
/// can be none.
pub fn read(version: Version, body: &Value) -> Result<Inbound, BadPayload> {
    let Value::Object(request) = body else {
        return Err(bad(BadPayload::WHOLE, "is not an object", "send a JSON object with a message"));
    };
    let message = match request.get("message") {
        None | Some(Value::Null) => {
            return Err(bad("message", "is missing", "send a text, an event or attachments"));
        }
        Some(message) => message,
    };
    let kind = kind(message)?;
    let text = if kind == Kind::Text { said(version, message) } else { String::new() };
    let attachments = attachments(message);
    if kind == Kind::Text && text.trim().is_empty() && attachments.is_empty() {
        return Err(match version {
            Version::V1 => bad("message.text", "is empty", "send a text or attachments"),
            Version::V2 => bad("message.val", "is empty", "send a text, an event or attachments"),
        });
    }
    let (client_message_id_at, client_message_id) = client_message_id(body, message)?;
    let custom_data = [body, message].into_iter().filter_map(|it| it.get("customData")).find(|it| !it.is_null());
    Ok(Inbound {
        kind,
        text,
        client_message_id,
        client_message_id_at,
        new_session: body.pointer("/session/new").is_some_and(is_true),
        from: request.get("from").and_then(|from| name(Some(from)).or_else(|| name(from.get("id")))),
        user_info: body.pointer("/from/userInfo").and_then(Value::as_object).cloned().unwrap_or_default(),
        attachments,
        custom_data: custom_data.cloned().unwrap_or_default(),
        tags: Tags {
            message: tags(body.pointer("/metaTags/messageLevelTags")),
            session: tags(body.pointer("/metaTags/sessionLevelTags")),
            user: tags(body.pointer("/metaTags/userLevelTags")),
        },
        alternative_texts: alternative_texts(body.pointer("/metaTags/altText")),
        language: name(request.get("interactiveLanguage")),
        merge_identity: request.get("mergeIdentity").is_some_and(is_true),
        preferred_channel: name(request.get("preferredChannelForResponse")),
        raw: body.clone(),
    })
}

/// The client's own id of a message, and where it stands.
///
/// One that can be no id is refused: the message would be taken, and counted again with every repeat.
fn client_message_id(body: &Value, message: &Value) -> Result<(&'static str, Option<String>), BadPayload> {
    let places = [
        ("clientMessageId", body.get("clientMessageId")),
        ("message.clientMessageId", message.get("clientMessageId")),
        ("message.id", message.get("id")),
    ];
    for (place, value) in places {
        match value {
            None | Some(Value::Null) => {}
            Some(Value::String(_) | Value::Number(_)) => {
                if let Some(id) = name(value) {
                    return Ok((place, Some(id)));
                }
            }
            Some(_) => return Err(bad(place, "is no id", "give a text or a number, or leave it out")),
        }
    }
    Ok((places[0].0, None))
}

/// What a message is. Types that are not known are texts.
fn kind(message: &Value) -> Result<Kind, BadPayload> {
    let said_type = message.get("type").and_then(Value::as_str).unwrap_or_default();
    let value = message.get("val").filter(|value| !value.is_null());
    if said_type.eq_ignore_ascii_case("event") {
        let event = name(value).or_else(|| name(value?.get("type")));
        let event = event.ok_or(bad("message.val", "names no event", "send ON_CONNECT or SESSION_CLOSURE"))?;
        return Ok(Kind::Event(event.to_uppercase()));
    }
    if said_type.eq_ignore_ascii_case("formData") {
        let values = value.ok_or(bad("message.val", "is missing", "send the values of the form"))?;
        // Some clients send the values as JSON in a text.
        let written = values.as_str().and_then(|text| serde_json::from_str::<Map<String, Value>>(text).ok());
        return Ok(Kind::FormData(written.map_or_else(|| values.clone(), Value::Object)));
    }
    Ok(Kind::Text)
}

/// What the user says.
fn said(version: Version, message: &Value) -> String {
    let Value::Object(parts) = message else { return text_of(message) };
    let order = match version {
        Version::V1 => ["text", "val"],
        Version::V2 => ["val", "text"],
    };
    let mut texts = order.iter().filter_map(|key| parts.get(*key)).map(text_of);
    texts.find(|text| !text.trim().is_empty()).unwrap_or_default()
}

/// The text of a value: what a template says or sends, else its JSON.
fn text_of(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        Value::Object(parts) => {
            let inside = ["text", "val"].iter().find_map(|key| parts.get(*key)?.as_str());
            inside.map_or_else(|| value.to_string(), str::to_owned)
        }
        other => other.to_string(),
    }
}

/// The files of a message: a list, or one alone.
fn attachments(message: &Value) -> Vec<Value> {
    match message.get("attachments") {
        Some(Value::Array(files)) => files.iter().filter(|file| !file.is_null()).cloned().collect(),
        Some(file @ Value::Object(_)) => vec![file.clone()],
        _ => Vec::new(),
    }
}

/// Tags with a name. Values may be numbers or flags.
fn tags(list: Option<&Value>) -> Vec<(String, String)> {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter()
        .filter_map(|tag| Some((name(tag.get("name"))?, tag.get("value").map(text_of).unwrap_or_default())))
        .collect()
}

/// Texts, or objects with the text as `value`.
fn alternative_texts(list: Option<&Value>) -> Vec<String> {
    let list = list.and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    list.iter().filter_map(|text| name(Some(text)).or_else(|| name(text.get("value")))).collect()
}

/// A name or an id: a text that is not blank, or a number as it was written.
fn name(value: Option<&Value>) -> Option<String> {
    match value? {
        Value::String(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
        Value::Number(number) => Some(number.to_string()),
        _ => None,
    }
}

/// Whether a flag is set, however it is written.
fn is_true(value: &Value) -> bool {
    match value {
        Value::Bool(flag) => *flag,
        Value::String(text) => text.trim().eq_ignore_ascii_case("true"),
        Value::Number(number) => number.as_u64() == Some(1),
        _ => false,
    }
}

const fn bad(place: &'static str, what: &'static str, advice: &'static str) -> BadPayload {
    BadPayload { place, what, advice }
}
