//! `POST /api/public/channels`: sets a channel of a bot up. (api.md §19, api-families-2.md §12.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use http::StatusCode;
use serde_json::{Map, Value, json};
use store::Channel;

use super::set_up::{require_kind, shown};
use crate::body::{Call, optional_text, required_text};
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::ChannelManagement], Limit::Account);

/// The types whose details must name an app.
const WITH_APP: [&str; 2] = ["rtm", "ivr"];

/// Sets a channel of a bot up, or changes the one of that type: `{streamId, type, channelDetails: {…}}`. What a change does not
/// give stays as it is, a mask that comes back stands for the secret that is kept, and a member that is null goes.
///
/// `rtm` and `ivr` need `channelDetails.app` (`clientId`, `appName`). Of other types (`msteams`, `slack`, `whatsapp`,
/// `googlebusiness` …) the details are kept as they came, what is secret in them sealed and never shown again; this server
/// has no connector to them.
#[utoipa::path(post, path = "/api/public/channels", tag = "Channels",
    request_body = Object, responses((status = 200, description = "the channel"), (status = 400, description = "there is no such bot"), (status = 412, description = "a required member is missing, such as the app in `channelDetails`, or a mask stands where no secret is kept")), security(("token" = [])))]
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
    let kind = optional_text(&body, "type").unwrap_or_default().to_lowercase();
    require_kind(&kind)?;
    let details = details_of(&body)?;
    required_text(&body, "type")?;
    // The documented answer has this one back, this once.
    let given = details.get("verificationToken").cloned();
    let channel = platform.set_channel_up(&bot, kind, details, "/channelDetails", caller.user().clone()).await?;
    let mut record = record(&channel);
    if let (Some(token), Some(shown)) = (given, record.get_mut("verificationToken")) {
        *shown = token;
    }
    Ok(Json(record))
}

/// `channelDetails`, which must name an app where the type needs one, or is not told.
fn details_of(body: &Map<String, Value>) -> Result<Map<String, Value>, ApiError> {
    let kind = optional_text(body, "type").map(|kind| kind.to_lowercase());
    let needs_app = kind.as_deref().is_none_or(|kind| WITH_APP.contains(&kind));
    let details = body.get("channelDetails").and_then(Value::as_object);
    let app = details.and_then(|details| details.get("app")).and_then(Value::as_object);
    let is_named = app.is_some_and(|app| optional_text(app, "clientId").is_some());
    match details {
        Some(details) if is_named || !needs_app => Ok(details.clone()),
        None if !needs_app => {
            let detail = "`channelDetails` must be an object with what the channel is set up with";
            Err(ApiError::invalid_arguments(detail).at("/channelDetails"))
        }
        _ => Err(ApiError::with_status(StatusCode::PRECONDITION_FAILED, "Missing app details in the payload")
            .with_code("ValidationError")
            .with_detail("`channelDetails.app` must hold the `clientId` of an app")
            .at("/channelDetails/app")),
    }
}

/// The channel as the original shows one of its type.
fn record(channel: &Channel) -> Map<String, Value> {
    let details = shown(channel);
    let text = |name: &str| details.get(name).cloned().unwrap_or_else(|| json!(""));
    match channel.kind.as_str() {
        "rtm" => object(json!({
            "displayName": text("displayName"),
            "type": channel.kind,
            "enable": channel.enabled,
            "notification": details.get("notification").cloned().unwrap_or_else(|| json!({"acl": []})),
            "name": text("name"),
            "embedWebClientDetails": details.get("embedWebClientDetails"),
        })),
        "slack" => object(json!({
            "streamUserAccountId": details.get("streamUserAccountId"),
            "type": channel.kind,
            "enable": channel.enabled,
            "verificationToken": text("verificationToken"),
            "notification": text("notification"),
            "name": text("name"),
        })),
        _ => details,
    }
}
