//! `PUT /api/public/bot/{id}/session`: closes sessions of a conversation. (api.md §10.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use domain::SessionId;
use serde_json::{Value, json};
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
    let parameters = Parameters::read(&call)?;
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
