//! `POST /api/public/usersInfo`: users by their addresses. (api-families-2.md §13.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::{Map, Value, json};
use store::{Group, User};

use super::user_entry::addresses;
use super::user_roles::Held;
use crate::body::{Call, optional_text};
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::UserManagement], Limit::Account);

/// The words of `status`. Nobody is suspended here, so that everybody is active.
const ACTIVE: [&str; 2] = ["active", "all"];
const INACTIVE: &str = "not active";

/// Gives what is known of users, named by their addresses in `emailIds`, in that order: `userInfo`, rights, roles and
/// groups. In the place of somebody who is no user, and of an empty address, stands an entry that says so. `status` (`active`, `not active`, `all`)
/// leaves out users of another status.
#[utoipa::path(post, path = "/api/public/usersInfo", tag = "People",
    request_body = Object, responses((status = 200, description = "a list of users"), (status = 412, description = "`emailIds` is missing, or `status` is another word")), security(("token" = [])))]
pub(crate) async fn info(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let body = call.members().await?;
    let emails = addresses(body.get("emailIds"))
        .ok_or_else(|| ApiError::invalid_arguments("`emailIds` must be a list of addresses").at("/emailIds"))?;
    let shows_active = shows_active(&body)?;
    let account = &caller.app.account;
    let mut found = Vec::with_capacity(emails.len());
    for email in emails {
        let user = platform.store().user_by_email(account, &email).await?;
        found.push((email, user));
    }
    let ids: Vec<_> = found.iter().filter_map(|(_, user)| user.as_ref().map(|user| user.id.clone())).collect();
    platform.ensure_roles(account).await?;
    let held = Held::by(&platform, account, &ids).await?;
    let mut answer = Vec::with_capacity(found.len());
    for (email, user) in found {
        match user {
            None => answer.push(nobody(&email)),
            Some(user) if shows_active => {
                let groups = platform.store().groups_of(&user.id).await?;
                let roles = held.of(&user.id);
                answer.push(record(user, &roles, &groups));
            }
            Some(_) => {}
        }
    }
    Ok(Json(Value::Array(answer)))
}

/// Whether `status` is one that active users have.
fn shows_active(body: &Map<String, Value>) -> Result<bool, ApiError> {
    let Some(word) = optional_text(body, "status") else { return Ok(true) };
    if ACTIVE.iter().any(|active| active.eq_ignore_ascii_case(&word)) {
        return Ok(true);
    }
    if INACTIVE.eq_ignore_ascii_case(&word) {
        return Ok(false);
    }
    let detail = format!("`status` is `{word}`: give `active`, `not active` or `all`");
    Err(ApiError::invalid_arguments(detail).at("/status"))
}

fn record(user: User, roles: &Value, groups: &[Group]) -> Value {
    // What was said of the user besides comes first, so that it cannot stand for what the server knows.
    let mut info = match user.details {
        Value::Object(details) => details,
        _ => Map::new(),
    };
    for (name, value) in [
        ("emailId", json!(user.email)),
        ("userId", json!(user.id)),
        ("firstName", json!(user.first_name)),
        ("lastName", json!(user.last_name)),
        ("status", json!("active")),
    ] {
        info.insert(name.into(), value);
    }
    let groups: Vec<Value> = groups.iter().map(|group| json!({"groupId": group.id, "groupName": group.name})).collect();
    json!({
        "canCreateBot": user.can_create_bot,
        "isDeveloper": user.is_developer,
        "userInfo": info,
        "roles": roles,
        "assignBotTasks": [],
        "groups": groups,
    })
}

/// The entry for somebody who is no user. Clients look for the first `status` and the first `msg` in it.
fn nobody(email: &str) -> Value {
    let text = "Invalid emailId";
    json!({"userInfo": {
        "emailId": email,
        "status": "failure",
        "reason": {
            "statusCode": 400,
            "status": 400,
            "customCode": 400,
            "errors": [{"msg": text, "code": 400}],
            "message": text,
            "name": "BadRequest",
        },
    }})
}
