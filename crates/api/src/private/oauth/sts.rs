//! `POST /api/users/sts`: a signed token, as quick-start pages and test runners ask for. (channels.md §1.)

use std::time::Duration;

use access::{Algorithm, App, AppKind, Secret, SigningKey};
use axum::Json;
use axum::extract::State;
use domain::AppId;
use serde_json::{Map, Value, json};
use store::User;

use crate::body::{Call, optional_text, required_text};
use crate::private::person::forbidden;
use crate::{ApiError, Platform};

/// How long a token is good.
const LIFETIME: Duration = Duration::from_secs(3600);

/// The name of the app that signs the tokens of people who build bots. It holds no scope.
const BUILDER_APP: &str = "Bot Builder";

/// Signs a token (JWT) for the identity, with the secret of an app: `{clientId, clientSecret, identity, isAnonymous}`.
///
/// With an access token in `Authorization: bearer …` and no body, the token is the caller's own, signed by an app
/// without any scope that is made for this.
#[utoipa::path(post, path = "/api/users/sts", tag = "Private tier", request_body = Object,
    responses((status = 200, description = "`{jwt}`"), (status = 401, description = "the client or its secret is unknown"), (status = 412, description = "the app signs with a key this server does not have")), security((), ("bearer" = [])))]
pub(crate) async fn sts(State(platform): State<Platform>, call: Call) -> Result<Json<Value>, ApiError> {
    let body = call.credentials().await?;
    let jwt = if body.contains_key("clientId") {
        platform.token_for_client(&body).await?
    } else {
        let user = platform.user(&call).await?;
        if !user.is_owner && !user.is_developer {
            return Err(forbidden("this token is for people who build bots"));
        }
        let app = platform.builder_app(&user).await?;
        platform.signed(&app, &user.email, false, "")?
    };
    Ok(Json(json!({"jwt": jwt})))
}

impl Platform {
    async fn token_for_client(&self, body: &Map<String, Value>) -> Result<String, ApiError> {
        let client_id = required_text(body, "clientId")?;
        let client_secret = required_text(body, "clientSecret")?;
        let stored = self.store().app(&AppId::stored(client_id)).await?;
        let app = stored.map(|stored| stored.app.clone()).filter(|app| app.secret.matches(&client_secret));
        let app = app.ok_or_else(ApiError::invalid_credentials)?;
        let anonymous = match body.get("isAnonymous") {
            Some(Value::Bool(anonymous)) => *anonymous,
            Some(Value::String(text)) => text.eq_ignore_ascii_case("true"),
            _ => false,
        };
        let identity = optional_text(body, "identity").unwrap_or_else(|| self.store().ids().uuid());
        self.signed(&app, &identity, anonymous, &optional_text(body, "aud").unwrap_or_default())
    }

    fn signed(&self, app: &App, identity: &str, anonymous: bool, audience: &str) -> Result<String, ApiError> {
        if !app.algorithm.uses_client_secret() {
            let detail =
                format!("the app signs with {}; its private key is not here, sign the token yourself", app.algorithm);
            return Err(ApiError::invalid_arguments(detail).at("/clientId"));
        }
        let key = SigningKey::new(app.algorithm, app.secret.expose()).map_err(|error| ApiError::internal(&error))?;
        let (now, ids) = (self.now(), self.store().ids());
        let claims = json!({
            "iss": app.client_id,
            "appId": app.client_id,
            "sub": identity,
            "aud": audience,
            "isAnonymous": anonymous,
            "jti": ids.uuid(),
            "iat": now.as_seconds(),
            "exp": now.plus(LIFETIME).as_seconds(),
        });
        let token = access::sign(&key, &claims);
        if app.jwe_enforced {
            return Ok(access::encrypt_with_secret(&token, &app.secret, &app.client_id, ids));
        }
        Ok(token)
    }

    /// The app that signs for people who build bots, made when there is none.
    async fn builder_app(&self, user: &User) -> Result<App, ApiError> {
        let store = self.store();
        let is_it = |app: &App| {
            app.kind == AppKind::Admin
                && app.name == BUILDER_APP
                && app.grants.is_empty()
                && app.algorithm.uses_client_secret()
        };
        if let Some(stored) = store.apps(&user.account).await?.into_iter().find(|stored| is_it(&stored.app)) {
            return Ok(stored.app);
        }
        let app = App {
            client_id: AppId::new(store.ids()),
            account: user.account.clone(),
            owner: user.id.clone(),
            kind: AppKind::Admin,
            name: BUILDER_APP.to_owned(),
            algorithm: Algorithm::Hs256,
            secret: Secret::client(store.ids()),
            public_key: None,
            decryption_key: None,
            bots: Vec::new(),
            grants: Vec::new(),
            jti_enforced: false,
            jwe_enforced: false,
        };
        store.put_app(&app, &json!({})).await?;
        let description = format!("Created the app {} ({})", app.name, app.client_id);
        store.log_audit(&user.account, "App Management", &user.email, &description).await?;
        Ok(app)
    }
}
