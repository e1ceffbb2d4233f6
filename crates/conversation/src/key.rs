//! Which conversation a message belongs to.

use access::digest;
use domain::{AccountId, BotId, UserId, derived_uuid};
use store::ConversationKey;

use crate::Incoming;

/// The user (`u-…`) an identity stands for in an account: the same for ever, on every channel.
pub fn user_of(account: &AccountId, identity: &str) -> UserId {
    let hash = digest::sha256(format!("user of {account}: {identity}").as_bytes());
    UserId::stored(format!("u-{}", derived_uuid(&hash)))
}

/// The conversation of a bot and an identity on a channel.
pub fn conversation_of(account: &AccountId, bot: &BotId, identity: &str, channel: &str) -> ConversationKey {
    ConversationKey {
        account: account.clone(),
        bot: bot.clone(),
        user: user_of(account, identity),
        identity: identity.to_owned(),
        channel: channel.to_owned(),
    }
}

impl Incoming {
    /// The conversation it belongs to.
    pub fn key(&self) -> ConversationKey {
        let (account, bot) = (AccountId::stored(self.account.clone()), BotId::stored(self.bot.clone()));
        conversation_of(&account, &bot, &self.identity, &self.channel)
    }
}

#[cfg(test)]
mod tests {
    use domain::AccountId;

    use super::user_of;

    #[test]
    fn users_have_one_id_for_ever_in_the_shape_clients_expect() {
        let account = AccountId::stored("5f0000000000000000000001");
        let id = user_of(&account, "ada@example.com").to_string();
        assert_eq!(id, user_of(&account, "ada@example.com").to_string());
        assert_ne!(id, user_of(&account, "bob@example.com").to_string());
        assert_ne!(id, user_of(&AccountId::stored("5f0000000000000000000002"), "ada@example.com").to_string());
        let parts: Vec<&str> = id.split('-').collect();
        assert_eq!(parts.iter().map(|part| part.len()).collect::<Vec<_>>(), [1, 8, 4, 4, 4, 12]);
        assert!(parts[3].starts_with('5') && parts[4].starts_with(['8', '9', 'a', 'b']), "{id}");
    }
}
