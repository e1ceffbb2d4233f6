//! `botyard message drop`: the end of a message that was given up.

use super::{find, show, unknown};
use crate::cli::Place;
use crate::{Error, Premises, Sources};

#[derive(Debug, clap::Args)]
pub(in crate::cli) struct Args {
    #[command(flatten)]
    place: Place,
    /// The message, as `botyard message list` shows it.
    id: String,
    /// Print the message as JSON.
    #[arg(long)]
    json: bool,
}

pub(super) async fn run(args: Args) -> Result<(), Error> {
    let premises = Premises::open(&args.place.settings()?, Sources::default()).await?;
    let message = find(&premises, &args.id).await?;
    let done = premises.store.drop_stuck_message(&premises.account.id, &message.id).await?;
    premises.store.close().await;
    if done { show(&message, "dropped", args.json) } else { Err(unknown(&args.id)) }
}
