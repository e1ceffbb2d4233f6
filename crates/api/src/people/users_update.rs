//! `PUT /api/public/users`: changes users. (api-other-families.md §2.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::Value;
use store::User;

use super::user_entry::{Refusal, UserEntry, answer, entries};
use crate::body::Call;
use crate::platform::Caller;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::UserManagement], Limit::Account);

/// Changes users, named by their addresses: what is given replaces what was; roles and groups are added.
///
/// Roles are taken away by `btroles/assignments` and `adminroles/assignments`. The status is 200 even when a user could
/// not be changed: `failedUserDetails` says who and why.
#[utoipa::path(put, path = "/api/public/users", tag = "People", operation_id = "update_users",
    request_body = Object, responses((status = 200, description = "what was done, and for whom it was not"), (status = 412, description = "`users` is missing")), security(("token" = [])))]
pub(crate) async fn update(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let entries = entries(&call).await?;
    let mut refusals = Vec::new();
    let mut updated = Vec::new();
    for entry in &entries {
        match update_one(&platform, &caller, entry).await? {
            Ok(user) => updated.push(user.email),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !updated.is_empty() {
        let description = format!("Updated users: {}", updated.join(", "));
        platform.log_people_event(&caller, "User Management", &description).await?;
    }
    Ok(Json(answer("Users are updated Successfully", entries.len(), &refusals)))
}

async fn update_one(platform: &Platform, caller: &Caller, entry: &Value) -> Result<Result<User, Refusal>, ApiError> {
    let account = &caller.app.account;
    let mut entry = match UserEntry::read(entry) {
        Ok(entry) => entry,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let Some(mut user) = platform.store().user_by_email(account, &entry.email).await? else {
        return Ok(Err(Refusal::new(&entry.email, "User not found")));
    };
    let roles = match entry.roles(platform, account).await? {
        Ok(roles) => roles,
        Err(refusal) => return Ok(Err(refusal)),
    };
    if let Some(name) = entry.first_name.take() {
        user.first_name = name;
    }
    if let Some(name) = entry.last_name.take() {
        user.last_name = name;
    }
    user.can_create_bot = entry.can_create_bot.unwrap_or(user.can_create_bot);
    user.is_developer = entry.is_developer.unwrap_or(user.is_developer);
    for (name, value) in std::mem::take(&mut entry.details) {
        user.details[name] = value;
    }
    platform.store().update_user(&user).await?;
    platform.give_roles_and_groups(caller, &user, roles, entry).await?;
    Ok(Ok(user))
}
