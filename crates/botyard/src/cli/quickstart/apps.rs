//! The two apps of the quickstart.

use access::{Algorithm, App, AppKind, Grant, Scope, Secret, SigningKey};
use domain::{AppId, BotId};
use serde_json::json;

use crate::{Error, Premises};

/// The apps a person tries the server with.
pub(super) struct Apps {
    pub(super) admin: App,
    pub(super) builder: App,
}

/// What a person needs to call as an app.
pub(super) struct Credentials {
    pub(super) client_id: String,
    pub(super) client_secret: String,
    pub(super) token: String,
}

/// How long a printed token is good. Seconds.
const TOKEN_LIFETIME_S: i64 = 24 * 3600;

impl Apps {
    /// The apps of an earlier quickstart, or new ones. They are known by their names.
    pub(super) async fn find_or_create(premises: &Premises) -> Result<Self, Error> {
        let admin = find_or_create(premises, AppKind::Admin, "Quickstart admin").await?;
        let builder = find_or_create(premises, AppKind::Builder, "Quickstart builder").await?;
        Ok(Self { admin, builder })
    }

    /// Binds the builder app to the bot.
    pub(super) async fn bind_builder(&mut self, premises: &Premises, bot: &BotId) -> Result<(), Error> {
        if self.builder.bots.contains(bot) {
            return Ok(());
        }
        self.builder.bots = vec![bot.clone()];
        Ok(premises.store.put_app(&self.builder, &json!({})).await?)
    }
}

/// What to call as the app with.
pub(super) fn credentials(app: &App, premises: &Premises) -> Credentials {
    Credentials {
        client_id: app.client_id.to_string(),
        client_secret: app.secret.expose().to_owned(),
        token: token(app, premises),
    }
}

/// A token of the app, good for a day.
pub(super) fn token(app: &App, premises: &Premises) -> String {
    let key = SigningKey::new(app.algorithm, app.secret.expose());
    let now = premises.store.clock().now().as_seconds();
    let claims =
        json!({"appId": app.client_id, "sub": premises.owner.email, "iat": now, "exp": now + TOKEN_LIFETIME_S});
    access::sign(&key.expect("the app signs with its secret, which is never empty"), &claims)
}

async fn find_or_create(premises: &Premises, kind: AppKind, name: &str) -> Result<App, Error> {
    let Premises { store, account, owner, .. } = premises;
    let apps = store.apps(&account.id).await?;
    // One that was changed so that printed tokens would be refused is left alone, and another one made.
    let takes_plain_tokens = |app: &App| app.algorithm.uses_client_secret() && !app.jti_enforced && !app.jwe_enforced;
    let fits = |app: &App| app.kind == kind && app.name == name && takes_plain_tokens(app);
    if let Some(stored) = apps.iter().find(|stored| fits(&stored.app)) {
        return Ok(stored.app.clone());
    }
    let app = App {
        client_id: AppId::new(store.ids()),
        account: account.id.clone(),
        owner: owner.id.clone(),
        kind,
        name: name.to_owned(),
        algorithm: Algorithm::Hs256,
        secret: Secret::client(store.ids()),
        public_key: None,
        decryption_key: None,
        bots: Vec::new(),
        grants: vec![Grant { scopes: Scope::held_by(kind), ..Grant::default() }],
        jti_enforced: false,
        jwe_enforced: false,
    };
    store.put_app(&app, &json!({})).await?;
    let description = format!("Created the app {} ({})", app.name, app.client_id);
    store.log_audit(&account.id, "App Management", "quickstart", &description).await?;
    Ok(app)
}
