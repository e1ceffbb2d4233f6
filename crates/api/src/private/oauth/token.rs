//! `POST /api/oauth/token`: an access token for a password. (api-other-families.md §12, channels.md §1.)

use std::time::Duration;

use access::Secret;
use axum::extract::State;
use axum::{Extension, Json};
use domain::AppId;
use serde_json::{Value, json};
use store::User;

use crate::body::{Call, optional_text, required_text};
use crate::client_address::ClientAddress;
use crate::{ApiError, Platform};

/// Signs a person in: `{grant_type: "password", username, password}` as JSON or as a form.
///
/// The access token goes into `Authorization: bearer …` of every call of the private tier. `client_id` and
/// `client_secret` may be left out; those of an app of this server are checked, others are ignored. Attempts that
/// fail are slowed down: by name and address, by address, and by name (429 with `Retry-After`); where somebody has signed in
/// from before, attempts of others do not count.
#[utoipa::path(post, path = "/api/oauth/token", tag = "Private tier", request_body = Object,
    responses((status = 200, description = "`authorization` with the `accessToken`, and `userInfo`"), (status = 401, description = "the name or the password is wrong"), (status = 412, description = "a member is missing"), (status = 429, description = "too many failed attempts"), (status = 503, description = "too many people sign in at the same time")))]
pub(crate) async fn token(
    State(platform): State<Platform>,
    Extension(ClientAddress(from)): Extension<ClientAddress>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let body = call.credentials().await?;
    if let Some(grant) = optional_text(&body, "grant_type").filter(|grant| grant != "password") {
        let detail = format!("`grant_type` is `{grant}`: only `password` is offered");
        return Err(ApiError::invalid_arguments(detail).at("/grant_type"));
    }
    let name = required_text(&body, "username")?;
    // Blanks around a password belong to it.
    let password = body.get("password").and_then(Value::as_str).filter(|password| !password.is_empty());
    let password =
        password.ok_or_else(|| ApiError::invalid_arguments("`password` is missing").at("/password"))?.to_owned();
    if let Some(client_id) = optional_text(&body, "client_id") {
        platform.check_client(&client_id, &optional_text(&body, "client_secret").unwrap_or_default()).await?;
    }
    let user = platform.sign_in(&name, &password, from).await?;

    let store = platform.store();
    let account = store.account().await?;
    let now = platform.now();
    let expires = now.plus(Duration::from_secs(platform.settings().access_token_lifetime_s));
    let token = Secret::access_token(store.ids());
    store.add_access_token(&access::hash_of_token(token.expose()), &user.id, expires).await?;
    store.log_audit(&account.id, "User Management", &user.email, "Signed in").await?;
    let User { id, email, first_name, last_name, .. } = &user;
    Ok(Json(json!({
        "authorization": {
            "accessToken": token.expose(),
            "token_type": "bearer",
            "resourceOwnerID": id,
            "accountId": account.id,
            "orgID": account.organization,
            "issuedDate": now,
            "expiresDate": expires,
        },
        "userInfo": {
            "id": id,
            "userId": id,
            "orgID": account.organization,
            "orgId": account.organization,
            "accountId": account.id,
            "emailId": email,
            "fName": first_name,
            "lName": last_name,
            "firstName": first_name,
            "lastName": last_name,
            "isOwner": user.is_owner,
            "isDeveloper": user.is_developer,
            "canCreateBot": user.can_create_bot,
        },
    })))
}

impl Platform {
    /// Refuses an app of this server that comes with another secret than its own. The original's console sends an id
    /// that no other server knows.
    async fn check_client(&self, client_id: &str, client_secret: &str) -> Result<(), ApiError> {
        match self.store().app(&AppId::stored(client_id)).await? {
            Some(stored) if !stored.app.secret.matches(client_secret) => Err(ApiError::invalid_credentials()),
            _ => Ok(()),
        }
    }
}
