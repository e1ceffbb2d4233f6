//! `PUT …/sdk/apps/{cs}/secret`: gives an app a new secret. Ours; the original's apps keep theirs for ever.

use access::Secret;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::{ClientSecret, Desk, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// Gives an admin app a new client secret; the old one is refused from now on.
#[utoipa::path(put, path = "/api/organization/{orgId}/users/{userId}/sdk/apps/{clientId}/secret", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("userId" = String, Path, description = "The user, `u-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    responses((status = 200, description = "the app with its new `clientSecret`"), (status = 404, description = "there is no such app")), security(("bearer" = [])))]
pub(crate) async fn admin(
    State(platform): State<Platform>,
    Path((organization, user, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.admin_desk(&call, &organization, &user).await?;
    platform.rotate_secret(desk, &client).await
}

/// Gives a builder app a new client secret; the old one is refused from now on.
#[utoipa::path(put, path = "/api/users/{userId}/streams/{botId}/sdk/apps/{clientId}/secret", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    responses((status = 200, description = "the app with its new `clientSecret`"), (status = 404, description = "there is no such app")), security(("bearer" = [])))]
pub(crate) async fn builder(
    State(platform): State<Platform>,
    Path((user, bot, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.builder_desk(&call, &user, &bot).await?;
    platform.rotate_secret(desk, &client).await
}

impl Platform {
    async fn rotate_secret(&self, desk: Desk, client: &str) -> Result<Json<Map<String, Value>>, ApiError> {
        let mut stored = self.app_at(&desk, client).await?;
        stored.app.secret = Secret::client(self.store().ids());
        let saved = self.save_app(&desk, &stored, "Gave a new secret to").await?;
        Ok(Json(record(&saved, ClientSecret::Shown)?))
    }
}
