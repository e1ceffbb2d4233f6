//! `GET /api/public/alluserroles`: who has which roles. (api-other-families.md §3.)

use std::collections::HashMap;

use access::Scope;
use axum::Json;
use axum::extract::State;
use domain::{AccountId, BotId, RoleId, UserId};
use serde_json::{Value, json};
use store::Holding;

use super::{DEFAULT_PAGE, MAX_PAGE, built_in};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::RoleManagement], Limit::Account);

/// Lists the users of the account with their roles: on bots (`btRoles`) and in the account (`adminRoles`).
///
/// Whoever created a bot is its `Bot Owner`. `groups` names the groups through which a user has a role.
#[utoipa::path(get, path = "/api/public/alluserroles", tag = "People", params(("offset" = Option<i64>, Query, description = "How many users to pass over"), ("limit" = Option<i64>, Query, description = "How many users to give")),
    responses((status = 200, description = "`total`, `availableMore` and `users`")), security(("token" = [])))]
pub(crate) async fn user_roles(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let account = &caller.app.account;
    let query = call.query();
    let offset = query.number("offset", 0);
    let limit = query.number("limit", DEFAULT_PAGE).clamp(1, MAX_PAGE);
    platform.ensure_roles(account).await?;
    let (users, total) = platform.store().users(account, offset, limit).await?;
    let ids: Vec<UserId> = users.iter().map(|user| user.id.clone()).collect();
    let held = Held::by(&platform, account, &ids).await?;
    let mut records = Vec::with_capacity(users.len());
    for user in users {
        let mut roles = held.of(&user.id);
        records.push(json!({
            "username": user.email,
            "firstName": user.first_name,
            "lastName": user.last_name,
            "orgUserId": user.id,
            "accountId": user.account,
            "isDeveloper": user.is_developer,
            "canCreateBot": user.can_create_bot,
            "userId": user.id,
            "btRoles": roles["btRoles"].take(),
            "adminRoles": roles["adminRoles"].take(),
        }));
    }
    let reached = offset.saturating_add(i64::try_from(records.len()).unwrap_or(i64::MAX));
    Ok(Json(json!({"total": total, "availableMore": reached < total, "users": records})))
}

/// The roles that some users hold.
pub(super) struct Held(HashMap<UserId, Vec<Holding>>);

impl Held {
    /// The roles of these users.
    pub(super) async fn by(platform: &Platform, account: &AccountId, users: &[UserId]) -> Result<Self, ApiError> {
        let mut holdings: HashMap<UserId, Vec<Holding>> = HashMap::new();
        for holding in platform.store().holdings(account, users, built_in::BOT_OWNER).await? {
            holdings.entry(holding.user.clone()).or_default().push(holding);
        }
        Ok(Self(holdings))
    }

    /// The roles of one of the users as records show them: `{btRoles, adminRoles}`.
    pub(super) fn of(&self, user: &UserId) -> Value {
        let roles = self.0.get(user).cloned().unwrap_or_default();
        let (on_bots, in_account): (Vec<Holding>, Vec<Holding>) =
            roles.into_iter().partition(|holding| holding.bot.is_some());
        json!({"btRoles": merged(on_bots), "adminRoles": merged(in_account)})
    }
}

/// One record per role and bot, however many ways the user has it.
fn merged(holdings: Vec<Holding>) -> Vec<Value> {
    let mut merged: Vec<(Holding, Vec<String>)> = Vec::new();
    let mut places: HashMap<(RoleId, Option<BotId>), usize> = HashMap::new();
    for mut holding in holdings {
        let group = holding.group.take();
        let key = (holding.role.clone(), holding.bot.as_ref().map(|(bot, _)| bot.clone()));
        let place = *places.entry(key).or_insert(merged.len());
        match merged.get_mut(place) {
            Some((_, groups)) => groups.extend(group),
            None => merged.push((holding, group.into_iter().collect())),
        }
    }
    let mut records = Vec::with_capacity(merged.len());
    for (holding, groups) in merged {
        let mut record = json!({"roleId": holding.role, "roleName": holding.role_name, "groups": groups});
        if let Some((bot, name)) = holding.bot {
            record["botId"] = json!(bot);
            record["botName"] = json!(name);
        }
        records.push(record);
    }
    records
}
