//! `POST /api/public/useraccess`: what users may do. (api-other-families.md §2, api-families-2.md §13.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use definition::finding::shown;
use serde_json::{Map, Value, json};

use super::user_entry::addresses;
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::UserManagement], Limit::Account);

/// Sets `canCreateBot`, `isDeveloper` and `hasDataTableAndViewAccess` of users, named by their addresses in `emailIds`:
/// of all of them, or of none when one does not exist. Who is no developer can have neither of the other rights.
#[utoipa::path(post, path = "/api/public/useraccess", tag = "People",
    request_body = Object, responses((status = 200, description = "`[\"SUCCESS\"]`"), (status = 400, description = "`emailIds` is empty, or names somebody who does not exist"), (status = 403, description = "a value is not of the right type, there is none, or rights of developers are given with `isDeveloper` false")), security(("token" = [])))]
pub(crate) async fn set_access(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let body = call.members().await?;
    let emails = match body.get("emailIds") {
        None => Vec::new(),
        given => addresses(given).ok_or_else(|| invalid_values("`emailIds` is not a list of texts").at("/emailIds"))?,
    };
    if emails.iter().all(String::is_empty) {
        return Err(ApiError::bad_request("emailIds cannot be empty").at("/emailIds"));
    }
    let mut users = Vec::with_capacity(emails.len());
    for (at, email) in emails.iter().enumerate() {
        let found = platform.store().user_by_email(&caller.app.account, email).await?;
        users.push(found.ok_or_else(|| {
            let detail = match email.as_str() {
                "" => "an address is empty: give one, or take it out".to_owned(),
                email => format!("there is no user {}: correct the address, or create the user", shown(email)),
            };
            ApiError::bad_request("One or more entered emails not found")
                .with_detail(detail)
                .at(format!("/emailIds/{at}"))
        })?);
    }
    let can_create_bot = right(&body, "canCreateBot")?;
    let is_developer = right(&body, "isDeveloper")?;
    let has_tables = right(&body, "hasDataTableAndViewAccess")?;
    if can_create_bot.is_none() && is_developer.is_none() && has_tables.is_none() {
        return Err(invalid_values("none of the three rights is given"));
    }
    if is_developer == Some(false) && (can_create_bot == Some(true) || has_tables == Some(true)) {
        let detail = "the other rights are for developers: leave them out, or give them with `isDeveloper`";
        return Err(invalid_values(detail).at("/isDeveloper"));
    }
    for mut user in users {
        user.can_create_bot = can_create_bot.unwrap_or(user.can_create_bot);
        user.is_developer = is_developer.unwrap_or(user.is_developer);
        if let Some(has_tables) = has_tables {
            user.details["hasDataTableAndViewAccess"] = json!(has_tables);
        }
        platform.store().update_user(&user).await?;
    }
    let description = format!("Set the rights of users: {}", emails.join(", "));
    platform.log_people_event(&caller, "User Management", &description).await?;
    Ok(Json(json!(["SUCCESS"])))
}

fn right(body: &Map<String, Value>, name: &str) -> Result<Option<bool>, ApiError> {
    match body.get(name) {
        None => Ok(None),
        Some(Value::Bool(set)) => Ok(Some(*set)),
        Some(_) => Err(invalid_values(&format!("`{name}` is neither true nor false")).at(format!("/{name}"))),
    }
}

fn invalid_values(detail: &str) -> ApiError {
    ApiError::forbidden("Invalid values in the body").with_detail(detail)
}
