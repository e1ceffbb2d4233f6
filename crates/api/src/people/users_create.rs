//! `POST /api/public/users`: creates users. (api-other-families.md §2, api-families-2.md §13.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::Value;
use store::{NewUser, User};

use super::user_entry::{Refusal, UserEntry, answer, entries};
use crate::body::Call;
use crate::platform::Caller;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::UserManagement], Limit::Account);

/// Creates users, with roles and groups; a group that does not exist is made. They may create bots and build all bots of
/// the account unless `canCreateBot` and `isDeveloper` are false.
///
/// The status is 200 even when a user could not be created: `failedUserDetails` says who and why. No mail is sent. The
/// users have no password and cannot sign in; `botyard user create` makes users who can.
#[utoipa::path(post, path = "/api/public/users", tag = "People", operation_id = "create_users",
    request_body = Object, responses((status = 200, description = "what was done, and for whom it was not"), (status = 412, description = "`users` is missing")), security(("token" = [])))]
pub(crate) async fn create(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let entries = entries(&call).await?;
    let mut refusals = Vec::new();
    let mut created = Vec::new();
    for entry in &entries {
        match create_one(&platform, &caller, entry).await? {
            Ok(user) => created.push(user.email),
            Err(refusal) => refusals.push(refusal),
        }
    }
    if !created.is_empty() {
        let description = format!("Created users: {}", created.join(", "));
        platform.log_people_event(&caller, "User Management", &description).await?;
    }
    Ok(Json(answer("Users are created Successfully", entries.len(), &refusals)))
}

async fn create_one(platform: &Platform, caller: &Caller, entry: &Value) -> Result<Result<User, Refusal>, ApiError> {
    let account = &caller.app.account;
    let entry = match UserEntry::read(entry) {
        Ok(entry) => entry,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let roles = match entry.roles(platform, account).await? {
        Ok(roles) => roles,
        Err(refusal) => return Ok(Err(refusal)),
    };
    let new = NewUser {
        email: entry.email.clone(),
        first_name: entry.first_name.clone().unwrap_or_default(),
        last_name: entry.last_name.clone().unwrap_or_default(),
        password_hash: None,
        is_owner: false,
        can_create_bot: entry.can_create_bot.unwrap_or(true),
        is_developer: entry.is_developer.unwrap_or(true),
        details: Value::Object(entry.details.clone()),
    };
    let user = match platform.store().create_user(account, new).await {
        Ok(user) => user,
        Err(store::Error::Exists(_)) => return Ok(Err(Refusal::new(&entry.email, "User already exists"))),
        Err(error) => return Err(error.into()),
    };
    platform.give_roles_and_groups(caller, &user, roles, entry).await?;
    Ok(Ok(user))
}
