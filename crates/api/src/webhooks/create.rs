//! `POST /api/public/webhooks`: sets a webhook up.

use access::AppKind;
use access::webhook::new_secret;
use axum::Json;
use axum::extract::State;
use domain::task::Kind;
use http::Uri;
use serde_json::{Map, Value, json};
use store::Webhook;

use super::{SCOPES, record};
use crate::body::{Call, optional_text, required_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&SCOPES, Limit::Account);

/// How many webhooks may hear of one bot, those of the whole account included.
const MAX_HEARING: usize = 16;

/// How the requests end that webhooks hear of.
const ENDS: [&str; 3] = ["succeeded", "failed", "cancelled"];

/// Sets a webhook up: `{url, events?, streamId?}`. Its signing `secret` is shown in this answer only.
///
/// `events` are texts such as `bot_import.succeeded` or `publish.failed`; all of them when absent. Without `streamId` it
/// hears of every bot, which only an admin app may ask.
#[utoipa::path(post, path = "/api/public/webhooks", tag = "Webhooks",
    request_body = Object, responses((status = 200, description = "the webhook, with its `secret`"), (status = 400, description = "there are too many webhooks, or there is no such bot"), (status = 412, description = "`url` or `events` cannot be used")), security(("token" = [])))]
pub(crate) async fn create(State(platform): State<Platform>, call: Call) -> Result<Json<Map<String, Value>>, ApiError> {
    // The bot stands in the body, which for that is read before the caller's rights are judged, and judged after them.
    let caller = platform.authenticate(&call).await?;
    let body = call.members().await;
    let named = body.as_ref().ok().and_then(|body| optional_text(body, "streamId"));
    let bot = match named {
        None => {
            platform.admit(&caller, &call, DEMAND)?;
            None
        }
        Some(id) => Some(platform.admit_to_bot(&caller, &id, DEMAND).await?.id),
    };
    let body = body?;
    if bot.is_none() && caller.app.kind == AppKind::Builder {
        let detail = "`streamId` is missing: a builder app hears of its bots only, so say of which";
        return Err(ApiError::invalid_arguments(detail).at("/streamId"));
    }
    let url = required_text(&body, "url")?;
    check_url(&url).map_err(|problem| ApiError::invalid_arguments(format!("`url` {problem}")).at("/url"))?;
    platform.require_callable(&url, "/url")?;
    let events = events_of(&body)?;

    let store = platform.store();
    let account = &caller.app.account;
    let meets = |other: &Webhook| bot.is_none() || other.bot.is_none() || other.bot == bot;
    if store.webhooks(account).await?.iter().filter(|other| meets(other)).count() >= MAX_HEARING {
        return Err(ApiError::bad_request(format!("There are {MAX_HEARING} webhooks already; remove one first")));
    }
    let id = store.ids().prefixed("wh");
    let secret = new_secret(store.ids());
    let webhook = Webhook {
        sealed_secret: store.seal_webhook_secret(&id, &secret),
        id,
        account: account.clone(),
        bot,
        url,
        events,
        created_by: caller.user().clone(),
        created_at: platform.now(),
    };
    store.add_webhook(&webhook).await?;
    let description = format!("Webhook {} to {} created", webhook.id, webhook.url);
    store.log_audit(account, "Webhook Management", &caller.app.name, &description).await?;
    let mut record = record(&webhook);
    record.insert("secret".into(), json!(secret.expose()));
    Ok(Json(record))
}

/// What is wrong with an address, if anything is.
fn check_url(url: &str) -> Result<(), &'static str> {
    let uri: Uri = url.parse().map_err(|_| "is not a URL")?;
    if !matches!(uri.scheme_str(), Some("http" | "https")) {
        return Err("must begin with http:// or https://");
    }
    let authority = uri.authority().ok_or("names no host")?;
    if authority.as_str().contains('@') {
        return Err("must not hold a user name or password; calls are signed instead");
    }
    if authority.host().is_empty() { Err("names no host") } else { Ok(()) }
}

fn events_of(body: &Map<String, Value>) -> Result<Vec<String>, ApiError> {
    let wrong = |at: String| {
        let kinds = Kind::ALL.iter().filter(|kind| **kind != Kind::WebhookDelivery).map(|kind| kind.as_str());
        let kinds = kinds.collect::<Vec<_>>().join(", ");
        let detail = format!("an event is one of {kinds}, a dot, and one of {}", ENDS.join(", "));
        ApiError::invalid_arguments(detail).at(at)
    };
    let given = match body.get("events") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(events)) => events,
        Some(_) => return Err(wrong("/events".to_owned())),
    };
    let mut events = Vec::new();
    for (index, event) in given.iter().enumerate() {
        let text = event.as_str().filter(|text| is_event(text));
        let text = text.ok_or_else(|| wrong(format!("/events/{index}")))?;
        if !events.iter().any(|known| known == text) {
            events.push(text.to_owned());
        }
    }
    Ok(events)
}

fn is_event(text: &str) -> bool {
    let Some((kind, end)) = text.split_once('.') else { return false };
    kind.parse::<Kind>().is_ok_and(|kind| kind != Kind::WebhookDelivery) && ENDS.contains(&end)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_web_addresses_without_credentials_are_taken() {
        let table = [
            ("https://ci.example.com/hook?x=1", true),
            ("http://127.0.0.1:8080", true),
            ("https://user:secret@example.com/", false),
            ("ftp://example.com/", false),
            ("example.com/hook", false),
            ("/hook", false),
            ("https://", false),
            ("https:///hook", false),
            ("https://exa mple.com", false),
            ("javascript:alert(1)", false),
        ];
        for (url, expected) in table {
            assert_eq!(check_url(url).is_ok(), expected, "{url}");
        }
    }
}
