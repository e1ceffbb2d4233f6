//! `botyard app create`: a new app.

use std::path::PathBuf;

use access::{Algorithm, App, AppKind, Secret};
use domain::{AppId, BotId};
use serde_json::json;

use super::{Secrets, check_bots, find, log_audit, read_scopes, record, show};
use crate::cli::Place;
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// The name.
    #[arg(long)]
    name: String,
    /// What the app reaches: `admin`, every bot; `builder`, the bots it is bound to.
    #[arg(long)]
    kind: AppKind,
    /// A bot a builder app is bound to; may be repeated.
    #[arg(long = "bot", value_name = "ID")]
    bots: Vec<BotId>,
    /// What the app may do: `all` its kind may, `none`, or ids such as `bot_definition:bot_export` with commas.
    #[arg(long, value_name = "LIST", default_value = "all")]
    scopes: String,
    /// How its tokens are signed: HS256, HS384, HS512, RS256, RS384, RS512 or ES256.
    #[arg(long, value_name = "NAME", default_value_t = Algorithm::Hs256)]
    algorithm: Algorithm,
    /// The PEM file of the public key that verifies its tokens, for RS… and ES256.
    #[arg(long, value_name = "FILE")]
    public_key: Option<PathBuf>,
    /// Take only tokens with an id (`jti`), each of them once.
    #[arg(long)]
    enforce_jti: bool,
    /// Take only encrypted tokens; the key to encrypt for is printed as `encryptionPublicKey`.
    #[arg(long)]
    enforce_jwe: bool,
    /// Print the app as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let grants = read_scopes(&args.scopes, args.kind)?;
    let public_key = match args.public_key {
        Some(path) => Some(std::fs::read_to_string(&path).map_err(|source| Error::File { path, source })?),
        None => None,
    };
    let encryption = args.enforce_jwe.then(access::generate_rsa_key);
    let (config, as_json) = (args.place.settings()?, args.json);
    let record = Premises::at_work(&config, Sources::default(), async |premises| {
        check_bots(premises, args.kind, &args.bots).await?;
        let ids = premises.store.ids();
        let app = App {
            client_id: AppId::new(ids),
            account: premises.account.id.clone(),
            owner: premises.owner.id.clone(),
            kind: args.kind,
            name: args.name,
            algorithm: args.algorithm,
            secret: Secret::client(ids),
            public_key,
            decryption_key: encryption.as_ref().map(|key| key.private.clone()),
            bots: args.bots,
            grants,
            jti_enforced: args.enforce_jti,
            jwe_enforced: args.enforce_jwe,
        };
        // An app whose key is missing or of the wrong kind would be refused at every call.
        app.verification_key()?;
        premises.store.put_app(&app, &json!({})).await?;
        log_audit(premises, format!("Created the app {} ({})", app.name, app.client_id)).await?;

        let mut record = record(&find(&premises.store, &app.client_id).await?, Secrets::Shown);
        if let Some(key) = encryption {
            record.insert("encryptionPublicKey".into(), json!(key.public));
        }
        Ok(record)
    });
    show(&record.await?, as_json)
}
