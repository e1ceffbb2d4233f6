//! `botyard app scope`: what an app may do, and where.

use domain::{AppId, BotId};

use super::{Secrets, check_bots, find, log_audit, read_scopes, record, show};
use crate::cli::Place;
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// The app, `cs-…`.
    client_id: AppId,
    /// What the app may do from now on: `all` its kind may, `none`, or ids with commas.
    #[arg(long, value_name = "LIST", required_unless_present = "bots")]
    scopes: Option<String>,
    /// The bots a builder app is bound to from now on; may be repeated. Without this they stay as they are.
    #[arg(long = "bot", value_name = "ID")]
    bots: Vec<BotId>,
    /// Print the app as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let config = args.place.settings()?;
    let record = Premises::at_work(&config, Sources::default(), async |premises| {
        let mut stored = find(&premises.store, &args.client_id).await?;
        if let Some(scopes) = &args.scopes {
            stored.app.grants = read_scopes(scopes, stored.app.kind)?;
        }
        if !args.bots.is_empty() {
            check_bots(premises, stored.app.kind, &args.bots).await?;
            stored.app.bots = args.bots;
        }
        premises.store.put_app(&stored.app, &stored.push_notifications).await?;
        let (name, id) = (&stored.app.name, &stored.app.client_id);
        log_audit(premises, format!("Changed the scopes of the app {name} ({id})")).await?;
        Ok(record(&find(&premises.store, &args.client_id).await?, Secrets::Hidden))
    });
    show(&record.await?, args.json)
}
