//! `PUT …/sdk/apps/{cs}`: changes an app.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::{ClientSecret, Desk, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// Changes an admin app: its name, scopes, algorithm, keys, and what its tokens must be. What is absent stays.
#[utoipa::path(put, path = "/api/organization/{orgId}/users/{userId}/sdk/apps/{clientId}", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("userId" = String, Path, description = "The user, `u-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    request_body = Object, responses((status = 200, description = "the app as it is now"), (status = 404, description = "there is no such app"), (status = 412, description = "a scope is unknown, or a key is missing")), security(("bearer" = [])))]
pub(crate) async fn admin(
    State(platform): State<Platform>,
    Path((organization, user, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.admin_desk(&call, &organization, &user).await?;
    platform.update_app(desk, &client, &call).await
}

/// Changes a builder app. The change is in force at once; the original asks for a publish first.
#[utoipa::path(put, path = "/api/users/{userId}/streams/{botId}/sdk/apps/{clientId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    request_body = Object, responses((status = 200, description = "the app as it is now"), (status = 404, description = "there is no such app"), (status = 412, description = "a scope is unknown, or a key is missing")), security(("bearer" = [])))]
pub(crate) async fn builder(
    State(platform): State<Platform>,
    Path((user, bot, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.builder_desk(&call, &user, &bot).await?;
    platform.update_app(desk, &client, &call).await
}

impl Platform {
    async fn update_app(&self, desk: Desk, client: &str, call: &Call) -> Result<Json<Map<String, Value>>, ApiError> {
        let mut stored = self.app_at(&desk, client).await?;
        self.change_app(&desk, &mut stored, &call.members().await?).await?;
        let saved = self.save_app(&desk, &stored, "Changed").await?;
        Ok(Json(record(&saved, ClientSecret::Shown)?))
    }
}
