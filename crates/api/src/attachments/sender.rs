//! Who sends a file.

use conversation::user_of;
use domain::{AccountId, UserId};

use crate::body::Call;
use crate::platform::Caller;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// A token of an app is enough, as it is for messages.
const OF_ACCOUNT: Demand = demand(&[], Limit::Account);
const OF_BOT: Demand = demand(&[], Limit::Bot);

/// Who sends a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sender {
    pub(super) account: AccountId,
    pub(super) user: UserId,
}

impl Sender {
    /// The sender in a call about no single bot.
    pub(super) async fn of_account(platform: &Platform, call: &Call) -> Result<Self, ApiError> {
        Ok(Self::of(&platform.caller(call, OF_ACCOUNT).await?))
    }

    /// The sender in a call about a bot.
    pub(super) async fn of_bot(platform: &Platform, call: &Call, bot: &str) -> Result<Self, ApiError> {
        Ok(Self::of(&platform.bot_caller(call, bot, OF_BOT).await?.0))
    }

    /// The user the token speaks for; where it speaks for none, whom the app acts for.
    fn of(caller: &Caller) -> Self {
        let account = &caller.app.account;
        let identity = caller.claims.user_identity().or_else(|| caller.claims.subject());
        let user = identity.map_or_else(|| caller.user().clone(), |identity| user_of(account, &identity));
        Self { account: account.clone(), user }
    }
}
