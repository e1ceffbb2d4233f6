//! `botyard app list`: all apps.

use serde_json::Value;

use super::{Secrets, record};
use crate::cli::{Place, print};
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// Show client secrets.
    #[arg(long)]
    secrets: bool,
    /// Print the apps as a JSON list.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let config = args.place.settings()?;
    let apps = Premises::at_work(&config, Sources::default(), async |premises| {
        Ok(premises.store.apps(&premises.account.id).await?)
    });
    let apps = apps.await?;
    let secrets = if args.secrets { Secrets::Shown } else { Secrets::Hidden };
    if args.json {
        let records = apps.iter().map(|app| Value::Object(record(app, secrets))).collect();
        return print(&Value::Array(records).to_string());
    }
    for stored in &apps {
        let app = &stored.app;
        let secret = if args.secrets { app.secret.expose() } else { "" };
        print(format!("{}  {:<7}  {}  {secret}", app.client_id, app.kind.name(), app.name).trim_end())?;
    }
    Ok(())
}
