//! `DELETE …/sdk/apps/{cs}`: removes an app.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};

use super::Desk;
use crate::body::Call;
use crate::{ApiError, Platform};

/// Removes an admin app; its tokens are refused from now on.
#[utoipa::path(delete, path = "/api/organization/{orgId}/users/{userId}/sdk/apps/{clientId}", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("userId" = String, Path, description = "The user, `u-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    responses((status = 200, description = "it is gone"), (status = 404, description = "there is no such app")), security(("bearer" = [])))]
pub(crate) async fn admin(
    State(platform): State<Platform>,
    Path((organization, user, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let desk = platform.admin_desk(&call, &organization, &user).await?;
    platform.remove_app(desk, &client).await
}

/// Removes a builder app; its tokens are refused from now on.
#[utoipa::path(delete, path = "/api/users/{userId}/streams/{botId}/sdk/apps/{clientId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    responses((status = 200, description = "it is gone"), (status = 404, description = "there is no such app")), security(("bearer" = [])))]
pub(crate) async fn builder(
    State(platform): State<Platform>,
    Path((user, bot, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Value>, ApiError> {
    let desk = platform.builder_desk(&call, &user, &bot).await?;
    platform.remove_app(desk, &client).await
}

impl Platform {
    async fn remove_app(&self, desk: Desk, client: &str) -> Result<Json<Value>, ApiError> {
        let stored = self.app_at(&desk, client).await?;
        let app = &stored.app;
        self.store().delete_app(&app.client_id).await?;
        self.log_app(&desk.person.caller, app, &app.bots, "Deleted").await?;
        Ok(Json(json!({"clientId": app.client_id, "message": "App deleted successfully"})))
    }
}
