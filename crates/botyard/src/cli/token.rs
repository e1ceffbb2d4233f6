//! `botyard token`: a token for an app, made without a server.

use std::path::PathBuf;

use access::{Algorithm, Secret, SigningKey};
use domain::AppId;
use serde_json::{Map, Value, json};

use super::print;
use crate::{Error, Sources};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The app, `cs-…`.
    #[arg(long, value_name = "ID", env = "BOTYARD_CLIENT_ID")]
    client_id: AppId,
    /// The secret of the app. Other users of this machine may see arguments; the variable is not shown to them.
    #[arg(
        long,
        value_name = "SECRET",
        env = "BOTYARD_CLIENT_SECRET",
        hide_env_values = true,
        required_unless_present = "private_key"
    )]
    client_secret: Option<String>,
    /// How the app's tokens are signed: HS256, HS384, HS512, RS256, RS384, RS512 or ES256.
    #[arg(long, value_name = "NAME", default_value_t = Algorithm::Hs256)]
    algorithm: Algorithm,
    /// The PEM file (PKCS#8) of the private key, for RS… and ES256.
    #[arg(long, value_name = "FILE")]
    private_key: Option<PathBuf>,
    /// The user the token is about (`sub`).
    #[arg(long, value_name = "NAME")]
    subject: Option<String>,
    /// How long the token is good, in seconds; for ever without this.
    #[arg(long, value_name = "SECONDS")]
    expires: Option<u32>,
    /// Give the token an id (`jti`), which apps that enforce it take once.
    #[arg(long)]
    jti: bool,
    /// Encrypt the token with the client secret, for apps that enforce encryption.
    #[arg(long, requires = "client_secret")]
    encrypt: bool,
}

pub(super) fn run(args: Args) -> Result<(), Error> {
    let Sources { clock, ids } = Sources::default();
    let secret = Secret::new(args.client_secret.unwrap_or_default());
    let key = if args.algorithm.uses_client_secret() {
        SigningKey::new(args.algorithm, secret.expose())?
    } else {
        let Some(path) = args.private_key else {
            let algorithm = args.algorithm;
            return Err(Error::refused(format!(
                "{algorithm} signs with a private key; name its file with --private-key"
            )));
        };
        let pem = std::fs::read_to_string(&path).map_err(|source| Error::File { path, source })?;
        SigningKey::new(args.algorithm, &pem)?
    };
    let now = clock.now().as_seconds();
    let mut claims = Map::new();
    claims.insert("appId".into(), json!(args.client_id));
    claims.insert("iat".into(), json!(now));
    if let Some(subject) = args.subject {
        claims.insert("sub".into(), json!(subject));
    }
    if let Some(seconds) = args.expires {
        claims.insert("exp".into(), json!(now + i64::from(seconds)));
    }
    if args.jti {
        claims.insert("jti".into(), json!(ids.uuid()));
    }
    let token = access::sign(&key, &Value::Object(claims));
    if args.encrypt {
        return print(&access::encrypt_with_secret(&token, &secret, &args.client_id, &ids));
    }
    print(&token)
}
