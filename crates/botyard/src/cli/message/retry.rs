//! `botyard message retry`: another try for a message that was given up.

use super::{One, find, show, unknown};
use crate::{Error, Premises, Sources};

pub(super) async fn run(one: One) -> Result<(), Error> {
    let premises = Premises::open(&one.place.settings()?, Sources::default()).await?;
    let message = find(&premises, &one.id).await?;
    let done = conversation::retry_stuck(&premises.store, &message).await?;
    premises.store.close().await;
    if done { show(&message, "retried", one.json) } else { Err(unknown(&one.id)) }
}
