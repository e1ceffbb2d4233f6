//! `GET /api/public/requests`: what was asked of the server, the newest first.

use access::AppKind;
use axum::Json;
use axum::extract::State;
use domain::task::Kind;
use serde_json::{Map, Value, json};
use store::RequestFilter;

use super::{ANY_APP, Access, record};
use crate::body::Call;
use crate::{ApiError, Platform};

const DEFAULT_LIMIT: i64 = 20;
const MAX_LIMIT: i64 = 100;

/// The requests an app may see, the newest first, without their logs. Its scopes say which kinds it sees.
///
/// A builder app sees requests about its bots only; scopes it has for one bot count when `streamId` names that bot.
#[utoipa::path(get, path = "/api/public/requests", tag = "Requests",
    params(("streamId" = Option<String>, Query, description = "Only requests about this bot"), ("kind" = Option<String>, Query, description = "`bot_import`, `bot_export`, `publish`, `utterance_import`, `utterance_export` or `webhook_delivery`; all but the last when absent"), ("offset" = Option<i64>, Query, description = "How many to pass over"), ("limit" = Option<i64>, Query, description = "How many to give: 20, at most 100")),
    responses((status = 200, description = "`total`, `moreAvailable`, `requests`"), (status = 412, description = "the kind is unknown")), security(("token" = [])))]
pub(crate) async fn list(State(platform): State<Platform>, call: Call) -> Result<Json<Map<String, Value>>, ApiError> {
    let query = call.query();
    let (caller, bot) = match query.get("streamId") {
        None => (platform.caller(&call, ANY_APP).await?, None),
        Some(id) => {
            let (caller, bot) = platform.bot_caller(&call, id, ANY_APP).await?;
            (caller, Some(bot.id))
        }
    };
    let kinds = match query.word::<Kind>("kind")? {
        Some(kind) => vec![kind],
        // Deliveries are many and say little; who wants them asks for them.
        None => Kind::ALL.into_iter().filter(|kind| *kind != Kind::WebhookDelivery).collect(),
    };
    let open = |kind: &Kind| Access::Look.is_open(*kind, &caller.app, bot.as_ref());
    let kinds: Vec<Kind> = kinds.into_iter().filter(open).collect();
    if kinds.is_empty() {
        return Err(ApiError::scope_missing());
    }
    let bots = match (bot, caller.app.kind) {
        (Some(bot), _) => Some(vec![bot]),
        (None, AppKind::Admin) => None,
        (None, AppKind::Builder) => Some(caller.app.bots.clone()),
    };
    let offset = query.number("offset", 0);
    let limit = query.number("limit", DEFAULT_LIMIT).clamp(1, MAX_LIMIT);
    let filter = RequestFilter { bots, kinds, offset, limit };
    let page = platform.store().requests(&caller.app.account, &filter).await?;
    let requests: Vec<Map<String, Value>> = page
        .items
        .iter()
        .map(|request| {
            let mut record = record(request);
            record.shift_remove("log");
            record
        })
        .collect();
    let more = offset.saturating_add(i64::try_from(requests.len()).unwrap_or(i64::MAX)) < page.total;
    Ok(Json(crate::record::object(json!({"total": page.total, "moreAvailable": more, "requests": requests}))))
}
