//! Messages that were acknowledged before their turn was done. What was acknowledged is answered, whichever node dies.
//!
//! The messages of one conversation are taken in the order they came. A turn that is
//! [committed](crate::Store::commit_turn) says which one it answered, and with what, so each is answered once. An answer
//! that somebody polls for is kept until it was taken.

use domain::{BotId, Timestamp, UserId};
use serde_json::Value;

use crate::sql::{Connection, Row};
use crate::{ConversationKey, Error, Store, args};

/// A message that waits for its turn.
#[derive(Clone, Debug, PartialEq)]
pub struct InboxMessage {
    /// The id.
    pub id: String,
    /// Its place in the conversation; later messages have larger ones.
    pub position: i64,
    /// What was received.
    pub payload: Value,
    /// What its answer is asked for by, if anybody polls for it.
    pub poll_id: Option<String>,
    /// When it was received.
    pub created_at: Timestamp,
    /// How often it was taken to be answered. Whoever keeps it counts as the first to take it.
    pub attempts: i64,
    /// It is not taken before this moment, except by who kept it.
    pub due_at: Timestamp,
}

/// What a message of the inbox is made from.
#[derive(Clone, Debug)]
pub struct NewInboxMessage {
    /// The id. No two messages have the same.
    pub id: String,
    /// The conversation. It begins to exist by this.
    pub conversation: ConversationKey,
    /// What was received.
    pub payload: Value,
    /// What its answer is to be asked for by, if anybody polls for it. No two messages have the same.
    pub poll_id: Option<String>,
}

/// The message of the inbox that a turn answered.
#[derive(Clone, Debug)]
pub struct InboxDone {
    /// The message.
    pub id: String,
    /// The answer, for who polls for it.
    pub result: Value,
    /// The turn kept a [journal](crate::JournalWrite), which goes with it.
    pub has_journal: bool,
}

/// What a poll finds.
#[derive(Clone, Debug, PartialEq)]
pub enum InboxResult {
    /// The turn is not done yet, and said nothing since the last poll.
    Pending,
    /// The turn is not done yet.
    Said {
        /// What was received.
        payload: Value,
        /// What the turn said since the last poll.
        said: Vec<Value>,
    },
    /// The answer, and how much of what it says was told before.
    Done(Value, usize),
}

impl InboxMessage {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            position: row.get("position")?,
            payload: row.json("payload")?,
            poll_id: row.get("poll_id")?,
            created_at: row.time("created_at")?,
            attempts: row.get("attempts")?,
            due_at: row.time("due_at")?,
        })
    }
}

impl NewInboxMessage {
    async fn insert(self, tx: &mut Connection<'_>, now: Timestamp) -> Result<InboxMessage, Error> {
        let Self { id, conversation: key, payload, poll_id } = self;
        let position = key.enter(tx, 1, None, now).await?.last_position;
        tx.execute(
            "INSERT INTO inbox (id, bot_id, user_id, channel, position, payload, poll_id, done, result, \
             created_at, attempts, due_at) VALUES ($1, $2, $3, $4, $5, $6, $7, FALSE, NULL, $8, 1, $8)",
            args![&id, &key.bot, &key.user, &key.channel, position, &payload, poll_id.clone(), now],
        )
        .await?;
        Ok(InboxMessage { id, position, payload, poll_id, created_at: now, attempts: 1, due_at: now })
    }
}

impl InboxDone {
    /// Has the answer kept for who polls for it by this id, where nobody polls for it yet.
    pub(crate) async fn ask_by(&self, tx: &mut Connection<'_>, poll_id: &str) -> Result<(), Error> {
        let sql = "UPDATE inbox SET poll_id = $2 WHERE id = $1 AND poll_id IS NULL AND NOT done";
        tx.execute(sql, args![&self.id, poll_id]).await.map(drop)
    }

    /// Ends the wait of the message; whether it still waited.
    pub(crate) async fn write(&self, tx: &mut Connection<'_>) -> Result<bool, Error> {
        let unasked = "DELETE FROM inbox WHERE id = $1 AND poll_id IS NULL";
        if tx.execute(unasked, args![&self.id]).await? > 0 {
            return Ok(true);
        }
        if self.has_journal {
            tx.execute("DELETE FROM turn_effects WHERE inbox_id = $1", args![&self.id]).await?;
        }
        let sql = "UPDATE inbox SET done = TRUE, result = $2, frame = NULL, said = NULL WHERE id = $1 AND NOT done";
        Ok(tx.execute(sql, args![&self.id, &self.result]).await? > 0)
    }
}

/// What a poll finds in a row: whether the turn is done, its answer, what it said that is new, and how much was told before.
struct PolledRow {
    is_done: bool,
    result: Option<Value>,
    new: Vec<Value>,
    told: usize,
}

impl PolledRow {
    fn read(row: &Row, is_out: fn(&Value) -> bool) -> Result<Self, Error> {
        let told = usize::try_from(row.get::<i64>("told")?).unwrap_or(0);
        let said: Vec<Value> = row.json_option("said")?.unwrap_or_default();
        Ok(Self {
            is_done: row.get("done")?,
            result: row.json_option("result")?,
            new: said.into_iter().take_while(is_out).skip(told).collect(),
            told,
        })
    }
}

impl Store {
    /// Keeps a message behind those its conversation has; what was kept. It counts as taken once, by who keeps it.
    ///
    /// [`Error::Exists`] when another message has the same poll id.
    pub async fn put_inbox(&self, new: NewInboxMessage) -> Result<InboxMessage, Error> {
        let now = self.clock.now();
        let taken = new.poll_id.clone();
        let kept = self.write_turn(move |tx| Box::pin(async move { new.insert(tx, now).await })).await;
        match (kept, taken) {
            (Err(error), Some(poll_id)) if error.is_duplicate() => Err(Error::Exists(format!("the poll id {poll_id}"))),
            (kept, _) => {
                self.wakeups.announce();
                kept
            }
        }
    }

    /// Keeps one message each of many conversations, none of which anybody polls for, as [`Self::put_inbox`] does one. All who
    /// do so give them in the same order: that of the users and channels.
    pub async fn put_inbox_all(&self, all: Vec<NewInboxMessage>) -> Result<(), Error> {
        let now = self.clock.now();
        self.write_turn(move |tx| {
            Box::pin(async move {
                for new in all {
                    new.insert(tx, now).await?;
                }
                Ok(())
            })
        })
        .await?;
        self.wakeups.announce();
        Ok(())
    }

    /// Takes the conversation of a message for `owner` until a moment or, where another node has it, keeps the message
    /// behind those the conversation has; what was kept. Of nodes that do so at once, the one that comes later finds what
    /// the other one did.
    pub async fn claim_or_put_inbox(
        &self,
        new: NewInboxMessage,
        owner: &str,
        until: Timestamp,
    ) -> Result<Option<InboxMessage>, Error> {
        let (owner, now) = (owner.to_owned(), self.clock.now());
        let kept = self
            .write(move |tx| {
                Box::pin(async move {
                    let key = new.conversation.clone();
                    if key.claim(tx, &owner, until, now).await? {
                        return Ok(None);
                    }
                    new.insert(tx, now).await.map(Some)
                })
            })
            .await?;
        if kept.is_some() {
            self.count_turn_commit();
            self.wakeups.announce();
        }
        Ok(kept)
    }

    /// Whether a message waits for its turn, or its turn is not over.
    pub async fn is_in_inbox(&self, id: &str) -> Result<bool, Error> {
        Ok(self.row("SELECT id FROM inbox WHERE id = $1 AND NOT done", args![id]).await?.is_some())
    }

    /// The messages of a conversation that wait, in the order they came; first the one whose turn was begun.
    pub async fn pending_inbox(&self, bot: &BotId, user: &UserId, channel: &str) -> Result<Vec<InboxMessage>, Error> {
        let rows = self
            .rows(
                "SELECT id, position, payload, poll_id, created_at, attempts, due_at FROM inbox \
                 WHERE bot_id = $1 AND user_id = $2 AND channel = $3 AND NOT done ORDER BY frame IS NULL, position",
                args![bot, user, channel],
            )
            .await?;
        rows.iter().map(InboxMessage::read).collect()
    }

    /// What turns of a conversation that are not over said until now, each with the message it answers.
    pub async fn said_so_far(
        &self,
        bot: &BotId,
        user: &UserId,
        channel: &str,
        is_out: fn(&Value) -> bool,
    ) -> Result<Vec<(Value, Vec<Value>)>, Error> {
        let sql = "SELECT payload, said FROM inbox WHERE bot_id = $1 AND user_id = $2 AND channel = $3 AND NOT done \
                   AND said IS NOT NULL ORDER BY position";
        let rows = self.rows(sql, args![bot, user, channel]).await?;
        let read = |row: &Row| {
            let said: Vec<Value> = row.json("said")?;
            Ok((row.json("payload")?, said.into_iter().take_while(is_out).collect()))
        };
        rows.iter().map(read).collect()
    }

    /// Counts that a waiting message is taken, before any work on it, and says when it may be taken again should this
    /// fail; the count. Nothing when the message does not wait any more.
    pub async fn take_inbox_message(&self, id: &str, due_at: Timestamp) -> Result<Option<i64>, Error> {
        let parameters = args![id, due_at];
        let sql = "UPDATE inbox SET attempts = attempts + 1, due_at = $2 WHERE id = $1 AND NOT done RETURNING attempts";
        let row = self.write_turn(move |tx| Box::pin(async move { tx.row(sql, parameters).await })).await?;
        row.map(|row| row.get("attempts")).transpose()
    }

    /// Says when a message that could not be answered may be taken again.
    pub async fn postpone_inbox_message(&self, id: &str, due_at: Timestamp) -> Result<(), Error> {
        self.execute("UPDATE inbox SET due_at = $2 WHERE id = $1 AND NOT done", args![id, due_at]).await.map(drop)
    }

    /// Conversations with messages that wait and are due, and that no node works on, those that wait longest first; at
    /// most `limit`. Only the first message of a conversation is ever postponed, and it holds the others up.
    pub async fn inbox_conversations(&self, limit: i64) -> Result<Vec<ConversationKey>, Error> {
        let rows = self
            .rows(
                "SELECT c.account_id, c.bot_id, c.user_id, c.identity, c.channel FROM conversations c \
                 JOIN (SELECT bot_id, user_id, channel, MIN(created_at) AS waits_since FROM inbox WHERE NOT done \
                     GROUP BY bot_id, user_id, channel HAVING MAX(due_at) <= $1) w \
                 ON w.bot_id = c.bot_id AND w.user_id = c.user_id AND w.channel = c.channel \
                 WHERE c.lease_owner IS NULL OR c.lease_until <= $1 \
                 ORDER BY w.waits_since, c.bot_id, c.user_id, c.channel LIMIT $2",
                args![self.clock.now(), limit],
            )
            .await?;
        rows.iter().map(ConversationKey::read).collect()
    }

    /// Gives a waiting message a poll id; so much of what it said was told already. Whether it waits still.
    pub async fn poll_inbox(&self, id: &str, poll_id: &str, told: usize) -> Result<bool, Error> {
        let sql = "UPDATE inbox SET poll_id = $2, told = $3 WHERE id = $1 AND NOT done";
        Ok(self.execute(sql, args![id, poll_id, told as i64]).await? > 0)
    }

    /// Takes what there is for who polls: an answer is given once, to one of several who ask at once, and so is what was said
    /// before it. Nothing when no message of the bot has this poll id, or its answer was taken. `is_out` tells of something
    /// said whether it went out already, `can_be_given` of an answer whether anything can be made of it: else it stays.
    pub async fn take_polled(
        &self,
        bot: &BotId,
        poll_id: &str,
        is_out: fn(&Value) -> bool,
        can_be_given: fn(&Value) -> bool,
    ) -> Result<Option<InboxResult>, Error> {
        let sql = "SELECT done, result, said, told FROM inbox WHERE bot_id = $1 AND poll_id = $2";
        // Most polls find nothing new, and write nothing.
        let Some(row) = self.row(sql, args![bot, poll_id]).await? else { return Ok(None) };
        let polled = PolledRow::read(&row, is_out)?;
        if !polled.is_done && polled.new.is_empty() {
            return Ok(Some(InboxResult::Pending));
        }
        let (bot, poll_id) = (bot.clone(), poll_id.to_owned());
        self.write(move |tx| {
            Box::pin(async move {
                let lock = tx.for_update(" FOR UPDATE");
                let sql = "SELECT done, result, said, told, payload FROM inbox WHERE bot_id = $1 AND poll_id = $2";
                let Some(row) = tx.row(format!("{sql}{lock}"), args![&bot, &poll_id]).await? else { return Ok(None) };
                let PolledRow { is_done, result, new, told } = PolledRow::read(&row, is_out)?;
                if is_done {
                    let result = result.unwrap_or(Value::Null);
                    if can_be_given(&result) {
                        tx.execute("DELETE FROM inbox WHERE bot_id = $1 AND poll_id = $2", args![&bot, &poll_id])
                            .await?;
                    }
                    return Ok(Some(InboxResult::Done(result, told)));
                }
                let sql = "UPDATE inbox SET told = $3 WHERE bot_id = $1 AND poll_id = $2";
                tx.execute(sql, args![&bot, &poll_id, (told + new.len()) as i64]).await?;
                Ok(Some(if new.is_empty() {
                    InboxResult::Pending
                } else {
                    InboxResult::Said { payload: row.json("payload")?, said: new }
                }))
            })
        })
        .await
    }

    /// Drops answers nobody took to messages received before a moment, at most `limit`; how many.
    pub async fn drop_inbox_results(&self, before: Timestamp, limit: i64) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM inbox WHERE id IN \
             (SELECT id FROM inbox WHERE done AND created_at < $1 ORDER BY created_at, id LIMIT $2)",
            args![before, limit],
        )
        .await
    }
}
