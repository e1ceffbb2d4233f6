//! Channels of bots: the ways users reach them. A bot has at most one of each kind.

use domain::{BotId, Timestamp, UserId};
use serde_json::{Map, Value};

use crate::bots::stored;
use crate::sql::Row;
use crate::{Bot, Error, NewChange, Store, args};

/// A channel of a bot.
#[derive(Clone, Debug, PartialEq)]
pub struct Channel {
    /// The bot.
    pub bot: BotId,
    /// `rtm`, `ivr`, `msteams`, `slack` …
    pub kind: String,
    /// The id, `dc-…`; it stays when the channel is set up again.
    pub id: String,
    /// Whether users may come this way.
    pub enabled: bool,
    /// What is set about it, as it was given.
    pub details: Map<String, Value>,
    /// Who set it up.
    pub created_by: UserId,
    /// When it was set up first.
    pub created_at: Timestamp,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

/// What a channel is set up, or changed, with.
#[derive(Clone, Debug)]
pub struct NewChannel {
    /// `rtm`, `ivr`, `msteams`, `slack` …
    pub kind: String,
    /// Whether users may come this way.
    pub enabled: bool,
    /// What is set about it.
    pub details: Map<String, Value>,
    /// Who does it.
    pub by: UserId,
}

const COLUMNS: &str = "bot_id, kind, id, enabled, details, created_by, created_at, modified_at";

impl Channel {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            bot: BotId::stored(row.get::<String>("bot_id")?),
            kind: row.get("kind")?,
            id: row.get("id")?,
            enabled: row.get("enabled")?,
            details: row.json("details")?,
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
            modified_at: row.time("modified_at")?,
        })
    }
}

impl Store {
    /// Sets a channel up, in the place of one of the same kind, and logs the change; the channel as it is then.
    pub async fn put_channel(&self, bot: &Bot, new: NewChannel) -> Result<Channel, Error> {
        let change = self.channel_change(bot, &new.kind, &new.by, if new.enabled { "enabled" } else { "disabled" });
        let now = self.clock.now();
        let parameters =
            args![&bot.id, &new.kind, self.ids.prefixed("dc"), new.enabled, stored(&new.details), &new.by, now, now,];
        let sql = format!(
            "INSERT INTO channels ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8) \
             ON CONFLICT (bot_id, kind) DO UPDATE SET enabled = excluded.enabled, details = excluded.details, \
             modified_at = excluded.modified_at RETURNING {COLUMNS}"
        );
        let row = self
            .write(move |tx| {
                Box::pin(async move {
                    change.insert(tx).await?;
                    tx.row(sql, parameters).await
                })
            })
            .await?;
        Channel::read(&row.ok_or_else(|| Error::Conflict(format!("the channel {}", new.kind)))?)
    }

    /// The channels of a bot, in the order they were set up.
    pub async fn channels(&self, bot: &BotId) -> Result<Vec<Channel>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM channels WHERE bot_id = $1 ORDER BY created_at, kind");
        self.rows(sql, args![bot]).await?.iter().map(Channel::read).collect()
    }

    /// The channel of this kind, if the bot has one.
    pub async fn channel(&self, bot: &BotId, kind: &str) -> Result<Option<Channel>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM channels WHERE bot_id = $1 AND kind = $2");
        self.row(sql, args![bot, kind]).await?.as_ref().map(Channel::read).transpose()
    }

    /// Removes a channel and logs that; whether there was one.
    pub async fn delete_channel(&self, bot: &Bot, kind: &str, by: &UserId) -> Result<bool, Error> {
        let change = self.channel_change(bot, kind, by, "removed");
        let parameters = args![&bot.id, kind];
        self.write(move |tx| {
            Box::pin(async move {
                if tx.execute("DELETE FROM channels WHERE bot_id = $1 AND kind = $2", parameters).await? == 0 {
                    return Ok(false);
                }
                change.insert(tx).await?;
                Ok(true)
            })
        })
        .await
    }

    fn channel_change(&self, bot: &Bot, kind: &str, by: &UserId, what: &str) -> crate::ChangeEntry {
        let change = NewChange {
            user: by.clone(),
            resource_id: Some(kind.to_owned()),
            resource_type: "channel",
            message: format!("Channel {kind} {what}"),
        };
        change.entry(self, &bot.account, &bot.id)
    }
}
