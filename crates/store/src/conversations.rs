//! Conversations: what one user and one bot have to say to each other on one channel, over all their sessions.
//!
//! One node at a time works on a conversation, which a lease tells the others. The lease only spares work that would be
//! refused: what makes turns follow each other is how they are [committed](crate::Store::commit_turn).

use domain::{AccountId, BotId, SessionId, Timestamp, UserId};
use serde_json::Value;

use crate::sql::{Connection, Row, kept};
use crate::{Error, Session, Store, args, sessions};

/// Which conversation.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ConversationKey {
    /// The account.
    pub account: AccountId,
    /// The bot.
    pub bot: BotId,
    /// The user, as this platform calls them.
    pub user: UserId,
    /// The user, as the channel or the customer calls them. Not what tells conversations apart.
    pub identity: String,
    /// The channel, such as `rtm` or `ivr`.
    pub channel: String,
}

/// A conversation, with the session it is in.
#[derive(Clone, Debug, PartialEq)]
pub struct Conversation {
    /// Which one.
    pub key: ConversationKey,
    /// What is kept of it over its sessions; an empty object at first.
    pub details: Value,
    /// When it began.
    pub created_at: Timestamp,
    /// When something happened last.
    pub active_at: Timestamp,
    /// The active session, if there is one.
    pub session: Option<Session>,
    /// The newest session, which may have ended.
    pub newest_session: Option<SessionId>,
}

/// An active session whose time is over.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct IdleSession {
    /// The conversation.
    pub conversation: ConversationKey,
    /// The session.
    pub session: SessionId,
    /// When its time was over.
    pub expires_at: Timestamp,
}

/// What a conversation's row says to who enters it.
pub(crate) struct Entry {
    /// The newest session, which may have ended.
    pub session: Option<SessionId>,
    /// The last position given out in the inbox or the outbox.
    pub last_position: i64,
}

impl ConversationKey {
    /// Reads the columns `bot_id`, `user_id`, `channel`, `account_id` and `identity`.
    pub(crate) fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            account: AccountId::stored(row.get::<String>("account_id")?),
            bot: BotId::stored(row.get::<String>("bot_id")?),
            user: UserId::stored(row.get::<String>("user_id")?),
            identity: row.get("identity")?,
            channel: row.get("channel")?,
        })
    }

    /// Locks the conversation's row until the transaction ends, making it when there is none; takes positions and
    /// replaces the details, if any are given.
    pub(crate) async fn enter(
        &self,
        tx: &mut Connection<'_>,
        positions: usize,
        details: Option<&Value>,
        now: Timestamp,
    ) -> Result<Entry, Error> {
        let row = tx
            .row(
                "INSERT INTO conversations (bot_id, user_id, channel, account_id, identity, session_id, details, \
                     last_position, lease_owner, lease_until, created_at, active_at) \
                 VALUES ($1, $2, $3, $4, $5, NULL, COALESCE($6, '{}'), $7, NULL, 0, $8, $8) \
                 ON CONFLICT (bot_id, user_id, channel) DO UPDATE SET identity = excluded.identity, \
                     details = COALESCE($6, conversations.details), active_at = excluded.active_at, \
                     last_position = conversations.last_position + excluded.last_position \
                 RETURNING session_id, last_position",
                args![
                    &self.bot,
                    &self.user,
                    &self.channel,
                    &self.account,
                    kept(&*self.identity),
                    details.map(Value::to_string),
                    positions as i64,
                    now,
                ],
            )
            .await?
            .ok_or(sqlx::Error::RowNotFound)?;
        Ok(Entry {
            session: row.get::<Option<String>>("session_id")?.map(SessionId::stored),
            last_position: row.get("last_position")?,
        })
    }

    /// Takes the conversation for `owner` until a moment, if nobody else has it; whether it did. Its row is locked then
    /// until the transaction ends, either way.
    pub(crate) async fn claim(
        &self,
        tx: &mut Connection<'_>,
        owner: &str,
        until: Timestamp,
        now: Timestamp,
    ) -> Result<bool, Error> {
        let taken = tx
            .execute(
                "INSERT INTO conversations (bot_id, user_id, channel, account_id, identity, session_id, \
                     details, last_position, lease_owner, lease_until, created_at, active_at) \
                 VALUES ($1, $2, $3, $4, $5, NULL, '{}', 0, $6, $7, $8, $8) \
                 ON CONFLICT (bot_id, user_id, channel) DO UPDATE \
                 SET lease_owner = excluded.lease_owner, lease_until = excluded.lease_until \
                 WHERE conversations.lease_owner IS NULL OR conversations.lease_until <= $8 \
                     OR conversations.lease_owner = excluded.lease_owner",
                args![&self.bot, &self.user, &self.channel, &self.account, kept(&*self.identity), owner, until, now],
            )
            .await?;
        if taken > 0 {
            // A lease that is lost with the power is lost with its owner.
            tx.commit_without_flush().await?;
        }
        Ok(taken > 0)
    }
}

impl Store {
    /// A conversation with its active session; nothing when the user never said a word to the bot on the channel.
    pub async fn conversation(&self, bot: &BotId, user: &UserId, channel: &str) -> Result<Option<Conversation>, Error> {
        let columns = sessions::COLUMNS.replace(", ", ", s.");
        let sql = format!(
            "SELECT c.account_id AS c_account_id, c.identity AS c_identity, c.details, c.created_at, \
             c.active_at AS c_active_at, c.session_id AS c_session_id, s.{columns} FROM conversations c \
             LEFT JOIN sessions s ON s.id = c.session_id AND s.ended_at IS NULL \
             WHERE c.bot_id = $1 AND c.user_id = $2 AND c.channel = $3"
        );
        let Some(row) = self.row(sql, args![bot, user, channel]).await? else { return Ok(None) };
        let is_in_session = row.get::<Option<String>>("id")?.is_some();
        let key = ConversationKey {
            account: AccountId::stored(row.get::<String>("c_account_id")?),
            bot: bot.clone(),
            user: user.clone(),
            identity: row.get("c_identity")?,
            channel: channel.to_owned(),
        };
        Ok(Some(Conversation {
            key,
            details: row.json("details")?,
            created_at: row.time("created_at")?,
            active_at: row.time("c_active_at")?,
            session: is_in_session.then(|| Session::read(&row)).transpose()?,
            newest_session: row.get::<Option<String>>("c_session_id")?.map(SessionId::stored),
        }))
    }

    /// Takes a conversation for `owner` until a moment, or keeps it for longer; whether nobody else has it.
    ///
    /// A lease that lapsed is free to be taken. The conversation begins to exist by this.
    pub async fn claim_conversation(
        &self,
        key: &ConversationKey,
        owner: &str,
        until: Timestamp,
    ) -> Result<bool, Error> {
        let (key, owner, now) = (key.clone(), owner.to_owned(), self.clock.now());
        self.write(move |tx| Box::pin(async move { key.claim(tx, &owner, until, now).await })).await
    }

    /// Gives a conversation free, if `owner` has it.
    pub async fn release_conversation(&self, key: &ConversationKey, owner: &str) -> Result<(), Error> {
        let parameters = args![&key.bot, &key.user, &key.channel, owner];
        self.write(move |tx| {
            Box::pin(async move {
                tx.commit_without_flush().await?;
                tx.execute(
                    "UPDATE conversations SET lease_owner = NULL, lease_until = 0 \
                     WHERE bot_id = $1 AND user_id = $2 AND channel = $3 AND lease_owner = $4",
                    parameters,
                )
                .await
                .map(drop)
            })
        })
        .await
    }

    /// Active sessions whose time is over, the longest idle first; at most `limit`.
    pub async fn idle_sessions(&self, limit: i64) -> Result<Vec<IdleSession>, Error> {
        let rows = self
            .rows(
                "SELECT id, account_id, bot_id, user_id, identity, channel, expires_at FROM sessions \
                 WHERE ended_at IS NULL AND expires_at <= $1 ORDER BY expires_at, id LIMIT $2",
                args![self.clock.now(), limit],
            )
            .await?;
        let read = |row: &Row| {
            Ok(IdleSession {
                conversation: ConversationKey::read(row)?,
                session: SessionId::stored(row.get::<String>("id")?),
                expires_at: row.time("expires_at")?,
            })
        };
        rows.iter().map(read).collect()
    }
}
