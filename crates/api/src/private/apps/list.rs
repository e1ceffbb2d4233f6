//! `GET …/sdk/apps`: the apps of the account, or of a bot.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::{ClientSecret, Desk, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// The admin apps of the account. Client secrets are left out unless the server is set to show them.
#[utoipa::path(get, path = "/api/organization/{orgId}/users/{userId}/sdk/apps", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("userId" = String, Path, description = "The user, `u-…`")),
    responses((status = 200, description = "the apps in the order they were made"), (status = 403, description = "the caller is no owner")), security(("bearer" = [])))]
pub(crate) async fn admin(
    State(platform): State<Platform>,
    Path((organization, user)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
    let desk = platform.admin_desk(&call, &organization, &user).await?;
    platform.list_apps(desk).await
}

/// The builder apps that reach this bot.
#[utoipa::path(get, path = "/api/users/{userId}/streams/{botId}/sdk/apps", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    responses((status = 200, description = "the apps in the order they were made"), (status = 403, description = "the bot is not the caller's")), security(("bearer" = [])))]
pub(crate) async fn builder(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
    let desk = platform.builder_desk(&call, &user, &bot).await?;
    platform.list_apps(desk).await
}

impl Platform {
    async fn list_apps(&self, desk: Desk) -> Result<Json<Vec<Map<String, Value>>>, ApiError> {
        let shown = self.settings().show_client_secrets;
        let secret = if shown { ClientSecret::Shown } else { ClientSecret::Hidden };
        let apps = self.apps_at(&desk).await?;
        Ok(Json(apps.iter().map(|stored| record(stored, secret)).collect::<Result<_, _>>()?))
    }
}
