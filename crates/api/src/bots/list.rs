//! `GET /api/public/bots`: the bots of the account. (api.md §13.)

use access::{AppKind, Scope};
use axum::Json;
use axum::extract::State;
use domain::BotId;
use serde_json::{Map, Value, json};
use store::StoredApp;

use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

const MAX_LIMIT: i64 = 50;

/// The bots of the account in the order they were created.
///
/// `jwtApps` are the apps bound to a bot; their secrets are left out unless the server's settings say otherwise.
#[utoipa::path(get, path = "/api/public/bots", tag = "Bots",
    params(("offset" = Option<i64>, Query, description = "How many bots to pass over"), ("limit" = Option<i64>, Query, description = "How many to give, at most 50, which is the default")),
    responses((status = 200, description = "`total`, `availableMore`, `bots`")), security(("token" = [])))]
pub(crate) async fn list(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let query = call.query();
    let offset = query.number("offset", 0);
    let limit = query.number("limit", MAX_LIMIT).clamp(1, MAX_LIMIT);
    let page = platform.store().bots(&caller.app.account, offset, limit).await?;
    let apps = platform.store().apps(&caller.app.account).await?;
    let mut bots = Vec::new();
    for bot in &page.items {
        let mut record = platform.listed_bot(&call, bot).await?;
        record.insert("jwtApps".into(), json!(apps_of(&bot.id, &apps, platform.settings().show_client_secrets)));
        bots.push(record);
    }
    let end = offset.saturating_add(i64::try_from(bots.len()).unwrap_or(i64::MAX));
    Ok(Json(json!({"total": page.total, "availableMore": end < page.total, "bots": bots})))
}

fn apps_of(bot: &BotId, apps: &[StoredApp], with_secrets: bool) -> Vec<Map<String, Value>> {
    let mut records = Vec::new();
    for StoredApp { app, created_at, .. } in apps {
        if app.kind != AppKind::Builder || !app.bots.contains(bot) {
            continue;
        }
        let mut record = Map::new();
        record.insert("clientId".into(), json!(app.client_id));
        if with_secrets {
            record.insert("clientSecret".into(), json!(app.secret.expose()));
        }
        record.insert("jtiClaimEnforced".into(), json!(app.jti_enforced));
        record.insert("jweEncryptionEnforced".into(), json!(app.jwe_enforced));
        record.insert("createdOn".into(), json!(created_at));
        records.push(record);
    }
    records
}
