//! The journal of a turn: what it was answered outside of the process, kept before it goes on, so that a turn that is taken
//! again takes the answers over and asks nobody twice.
//!
//! The journal hangs on the turn's message in the [inbox](crate::InboxMessage): a turn whose message is not kept yet keeps it
//! with the first answer. It goes with the [commit](crate::Store::commit_turn) that ends the turn, with the message when that
//! is dropped or erased, and with the bot.

use std::sync::atomic::Ordering;

use domain::Timestamp;
use futures_util::future::BoxFuture;
use serde_json::Value;

use crate::bots::stored;
use crate::data_tables::{TableOp, TableResult};
use crate::sql::{Connection, Row};
use crate::{ConversationKey, Error, Store, args};

/// What a turn was answered.
#[derive(Clone, Debug, PartialEq)]
pub struct TurnEffect {
    /// Where in the turn it asked; a word of the asker's own.
    pub place: String,
    /// What tells the question from any other.
    pub fingerprint: String,
    /// The answer.
    pub answer: Value,
}

/// A write to the journal of a turn.
#[derive(Clone, Debug)]
pub struct JournalWrite {
    /// The message of the inbox.
    pub id: String,
    /// What the turn began with, where the journal begins by this write.
    pub begins: Option<JournalBegin>,
    /// What it was answered since the last write.
    pub effects: Vec<TurnEffect>,
    /// All that it said so far; nothing where that is unchanged.
    pub said: Option<Value>,
}

/// How a journal begins.
#[derive(Clone, Debug)]
pub struct JournalBegin {
    /// What was received, where it is not in the inbox yet. It counts as taken once, by who keeps it.
    pub payload: Option<Value>,
    /// What the turn began with.
    pub frame: Value,
}

/// What is kept of a turn that did not end.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct KeptJournal {
    /// What it began with; nothing where it never acted outside of the process.
    pub frame: Option<Value>,
    /// What it said so far.
    pub said: Option<Value>,
    /// What it was answered.
    pub effects: Vec<TurnEffect>,
}

impl JournalWrite {
    /// How many positions of the conversation it takes.
    pub(crate) fn positions(&self) -> usize {
        usize::from(self.begins.as_ref().is_some_and(|begins| begins.payload.is_some()))
    }

    /// Writes it, in a transaction that entered the conversation; `position` is the one a message takes that is kept by this.
    ///
    /// [`Error::Conflict`] when the turn was ended, or got as far, by somebody else.
    pub(crate) async fn write(
        &self,
        tx: &mut Connection<'_>,
        key: &ConversationKey,
        position: i64,
        now: Timestamp,
    ) -> Result<(), Error> {
        match &self.begins {
            Some(JournalBegin { payload: Some(payload), frame }) => {
                tx.execute(
                    "INSERT INTO inbox (id, bot_id, user_id, channel, position, payload, poll_id, done, result, \
                     created_at, attempts, due_at, frame, said) \
                     VALUES ($1, $2, $3, $4, $5, $6, NULL, FALSE, NULL, $7, 1, $7, $8, $9)",
                    args![
                        &self.id,
                        &key.bot,
                        &key.user,
                        &key.channel,
                        position,
                        payload,
                        now,
                        frame,
                        self.said.as_ref().map(stored),
                    ],
                )
                .await?;
            }
            begins => {
                let frame = begins.as_ref().map(|begins| stored(&begins.frame));
                let begun = if begins.is_some() { "frame IS NULL" } else { "frame IS NOT NULL" };
                let sql = format!(
                    "UPDATE inbox SET frame = COALESCE($2, frame), said = COALESCE($3, said) \
                     WHERE id = $1 AND NOT done AND {begun}"
                );
                let said = self.said.as_ref().map(stored);
                if tx.execute(sql, args![&self.id, frame, said]).await? == 0 {
                    return Err(self.conflict());
                }
            }
        }
        for effect in &self.effects {
            let sql = "INSERT INTO turn_effects (inbox_id, place, fingerprint, answer, created_at) \
                VALUES ($1, $2, $3, $4, $5) ON CONFLICT (inbox_id, place) DO NOTHING";
            let parameters = args![&self.id, &effect.place, &effect.fingerprint, &effect.answer, now];
            if tx.execute(sql, parameters).await? == 0 {
                return Err(self.conflict());
            }
        }
        Ok(())
    }

    async fn write_alone(&self, tx: &mut Connection<'_>, key: &ConversationKey, now: Timestamp) -> Result<(), Error> {
        let position = match self.positions() {
            0 => 0,
            taken => key.enter(tx, taken, None, now).await?.last_position,
        };
        self.write(tx, key, position, now).await
    }

    fn conflict(&self) -> Error {
        Error::Conflict(format!("the turn of the message {}", self.id))
    }
}

impl Store {
    /// Keeps what a turn was answered, and what it said before, all of it or nothing.
    ///
    /// [`Error::Conflict`] when somebody else ended the turn or got as far: take it again.
    pub async fn keep_effects(&self, key: &ConversationKey, journal: JournalWrite) -> Result<(), Error> {
        let (key, now) = (key.clone(), self.clock.now());
        self.write_turn(move |tx| Box::pin(async move { journal.write_alone(tx, &key, now).await })).await
    }

    /// Works on a table of a bot, and keeps the result in the journal of the turn that does, in one transaction. `effect`
    /// makes of the result what is kept.
    ///
    /// # Errors
    /// As [`Self::keep_effects`] and [`Self::data_table`]; nothing is written then.
    pub async fn data_table_in_turn(
        &self,
        key: &ConversationKey,
        op: TableOp,
        mut journal: JournalWrite,
        effect: impl FnOnce(&TableResult) -> TurnEffect + Send + 'static,
    ) -> Result<TableResult, Error> {
        let (key, now) = (key.clone(), self.clock.now());
        let (id, limits) = (self.ids.prefixed("sys"), self.limits);
        self.write_turn(move |tx| {
            Box::pin(async move {
                let result = op.run(tx, &key.bot, id, now, &limits).await?;
                journal.effects.push(effect(&result));
                journal.write_alone(tx, &key, now).await?;
                Ok(result)
            })
        })
        .await
    }

    /// What is kept of the turn of a message; nothing when the message does not wait any more.
    pub async fn journal(&self, inbox: &str) -> Result<Option<KeptJournal>, Error> {
        let sql = "SELECT frame, said FROM inbox WHERE id = $1 AND NOT done";
        let Some(row) = self.row(sql, args![inbox]).await? else { return Ok(None) };
        let (frame, said) = (row.json_option("frame")?, row.json_option("said")?);
        if frame.is_none() {
            return Ok(Some(KeptJournal::default()));
        }
        let sql = "SELECT place, fingerprint, answer FROM turn_effects WHERE inbox_id = $1";
        let read = |row: &Row| {
            Ok(TurnEffect {
                place: row.get("place")?,
                fingerprint: row.get("fingerprint")?,
                answer: row.json("answer")?,
            })
        };
        let effects = self.rows(sql, args![inbox]).await?.iter().map(read).collect::<Result<_, Error>>()?;
        Ok(Some(KeptJournal { frame, said, effects }))
    }

    /// How many commits this process made for turns: their ends, and what they kept before.
    pub fn turn_commits(&self) -> u64 {
        self.turn_commits.load(Ordering::Relaxed)
    }

    /// As [`Self::write`], for what a turn keeps; counted when it is.
    pub(crate) async fn write_turn<T, F>(&self, work: F) -> Result<T, Error>
    where
        T: Send + 'static,
        F: for<'c> FnOnce(&'c mut Connection<'_>) -> BoxFuture<'c, Result<T, Error>> + Send + 'static,
    {
        let written = self.write(work).await?;
        self.count_turn_commit();
        Ok(written)
    }

    pub(crate) fn count_turn_commit(&self) {
        self.turn_commits.fetch_add(1, Ordering::Relaxed);
    }
}
