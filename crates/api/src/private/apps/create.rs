//! `POST …/sdk/apps`: makes an app.

use access::{Algorithm, App, Secret};
use axum::Json;
use axum::extract::{Path, State};
use domain::AppId;
use serde_json::{Map, Value, json};
use store::StoredApp;

use super::{ClientSecret, Desk, record};
use crate::body::{Call, required_text};
use crate::{ApiError, Platform};

/// Makes an admin app, which reaches every bot of the account: `{appName, algorithm, scope: [{scopes: […]}], …}`.
///
/// Without `scope` it may do nothing yet. `isJweEnforced` makes a key whose public part (`encryptionPublicKey`) tokens
/// are to be encrypted for.
#[utoipa::path(post, path = "/api/organization/{orgId}/users/{userId}/sdk/apps", tag = "Private tier", params(("orgId" = String, Path, description = "The organisation, `o-…`"), ("userId" = String, Path, description = "The user, `u-…`")),
    request_body = Object, responses((status = 200, description = "the app with its `clientId` and `clientSecret`"), (status = 403, description = "the caller is no owner"), (status = 412, description = "a scope is unknown, or a key is missing")), security(("bearer" = [])))]
pub(crate) async fn admin(
    State(platform): State<Platform>,
    Path((organization, user)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.admin_desk(&call, &organization, &user).await?;
    platform.create_app(desk, &call).await
}

/// Makes a builder app, which reaches this bot and others that `bots` names.
#[utoipa::path(post, path = "/api/users/{userId}/streams/{botId}/sdk/apps", tag = "Private tier", params(("userId" = String, Path, description = "The user, `u-…`"), ("botId" = String, Path, description = "The bot, `st-…`")),
    request_body = Object, responses((status = 200, description = "the app with its `clientId` and `clientSecret`"), (status = 403, description = "the bot is not the caller's"), (status = 412, description = "a scope is unknown, or a key is missing")), security(("bearer" = [])))]
pub(crate) async fn builder(
    State(platform): State<Platform>,
    Path((user, bot)): Path<(String, String)>,
    call: Call,
) -> Result<Json<Map<String, Value>>, ApiError> {
    let desk = platform.builder_desk(&call, &user, &bot).await?;
    platform.create_app(desk, &call).await
}

impl Platform {
    async fn create_app(&self, desk: Desk, call: &Call) -> Result<Json<Map<String, Value>>, ApiError> {
        let body = call.members().await?;
        let now = self.now();
        let app = App {
            client_id: AppId::new(self.store().ids()),
            account: desk.person.user.account.clone(),
            owner: desk.person.user.id.clone(),
            kind: desk.kind(),
            name: required_text(&body, "appName")?,
            algorithm: Algorithm::default(),
            secret: Secret::client(self.store().ids()),
            public_key: None,
            decryption_key: None,
            bots: Vec::new(),
            grants: Vec::new(),
            jti_enforced: false,
            jwe_enforced: false,
        };
        let push_notifications = json!({"enable": false, "webhookUrl": ""});
        let mut stored = StoredApp { app, push_notifications, created_at: now, modified_at: now };
        self.change_app(&desk, &mut stored, &body).await?;
        let saved = self.save_app(&desk, &stored, "Created").await?;
        Ok(Json(record(&saved, ClientSecret::Shown)?))
    }
}
