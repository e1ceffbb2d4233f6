//! `GET /api/public/groups`: the groups of users. (api-other-families.md §3.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::{DEFAULT_PAGE, MAX_PAGE};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

/// Lists the groups of the account by name. Groups are made by naming them in `POST /api/public/users`.
#[utoipa::path(get, path = "/api/public/groups", tag = "People", params(("offset" = Option<i64>, Query, description = "How many groups to pass over"), ("limit" = Option<i64>, Query, description = "How many groups to give")),
    responses((status = 200, description = "`total`, `availableMore` and `groups`")), security(("token" = [])))]
pub(crate) async fn groups(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let query = call.query();
    let offset = query.number("offset", 0);
    let limit = query.number("limit", DEFAULT_PAGE).clamp(1, MAX_PAGE);
    let page = platform.store().groups(&caller.app.account, offset, limit).await?;
    let records: Vec<Value> = page
        .items
        .iter()
        .map(|group| json!({"_id": group.id, "groupId": group.id, "name": group.name, "usersCount": group.members}))
        .collect();
    let reached = offset.saturating_add(i64::try_from(records.len()).unwrap_or(i64::MAX));
    Ok(Json(json!({"total": page.total, "availableMore": reached < page.total, "groups": records})))
}
