//! Apps: the clients of the public API, made in the admin console or in the builder of one bot. (api.md §0.3, §0.4.)

pub(crate) mod change;
pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod one;
pub(crate) mod secret;
pub(crate) mod update;

use access::{App, AppKind};
use domain::{AppId, BotId};
use serde_json::{Map, Value, json};
use store::{Bot, NewChange, StoredApp, User};

use super::person::{Person, forbidden, may_build};
use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform};

/// Which apps a path is about, and for whom.
pub(crate) struct Desk {
    pub(crate) person: Person,
    /// The bot of a builder path; absent on the paths of the admin console.
    pub(crate) bot: Option<Bot>,
}

impl Desk {
    pub(crate) fn kind(&self) -> AppKind {
        if self.bot.is_some() { AppKind::Builder } else { AppKind::Admin }
    }

    fn shows(&self, app: &App) -> bool {
        match &self.bot {
            None => app.kind == AppKind::Admin,
            Some(bot) => app.kind == AppKind::Builder && app.bots.contains(&bot.id),
        }
    }
}

/// Whether a record shows the client secret.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum ClientSecret {
    Shown,
    Hidden,
}

/// An app as clients read it. Scopes the app holds, but that its kind makes nothing of, are listed in `warnings`.
pub(crate) fn record(stored: &StoredApp, secret: ClientSecret) -> Result<Map<String, Value>, ApiError> {
    let app = &stored.app;
    let mut record = object(json!({
        "clientId": app.client_id,
        "appName": app.name,
        "kind": app.kind,
        "algorithm": app.algorithm,
        "bots": app.bots,
        "scope": app.grants,
        "pushNotifications": stored.push_notifications,
        "isJtiEnforced": app.jti_enforced,
        "isJweEnforced": app.jwe_enforced,
        "createdBy": app.owner,
        "createdOn": stored.created_at,
        "lastModifiedOn": stored.modified_at,
    }));
    if secret == ClientSecret::Shown {
        record.insert("clientSecret".into(), json!(app.secret.expose()));
    }
    if let Some(key) = &app.public_key {
        record.insert("publicKey".into(), json!(key));
    }
    if let Some(key) = &app.decryption_key {
        let public = access::public_part(key).map_err(|error| ApiError::internal(&error))?;
        record.insert("encryptionPublicKey".into(), json!(public));
    }
    let idle = app.grants.iter().flat_map(|grant| &grant.scopes).filter(|scope| !scope.may_be_held_by(app.kind));
    let unknown = app.grants.iter().flat_map(|grant| &grant.unknown);
    let warnings: Vec<String> = idle
        .map(|scope| format!("the scope `{scope}` has no effect: an app of kind {} cannot use it", app.kind.name()))
        .chain(unknown.map(|word| format!("the scope `{word}` is not known here: it is kept, and grants nothing")))
        .collect();
    if !warnings.is_empty() {
        record.insert("warnings".into(), json!(warnings));
    }
    Ok(record)
}

impl Platform {
    /// Where apps that reach every bot are managed: for owners.
    pub(crate) async fn admin_desk(&self, call: &Call, organization: &str, user: &str) -> Result<Desk, ApiError> {
        let person = self.administrator(call, organization, user).await?;
        Ok(Desk { person, bot: None })
    }

    /// Where the apps of one bot are managed.
    pub(crate) async fn builder_desk(&self, call: &Call, user: &str, bot: &str) -> Result<Desk, ApiError> {
        let (person, bot) = self.person_and_bot(call, user, bot).await?;
        Ok(Desk { person, bot: Some(bot) })
    }

    /// An app that this desk manages.
    pub(crate) async fn app_at(&self, desk: &Desk, client_id: &str) -> Result<StoredApp, ApiError> {
        let found = self.store().app(&AppId::stored(client_id)).await?;
        let found = found.filter(|stored| stored.app.account == desk.person.caller.account && desk.shows(&stored.app));
        let found = found.ok_or_else(|| ApiError::not_found("App not found"))?;
        // Whoever has the app's secret reaches all of its bots.
        for id in found.app.bots.iter().filter(|_| found.app.kind == AppKind::Builder) {
            let bot = self.store().bot(id).await?;
            if bot.is_some_and(|bot| !may_build(&desk.person.caller, &bot)) {
                return Err(forbidden("the app also reaches bots that are not yours"));
            }
        }
        Ok(StoredApp::clone(&found))
    }

    /// The apps that this desk manages.
    pub(crate) async fn apps_at(&self, desk: &Desk) -> Result<Vec<StoredApp>, ApiError> {
        let apps = self.store().apps(&desk.person.caller.account).await?;
        Ok(apps.into_iter().filter(|stored| desk.shows(&stored.app)).collect())
    }

    /// Writes an app, puts it in force, and logs what was done with it: `Created`, `Changed` …
    pub(crate) async fn save_app(&self, desk: &Desk, stored: &StoredApp, done: &str) -> Result<StoredApp, ApiError> {
        self.store().put_app(&stored.app, &stored.push_notifications).await?;
        self.log_app(&desk.person.caller, &stored.app, &stored.app.bots, done).await?;
        self.app_at(desk, stored.app.client_id.as_str()).await
    }

    /// Logs what was done with an app: for the account, and for each bot that a builder app is bound to.
    pub(crate) async fn log_app(&self, by: &User, app: &App, bots: &[BotId], done: &str) -> Result<(), ApiError> {
        let message = format!("{done} the app {} ({})", app.name, app.client_id);
        self.store().log_audit(&app.account, "App Management", &by.email, &message).await?;
        if app.kind == AppKind::Builder {
            for bot in bots {
                let change = NewChange {
                    user: by.id.clone(),
                    resource_id: Some(app.client_id.to_string()),
                    resource_type: "app",
                    message: message.clone(),
                };
                self.store().log_change(&app.account, bot, change).await?;
            }
        }
        Ok(())
    }
}
