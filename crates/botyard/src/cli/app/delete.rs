//! `botyard app delete`: the end of an app.

use domain::AppId;
use serde_json::{Map, json};

use super::{find, log_audit, show};
use crate::cli::Place;
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// The app, `cs-…`.
    client_id: AppId,
    /// Print what was deleted as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let config = args.place.settings()?;
    let deleted = Premises::at_work(&config, Sources::default(), async |premises| {
        let app = find(&premises.store, &args.client_id).await?.app;
        premises.store.delete_app(&app.client_id).await?;
        log_audit(premises, format!("Deleted the app {} ({})", app.name, app.client_id)).await?;
        Ok(app)
    });
    let app = deleted.await?;
    show(&Map::from_iter([("clientId".into(), json!(app.client_id)), ("deleted".into(), json!(true))]), args.json)
}
