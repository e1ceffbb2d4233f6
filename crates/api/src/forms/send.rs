//! `POST /api/UIFlow/forms/token?hash=…`: sends a form, or calls it off.

use axum::extract::State;
use axum::response::Response;
use domain::TooLarge;
use entities::Surroundings;
use http::header;
use serde_json::Value;

use super::answer::{faulty, refused, sent, wants_json};
use super::judge::judge;
use super::show::{filled, hash};
use super::typed::Typed;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Sends a form: the fields as a browser sends them, or JSON `{"formData": {name: value}}` (`values` is the same). With
/// `cancel=true` in the query, or `"cancel": true`, the form is called off instead.
///
/// Values that do not fit are told field by field, and nothing is sent then.
#[utoipa::path(post, path = "/api/UIFlow/forms/token", tag = "Conversation", params(("hash" = String, Query, description = "From the link the bot gave"), ("cancel" = Option<bool>, Query, description = "Calls the form off")),
    request_body = Object, responses((status = 200, description = "a page with what the bot says; or `success` and `messages`"), (status = 400, description = "the page again, with what is wrong; or `errors`, each with its `field`"), (status = 410, description = "the link is used up, or not good"), (status = 412, description = "the body cannot be read")))]
pub(crate) async fn send(State(platform): State<Platform>, call: Call) -> Result<Response, ApiError> {
    let hash = hash(&call)?;
    let json = wants_json(&call);
    let conversations = platform.conversations();
    let page = match conversations.form(&hash).await {
        Ok(page) => page,
        Err(error) => return Ok(refused(json, error)),
    };
    TooLarge::check("the form", call.body().await?.len(), platform.store().limits().message_bytes, "bytes")?;
    let values = match read(&call).await? {
        Sent::Cancelled => None,
        Sent::Filled(typed) => {
            let now = platform.now().to_utc();
            match judge(&page.form, &typed, &Surroundings { language: "en", now: &now }) {
                Ok(values) => Some(Value::Object(values)),
                Err(faults) if json => return Ok(faulty(&faults)),
                Err(faults) => return Ok(filled(&page, &hash, &typed, &faults)),
            }
        }
    };
    match conversations.send_form(&hash, values).await {
        Ok(answer) => Ok(sent(json, &page.form.title, &answer)),
        Err(error) => Ok(refused(json, error)),
    }
}

enum Sent {
    Filled(Typed),
    Cancelled,
}

async fn read(call: &Call) -> Result<Sent, ApiError> {
    if call.query().flag("cancel") {
        return Ok(Sent::Cancelled);
    }
    let content_type = call.header(header::CONTENT_TYPE.as_str()).unwrap_or_default().to_ascii_lowercase();
    if !content_type.contains("json") {
        let pairs = serde_urlencoded::from_bytes(call.body().await?)
            .map_err(|error| ApiError::invalid_arguments(format!("the form cannot be read: {error}")))?;
        return Ok(Sent::Filled(Typed::from_pairs(pairs)));
    }
    let members = call.members_with_texts().await?;
    if members.get("cancel") == Some(&Value::Bool(true)) {
        return Ok(Sent::Cancelled);
    }
    match members.get("formData").or_else(|| members.get("values")) {
        Some(Value::Object(values)) => Ok(Sent::Filled(Typed::from_values(values))),
        Some(_) => {
            Err(ApiError::invalid_arguments("`formData` must be an object of fields and values").at("/formData"))
        }
        None => Err(ApiError::invalid_arguments("`formData` is missing").at("/formData")),
    }
}
