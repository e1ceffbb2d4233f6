//! `GET /api/UIFlow/forms/token?hash=…`: a form, to be filled in.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use conversation::FormPage;
use http::StatusCode;
use serde_json::json;

use super::answer::{html, refused, wants_json};
use super::judge::Fault;
use super::page::{Shown, form_page};
use super::typed::Typed;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Shows a form that a bot offers, as a page that works without JavaScript; to clients that accept `application/json` the
/// form itself.
///
/// The link is good until the form is sent or called off, or the conversation goes on without it.
#[utoipa::path(get, path = "/api/UIFlow/forms/token", tag = "Conversation", params(("hash" = String, Query, description = "From the link the bot gave")),
    responses((status = 200, description = "the page; or `formDef`, `formId`, `formName`, `title` and `botName`"), (status = 400, description = "`hash` is missing"), (status = 410, description = "the link is used up, or not good")))]
pub(crate) async fn show(State(platform): State<Platform>, call: Call) -> Result<Response, ApiError> {
    let hash = hash(&call)?;
    let page = match platform.conversations().form(&hash).await {
        Ok(page) => page,
        Err(error) => return Ok(refused(wants_json(&call), error)),
    };
    if wants_json(&call) {
        let form = page.form;
        return Ok(Json(json!({
            "formDef": form.definition,
            "formId": form.ref_id,
            "formName": form.name,
            "title": form.title,
            "botName": page.bot_name,
        }))
        .into_response());
    }
    let typed = Typed::defaults(&page.form);
    Ok(filled(&page, &hash, &typed, &[]))
}

/// The page of a form with something in its fields.
pub(super) fn filled(page: &FormPage, hash: &str, typed: &Typed, faults: &[Fault]) -> Response {
    let query =
        serde_urlencoded::to_string([("hash", hash), ("cancel", "true")]).expect("a query of texts can be written");
    let status = if faults.is_empty() { StatusCode::OK } else { StatusCode::BAD_REQUEST };
    let shown = Shown { form: &page.form, bot: &page.bot_name, typed, faults, cancel: &format!("?{query}") };
    html(status, form_page(&shown))
}

/// The part of the link that says which form, and whose.
pub(super) fn hash(call: &Call) -> Result<String, ApiError> {
    let hash = call.query().get("hash").map(str::to_owned);
    hash.ok_or_else(|| ApiError::bad_request("`hash` is missing: open the whole link the bot gave"))
}
