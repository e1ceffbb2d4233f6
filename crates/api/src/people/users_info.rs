//! `POST /api/public/usersInfo`: users by their addresses. (api-other-families.md §2.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::person;
use super::user_entry::addresses;
use crate::body::Call;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::UserManagement], Limit::Account);

/// Gives the records of users, named by their addresses in `emailIds`; those that do not exist are left out.
#[utoipa::path(post, path = "/api/public/usersInfo", tag = "People",
    request_body = Object, responses((status = 200, description = "a list of users"), (status = 412, description = "`emailIds` is missing")), security(("token" = [])))]
pub(crate) async fn info(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let emails = addresses(call.members().await?.get("emailIds"))
        .ok_or_else(|| ApiError::invalid_arguments("`emailIds` must be a list of addresses").at("/emailIds"))?;
    let account = platform.store().account().await?;
    let mut answer = Vec::with_capacity(emails.len());
    for email in &emails {
        let Some(user) = platform.store().user_by_email(&caller.app.account, email).await? else { continue };
        let mut record = object(person(&user, &account.organization));
        record.insert("accountId".into(), json!(user.account));
        record.insert("canCreateBot".into(), json!(user.can_create_bot));
        record.insert("isDeveloper".into(), json!(user.is_developer));
        record.insert("createdOn".into(), json!(user.created_at));
        record.insert("details".into(), user.details);
        answer.push(Value::Object(record));
    }
    Ok(Json(Value::Array(answer)))
}
