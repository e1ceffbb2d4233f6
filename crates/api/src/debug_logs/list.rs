//! `GET /api/1.1/{botId}/debuglogs`: the debug logs of a bot. (api-other-families.md §8.)

use access::Scope;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use store::TurnLogFilter;

use super::entry::entry;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, period};

const DEMAND: Demand = demand(&[Scope::DebugLogs], Limit::Bot);
/// The pages; ours, no source has limits.
const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 100;

/// Lists what turns of conversations with a bot did, the newest first: at most 100 in one call.
///
/// Each entry is a turn: what came in, how it was understood, the way through the dialogs step by step with services,
/// scripts and errors, what was said and which tasks ended. Logs are kept for as long as `conversation.debug_log_s` says.
#[utoipa::path(get, path = "/api/{botId}/debuglogs", tag = "Logs", params(("botId" = String, Path, description = "The bot, `st-…`"), ("identity" = Option<String>, Query, description = "The user: an id or an identity on a channel"), ("channelType" = Option<String>, Query, description = "The channel: `rtm`, `ivr` (webhook) …"), ("limit" = Option<i64>, Query, description = "How many turns to give; 20 when not said"), ("offset" = Option<i64>, Query, description = "How many turns to pass over"), ("dateFrom" = Option<String>, Query), ("dateTo" = Option<String>, Query)),
    responses((status = 200, description = "`total`, `moreAvailable` and `logs`"), (status = 412, description = "a date cannot be understood")), security(("token" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, DEMAND).await?;
    let query = call.query();
    let filter = TurnLogFilter {
        account: bot.account,
        bot: bot.id,
        user: query.get("identity").map(str::to_owned),
        channel: query.get("channelType").map(str::to_owned),
        from: period::begin("dateFrom", query.get("dateFrom"))?,
        to: period::end("dateTo", query.get("dateTo"))?,
        offset: query.number("offset", 0),
        limit: query.number("limit", DEFAULT_LIMIT).clamp(1, MAX_LIMIT),
    };
    let page = platform.store().turn_logs(&filter).await?;
    let logs: Vec<Value> = page.items.iter().map(entry).collect();
    let reached = filter.offset.saturating_add(i64::try_from(logs.len()).unwrap_or(i64::MAX));
    Ok(Json(json!({"total": page.total, "moreAvailable": reached < page.total, "logs": logs})))
}
