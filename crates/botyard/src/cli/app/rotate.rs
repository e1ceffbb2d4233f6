//! `botyard app rotate`: a new secret.

use access::Secret;
use domain::AppId;

use super::{Secrets, find, log_audit, record, show};
use crate::cli::Place;
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// The app, `cs-…`.
    client_id: AppId,
    /// Print the app as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let config = args.place.settings()?;
    let record = Premises::at_work(&config, Sources::default(), async |premises| {
        let mut stored = find(&premises.store, &args.client_id).await?;
        stored.app.secret = Secret::client(premises.store.ids());
        premises.store.put_app(&stored.app, &stored.push_notifications).await?;
        log_audit(premises, format!("Gave the app {} ({}) a new secret", stored.app.name, stored.app.client_id))
            .await?;
        Ok(record(&find(&premises.store, &args.client_id).await?, Secrets::Shown))
    });
    show(&record.await?, args.json)
}
