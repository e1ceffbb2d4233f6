//! People of the account: users, their roles and groups. (api-other-families.md §2, §3.)

mod built_in;
mod groups;
mod role_assignments;
mod role_export;
mod role_import;
mod roles;
mod user_access;
mod user_entry;
mod user_roles;
mod users_create;
mod users_info;
mod users_remove;
mod users_update;

use domain::{AccountId, OrganizationId, UserId};
use serde_json::{Value, json};
use store::User;
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::platform::Caller;
use crate::{ApiError, Platform};

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new()
        .routes(routes!(users_create::create, users_update::update, users_remove::remove))
        .routes(routes!(users_info::info))
        .routes(routes!(user_access::set_access))
        .routes(routes!(roles::roles))
        .routes(routes!(user_roles::user_roles))
        .routes(routes!(role_assignments::on_bots))
        .routes(routes!(role_assignments::in_account))
        .routes(routes!(groups::groups))
        .routes(routes!(role_export::export))
        .routes(routes!(role_import::import))
}

/// The pages of lists of people and roles; ours, no source has limits.
const DEFAULT_PAGE: i64 = 50;
const MAX_PAGE: i64 = 1000;

/// A person as records show them.
pub(crate) fn person(user: &User, organization: &OrganizationId) -> Value {
    json!({
        "id": user.id,
        "_id": user.id,
        "firstName": user.first_name,
        "lastName": user.last_name,
        "emailId": user.email,
        "activationStatus": "active",
        "profColour": "#3b3d94",
        "profImage": "no-avatar",
        "orgId": organization,
    })
}

/// A person who is no user any more.
pub(crate) fn unknown_person(id: &UserId, organization: &OrganizationId) -> Value {
    json!({
        "id": id,
        "_id": id,
        "firstName": "",
        "lastName": "",
        "emailId": "",
        "activationStatus": "inactive",
        "profColour": "#9e9e9e",
        "profImage": "no-avatar",
        "orgId": organization,
    })
}

impl Platform {
    /// Logs an event of the account in the name of the user the app acts for.
    pub(crate) async fn log_people_event(
        &self,
        caller: &Caller,
        category: &str,
        description: &str,
    ) -> Result<(), ApiError> {
        let user = self.store().user(caller.user()).await?;
        let actor = user.map_or_else(|| caller.app.name.clone(), |user| user.email);
        self.store().log_audit(&caller.app.account, category, &actor, description).await?;
        Ok(())
    }

    /// Makes the built-in roles when the account does not have them yet.
    async fn ensure_roles(&self, account: &AccountId) -> Result<(), ApiError> {
        Ok(self.store().ensure_built_in_roles(account, built_in::roles()).await?)
    }
}
