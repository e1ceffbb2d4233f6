//! `botyard app`: the clients of the API.
//!
//! Every command here works on the data itself, so it works with and without a running server.

mod create;
mod delete;
mod list;
mod rotate;
mod scope;

use std::sync::Arc;

use access::{AppKind, Grant, Scope};
use clap::Subcommand;
use domain::{AppId, BotId};
use serde_json::{Map, Value, json};
use store::{Store, StoredApp};

use super::print;
use crate::{Error, Premises};

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Create an app; its client id and secret are printed.
    Create(create::Args),
    /// List all apps.
    List(list::Args),
    /// Give an app a new secret; when this returns, the old one is refused everywhere.
    Rotate(rotate::Args),
    /// Set what an app may do, and the bots it is bound to; when this returns, the change is in force everywhere.
    Scope(scope::Args),
    /// Delete an app; when this returns, its tokens are refused everywhere.
    Delete(delete::Args),
}

pub(super) async fn run(command: Command) -> Result<(), Error> {
    match command {
        Command::Create(args) => create::run(args).await,
        Command::List(args) => list::run(args).await,
        Command::Rotate(args) => rotate::run(args).await,
        Command::Scope(args) => scope::run(args).await,
        Command::Delete(args) => delete::run(args).await,
    }
}

/// The app with this id.
async fn find(store: &Store, client_id: &AppId) -> Result<StoredApp, Error> {
    let found = store.app(client_id).await?;
    let found =
        found.ok_or_else(|| Error::refused(format!("there is no app {client_id}; `botyard app list` shows all")));
    found.map(Arc::unwrap_or_clone)
}

/// What `--scopes` gives: `all` that the kind may hold, `none`, or a list of ids.
fn read_scopes(text: &str, kind: AppKind) -> Result<Vec<Grant>, Error> {
    let scopes = match text.trim() {
        "all" => Scope::held_by(kind),
        "none" => Vec::new(),
        list => {
            let ids = list.split(',').map(str::trim).filter(|id| !id.is_empty());
            ids.map(|id| one_scope(id, kind)).collect::<Result<_, _>>()?
        }
    };
    Ok(if scopes.is_empty() { Vec::new() } else { vec![Grant { scopes, ..Grant::default() }] })
}

fn one_scope(id: &str, kind: AppKind) -> Result<Scope, Error> {
    let allowed = || Scope::held_by(kind).iter().map(|scope| scope.id()).collect::<Vec<_>>().join(", ");
    match id.parse::<Scope>() {
        Ok(scope) if scope.may_be_held_by(kind) => Ok(scope),
        Ok(_) => {
            let kind = kind.name();
            Err(Error::refused(format!(
                "an app of kind {kind} cannot hold the scope `{id}`; it may hold {}",
                allowed()
            )))
        }
        Err(_) => Err(Error::refused(format!("`{id}` is not a scope; choose all, none, or some of {}", allowed()))),
    }
}

/// Refuses bots that do not exist, and bots for an app that reaches all of them anyway.
async fn check_bots(premises: &Premises, kind: AppKind, bots: &[BotId]) -> Result<(), Error> {
    if kind == AppKind::Admin && !bots.is_empty() {
        return Err(Error::refused("an admin app reaches every bot; --bot is for apps of kind builder"));
    }
    for id in bots {
        let bot = premises.store.bot(id).await?.filter(|bot| bot.account == premises.account.id);
        if bot.is_none() {
            return Err(Error::refused(format!("there is no bot {id}")));
        }
    }
    Ok(())
}

async fn log_audit(premises: &Premises, description: String) -> Result<(), Error> {
    Ok(premises.store.log_audit(&premises.account.id, "App Management", "command line", &description).await?)
}

/// Whether an app is shown with its client secret.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Secrets {
    Shown,
    Hidden,
}

/// An app as JSON, in the words of the original.
fn record(stored: &StoredApp, secrets: Secrets) -> Map<String, Value> {
    let app = &stored.app;
    let mut record = Map::new();
    record.insert("clientId".into(), json!(app.client_id));
    if secrets == Secrets::Shown {
        record.insert("clientSecret".into(), json!(app.secret.expose()));
    }
    record.insert("appName".into(), json!(app.name));
    record.insert("kind".into(), json!(app.kind));
    record.insert("algorithm".into(), json!(app.algorithm));
    record.insert("bots".into(), json!(app.bots));
    record.insert("scope".into(), json!(app.grants));
    record.insert("isJtiEnforced".into(), json!(app.jti_enforced));
    record.insert("isJweEnforced".into(), json!(app.jwe_enforced));
    record.insert("createdOn".into(), json!(stored.created_at));
    record.insert("modifiedOn".into(), json!(stored.modified_at));
    record
}

/// Prints an app: as JSON, or one line per member for people.
fn show(record: &Map<String, Value>, as_json: bool) -> Result<(), Error> {
    if as_json {
        return print(&Value::Object(record.clone()).to_string());
    }
    for (name, value) in record {
        let text = value.as_str().map_or_else(|| value.to_string(), str::to_owned);
        print(&format!("{name:<14} {text}"))?;
    }
    Ok(())
}
