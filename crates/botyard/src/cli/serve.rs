//! `botyard serve`: a server, until it is told to stop.

use super::signal::Orders;
use super::{Place, log};
use crate::{Error, Options, Server};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    place: Place,
    /// The address and port to listen on [default: 127.0.0.1:8081].
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// What this process does: `api`, `jobs`, or both with a comma [default: api,jobs].
    #[arg(long, value_name = "LIST")]
    roles: Option<String>,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let layers = args.place.layers()?;
    let layers = layers.flag("listen", &["server", "listen"], args.listen.as_deref())?;
    let config = layers.flag("roles", &["roles"], args.roles.as_deref())?.finish();
    // The driver reports every notice of PostgreSQL, of which starting causes some.
    log::start(&config.log, "info,sqlx=warn")?;
    let server = Server::start(&config, Options::default()).await?;
    let mut orders = Orders::listen()?;
    server.warm_up().await;
    tracing::info!(url = server.url(), roles = ?config.roles, "serving");
    orders.told_to_stop().await;
    orders.stop(server).await
}
