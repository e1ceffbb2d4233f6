//! `botyard message drop`: the end of a message that was given up.

use super::{One, find, show, unknown};
use crate::{Error, Premises, Sources};

pub(super) async fn run(one: One) -> Result<(), Error> {
    let premises = Premises::open(&one.place.settings()?, Sources::default()).await?;
    let message = find(&premises, &one.id).await?;
    let done = premises.store.drop_stuck_message(&premises.account.id, &message.id).await?;
    premises.store.close().await;
    if done { show(&message, "dropped", one.json) } else { Err(unknown(&one.id)) }
}
