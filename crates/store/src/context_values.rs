//! What bots remember outside of sessions: values by name, of an account, a bot or a user, for ever or for a time.
//!
//! Turns write them; of two turns that write the same value, the later one's stays.

use domain::{AccountId, BotId, Timestamp, UserId, keepable};
use serde_json::Value;

use crate::conditions::Conditions;
use crate::sql::{Connection, Row, key};
use crate::{Error, Store, args};

/// Who or what a value belongs to.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ValueOwner {
    /// All bots and users of an account.
    Enterprise(AccountId),
    /// All users of a bot.
    Bot(BotId),
    /// A user, with all bots of the account.
    User(AccountId, UserId),
    /// A user with one bot.
    BotUser(BotId, UserId),
    /// The tags of a user, with all bots of the account.
    UserTags(AccountId, UserId),
}

impl ValueOwner {
    /// The word for its kind in the database.
    const fn kind(&self) -> &'static str {
        match self {
            Self::Enterprise(_) => "enterprise",
            Self::Bot(_) => "bot",
            Self::User(..) => "user",
            Self::BotUser(..) => "botUser",
            Self::UserTags(..) => "userTags",
        }
    }

    /// Its name, which no other owner of its kind has.
    fn name(&self) -> String {
        match self {
            Self::Enterprise(account) => account.to_string(),
            Self::Bot(bot) => bot.to_string(),
            Self::User(account, user) | Self::UserTags(account, user) => format!("{account}/{user}"),
            Self::BotUser(bot, user) => format!("{bot}/{user}"),
        }
    }

    fn account(&self) -> Option<&AccountId> {
        match self {
            Self::Enterprise(account) | Self::User(account, _) | Self::UserTags(account, _) => Some(account),
            Self::Bot(_) | Self::BotUser(..) => None,
        }
    }

    fn bot(&self) -> Option<&BotId> {
        match self {
            Self::Bot(bot) | Self::BotUser(bot, _) => Some(bot),
            Self::Enterprise(_) | Self::User(..) | Self::UserTags(..) => None,
        }
    }

    fn user(&self) -> Option<&UserId> {
        match self {
            Self::User(_, user) | Self::BotUser(_, user) | Self::UserTags(_, user) => Some(user),
            Self::Enterprise(_) | Self::Bot(_) => None,
        }
    }
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub struct ContextValue {
    /// Whose it is.
    pub owner: ValueOwner,
    /// The name.
    pub name: String,
    /// The value.
    pub value: Value,
    /// When it is forgotten; never when absent.
    pub expires_at: Option<Timestamp>,
}

/// A value that a turn sets or removes.
#[derive(Clone, Debug, PartialEq)]
pub struct ValueChange {
    /// Whose it is.
    pub owner: ValueOwner,
    /// The name.
    pub name: String,
    /// The new value; it is removed when absent.
    pub value: Option<Value>,
    /// When it is forgotten; never when absent.
    pub expires_at: Option<Timestamp>,
}

impl ValueChange {
    /// The key of the row it changes.
    pub(crate) fn place(&self) -> (&'static str, String, String) {
        (self.owner.kind(), self.owner.name(), keepable(&self.name).into_owned())
    }

    /// Makes the change.
    pub(crate) async fn apply(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        let (kind, owner, name) = self.place();
        let Some(value) = &self.value else {
            let sql = "DELETE FROM context_values WHERE kind = $1 AND owner = $2 AND name = $3";
            return tx.execute(sql, args![kind, owner, name]).await.map(drop);
        };
        tx.execute(
            "INSERT INTO context_values (kind, owner, name, value, account_id, bot_id, user_id, expires_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8) ON CONFLICT (kind, owner, name) \
             DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at",
            args![
                kind,
                owner,
                key("the key of a stored value", &*name),
                value,
                self.owner.account(),
                self.owner.bot(),
                self.owner.user(),
                self.expires_at,
            ],
        )
        .await
        .map(drop)
    }
}

impl Store {
    /// The values of these owners that have not expired, by owner in the order given, then by name.
    pub async fn context_values(&self, owners: &[ValueOwner]) -> Result<Vec<ContextValue>, Error> {
        if owners.is_empty() {
            return Ok(Vec::new());
        }
        let mut conditions = Conditions::default();
        let now = conditions.bind(self.clock.now());
        let clause = |owner: &ValueOwner| {
            let (kind, name) = (conditions.bind(owner.kind()), conditions.bind(owner.name()));
            format!("(kind = {kind} AND owner = {name})")
        };
        let of_owners = owners.iter().map(clause).collect::<Vec<_>>().join(" OR ");
        let sql = format!(
            "SELECT kind, owner, name, value, expires_at FROM context_values \
             WHERE ({of_owners}) AND (expires_at IS NULL OR expires_at > {now}) ORDER BY name"
        );
        let rows = self.rows(sql, conditions.args()).await?;
        let mut values = Vec::with_capacity(rows.len());
        for owner in owners {
            let name = owner.name();
            for row in &rows {
                if row.get::<String>("kind")? == owner.kind() && row.get::<String>("owner")? == name {
                    values.push(ContextValue::read(row, owner.clone())?);
                }
            }
        }
        Ok(values)
    }

    /// Forgets values that have expired, at most `limit`; how many.
    pub async fn drop_expired_values(&self, limit: i64) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM context_values WHERE (kind, owner, name) IN (SELECT kind, owner, name FROM context_values \
             WHERE expires_at <= $1 ORDER BY expires_at LIMIT $2) AND expires_at <= $1",
            args![self.clock.now(), limit],
        )
        .await
    }
}

impl ContextValue {
    fn read(row: &Row, owner: ValueOwner) -> Result<Self, Error> {
        Ok(Self {
            owner,
            name: row.get("name")?,
            value: row.json("value")?,
            expires_at: row.time_option("expires_at")?,
        })
    }
}
