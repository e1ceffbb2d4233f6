//! Tokens for files that are to come.

use std::time::Duration;

use domain::{AccountId, Timestamp, UserId};
use serde::{Deserialize, Serialize};

use super::sender::Sender;
use crate::{ApiError, Platform};

/// How long a token is good, and how long pieces wait for the rest.
pub(super) const LIFETIME: Duration = Duration::from_secs(3600);

/// What sealing is for, so that nothing else sealed can stand for a token.
const PURPOSE: &str = "attachment token";

/// What a token says. Nothing is kept of it: whoever has the key can read it.
#[derive(Serialize, Deserialize)]
struct Ticket {
    file: String,
    account: AccountId,
    user: UserId,
    until: Timestamp,
}

/// A token for a file of this sender.
pub(super) fn issue(platform: &Platform, sender: &Sender) -> String {
    let ids = platform.store().ids();
    let ticket = Ticket {
        file: ids.object_id(),
        account: sender.account.clone(),
        user: sender.user.clone(),
        until: platform.now().plus(LIFETIME),
    };
    let text = serde_json::to_string(&ticket).expect("a ticket is a few texts and a time");
    platform.store().key().seal(PURPOSE, &text, ids)
}

/// The name of the file that a token of this sender is for.
pub(super) fn redeem(platform: &Platform, sender: &Sender, token: &str) -> Result<String, ApiError> {
    let invalid = |detail: &str| ApiError::bad_request("Invalid file token").with_detail(detail);
    let opened = platform.store().key().open(PURPOSE, token.trim());
    let opened = opened.map_err(|_| invalid("it is not a token this server gave: ask for one first"))?;
    let ticket: Ticket = serde_json::from_str(opened.expose()).map_err(|_| invalid("it is not a token for a file"))?;
    if ticket.account != sender.account || ticket.user != sender.user {
        return Err(invalid("it was given to another user"));
    }
    if ticket.until <= platform.now() {
        return Err(invalid("it is older than an hour: ask for a new one"));
    }
    Ok(ticket.file)
}
