//! `GET /api/public/stuckmessages`: messages that were given up, the newest first.

use access::AppKind;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use store::StuckFilter;

use super::{LOOK, record};
use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform};

const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 100;

/// Messages that were acknowledged, could not be answered, and were given up, the newest first. Their users were told that
/// something went wrong. `reason` says why the last attempt failed.
///
/// A builder app sees messages to its bots only. They are kept for 30 days.
#[utoipa::path(get, path = "/api/public/stuckmessages", tag = "Messages",
    params(("botId" = Option<String>, Query, description = "Only messages to this bot"), ("offset" = Option<i64>, Query, description = "How many to pass over"), ("limit" = Option<i64>, Query, description = "How many to give: 20, at most 100")),
    responses((status = 200, description = "`total`, `moreAvailable`, `messages`")), security(("token" = [])))]
pub(crate) async fn list(State(platform): State<Platform>, call: Call) -> Result<Json<Map<String, Value>>, ApiError> {
    let query = call.query();
    let (caller, bots) = match query.get("botId") {
        Some(id) => {
            let (caller, bot) = platform.bot_caller(&call, id, LOOK).await?;
            (caller, Some(vec![bot.id]))
        }
        None => {
            let caller = platform.caller(&call, LOOK).await?;
            let bots = (caller.app.kind == AppKind::Builder).then(|| caller.app.bots.clone());
            (caller, bots)
        }
    };
    let offset = query.number("offset", 0);
    let limit = query.number("limit", DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let filter = StuckFilter { account: caller.app.account.clone(), bots, offset, limit };
    let page = platform.store().stuck_messages(&filter).await?;
    let messages: Vec<_> = page.items.iter().map(record).collect();
    let more = offset.saturating_add(i64::try_from(messages.len()).unwrap_or(i64::MAX)) < page.total;
    Ok(Json(object(json!({"total": page.total, "moreAvailable": more, "messages": messages}))))
}
