//! `…/agentintegrations/chat/custom`: which BotKit server a bot has.

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::AppId;
use http::Uri;
use serde_json::{Map, Value, json};
use store::{Bot, NewChange};

use crate::body::{Call, required_text};
use crate::platform::Caller;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::ChannelManagement], Limit::Bot);

/// What a server may want to hear.
const EVENTS: [&str; 7] =
    ["onmessage", "onhook", "onevent", "onagenttransfer", "onclientevent", "onalert", "onvariableupdate"];

/// The BotKit server of the bot.
#[utoipa::path(get, path = "/api/public/bot/{botId}/agentintegrations/chat/custom", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "`sdkClientId`, `sdkHostUri`, `events`"), (status = 404, description = "the bot has none")), security(("token" = [])))]
pub(crate) async fn show(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    bot.settings.get("botkit").map(record).map(Json).ok_or_else(none)
}

/// Registers a BotKit server for the bot, in place of the one it has: `{sdkClientId, sdkHostUri, events?}`. The app signs
/// what is sent to the server, and the server signs its calls as the app.
///
/// `events` are `onmessage`, `onhook`, `onevent`, `onagenttransfer` and the like; all of them when absent.
#[utoipa::path(post, path = "/api/public/bot/{botId}/agentintegrations/chat/custom", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the server"), (status = 412, description = "the app, the address or an event cannot be used")), security(("token" = [])))]
pub(crate) async fn create(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let body = call.members().await?;
    put(&platform, &caller, &bot, &body).await.map(Json)
}

/// Changes the BotKit server of the bot: the members that are given.
#[utoipa::path(put, path = "/api/public/bot/{botId}/agentintegrations/chat/custom", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the server as it is now"), (status = 404, description = "the bot has none"), (status = 412, description = "the app, the address or an event cannot be used")), security(("token" = [])))]
pub(crate) async fn change(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let mut members = record(bot.settings.get("botkit").ok_or_else(none)?);
    members.extend(call.members().await?);
    put(&platform, &caller, &bot, &members).await.map(Json)
}

/// Takes the BotKit server from the bot. The answer is the same when it had none.
#[utoipa::path(delete, path = "/api/public/bot/{botId}/agentintegrations/chat/custom", tag = "BotKit", params(("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "`success` is true")), security(("token" = [])))]
pub(crate) async fn remove(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    if bot.settings.contains_key("botkit") {
        let edit = |bot: &mut Bot| drop(bot.settings.shift_remove("botkit"));
        platform.store().edit_bot(&bot, logged(&caller, "BotKit server removed"), edit).await?;
    }
    Ok(Json(json!({"success": true})))
}

async fn put(
    platform: &Platform,
    caller: &Caller,
    bot: &Bot,
    members: &Map<String, Value>,
) -> Result<Map<String, Value>, ApiError> {
    let client_id = required_text(members, "sdkClientId")?;
    let app = platform.store().app(&AppId::stored(client_id.clone())).await?;
    if !app.is_some_and(|stored| stored.app.account == bot.account && stored.app.bound_to(&bot.id)) {
        let detail = format!("`sdkClientId` is `{client_id}`: give the client id of an app that the bot is bound to");
        return Err(ApiError::invalid_arguments(detail).at("/sdkClientId"));
    }
    let address = required_text(members, "sdkHostUri")?;
    if !is_address(&address) {
        let detail = "`sdkHostUri` must be an address such as https://botkit.example.com";
        return Err(ApiError::invalid_arguments(detail).at("/sdkHostUri"));
    }
    platform.require_callable(&address, "/sdkHostUri")?;
    let events = events_of(members)?;
    let botkit = json!({"clientId": client_id, "callbackUrl": address, "events": events});
    let shown = record(&botkit);
    let edit = move |bot: &mut Bot| drop(bot.settings.insert("botkit".to_owned(), botkit));
    let edited = platform.store().edit_bot(bot, logged(caller, "BotKit server registered"), edit).await?;
    edited.map(|_| shown).ok_or_else(ApiError::invalid_stream)
}

fn is_address(address: &str) -> bool {
    address.parse::<Uri>().is_ok_and(|uri| {
        matches!(uri.scheme_str(), Some("http" | "https"))
            && uri.host().is_some_and(|host| !host.is_empty())
            && uri.query().is_none()
    })
}

/// The events of a registration, in lower case.
fn events_of(members: &Map<String, Value>) -> Result<Vec<String>, ApiError> {
    let wrong = |at: String| {
        let detail = format!("`events` must be a list of {}", EVENTS.join(", "));
        ApiError::invalid_arguments(detail).at(at)
    };
    let given = match members.get("events") {
        None | Some(Value::Null) => return Ok(Vec::new()),
        Some(Value::Array(events)) => events,
        Some(_) => return Err(wrong("/events".to_owned())),
    };
    let mut events = Vec::new();
    for (index, event) in given.iter().enumerate() {
        let word = event.as_str().map(str::to_lowercase).filter(|word| EVENTS.contains(&word.as_str()));
        let word = word.ok_or_else(|| wrong(format!("/events/{index}")))?;
        if !events.contains(&word) {
            events.push(word);
        }
    }
    Ok(events)
}

fn record(botkit: &Value) -> Map<String, Value> {
    object(json!({
        "type": "custom",
        "sdkClientId": botkit["clientId"],
        "sdkHostUri": botkit["callbackUrl"],
        "events": botkit.get("events").unwrap_or(&json!([])),
    }))
}

fn none() -> ApiError {
    ApiError::not_found("The bot has no custom agent integration")
}

fn logged(caller: &Caller, message: &str) -> NewChange {
    let user = caller.user().clone();
    NewChange { user, resource_id: None, resource_type: "channel", message: message.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn events_are_words_of_a_list() {
        let table = [
            (json!({}), Some(vec![])),
            (json!({"events": null}), Some(vec![])),
            (json!({"events": ["onMessage", "onhook", "ONHOOK"]}), Some(vec!["onmessage", "onhook"])),
            (json!({"events": "onmessage"}), None),
            (json!({"events": ["on_message"]}), None),
            (json!({"events": [1]}), None),
        ];
        for (body, expected) in table {
            let events = events_of(&object(body.clone())).ok();
            let expected = expected.map(|words| words.into_iter().map(str::to_owned).collect::<Vec<_>>());
            assert_eq!(events, expected, "{body}");
        }
    }

    #[test]
    fn addresses_are_of_the_web() {
        for (address, expected) in [
            ("https://botkit.example.com", true),
            ("http://127.0.0.1:3000/base/", true),
            ("https://botkit.example.com?x=1", false),
            ("botkit.example.com", false),
            ("ftp://botkit.example.com", false),
            ("https://", false),
        ] {
            assert_eq!(is_address(address), expected, "{address}");
        }
    }
}
