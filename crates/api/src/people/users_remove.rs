//! `DELETE /api/public/users`: removes users. (api-other-families.md §2.)

use access::Scope;
use axum::Json;
use axum::extract::State;
use serde_json::Value;

use super::user_entry::{Refusal, addresses, answer};
use crate::body::Call;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

const DEMAND: Demand = demand(&[Scope::UserManagement], Limit::Account);

/// Removes users, named by their addresses in `deleteEmailIds` of the body.
///
/// The apps of a removed user go on working and belong to the owner of the account from then on; so do their bots. The
/// owner of the account cannot be removed. The status is 200 even when a user could not be removed: `failedUserDetails`
/// says who and why.
#[utoipa::path(delete, path = "/api/public/users", tag = "People", operation_id = "remove_users",
    request_body = Object, responses((status = 200, description = "what was done, and for whom it was not"), (status = 412, description = "`deleteEmailIds` is missing")), security(("token" = [])))]
pub(crate) async fn remove(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let caller = platform.caller(&call, DEMAND).await?;
    let account = &caller.app.account;
    let emails =
        addresses(call.members().await?.get("deleteEmailIds")).filter(|emails| !emails.iter().all(String::is_empty));
    let emails = emails.ok_or_else(|| {
        ApiError::invalid_arguments("`deleteEmailIds` must be a list with at least one address").at("/deleteEmailIds")
    })?;
    let owner = platform.store().owner(account).await?;
    let mut refusals = Vec::new();
    let mut removed = Vec::new();
    for email in &emails {
        let Some(user) = platform.store().user_by_email(account, email).await? else {
            refusals.push(Refusal::new(email, "User not found"));
            continue;
        };
        // Without an owner nobody could take the apps over; an account gets one before anything else.
        let Some(heir) = owner.as_ref().filter(|owner| owner.id != user.id) else {
            refusals.push(Refusal::new(email, "The owner of the account cannot be removed"));
            continue;
        };
        if platform.store().delete_user(&user.id, &heir.id).await? {
            removed.push(user.email);
        } else {
            refusals.push(Refusal::new(email, "User not found"));
        }
    }
    if !removed.is_empty() {
        let description = format!("Removed users: {}", removed.join(", "));
        platform.log_people_event(&caller, "User Management", &description).await?;
    }
    Ok(Json(answer("Users are removed Successfully", emails.len(), &refusals)))
}
