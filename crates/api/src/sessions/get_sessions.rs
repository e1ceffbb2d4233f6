//! `POST /api/public/bot/{id}/getSessions`: the sessions of a bot. (api.md §11.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::session_list;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::BotSessions], Limit::Bot);

/// Lists the sessions of a bot, the newest first; those of the last seven days when no dates are given.
///
/// The body is optional and may hold `userId`, `dateFrom`, `dateTo`, `skip`, `limit` (at most 1000), `sessionType`
/// (`interactive` or `non-interactive`), `tags` (`{"and":[{"name":…,"values":[…]}]}`), and `sessionId`: a list of up to 50
/// ids, which makes everything else not matter; those that do not exist are listed in `invalidSessions`.
#[utoipa::path(post, path = "/api/public/bot/{botId}/getSessions", tag = "Sessions", params(("botId" = String, Path, description = "The bot, `st-…`"), ("containmentType" = Option<String>, Query, description = "`dropOff`, `selfService` or `agent`"), ("callId" = Option<String>, Query, description = "The telephone call")),
    request_body = Option<Object>, responses((status = 200, description = "`total`, `moreAvailable` and `sessions`"), (status = 412, description = "the body, a date or a word cannot be understood")), security(("token" = [])))]
pub(crate) async fn get_sessions(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    session_list::answer(&platform, &call, bot.account, Some(vec![bot.id])).await.map(Json)
}
