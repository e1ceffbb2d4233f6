//! `PUT /api/public/bot/{id}/session`: closes sessions of a conversation. (api.md §10.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};
use store::CloseFilter;

use super::channel_word::channel_of;
use super::history::session_ids;
use super::parameters::Parameters;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotSessions], Limit::Bot);

/// What says which sessions are meant.
const FILTERS: [&str; 3] = ["sessionId", "userId", "channel"];
/// What may be said besides.
const OTHERS: [&str; 1] = ["status"];

/// Closes the active sessions of a bot that match: `userId` (an id `u-…`, an address or any other identity), `channel` and
/// `sessionId` (one or a list), each optional. Without any of them all active sessions of the bot are closed.
///
/// `channel` is a word in any letter case: `ivr` or `webhook` for conversations over the webhook channel, `rtm` for those of
/// web and mobile clients. `status` may be given and must be `inactive` then.
///
/// Each ends with the last words of its bot, where it has any: what it does at the end of tasks (`CONVERSATION_END`), and its
/// own closing text. A session in which a turn runs is closed when that is over. Both are waited for, but not for ever; the
/// close stands then.
///
/// A filter that is there and empty is refused, and so are members that nobody knows where no filter stands beside them: a
/// typing error closes nobody's session. Beside a filter they do nothing and are named in `ignored`.
#[utoipa::path(put, path = "/api/public/bot/{botId}/session", tag = "Sessions", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Option<Object>, responses((status = 200, description = "`success` is true; `closed` says how many sessions were active and are closed now, `ignored` names members that did nothing"), (status = 412, description = "the body cannot be read, a filter is empty, no filter is known, or `status` is another word")), security(("token" = [])))]
pub(crate) async fn close(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (caller, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let parameters = match sample_notation(call.body().await?) {
        Some(members) => Parameters::with_body(&call, members),
        None => Parameters::read(&call).await?,
    };
    if let Some(word) = parameters.filter_of_one("status")?.filter(|word| !word.eq_ignore_ascii_case("inactive")) {
        let detail = format!("`status` is `{word}`: the only thing to set is `inactive`");
        return Err(ApiError::invalid_arguments(detail).at("/status"));
    }
    let filter = CloseFilter {
        sessions: session_ids(parameters.filter("sessionId")?)?,
        user: parameters.filter_of_one("userId")?,
        channel: parameters.filter_of_one("channel")?.map(|word| channel_of(&word)),
        interactive: None,
    };
    let names = parameters.names();
    let unknown: Vec<&str> = names.iter().copied().filter(|it| !FILTERS.contains(it) && !OTHERS.contains(it)).collect();
    if !unknown.is_empty() && !FILTERS.iter().any(|filter| names.contains(filter)) {
        let detail = format!(
            "{} says nothing about which sessions are meant: the filters are {}; without any member all sessions of the bot \
             are closed",
            listed(&unknown),
            listed(&FILTERS)
        );
        return Err(ApiError::invalid_arguments(detail).at(format!("/{}", unknown[0])));
    }
    let mut answer = json!({"success": true});
    if !unknown.is_empty() {
        answer["ignored"] = json!(unknown);
    }
    let closed = platform.conversations().close_sessions(&bot.account, &bot.id, &filter, caller.user()).await?;
    answer["closed"] = json!(closed);
    Ok(Json(answer))
}

fn listed(names: &[&str]) -> String {
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// The members of a body in the notation of this call's published sample, which is not JSON: its keys are bare and its
/// quotes typographic (`{ userId : “u-Id”, status : “inactive” }`). People paste it, so it is understood as it stands.
fn sample_notation(body: &[u8]) -> Option<Map<String, Value>> {
    let text = std::str::from_utf8(body).ok()?.trim().strip_prefix('{')?.strip_suffix('}')?;
    let mut members = Map::new();
    for pair in text.split(',') {
        let (key, value) = pair.split_once(':')?;
        let key = key.trim();
        let value = value.trim().strip_prefix(['“', '”'])?.strip_suffix(['“', '”'])?;
        if key.is_empty() || !key.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return None;
        }
        members.insert(key.to_owned(), Value::String(value.to_owned()));
    }
    Some(members)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_published_sample_is_read_as_one() {
        let sample = "{ userId : “u-Id”, status : “inactive”, channel : “rtm” }";
        let members = sample_notation(sample.as_bytes()).map(Value::Object);
        assert_eq!(members, Some(json!({"userId": "u-Id", "status": "inactive", "channel": "rtm"})));
        for other in
            ["", "{}", r#"{"userId":"u-Id"}"#, "{userId: u-Id}", "{userId: “u-Id”", "{“userId”: “u-Id”}", "[1]"]
        {
            assert_eq!(sample_notation(other.as_bytes()), None, "{other}");
        }
    }
}
