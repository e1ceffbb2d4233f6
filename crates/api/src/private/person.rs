//! Who may call what in the private tier.
//!
//! A user acts for themselves; an owner acts for everybody of the account. Bots are for owners, for bot developers and
//! for who created them; apps that reach every bot are for owners only, since they can do whatever an owner can.

use domain::{BotId, UserId};
use store::{Bot, User};

use crate::body::Call;
use crate::{ApiError, Platform};

/// Who calls, and whom the path names: mostly the same person.
pub(crate) struct Person {
    /// The one who signed in, whom audit logs name.
    pub(crate) caller: User,
    /// The user of the path, whom records name as their maker.
    pub(crate) user: User,
}

pub(crate) fn forbidden(detail: &str) -> ApiError {
    ApiError::forbidden("Access denied").with_detail(detail)
}

impl Platform {
    /// The caller and the user a path names.
    pub(crate) async fn person(&self, call: &Call, user: &str) -> Result<Person, ApiError> {
        let caller = self.user(call).await?;
        if caller.id.as_str() == user {
            return Ok(Person { user: caller.clone(), caller });
        }
        let refused = || forbidden("the path names another user; only an owner may act for others");
        if !caller.is_owner {
            return Err(refused());
        }
        let user = self.store().user(&UserId::stored(user)).await?;
        let user = user.filter(|user| user.account == caller.account).ok_or_else(refused)?;
        Ok(Person { caller, user })
    }

    /// The caller, who must belong to the organisation a path names.
    pub(crate) async fn member(&self, call: &Call, organization: &str) -> Result<User, ApiError> {
        let caller = self.user(call).await?;
        self.require_organization(organization).await?;
        Ok(caller)
    }

    /// The owner who calls, and the user a path names, in the organisation it names.
    pub(crate) async fn administrator(&self, call: &Call, organization: &str, user: &str) -> Result<Person, ApiError> {
        let person = self.person(call, user).await?;
        self.require_organization(organization).await?;
        if person.caller.is_owner {
            Ok(person)
        } else {
            Err(forbidden("apps that reach every bot are for owners of the account; for one bot make a builder app"))
        }
    }

    async fn require_organization(&self, organization: &str) -> Result<(), ApiError> {
        let account = self.store().account().await?;
        if account.organization.as_str() == organization {
            Ok(())
        } else {
            Err(forbidden("the path names another organisation than your own, which `orgID` of the sign-in gives"))
        }
    }

    /// A bot the user may work on.
    pub(crate) async fn bot_for(&self, user: &User, bot: &str) -> Result<Bot, ApiError> {
        let bot = self.store().bot(&BotId::stored(bot)).await?.filter(|bot| bot.account == user.account);
        let bot = bot.ok_or_else(ApiError::invalid_stream)?;
        if may_build(user, &bot) { Ok(bot) } else { Err(forbidden("the bot is for its owner and for bot developers")) }
    }

    /// The caller and the user of a path, and a bot that the caller may work on.
    pub(crate) async fn person_and_bot(&self, call: &Call, user: &str, bot: &str) -> Result<(Person, Bot), ApiError> {
        let person = self.person(call, user).await?;
        let bot = self.bot_for(&person.caller, bot).await?;
        Ok((person, bot))
    }

    /// The caller, and a bot that they may work on, where the path names no user.
    pub(crate) async fn builder(&self, call: &Call, bot: &str) -> Result<(User, Bot), ApiError> {
        let caller = self.user(call).await?;
        let bot = self.bot_for(&caller, bot).await?;
        Ok((caller, bot))
    }
}

/// Whether the user may see and change the bot.
pub(crate) fn may_build(user: &User, bot: &Bot) -> bool {
    user.is_owner || user.is_developer || bot.created_by == user.id
}

/// Refuses users who may not create bots.
pub(crate) fn require_creator(user: &User) -> Result<(), ApiError> {
    if user.is_owner || user.can_create_bot {
        Ok(())
    } else {
        Err(forbidden("you may not create bots; an owner can allow it (canCreateBot)"))
    }
}
