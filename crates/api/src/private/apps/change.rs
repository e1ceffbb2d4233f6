//! What a body says about an app, put onto it: the same for a new app and for one that is changed.

use access::{App, AppKind, Grant, Scope};
use domain::BotId;
use serde_json::{Map, Value};
use store::StoredApp;

use super::Desk;
use crate::body::optional_text;
use crate::documents::blocking;
use crate::{ApiError, Platform};

impl Platform {
    /// Puts the members of a body onto an app; members that are absent leave it as it is. The app is usable afterwards:
    /// it has the keys that its algorithm and its encryption need.
    pub(crate) async fn change_app(
        &self,
        desk: &Desk,
        stored: &mut StoredApp,
        body: &Map<String, Value>,
    ) -> Result<(), ApiError> {
        let app = &mut stored.app;
        if let Some(name) = optional_text(body, "appName") {
            app.name = name;
        }
        if let Some(algorithm) = optional_text(body, "algorithm") {
            let parsed = algorithm.to_uppercase().parse();
            app.algorithm = parsed.map_err(|error: access::UnknownAlgorithm| {
                ApiError::invalid_arguments(error.to_string()).at("/algorithm")
            })?;
        }
        if let Some(key) = body.get("publicKey") {
            app.public_key = key.as_str().map(str::trim).filter(|key| !key.is_empty()).map(str::to_owned);
        }
        if let Some(enforced) = flag(body, &["isJtiEnforced", "jtiClaimEnforced"])? {
            app.jti_enforced = enforced;
        }
        if let Some(enforced) = flag(body, &["isJweEnforced", "jweEncryptionEnforced"])? {
            app.jwe_enforced = enforced;
        }
        if let Some(settings) = body.get("pushNotifications").filter(|settings| settings.is_object()) {
            stored.push_notifications = settings.clone();
        }
        if let Some(bots) = body.get("bots") {
            let bots = named_bots(bots)?;
            self.require_bots(desk, &bots, "/bots").await?;
            app.bots = bots;
        }
        if let Some(bot) = &desk.bot
            && !app.bots.contains(&bot.id)
        {
            app.bots.insert(0, bot.id.clone());
        }
        if let Some(scope) = body.get("scope").or_else(|| body.get("scopes")) {
            app.grants = read_grants(scope, app.kind)?;
            let named: Vec<BotId> = app.grants.iter().filter_map(|grant| grant.bot.clone()).collect();
            self.require_bots(desk, &named, "/scope").await?;
        }
        if app.jwe_enforced && app.decryption_key.is_none() {
            app.decryption_key = Some(blocking(access::generate_rsa_key).await?.private);
        }
        require_keys(app)
    }

    /// Refuses bots that the account does not have, or that the caller may not work on.
    async fn require_bots(&self, desk: &Desk, bots: &[BotId], pointer: &str) -> Result<(), ApiError> {
        for bot in bots {
            self.bot_for(&desk.person.caller, bot.as_str()).await.map_err(|error| {
                error.with_detail(format!("the app is to be bound to {bot}, which is not a bot of yours")).at(pointer)
            })?;
        }
        Ok(())
    }
}

/// An app whose keys are missing or of the wrong kind would be refused at every call.
fn require_keys(app: &App) -> Result<(), ApiError> {
    if let Err(error) = app.verification_key() {
        return Err(ApiError::invalid_arguments(error.to_string()).at("/publicKey"));
    }
    app.decryption_keys().map(drop).map_err(|error| ApiError::internal(&error))
}

/// A switch under one of its names, as a bool or as its text.
fn flag(body: &Map<String, Value>, names: &[&str]) -> Result<Option<bool>, ApiError> {
    let Some((name, value)) = names.iter().find_map(|name| Some((name, body.get(*name)?))) else { return Ok(None) };
    match value {
        Value::Null => Ok(None),
        Value::Bool(flag) => Ok(Some(*flag)),
        Value::String(text) if text.eq_ignore_ascii_case("true") => Ok(Some(true)),
        Value::String(text) if text.is_empty() || text.eq_ignore_ascii_case("false") => Ok(Some(false)),
        _ => Err(ApiError::invalid_arguments(format!("`{name}` must be true or false")).at(format!("/{name}"))),
    }
}

/// The ids in a list of bots, given as texts or as records with `_id`. Words that are no ids (consoles write `all`)
/// are passed over.
fn named_bots(value: &Value) -> Result<Vec<BotId>, ApiError> {
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        Value::String(_) => std::slice::from_ref(value),
        Value::Null => &[],
        _ => return Err(ApiError::invalid_arguments("`bots` must be a list of bot ids").at("/bots")),
    };
    let mut bots = Vec::new();
    for entry in entries {
        let id = entry.as_str().or_else(|| entry.get("_id")?.as_str()).unwrap_or_default().trim();
        let id = BotId::stored(id);
        if id.as_str().starts_with("st-") && !bots.contains(&id) {
            bots.push(id);
        }
    }
    Ok(bots)
}

/// The grants of a `scope` member: a list of `{bot?, scopes}`, one such object, or just a list of scope ids.
fn read_grants(value: &Value, kind: AppKind) -> Result<Vec<Grant>, ApiError> {
    let entries = match value {
        Value::Array(entries) => entries.as_slice(),
        Value::Null => &[],
        one => std::slice::from_ref(one),
    };
    let mut plain = Grant::default();
    let mut grants = Vec::new();
    for (index, entry) in entries.iter().enumerate() {
        let pointer = format!("/scope/{index}");
        match entry {
            Value::String(id) => push_scope(&mut plain, id, kind, &pointer)?,
            Value::Object(members) => {
                let bot = optional_text(members, "bot").filter(|bot| bot.starts_with("st-")).map(BotId::stored);
                let mut grant = Grant { bot, ..Grant::default() };
                for (at, id) in members.get("scopes").and_then(Value::as_array).into_iter().flatten().enumerate() {
                    push_scope(&mut grant, id.as_str().unwrap_or_default(), kind, &format!("{pointer}/scopes/{at}"))?;
                }
                grants.push(grant);
            }
            _ => {
                let detail = "an entry of `scope` must be {scopes: […]} or the id of a scope";
                return Err(ApiError::invalid_arguments(detail).at(pointer));
            }
        }
    }
    if plain != Grant::default() {
        grants.push(plain);
    }
    Ok(grants)
}

/// Adds a scope to a grant. A word that is none here is kept: clients ask for newer ones, and expect them back.
fn push_scope(grant: &mut Grant, id: &str, kind: AppKind, pointer: &str) -> Result<(), ApiError> {
    let id = id.trim();
    match id.parse::<Scope>() {
        Ok(scope) if grant.scopes.contains(&scope) => {}
        Ok(scope) => grant.scopes.push(scope),
        Err(_) if id.is_empty() => {
            let allowed: Vec<&str> = Scope::held_by(kind).iter().map(|scope| scope.id()).collect();
            let detail =
                format!("the id of a scope is wanted; an app of kind {} may hold {}", kind.name(), allowed.join(", "));
            return Err(ApiError::invalid_arguments(detail).at(pointer));
        }
        Err(_) if grant.unknown.iter().any(|known| known == id) => {}
        Err(_) => grant.unknown.push(id.to_owned()),
    }
    Ok(())
}
