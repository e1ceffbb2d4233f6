//! `GET /api/public/roles`: the roles of the account. (api-other-families.md §3.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};
use store::{Role, RoleKind};

use super::{DEFAULT_PAGE, MAX_PAGE};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

/// Lists the roles of the account: the built-in ones, then the others as they were imported.
#[utoipa::path(get, path = "/api/public/roles", tag = "People", params(("roleType" = Option<String>, Query, description = "`bot` or `admin`; both when absent"), ("offset" = Option<i64>, Query, description = "How many roles to pass over"), ("limit" = Option<i64>, Query, description = "How many roles to give")),
    responses((status = 200, description = "`total`, `availableMore` and `roles`"), (status = 412, description = "`roleType` is another word")), security(("token" = [])))]
pub(crate) async fn roles(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let query = call.query();
    let kind = query.word::<RoleKind>("roleType")?;
    let offset = query.number("offset", 0);
    let limit = query.number("limit", DEFAULT_PAGE).clamp(1, MAX_PAGE);
    platform.ensure_roles(&caller.app.account).await?;
    let page = platform.store().roles(&caller.app.account, kind, offset, limit).await?;
    let reached = offset.saturating_add(i64::try_from(page.items.len()).unwrap_or(i64::MAX));
    Ok(Json(json!({
        "total": page.total,
        "availableMore": reached < page.total,
        "roles": page.items.iter().map(record).collect::<Vec<_>>(),
    })))
}

/// A role as clients read it, in lists and in exported files.
pub(super) fn record(role: &Role) -> Value {
    json!({
        "roleType": role.kind.name(),
        "_id": role.id,
        "role": role.name,
        "rDesc": role.description,
        "permissions": role.permissions,
        "refId": ref_id(role),
        "isBuiltIn": role.built_in,
    })
}

/// The id that survives export and import; the id itself for roles that were given none.
pub(super) fn ref_id(role: &Role) -> &str {
    if role.ref_id.is_empty() { role.id.as_str() } else { &role.ref_id }
}
