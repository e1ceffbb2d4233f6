//! `GET /api/public/bot/{id}/versions`: the published versions of a bot, the newest first.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value, json};

use super::{LOOK, record};
use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform};

const DEFAULT_LIMIT: usize = 20;
const MAX_LIMIT: usize = 100;

/// The versions of a bot, the newest first. `POST …/export` with `version` exports one of them.
#[utoipa::path(get, path = "/api/public/bot/{botId}/versions", tag = "Versions",
    params(("botId" = String, Path, description = "The bot, `st-…`"), ("offset" = Option<i64>, Query, description = "How many to pass over"), ("limit" = Option<i64>, Query, description = "How many to give: 20, at most 100")),
    responses((status = 200, description = "`total`, `moreAvailable`, `versions`")), security(("token" = [])))]
pub(crate) async fn list(
    State(platform): State<Platform>,
    Path(bot): Path<String>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let (_, bot) = platform.bot_caller(&call, &bot, LOOK).await?;
    let query = call.query();
    let number = |name: &str, default: usize| {
        usize::try_from(query.number(name, i64::try_from(default).unwrap_or(0))).unwrap_or(default)
    };
    let offset = number("offset", 0);
    let limit = number("limit", DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let versions = platform.store().versions(&bot.id).await?;
    let shown = versions.iter().skip(offset).take(limit);
    let shown: Vec<Map<String, Value>> = shown.map(|version| record(&bot, version)).collect();
    let more = offset.saturating_add(shown.len()) < versions.len();
    Ok(Json(object(json!({"total": versions.len(), "moreAvailable": more, "versions": shown}))))
}
