//! From a request to the answer of the bot.

use std::time::Duration;

use channels::webhook::{self, Inbound, Kind, Version};
use conversation::{Incoming, IncomingEvent, PostTo, Tags, Waited, conversation_of};
use domain::TooLarge;
use serde_json::{Value, json};
use services::Mode;
use store::{Bot, CloseFilter};

use super::CHANNEL;
use super::answer::{answer_body, partial_body, version_word};
use super::caller::{caller, identity};
use super::post_url::post_url;
use crate::body::Call;
use crate::json::read_json;
use crate::platform::Caller;
use crate::{ApiError, Platform, door, sizes};

/// A header that stands for an id of the message, where the message has none.
const IDEMPOTENCY_KEY: &str = "idempotency-key";

/// Receives one message.
pub(super) async fn receive(platform: &Platform, version: Version, bot: &str, call: &Call) -> Result<Value, ApiError> {
    let (caller, bot) = caller(platform, call, bot).await?;
    let received = call.body().await?;
    let limits = platform.store().limits();
    TooLarge::check("the message", received.len(), limits.message_bytes, "bytes")?;
    sizes::judge_depth(received, limits)?;
    let body = read_json(received).map_err(|bad| bad.into_error(ApiError::bad_request("Invalid Request Payload")))?;
    let mut inbound = webhook::read(version, &body).map_err(|bad| {
        ApiError::bad_request("Invalid Request Payload").with_detail(bad.to_string()).at(bad.pointer())
    })?;
    let from = identity(&caller, inbound.from.as_deref())?;
    if inbound.client_message_id.is_none() {
        let key = call.header(IDEMPOTENCY_KEY).map(str::trim).filter(|key| !key.is_empty());
        key.map_or(Ok(()), |key| door::check_name("the header `Idempotency-Key`", key))?;
        inbound.client_message_id = key.map(str::to_owned);
    }
    check_names(&from, &inbound)?;
    sizes::judge_message(&inbound, limits)?;
    if let Kind::Event(name) = &inbound.kind
        && name == "SESSION_CLOSURE"
    {
        return close(platform, version, &caller, &bot, &from).await;
    }
    // Before anything is waited for: what was sent first is heard first.
    let place = platform.conversations().place(conversation_of(&bot.account, &bot.id, &from, CHANNEL));
    let channel = platform.store().channel(&bot.id, CHANNEL).await?;
    if channel.as_ref().is_some_and(|channel| !channel.enabled) {
        return Err(ApiError::bad_request("Invalid Request Payload")
            .with_detail("the webhook channel of the bot is switched off: enable it"));
    }
    let details = channel.map(|channel| channel.details).unwrap_or_default();
    let is_async = details.get("isAsync").is_some_and(|it| *it == json!(true) || *it == json!("true"));
    let post_url = post_url(&details).map(|(_, url)| url.to_owned()).unwrap_or_default();
    let mut incoming = incoming(&bot, &from, inbound, call)?;
    if is_async && !post_url.is_empty() {
        incoming.post = Some(PostTo { url: post_url, form: version_word(version).to_owned() });
        let accepted = platform.conversations().accept(place, incoming).await?;
        return Ok(webhook::accepted(&accepted.id));
    }
    let limit = Duration::from_millis(platform.conversations().options().sync_wait_ms);
    match platform.conversations().receive_within(place, incoming, limit).await? {
        Waited::Answer(answer) => Ok(answer_body(version, &from, bot.id.as_str(), &answer)),
        // The first form of the channel knows no answer without a word; what is said later can be read in the history.
        Waited::Poll { said, .. } if version == Version::V1 && said.is_empty() => {
            Err(ApiError::with_status(http::StatusCode::GATEWAY_TIMEOUT, "The request has been timed-out"))
        }
        Waited::Poll { id, said } => Ok(partial_body(version, &from, bot.id.as_str(), &said, &id)),
    }
}

/// Refuses names and ids that cannot be kept as they are. Texts may have any character.
fn check_names(from: &str, inbound: &Inbound) -> Result<(), ApiError> {
    let check = |place: &str, text: &str| {
        door::check_name(&format!("`{place}`"), text).map_err(|error| error.at(format!("/{}", place.replace('.', "/"))))
    };
    check(if inbound.from.is_none() || inbound.raw["from"].is_object() { "from.id" } else { "from" }, from)?;
    check(inbound.client_message_id_at, inbound.client_message_id.as_deref().unwrap_or_default())?;
    check("interactiveLanguage", inbound.language.as_deref().unwrap_or_default())?;
    check("meta.timezone", inbound.raw.pointer("/meta/timezone").and_then(Value::as_str).unwrap_or_default())?;
    check("preferredChannelForResponse", inbound.preferred_channel.as_deref().unwrap_or_default())?;
    let levels = [
        ("metaTags.messageLevelTags", &inbound.tags.message),
        ("metaTags.sessionLevelTags", &inbound.tags.session),
        ("metaTags.userLevelTags", &inbound.tags.user),
    ];
    for (place, tags) in levels {
        tags.iter().try_for_each(|(name, _)| check(place, name))?;
    }
    Ok(())
}

/// What the conversation is told.
fn incoming(bot: &Bot, from: &str, inbound: Inbound, call: &Call) -> Result<Incoming, ApiError> {
    let event = match inbound.kind {
        Kind::Text => IncomingEvent::Message {
            text: inbound.text,
            raw: inbound.raw.clone(),
            attachments: inbound.attachments,
            shown: inbound.alternative_texts.into_iter().next(),
        },
        Kind::Event(name) if name == "ON_CONNECT" => IncomingEvent::Connect,
        Kind::Event(name) => {
            return Err(ApiError::bad_request("Invalid Request Payload")
                .with_detail(format!("there is no event `{name}`: give ON_CONNECT or SESSION_CLOSURE"))
                .at("/message/val"));
        }
        Kind::FormData(values) => {
            let form = inbound.raw.pointer("/message/formId").or_else(|| inbound.raw.pointer("/message/val/formId"));
            let form = form.and_then(Value::as_str).unwrap_or_default().to_owned();
            IncomingEvent::Form { form, values: Some(values) }
        }
    };
    let mut incoming = Incoming::of(&bot.account, &bot.id, from, CHANNEL, event);
    incoming.client_id = inbound.client_message_id;
    incoming.user_info = inbound.user_info;
    incoming.custom_data = inbound.custom_data;
    incoming.new_session = inbound.new_session;
    incoming.language = inbound.language;
    incoming.speaks_as = inbound.preferred_channel;
    incoming.timezone = inbound.raw.pointer("/meta/timezone").and_then(Value::as_str).map(str::to_owned);
    incoming.tags = Tags { message: inbound.tags.message, session: inbound.tags.session, user: inbound.tags.user };
    incoming.developer = call.header("state").is_some_and(|state| state.eq_ignore_ascii_case("configured"));
    // A client may ask for recorded answers of services, never for more than the server allows by itself.
    let replays = call.header("x-botyard-services").is_some_and(|mode| mode.eq_ignore_ascii_case("replay"));
    let mode = bot.settings.get("servicesMode").and_then(|word| serde_json::from_value(word.clone()).ok());
    incoming.services = if replays { Some(Mode::Replay) } else { mode };
    Ok(incoming)
}

/// Closes the running session of a user.
async fn close(
    platform: &Platform,
    version: Version,
    caller: &Caller,
    bot: &Bot,
    from: &str,
) -> Result<Value, ApiError> {
    let filter =
        CloseFilter { user: Some(from.to_owned()), channel: Some(CHANNEL.to_owned()), ..CloseFilter::default() };
    let closed = platform.conversations().close_sessions(&bot.account, &bot.id, &filter, caller.user()).await?;
    Ok(webhook::closure(version, from, bot.id.as_str(), closed > 0))
}
