//! What turns of conversations did, for whoever develops the bot.

use domain::{AccountId, BotId, SessionId, Timestamp};
use serde_json::Value;

use crate::conditions::Conditions;
use crate::sql::{Connection, Row, kept};
use crate::{ConversationKey, Error, Page, Store, args};

/// What a turn tells about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnLog {
    /// The session, which exists or is written by the turn.
    pub session: SessionId,
    /// Which turn of the session it was.
    pub turn: i64,
    /// The conversation engine's own document.
    pub entry: Value,
}

/// What a turn told about itself.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnLogEntry {
    /// The id.
    pub id: String,
    /// The conversation.
    pub conversation: ConversationKey,
    /// What it told.
    pub log: TurnLog,
    /// When.
    pub created_at: Timestamp,
}

/// Which logs to list. What is absent does not matter.
#[derive(Clone, Debug)]
pub struct TurnLogFilter {
    /// The account.
    pub account: AccountId,
    /// The bot.
    pub bot: BotId,
    /// The user, by id or as the channel or the customer calls them.
    pub user: Option<String>,
    /// The channel.
    pub channel: Option<String>,
    /// Written at this moment or later.
    pub from: Option<Timestamp>,
    /// Written at this moment or earlier.
    pub to: Option<Timestamp>,
    /// How many to pass over.
    pub offset: i64,
    /// How many to give at the most.
    pub limit: i64,
}

const COLUMNS: &str = "id, account_id, bot_id, user_id, identity, channel, session_id, turn, entry, created_at";

impl TurnLog {
    pub(crate) async fn insert(
        &self,
        tx: &mut Connection<'_>,
        id: String,
        key: &ConversationKey,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = format!("INSERT INTO turn_logs ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)");
        tx.execute(
            sql,
            args![
                id,
                &key.account,
                &key.bot,
                &key.user,
                kept(&*key.identity),
                &key.channel,
                &self.session,
                self.turn,
                &self.entry,
                now,
            ],
        )
        .await
        .map(drop)
    }
}

impl TurnLogEntry {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            conversation: ConversationKey::read(row)?,
            log: TurnLog {
                session: SessionId::stored(row.get::<String>("session_id")?),
                turn: row.get("turn")?,
                entry: row.json("entry")?,
            },
            created_at: row.time("created_at")?,
        })
    }
}

impl Store {
    /// The logs a filter lets through, the newest first.
    pub async fn turn_logs(&self, filter: &TurnLogFilter) -> Result<Page<TurnLogEntry>, Error> {
        let mut conditions = Conditions::default();
        let (account, bot) = (conditions.bind(&filter.account), conditions.bind(&filter.bot));
        conditions.demand(format!("account_id = {account} AND bot_id = {bot}"));
        if let Some(user) = &filter.user {
            let user = conditions.bind(user);
            conditions.demand(format!("(user_id = {user} OR identity = {user})"));
        }
        if let Some(channel) = &filter.channel {
            let channel = conditions.bind(channel);
            conditions.demand(format!("channel = {channel}"));
        }
        if let Some(from) = filter.from {
            let from = conditions.bind(from);
            conditions.demand(format!("created_at >= {from}"));
        }
        if let Some(to) = filter.to {
            let to = conditions.bind(to);
            conditions.demand(format!("created_at <= {to}"));
        }
        let sql = format!("SELECT COUNT(*) AS total FROM turn_logs WHERE {}", conditions.text());
        let count = self.row(sql, conditions.args()).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let (limit, offset) = (conditions.bind(filter.limit), conditions.bind(filter.offset));
        let sql = format!(
            "SELECT {COLUMNS} FROM turn_logs WHERE {} \
             ORDER BY created_at DESC, turn DESC, id DESC LIMIT {limit} OFFSET {offset}",
            conditions.text()
        );
        let rows = self.rows(sql, conditions.args()).await?;
        Ok(Page { items: rows.iter().map(TurnLogEntry::read).collect::<Result<_, _>>()?, total })
    }

    /// Removes logs written before a moment, the oldest first, at most `limit`; how many.
    pub async fn drop_turn_logs(&self, before: Timestamp, limit: i64) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM turn_logs WHERE id IN \
             (SELECT id FROM turn_logs WHERE created_at < $1 ORDER BY created_at, id LIMIT $2)",
            args![before, limit],
        )
        .await
    }
}
