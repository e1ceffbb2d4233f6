//! `GET /api/public/auditlogs`: what happened in the account. (api-other-families.md §4.)

use std::time::Duration;

use access::Scope;
use axum::Json;
use axum::extract::State;
use domain::Timestamp;
use serde_json::{Value, json};
use store::ChangeFilter;

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform, period};

const DEMAND: Demand = demand(&[Scope::AdminAuditLogs], Limit::Account);
const MAX_SIZE: i64 = 100;

/// Lists the events of the account, the newest first, in pages of `size` entries; `offset` is the number of the page,
/// from 0.
///
/// `fetchAfter` goes on behind an entry whose `timestampValue` it is: only older ones are listed.
#[utoipa::path(get, path = "/api/public/auditlogs", tag = "Logs", params(("size" = Option<i64>, Query, description = "How many entries a page has, at most 100"), ("offset" = Option<i64>, Query, description = "The page"), ("fromDate" = Option<String>, Query), ("toDate" = Option<String>, Query), ("fetchAfter" = Option<i64>, Query, description = "The `timestampValue` of the last entry that is known")),
    responses((status = 200, description = "`total`, `auditlogs` and `moreAvailable`"), (status = 412, description = "a date cannot be understood")), security(("token" = [])))]
pub(crate) async fn audit_logs(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let query = call.query();
    let size = query.number("size", MAX_SIZE).clamp(1, MAX_SIZE);
    let mut to = period::end("toDate", query.get("toDate"))?;
    let known = query.number("fetchAfter", 0);
    if known > 0 {
        let older = Timestamp::from_millis(known).minus(Duration::from_millis(1));
        to = Some(to.map_or(older, |to| to.min(older)));
    }
    let filter = ChangeFilter {
        from: period::begin("fromDate", query.get("fromDate"))?,
        to,
        offset: query.number("offset", 0).saturating_mul(size),
        limit: size,
    };
    let page = platform.store().audit_log(&caller.app.account, &filter).await?;
    let entries: Vec<Value> = page
        .items
        .iter()
        .map(|entry| {
            json!({
                "timestampValue": entry.created_at.as_millis(),
                "Date/Time": entry.created_at,
                "Description": entry.description,
                "Name": entry.actor,
                "Category": entry.category,
                "AuditLogId": entry.id,
            })
        })
        .collect();
    let reached = filter.offset.saturating_add(i64::try_from(entries.len()).unwrap_or(i64::MAX));
    Ok(Json(json!({"total": page.total, "auditlogs": entries, "moreAvailable": reached < page.total})))
}
