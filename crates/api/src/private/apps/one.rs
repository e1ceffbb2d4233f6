//! `GET …/sdk/apps/{cs}`: one app.

use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Map, Value};

use super::{ClientSecret, record};
use crate::body::Call;
use crate::{ApiError, Platform};

/// An admin app with its secret.
#[utoipa::path(get, path = "/api/organization/{orgId}/users/{userId}/sdk/apps/{clientId}", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("userId" = String, Path, description = "The user, `u-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    responses((status = 200, description = "the app"), (status = 404, description = "there is no such app")), security(("bearer" = [])))]
pub(crate) async fn admin(
    State(platform): State<Platform>,
    Path((organization, user, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.admin_desk(&call, &organization, &user).await?;
    Ok(Json(record(&platform.app_at(&desk, &client).await?, ClientSecret::Shown)?))
}

/// A builder app with its secret.
#[utoipa::path(get, path = "/api/users/{userId}/streams/{botId}/sdk/apps/{clientId}", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`"), ("clientId" = String, Path, description = "The app, `cs-…`")),
    responses((status = 200, description = "the app"), (status = 404, description = "there is no such app")), security(("bearer" = [])))]
pub(crate) async fn builder(
    State(platform): State<Platform>,
    Path((user, bot, client)): Path<(String, String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.builder_desk(&call, &user, &bot).await?;
    Ok(Json(record(&platform.app_at(&desk, &client).await?, ClientSecret::Shown)?))
}
