//! Who sends a message, and for whom.

use store::Bot;

use crate::body::Call;
use crate::platform::Caller;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// A token of an app that the bot is bound to is enough.
const DEMAND: Demand = demand(&[], Limit::Bot);

/// The app that calls, and the bot it talks to.
pub(super) async fn caller(platform: &Platform, call: &Call, bot: &str) -> Result<(Caller, Bot), ApiError> {
    platform.bot_caller(call, bot, DEMAND).await
}

/// Who the user is: `from.id`, which must be the `userIdentity` of the token if it has one; else whom the token speaks for.
pub(super) fn identity(caller: &Caller, from: Option<&str>) -> Result<String, ApiError> {
    let of_token = caller.claims.user_identity().map(std::borrow::Cow::into_owned);
    if let (Some(of_token), Some(from)) = (&of_token, from)
        && of_token != from
    {
        return Err(ApiError::invalid_credentials()
            .with_detail("`from.id` is another user than the token's `userIdentity`")
            .at("/from/id"));
    }
    let subject = || caller.claims.subject().map(std::borrow::Cow::into_owned);
    from.map(str::to_owned).or(of_token).or_else(subject).ok_or_else(|| {
        ApiError::bad_request("Invalid Request Payload")
            .with_detail("who says it is missing: give `from.id`, or a `sub` in the token")
            .at("/from/id")
    })
}
