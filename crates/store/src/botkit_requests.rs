//! What BotKit servers were asked, and what they answered: by callbacks under the id of the request, which any node may
//! receive.
//!
//! A request is written before it is sent, since its callbacks often come before the answer to the call that carried it.
//! While the turn that asked waits, callbacks are kept for it; when it does not wait any more, they are handed back to
//! whoever received them, to be acted on.

use domain::{BotId, SessionId, Timestamp};
use serde_json::Value;

use crate::bots::stored;
use crate::sql::{Connection, Row, kept};
use crate::{ConversationKey, Error, Store, args};

/// Something a BotKit server was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct BotKitRequest {
    /// The id, under which the server calls back.
    pub id: String,
    /// The conversation.
    pub conversation: ConversationKey,
    /// The session. It exists when its first turn has ended.
    pub session: SessionId,
    /// What was asked; a word of the asker's own.
    pub kind: String,
    /// What the asker wants to know again when an answer comes.
    pub payload: Value,
    /// When it was asked.
    pub created_at: Timestamp,
}

/// What a request is made from.
#[derive(Clone, Debug)]
pub struct NewBotKitRequest {
    /// The id; no two requests have the same.
    pub id: String,
    /// The conversation.
    pub conversation: ConversationKey,
    /// The session.
    pub session: SessionId,
    /// What is asked.
    pub kind: String,
    /// What the asker wants to know again when an answer comes.
    pub payload: Value,
    /// Until when the asker waits at the most; it [stops](Store::close_botkit_requests) earlier, unless it dies.
    pub waits_until: Timestamp,
}

/// What becomes of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotKitAnswer {
    /// The turn that asked is given it.
    Awaited,
    /// Nobody waits: it is to be acted on.
    Late,
    /// Nobody waits, and what it was to decide was decided without it.
    TooLate,
}

/// A request that nobody waits for any more.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ClosedBotKitRequest {
    /// The request.
    pub id: String,
    /// What it was to decide was decided without an answer: the one that would have decided comes too late.
    pub missed: bool,
}

const COLUMNS: &str = "id, account_id, bot_id, user_id, identity, channel, session_id, kind, payload, created_at";

const WAITING: &str = "waiting";
const ANSWERED: &str = "answered";
const MISSED: &str = "missed";

impl BotKitRequest {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            conversation: ConversationKey::read(row)?,
            session: SessionId::stored(row.get::<String>("session_id")?),
            kind: row.get("kind")?,
            payload: row.json("payload")?,
            created_at: row.time("created_at")?,
        })
    }
}

impl NewBotKitRequest {
    /// Writes the row, or waits again for the answers to one that was asked before; whether there are some.
    async fn insert(&self, tx: &mut Connection<'_>, now: Timestamp) -> Result<bool, Error> {
        let key = &self.conversation;
        let sql = format!(
            "INSERT INTO botkit_requests ({COLUMNS}, state, answers, waits_until, used_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, '{WAITING}', '[]', $11, $10) \
             ON CONFLICT (id) DO UPDATE SET state = excluded.state, waits_until = excluded.waits_until, \
                 used_at = excluded.used_at RETURNING answers"
        );
        let row = tx
            .row(
                sql,
                args![
                    &self.id,
                    &key.account,
                    &key.bot,
                    &key.user,
                    kept(&*key.identity),
                    &key.channel,
                    &self.session,
                    &self.kind,
                    &self.payload,
                    now,
                    self.waits_until,
                ],
            )
            .await?;
        let answers: Option<Vec<Value>> = row.map(|row| row.json("answers")).transpose()?;
        Ok(answers.is_some_and(|answers| !answers.is_empty()))
    }
}

impl Store {
    /// Keeps a request that is about to be sent; whether it was sent before and answers to it are there.
    pub async fn put_botkit_request(&self, new: NewBotKitRequest) -> Result<bool, Error> {
        let now = self.clock.now();
        self.write(move |tx| {
            Box::pin(async move {
                // A request that is lost with the power is lost with the turn that asked.
                tx.commit_without_flush().await?;
                new.insert(tx, now).await
            })
        })
        .await
    }

    /// The request of a bot with this id.
    pub async fn botkit_request(&self, bot: &BotId, id: &str) -> Result<Option<BotKitRequest>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM botkit_requests WHERE bot_id = $1 AND id = $2");
        self.row(sql, args![bot, id]).await?.as_ref().map(BotKitRequest::read).transpose()
    }

    /// Takes an answer to a request, and says what becomes of it; nothing when there is no such request. `decides` says
    /// whether it is what the request asked for: of a missed request, the first such answer is too late.
    pub async fn answer_botkit_request(
        &self,
        id: &str,
        answer: Value,
        decides: bool,
    ) -> Result<Option<BotKitAnswer>, Error> {
        let (now, id) = (self.clock.now(), id.to_owned());
        let taken = self
            .write(move |tx| {
                Box::pin(async move {
                    let lock = tx.for_update(" FOR UPDATE");
                    let sql = format!("SELECT state, answers, waits_until FROM botkit_requests WHERE id = $1{lock}");
                    let Some(row) = tx.row(sql, args![&id]).await? else { return Ok(None) };
                    let state: String = row.get("state")?;
                    let mut answers: Vec<Value> = row.json("answers")?;
                    let (taken, state) = if state == WAITING && row.time("waits_until")? > now {
                        answers.push(answer);
                        (BotKitAnswer::Awaited, WAITING)
                    } else if state == MISSED && decides {
                        (BotKitAnswer::TooLate, ANSWERED)
                    } else if state == MISSED {
                        (BotKitAnswer::Late, MISSED)
                    } else {
                        (BotKitAnswer::Late, ANSWERED)
                    };
                    tx.execute(
                        "UPDATE botkit_requests SET state = $2, answers = $3, used_at = $4 WHERE id = $1",
                        args![&id, state, stored(&answers), now],
                    )
                    .await?;
                    Ok(Some(taken))
                })
            })
            .await?;
        if taken == Some(BotKitAnswer::Awaited) && self.is_shared() {
            // The turn that waits may be another node's.
            self.wakeups.announce();
        }
        Ok(taken)
    }

    /// The answers that came so far for the turn that waits, in the order they came.
    pub async fn botkit_answers(&self, id: &str) -> Result<Vec<Value>, Error> {
        let row = self.row("SELECT answers FROM botkit_requests WHERE id = $1", args![id]).await?;
        row.map_or_else(|| Ok(Vec::new()), |row| row.json("answers"))
    }

    /// Ends the waiting for answers; all that came for each request, in the order of the requests. What comes from now
    /// on is late.
    pub async fn close_botkit_requests(&self, requests: Vec<ClosedBotKitRequest>) -> Result<Vec<Vec<Value>>, Error> {
        self.write(move |tx| {
            Box::pin(async move {
                let mut all = Vec::new();
                for request in &requests {
                    let row = tx
                        .row(
                            "UPDATE botkit_requests SET state = $2 WHERE id = $1 RETURNING answers",
                            args![&request.id, if request.missed { MISSED } else { ANSWERED }],
                        )
                        .await?;
                    all.push(row.map_or_else(|| Ok(Vec::new()), |row| row.json("answers"))?);
                }
                Ok(all)
            })
        })
        .await
    }

    /// Notes that a request is still in use; whether it is there.
    pub async fn touch_botkit_request(&self, bot: &BotId, id: &str) -> Result<bool, Error> {
        let sql = "UPDATE botkit_requests SET used_at = $3 WHERE bot_id = $1 AND id = $2";
        Ok(self.execute(sql, args![bot, id, self.clock.now()]).await? > 0)
    }

    /// Drops requests that nobody used since a moment, at most `limit`; how many.
    pub async fn drop_botkit_requests(&self, before: Timestamp, limit: i64) -> Result<u64, Error> {
        self.execute(
            "DELETE FROM botkit_requests WHERE id IN \
             (SELECT id FROM botkit_requests WHERE used_at < $1 ORDER BY used_at, id LIMIT $2)",
            args![before, limit],
        )
        .await
    }
}
