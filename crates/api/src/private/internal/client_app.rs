//! `POST /api/internal/clientapp`: an admin app for test suites.

use access::{Algorithm, App, AppKind, Grant, Scope, Secret};
use axum::Json;
use axum::extract::State;
use domain::AppId;
use serde_json::{Value, json};
use store::StoredApp;

use crate::body::{Call, optional_text};
use crate::private::apps::Desk;
use crate::private::person::Person;
use crate::{ApiError, Platform};

/// Makes an admin app for the owner: `{name, scope?, …}`; without `scope` it may do everything an admin app may.
#[utoipa::path(post, path = "/api/internal/clientapp", tag = "Private tier", request_body = Object,
    responses((status = 200, description = "`{name, cId, cS, nId, accountId}`: client id, client secret, organisation"), (status = 401, description = "the `apikey` is wrong"), (status = 404, description = "no key is configured")))]
pub(crate) async fn client_app(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    platform.require_internal_key(&call)?;
    let body = call.members().await?;
    let owner = platform.internal_owner().await?;
    let (store, now) = (platform.store(), platform.now());
    let app = App {
        client_id: AppId::new(store.ids()),
        account: owner.account.clone(),
        owner: owner.id.clone(),
        kind: AppKind::Admin,
        name: optional_text(&body, "name").unwrap_or_else(|| "Internal".to_owned()),
        algorithm: Algorithm::default(),
        secret: Secret::client(store.ids()),
        public_key: None,
        decryption_key: None,
        bots: Vec::new(),
        grants: vec![Grant { scopes: Scope::held_by(AppKind::Admin), ..Grant::default() }],
        jti_enforced: false,
        jwe_enforced: false,
    };
    let mut stored = StoredApp { app, push_notifications: json!({}), created_at: now, modified_at: now };
    let desk = Desk { person: Person { caller: owner.clone(), user: owner }, bot: None };
    platform.change_app(&desk, &mut stored, &body).await?;
    let app = platform.save_app(&desk, &stored, "Created").await?.app;
    let account = store.account().await?;
    Ok(Json(json!({
        "name": app.name,
        "cId": app.client_id,
        "cS": app.secret.expose(),
        "nId": account.organization,
        "accountId": account.id,
    })))
}
