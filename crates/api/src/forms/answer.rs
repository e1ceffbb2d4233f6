//! What is answered: pages to people, JSON to programs.

use std::sync::LazyLock;

use axum::Json;
use axum::response::{IntoResponse, Response};
use conversation::Answer;
use dialog::reply::Content;
use http::{HeaderName, HeaderValue, StatusCode, header};
use serde_json::{Value, json};

use super::judge::Fault;
use super::page::{STYLE, words_page};
use crate::ApiError;
use crate::body::Call;

/// Whether a call wants JSON: it sends it, or asks for it and not for a page.
pub(super) fn wants_json(call: &Call) -> bool {
    let has = |name: header::HeaderName, word: &str| {
        call.header(name.as_str()).is_some_and(|value| value.to_ascii_lowercase().contains(word))
    };
    has(header::CONTENT_TYPE, "json") || (has(header::ACCEPT, "json") && !has(header::ACCEPT, "text/html"))
}

/// A page, shut off from everything: it runs nothing, loads nothing, and tells nobody the link it came from.
pub(super) fn html(status: StatusCode, page: String) -> Response {
    let mut response = (status, page).into_response();
    let headers: [(HeaderName, &'static str); 6] = [
        (header::CONTENT_TYPE, "text/html; charset=utf-8"),
        (header::CONTENT_SECURITY_POLICY, policy()),
        (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (header::REFERRER_POLICY, "no-referrer"),
        (header::CACHE_CONTROL, "no-store"),
        (HeaderName::from_static("x-robots-tag"), "noindex"),
    ];
    for (name, value) in headers {
        response.headers_mut().insert(name, HeaderValue::from_static(value));
    }
    response
}

/// The page has one style sheet, inside, and nothing else that needs to be let through.
fn policy() -> &'static str {
    static POLICY: LazyLock<String> = LazyLock::new(|| {
        let digest = access::digest::sha256_base64(STYLE.as_bytes());
        format!("default-src 'none'; style-src 'sha256-{digest}'; form-action 'self'; base-uri 'none'")
    });
    &POLICY
}

/// What the bot said to what was sent, in its words.
pub(super) fn sent(json: bool, title: &str, answer: &Answer) -> Response {
    // A template is for clients that can draw it.
    let texts = answer.spoken.iter().filter(|spoken| matches!(spoken.reply.content, Content::Text(_)));
    let texts: Vec<String> = texts.map(|spoken| channels::text::of(&spoken.reply)).collect();
    if json {
        return Json(json!({"success": true, "messages": texts})).into_response();
    }
    let mut paragraphs = if texts.is_empty() { vec!["Done.".to_owned()] } else { texts };
    paragraphs.push("You can close this page and go on in the conversation.".to_owned());
    html(StatusCode::OK, words_page(title, &paragraphs))
}

/// Fields that are not filled in as they must be, to a program.
pub(super) fn faulty(faults: &[Fault]) -> Response {
    let status = StatusCode::BAD_REQUEST;
    let errors: Vec<Value> = faults
        .iter()
        .map(|fault| json!({"msg": fault.message, "code": status.as_u16(), "field": fault.field}))
        .collect();
    (status, Json(json!({"success": false, "errors": errors}))).into_response()
}

/// No form can be shown, or sent.
pub(super) fn refused(json: bool, error: conversation::Error) -> Response {
    let (reason, response) = match error {
        conversation::Error::Form(reason) => {
            (reason.to_owned(), ApiError::with_status(StatusCode::GONE, sentence(reason)).into_response())
        }
        error => {
            let response = ApiError::from(error).into_response();
            ("the form cannot be reached now; try again in a moment".to_owned(), response)
        }
    };
    if json { response } else { html(response.status(), words_page("Form", &[sentence(&reason)])) }
}

/// A fragment as a sentence.
fn sentence(fragment: &str) -> String {
    let mut letters = fragment.chars();
    letters.next().into_iter().flat_map(char::to_uppercase).chain(letters).chain(['.']).collect()
}
