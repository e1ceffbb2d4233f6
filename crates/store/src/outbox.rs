//! Messages that wait to be posted to a customer's server.
//!
//! They are not [requests](crate::Request): those of one conversation go out strictly one after the other, and there may
//! be thousands of conversations. Whoever delivers one has a lease on it; one whose deliverer died is delivered again.

use domain::{BotId, Timestamp, UserId};
use serde_json::Value;

use crate::sql::{Connection, Row, kept};
use crate::{ConversationKey, Error, Store, args};

/// A message to be posted, which one node has.
#[derive(Clone, Debug, PartialEq)]
pub struct Delivery {
    /// The id, the same over all attempts.
    pub id: String,
    /// The bot.
    pub bot: BotId,
    /// The user it is for.
    pub user: UserId,
    /// The channel.
    pub channel: String,
    /// Its place in the conversation.
    pub position: i64,
    /// Where it goes.
    pub url: String,
    /// What is posted.
    pub body: Value,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// When it was written.
    pub created_at: Timestamp,
}

/// What a message to be posted is made from.
#[derive(Clone, Debug, PartialEq)]
pub struct NewDelivery {
    /// Where it goes.
    pub url: String,
    /// What is posted.
    pub body: Value,
}

const COLUMNS: &str = "id, bot_id, user_id, channel, position, url, body, attempts, created_at";

/// What tells that a message `o` is the first one of its conversation.
const IS_FIRST: &str = "NOT EXISTS (SELECT 1 FROM outbox e WHERE e.bot_id = o.bot_id AND e.user_id = o.user_id \
    AND e.channel = o.channel AND e.position < o.position)";

impl NewDelivery {
    pub(crate) async fn insert(
        &self,
        tx: &mut Connection<'_>,
        id: String,
        key: &ConversationKey,
        position: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        tx.execute(
            "INSERT INTO outbox (id, bot_id, user_id, channel, position, url, body, attempts, due_at, lease_owner, \
             lease_until, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, 0, $8, NULL, 0, $8)",
            args![id, &key.bot, &key.user, &key.channel, position, kept(&*self.url), &self.body, now],
        )
        .await
        .map(drop)
    }
}

impl Delivery {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            bot: BotId::stored(row.get::<String>("bot_id")?),
            user: UserId::stored(row.get::<String>("user_id")?),
            channel: row.get("channel")?,
            position: row.get("position")?,
            url: row.get("url")?,
            body: row.json("body")?,
            attempt: row.get("attempts")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl Store {
    /// Takes messages that are due for `owner` until a moment, at most `limit`: of each conversation the first one,
    /// unless somebody has it.
    pub async fn claim_deliveries(&self, owner: &str, until: Timestamp, limit: i64) -> Result<Vec<Delivery>, Error> {
        let parameters = args![owner, until, self.clock.now(), limit];
        let rows = self
            .write(move |tx| {
                Box::pin(async move {
                    let lock = tx.for_update(" FOR UPDATE OF o SKIP LOCKED");
                    let sql = format!(
                        "WITH due AS MATERIALIZED (SELECT o.id FROM outbox o \
                             WHERE o.due_at <= $3 AND o.lease_until <= $3 AND {IS_FIRST} \
                             ORDER BY o.due_at, o.id LIMIT $4{lock}) \
                         UPDATE outbox SET lease_owner = $1, lease_until = $2, attempts = attempts + 1 \
                         WHERE id IN (SELECT id FROM due) RETURNING {COLUMNS}"
                    );
                    tx.rows(sql, parameters).await
                })
            })
            .await?;
        rows.iter().map(Delivery::read).collect()
    }

    /// Keeps a message that `owner` claimed for longer, until a moment.
    pub async fn keep_delivery(&self, delivery: &Delivery, owner: &str, until: Timestamp) -> Result<(), Error> {
        let parameters = args![&delivery.id, owner, until];
        self.write(move |tx| {
            Box::pin(async move {
                // A lease that is lost with the power is lost with its owner.
                tx.commit_without_flush().await?;
                let sql = "UPDATE outbox SET lease_until = $3 WHERE id = $1 AND lease_owner = $2";
                tx.execute(sql, parameters).await.map(drop)
            })
        })
        .await
    }

    /// When the next message can be claimed, which may be long ago; nothing when none waits. A cheap look that spares a
    /// write transaction.
    pub async fn next_delivery_at(&self) -> Result<Option<Timestamp>, Error> {
        let sql = format!(
            "SELECT MIN(CASE WHEN o.due_at > o.lease_until THEN o.due_at ELSE o.lease_until END) AS next_at \
             FROM outbox o WHERE {IS_FIRST}"
        );
        match self.row(sql, vec![]).await? {
            Some(row) => row.time_option("next_at"),
            None => Ok(None),
        }
    }

    /// Ends a delivery that succeeded; the next one of its conversation is due.
    pub async fn delivered(&self, delivery: &Delivery) -> Result<(), Error> {
        self.execute("DELETE FROM outbox WHERE id = $1", args![&delivery.id]).await?;
        self.wakeups.announce();
        Ok(())
    }

    /// Gives a message back to be delivered again at `due_at`, and with it those behind it; nothing happens when the
    /// lease was lost.
    pub async fn postpone_delivery(&self, delivery: &Delivery, due_at: Timestamp) -> Result<(), Error> {
        self.execute(
            "UPDATE outbox SET lease_owner = NULL, lease_until = 0, due_at = $3 WHERE id = $1 AND attempts = $2",
            args![&delivery.id, delivery.attempt, due_at],
        )
        .await?;
        self.wakeups.announce();
        Ok(())
    }

    /// Drops a message that cannot be delivered; the next one of its conversation is due. Nothing happens when the lease
    /// was lost.
    pub async fn give_up_delivery(&self, delivery: &Delivery) -> Result<(), Error> {
        let sql = "DELETE FROM outbox WHERE id = $1 AND attempts = $2";
        self.execute(sql, args![&delivery.id, delivery.attempt]).await?;
        self.wakeups.announce();
        Ok(())
    }
}
