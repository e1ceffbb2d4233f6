//! `POST /api/public/channels`: sets a channel of a bot up. (api.md §19.)

use access::{Scope, Secret};
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Map, Value, json};
use store::{Channel, NewChannel};

use crate::body::{Call, optional_text, required_text};
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::webhook::require_callable_post;
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::ChannelManagement], Limit::Account);

/// The kinds of channel that can be set up.
const KINDS: [&str; 4] = ["rtm", "ivr", "msteams", "slack"];

/// Sets a channel of a bot up, or changes the one of that type: `{streamId, type, channelDetails: {app: {clientId,
/// appName}, …}}`.
#[utoipa::path(post, path = "/api/public/channels", tag = "Channels",
    request_body = Object, responses((status = 200, description = "the channel"), (status = 400, description = "there is no such bot"), (status = 412, description = "a required member is missing, such as the app in `channelDetails`")), security(("token" = [])))]
pub(crate) async fn create(State(platform): State<Platform>, call: Call) -> Result<Json<Map<String, Value>>, ApiError> {
    // The bot stands in the body, which for that is read before the caller's rights are judged, and judged after them.
    let caller = platform.authenticate(&call).await?;
    let body = call.members().await;
    let named = body.as_ref().ok().and_then(|body| optional_text(body, "streamId"));
    let Some(named) = named else {
        platform.admit(&caller, &call, DEMAND)?;
        let body = body?;
        details_of(&body)?;
        return Err(required_text(&body, "streamId").map_or_else(|error| error, |_| ApiError::invalid_stream()));
    };
    let bot = platform.admit_to_bot(&caller, &named, DEMAND).await?;
    let body = body?;
    let mut details = details_of(&body)?;
    let kind = required_text(&body, "type")?.to_lowercase();
    if !KINDS.contains(&kind.as_str()) {
        let detail = format!("`type` is `{kind}`: give one of {}", KINDS.join(", "));
        return Err(ApiError::invalid_arguments(detail).at("/type"));
    }
    let enabled = match details.get("enable") {
        Some(Value::Bool(enabled)) => *enabled,
        Some(Value::String(text)) => !text.eq_ignore_ascii_case("false"),
        _ => true,
    };
    require_callable_post(&platform, &kind, &details, "/channelDetails")?;
    let earlier = platform.store().channel(&bot.id, &kind).await?;
    add_own_members(&platform, &kind, &mut details, earlier.as_ref());
    let new = NewChannel { kind, enabled, details, by: caller.user().clone() };
    let channel = platform.store().put_channel(&bot, new).await?;
    Ok(Json(record(&channel)))
}

/// `channelDetails`, which must name an app.
fn details_of(body: &Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let details = body.get("channelDetails").and_then(Value::as_object);
    let app = details.and_then(|details| details.get("app")).and_then(Value::as_object);
    let is_named = app.is_some_and(|app| optional_text(app, "clientId").is_some());
    match details {
        Some(details) if is_named => Ok(details.clone()),
        _ => Err(ApiError::with_status(StatusCode::PRECONDITION_FAILED, "Missing app details in the payload")
            .with_code("ValidationError")
            .with_detail("`channelDetails.app` must hold the `clientId` of an app")
            .at("/channelDetails/app")),
    }
}

/// Adds what the server makes: it is made once, and stays when the channel is set up again.
fn add_own_members(platform: &Platform, kind: &str, details: &mut Map<String, Value>, earlier: Option<&Channel>) {
    let ids = platform.store().ids();
    let kept = |name: &str| earlier.and_then(|channel| channel.details.get(name)).cloned();
    match kind {
        "rtm" => {
            let keys = kept("embedWebClientDetails").unwrap_or_else(|| {
                json!({
                    // No web client is hosted here yet, so there is nothing to include and nothing to open.
                    "scriptTag": "",
                    "cssTag": "",
                    "domains": [],
                    "apiKey": Secret::access_token(ids).expose(),
                    "testAPIKey": Secret::access_token(ids).expose(),
                    "chatURL": "",
                    "isURLEnabled": false,
                })
            });
            details.insert("embedWebClientDetails".into(), keys);
        }
        "slack" => {
            let account = kept("streamUserAccountId").unwrap_or_else(|| json!(ids.prefixed("su")));
            details.insert("streamUserAccountId".into(), account);
        }
        _ => {}
    }
}

/// The channel as the original shows one of its type.
fn record(channel: &Channel) -> Map<String, Value> {
    let details = &channel.details;
    let text = |name: &str| details.get(name).cloned().unwrap_or_else(|| json!(""));
    let notification = details.get("notification").cloned().unwrap_or_else(|| json!({"acl": []}));
    match channel.kind.as_str() {
        "rtm" => object(json!({
            "displayName": text("displayName"),
            "type": channel.kind,
            "enable": channel.enabled,
            "notification": notification,
            "name": text("name"),
            "embedWebClientDetails": details.get("embedWebClientDetails"),
        })),
        "slack" => object(json!({
            "streamUserAccountId": details.get("streamUserAccountId"),
            "type": channel.kind,
            "enable": channel.enabled,
            "verificationToken": text("verificationToken"),
            "notification": notification,
            "name": text("name"),
        })),
        _ => {
            let mut record = details.clone();
            record.insert("type".into(), json!(channel.kind));
            record.insert("enable".into(), json!(channel.enabled));
            record
        }
    }
}
