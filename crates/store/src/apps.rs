//! Apps: the clients of the API. Their secrets are sealed under the master key before they are written.

use std::sync::Arc;

use access::{App, Secret, SingleUse};
use domain::{AccountId, AppId, BotId, Timestamp, UserId};
use serde_json::Value;

use crate::bots::stored;
use crate::sql::{Row, kept, key};
use crate::{Error, Store, args};

/// An app with what is kept about it besides what decides over its calls.
#[derive(Clone, Debug)]
pub struct StoredApp {
    /// The app.
    pub app: App,
    /// Push-notification settings, kept as they came.
    pub push_notifications: Value,
    /// When it was made.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

const COLUMNS: &str = "client_id, account_id, owner_id, name, kind, algorithm, sealed_secret, public_key, \
    sealed_encryption_key, bots, scopes, push_notifications, jti_enforced, jwe_enforced, created_at, modified_at";

/// What the sealing of client secrets is bound to, so that no other sealed text can take their place.
const SECRET_PURPOSE: &str = "app secret";
const ENCRYPTION_KEY_PURPOSE: &str = "app encryption key";

impl Store {
    fn read_app(&self, row: &Row) -> Result<StoredApp, Error> {
        let client_id = AppId::stored(row.get::<String>("client_id")?);
        let open = |purpose: &str, sealed: &str| {
            self.key
                .open(&format!("{purpose} {client_id}"), sealed)
                .map_err(|source| Error::Sealed { what: format!("the {purpose} of {client_id}"), source })
        };
        let secret = open(SECRET_PURPOSE, &row.get::<String>("sealed_secret")?)?;
        let sealed_key: Option<String> = row.get("sealed_encryption_key")?;
        let decryption_key = sealed_key.map(|sealed| open(ENCRYPTION_KEY_PURPOSE, &sealed)).transpose()?;
        let app = App {
            account: AccountId::stored(row.get::<String>("account_id")?),
            owner: UserId::stored(row.get::<String>("owner_id")?),
            kind: row.word("kind")?,
            name: row.get("name")?,
            algorithm: row.word("algorithm")?,
            secret,
            public_key: row.get("public_key")?,
            decryption_key,
            bots: row.json::<Vec<BotId>>("bots")?,
            grants: row.json("scopes")?,
            jti_enforced: row.get("jti_enforced")?,
            jwe_enforced: row.get("jwe_enforced")?,
            client_id,
        };
        Ok(StoredApp {
            app,
            push_notifications: row.json("push_notifications")?,
            created_at: row.time("created_at")?,
            modified_at: row.time("modified_at")?,
        })
    }

    fn seal_app_text(&self, purpose: &str, client_id: &AppId, text: &Secret) -> String {
        self.key.seal(&format!("{purpose} {client_id}"), text.expose(), &self.ids)
    }

    /// Writes a new app, or all of an app that is there already.
    pub async fn put_app(&self, app: &App, push_notifications: &Value) -> Result<(), Error> {
        let now = self.clock.now();
        let sealed_key =
            app.decryption_key.as_ref().map(|key| self.seal_app_text(ENCRYPTION_KEY_PURPOSE, &app.client_id, key));
        let parameters = args![
            &app.client_id,
            &app.account,
            &app.owner,
            kept(&*app.name),
            app.kind.name(),
            app.algorithm.name(),
            self.seal_app_text(SECRET_PURPOSE, &app.client_id, &app.secret),
            kept(app.public_key.as_deref()),
            sealed_key,
            stored(&app.bots),
            stored(&app.grants),
            push_notifications,
            app.jti_enforced,
            app.jwe_enforced,
            now,
            now,
        ];
        let sql = format!(
            "INSERT INTO apps ({COLUMNS}) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) \
             ON CONFLICT (client_id) DO UPDATE SET name = excluded.name, algorithm = excluded.algorithm, \
             sealed_secret = excluded.sealed_secret, public_key = excluded.public_key, \
             sealed_encryption_key = excluded.sealed_encryption_key, bots = excluded.bots, scopes = excluded.scopes, \
             push_notifications = excluded.push_notifications, jti_enforced = excluded.jti_enforced, \
             jwe_enforced = excluded.jwe_enforced, modified_at = excluded.modified_at"
        );
        self.execute(sql, parameters).await.map(drop)
    }

    /// The app with this client id.
    pub async fn app(&self, client_id: &AppId) -> Result<Option<Arc<StoredApp>>, Error> {
        let load = async {
            let sql = format!("SELECT {COLUMNS} FROM apps WHERE client_id = $1");
            let row = self.row(sql, args![client_id]).await?;
            Ok(row.as_ref().map(|row| self.read_app(row)).transpose()?.map(Arc::new))
        };
        self.read_cache.answer("app", client_id.as_str(), load).await
    }

    /// The apps of an account in the order they were made.
    pub async fn apps(&self, account: &AccountId) -> Result<Vec<StoredApp>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM apps WHERE account_id = $1 ORDER BY created_at, client_id");
        self.rows(sql, args![account]).await?.iter().map(|row| self.read_app(row)).collect()
    }

    /// Removes an app; whether there was one.
    pub async fn delete_app(&self, client_id: &AppId) -> Result<bool, Error> {
        Ok(self.execute("DELETE FROM apps WHERE client_id = $1", args![client_id]).await? > 0)
    }

    /// Remembers that a single-use token was used; `false` when it was used before.
    pub async fn use_token(&self, token: &SingleUse) -> Result<bool, Error> {
        let now = self.clock.now();
        let parameters = args![&token.client, key("the id of a token", &*token.jti), token.until];
        let written = self
            .write(move |tx| {
                Box::pin(async move {
                    tx.execute("DELETE FROM used_token_ids WHERE expires_at < $1", args![now]).await?;
                    tx.execute(
                        "INSERT INTO used_token_ids (client_id, token_id, expires_at) VALUES ($1, $2, $3) \
                         ON CONFLICT (client_id, token_id) DO NOTHING",
                        parameters,
                    )
                    .await
                })
            })
            .await?;
        Ok(written > 0)
    }
}
