//! Tokens that are good for one use.

use std::time::Duration;

use domain::{AppId, Timestamp};

use crate::{Claims, Reason};

/// How long a token id is remembered when its token never expires: one year.
///
/// Nothing can be remembered for ever, and refusing such tokens would refuse clients the original serves. A client that
/// wants its tokens dead for good writes `exp` into them.
pub const MEMORY_WITHOUT_EXPIRY: Duration = Duration::from_secs(365 * 24 * 60 * 60);

/// What must be remembered so that a token is not accepted a second time: the store keeps it under (client, jti), and a
/// call whose entry is there already is refused with [`Reason::UsedBefore`].
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SingleUse {
    /// Whose token it is: two clients may use the same id.
    pub client: AppId,
    /// The id of the token.
    pub jti: String,
    /// From when on the entry may be forgotten: the token itself has expired then (but see [`MEMORY_WITHOUT_EXPIRY`]).
    pub until: Timestamp,
}

impl SingleUse {
    /// What to remember of a token.
    ///
    /// # Errors
    /// When the token has no `jti`.
    pub fn of(claims: &Claims, client: &AppId, now: Timestamp) -> Result<Self, Reason> {
        let jti = claims.jti().ok_or(Reason::NoJti)?.into_owned();
        let until = claims.expires().unwrap_or_else(|| now.plus(MEMORY_WITHOUT_EXPIRY));
        Ok(Self { client: client.clone(), jti, until })
    }
}
