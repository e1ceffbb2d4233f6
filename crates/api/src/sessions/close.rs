//! `PUT /api/public/bot/{id}/session`: closes sessions of a conversation. (api.md §10.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::SessionId;
use serde_json::{Map, Value, json};
use store::{CloseFilter, NewChange};

use super::parameters::Parameters;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotSessions], Limit::Bot);

/// Closes the active sessions of a bot that match: `userId` (an id `u-…`, an address or any other identity), `channel`
/// and `sessionId`, each optional. Without any of them all active sessions of the bot are closed.
///
/// `status` may be given and must be `inactive` then. The answer is the same when there was nothing to close.
#[utoipa::path(put, path = "/api/public/bot/{botId}/session", tag = "Sessions", params(("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Option<Object>, responses((status = 200, description = "`success` is true"), (status = 412, description = "the body cannot be read, or `status` is another word")), security(("token" = [])))]
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
    if let Some(word) = parameters.text("status")?.filter(|word| !word.eq_ignore_ascii_case("inactive")) {
        let detail = format!("`status` is `{word}`: the only thing to set is `inactive`");
        return Err(ApiError::invalid_arguments(detail).at("/status"));
    }
    let filter = CloseFilter {
        session: parameters.text("sessionId")?.map(SessionId::stored),
        user: parameters.text("userId")?,
        channel: parameters.text("channel")?,
    };
    let user = caller.user().clone();
    let change = move |closed: usize| NewChange {
        user,
        resource_id: None,
        resource_type: "session",
        message: if closed == 1 {
            "Conversation session closed".into()
        } else {
            format!("{closed} conversation sessions closed")
        },
    };
    platform.store().close_sessions(&bot.account, &bot.id, &filter, change).await?;
    Ok(Json(json!({"success": true})))
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
