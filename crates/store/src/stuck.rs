//! Messages that could not be answered and were given up. They wait for the operator, who has them tried again or drops
//! them; nobody else is held up by them.

use domain::{AccountId, BotId, Timestamp};
use serde_json::Value;

use crate::conditions::Conditions;
use crate::sql::{Connection, Row};
use crate::{ConversationKey, Error, GivenUp, Page, Store, args};

/// A message that was given up.
#[derive(Clone, Debug, PartialEq)]
pub struct StuckMessage {
    /// The id it had in the inbox.
    pub id: String,
    /// The conversation.
    pub conversation: ConversationKey,
    /// What was received.
    pub payload: Value,
    /// How often it was tried.
    pub attempts: i64,
    /// Why it was given up.
    pub reason: String,
    /// When it was received.
    pub created_at: Timestamp,
    /// When it was given up.
    pub given_up_at: Timestamp,
}

/// Which messages to list.
#[derive(Clone, Debug)]
pub struct StuckFilter {
    /// The account.
    pub account: AccountId,
    /// Only those to these bots; to all when absent.
    pub bots: Option<Vec<BotId>>,
    /// How many to pass over.
    pub offset: i64,
    /// How many to give at the most.
    pub limit: i64,
}

const COLUMNS: &str = "id, account_id, bot_id, user_id, identity, channel, payload, attempts, reason, created_at, \
    given_up_at";

impl StuckMessage {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            conversation: ConversationKey::read(row)?,
            payload: row.json("payload")?,
            attempts: row.get("attempts")?,
            reason: row.get("reason")?,
            created_at: row.time("created_at")?,
            given_up_at: row.time("given_up_at")?,
        })
    }

    /// Sets a message of the inbox aside.
    pub(crate) async fn set_aside(
        tx: &mut Connection<'_>,
        inbox: &str,
        key: &ConversationKey,
        given_up: &GivenUp,
        now: Timestamp,
    ) -> Result<(), Error> {
        let sql = format!(
            "INSERT INTO stuck_messages ({COLUMNS}) SELECT id, $2, bot_id, user_id, $3, channel, payload, \
             attempts - $4, $5, created_at, $6 FROM inbox WHERE id = $1 AND NOT done"
        );
        let (untried, reason) = (i64::from(given_up.untried), &given_up.reason);
        tx.execute(sql, args![inbox, &key.account, &key.identity, untried, reason, now]).await.map(drop)
    }
}

impl Store {
    /// Messages that were given up, the newest first.
    pub async fn stuck_messages(&self, filter: &StuckFilter) -> Result<Page<StuckMessage>, Error> {
        let mut conditions = Conditions::default();
        let account = conditions.bind(&filter.account);
        conditions.demand(format!("account_id = {account}"));
        if let Some(bots) = &filter.bots {
            let bots = conditions.bind_list(bots);
            conditions.demand(format!("bot_id IN ({bots})"));
        }
        let count = format!("SELECT COUNT(*) AS total FROM stuck_messages WHERE {}", conditions.text());
        let total = self.row(count, conditions.args()).await?.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let (limit, offset) = (conditions.bind(filter.limit), conditions.bind(filter.offset));
        let sql = format!(
            "SELECT {COLUMNS} FROM stuck_messages WHERE {} ORDER BY given_up_at DESC, id LIMIT {limit} OFFSET {offset}",
            conditions.text()
        );
        let rows = self.rows(sql, conditions.args()).await?;
        Ok(Page { items: rows.iter().map(StuckMessage::read).collect::<Result<_, _>>()?, total })
    }

    /// A message that was given up.
    pub async fn stuck_message(&self, account: &AccountId, id: &str) -> Result<Option<StuckMessage>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM stuck_messages WHERE id = $1 AND account_id = $2");
        self.row(sql, args![id, account]).await?.as_ref().map(StuckMessage::read).transpose()
    }

    /// How many messages of all accounts are given up and wait for the operator.
    pub async fn count_stuck_messages(&self) -> Result<i64, Error> {
        let row = self.row("SELECT COUNT(*) AS total FROM stuck_messages", vec![]).await?;
        Ok(row.map(|row| row.get("total")).transpose()?.unwrap_or(0))
    }

    /// Puts a message back into the inbox, behind those its conversation has, with all attempts before it; whether it was
    /// still given up. `payload` takes the place of what was received.
    pub async fn retry_stuck_message(&self, message: &StuckMessage, payload: Value) -> Result<bool, Error> {
        let (now, id, key) = (self.clock.now(), message.id.clone(), message.conversation.clone());
        let retried = self
            .write(move |tx| {
                Box::pin(async move {
                    if tx.execute("DELETE FROM stuck_messages WHERE id = $1", args![&id]).await? == 0 {
                        return Ok(false);
                    }
                    let position = key.enter(tx, 1, None, now).await?.last_position;
                    // Who polled for the answer was told that there is none, and that may still be kept under the id.
                    tx.execute("DELETE FROM inbox WHERE id = $1 AND done", args![&id]).await?;
                    tx.execute(
                        "INSERT INTO inbox (id, bot_id, user_id, channel, position, payload, poll_id, done, result, \
                         created_at, attempts, due_at) VALUES ($1, $2, $3, $4, $5, $6, NULL, FALSE, NULL, $7, 0, $7)",
                        args![&id, &key.bot, &key.user, &key.channel, position, &payload, now],
                    )
                    .await?;
                    Ok(true)
                })
            })
            .await?;
        if retried {
            self.wakeups.announce();
        }
        Ok(retried)
    }

    /// Drops a message for good; whether it was there.
    pub async fn drop_stuck_message(&self, account: &AccountId, id: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM stuck_messages WHERE id = $1 AND account_id = $2";
        Ok(self.execute(sql, args![id, account]).await? > 0)
    }

    /// Drops messages that were given up before a moment, at most `limit`; how many.
    pub async fn drop_old_stuck_messages(&self, before: Timestamp, limit: i64) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM stuck_messages WHERE id IN \
             (SELECT id FROM stuck_messages WHERE given_up_at < $1 ORDER BY given_up_at, id LIMIT $2)",
            args![before, limit],
        )
        .await
    }
}
