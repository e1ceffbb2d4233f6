//! Published versions: numbered, immutable.

use domain::{BotId, RequestId, Timestamp, UserId};

use crate::bots::stored;
use crate::sql::{Connection, Row, kept};
use crate::{Bot, Content, Error, Idempotency, NewChange, NewRequest, Request, Store, Submitted, Swap, args};
use domain::task::Kind;

/// One published version of a bot.
#[derive(Clone, Debug, PartialEq)]
pub struct Version {
    /// The bot.
    pub bot: BotId,
    /// 1 for the first one published.
    pub number: i64,
    /// Its documents.
    pub content: Content,
    /// What was said about it when it was published.
    pub comment: String,
    /// The publish request that made it.
    pub request: RequestId,
    /// Who published it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "bot_id, number, content, comment, request_id, created_by, created_at";

impl Version {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            bot: BotId::stored(row.get::<String>("bot_id")?),
            number: row.get("number")?,
            content: row.json("content")?,
            comment: row.get("comment")?,
            request: RequestId::stored(row.get::<String>("request_id")?),
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
        })
    }

    /// Makes the next version of a bot and publishes it, in one transaction with whatever else the caller writes.
    pub async fn publish(
        tx: &mut Connection<'_>,
        bot: &BotId,
        content: &Content,
        comment: &str,
        request: &RequestId,
        by: &UserId,
        at: Timestamp,
    ) -> Result<i64, Error> {
        let row = tx
            .row(
                "UPDATE bots SET last_version = last_version + 1, published_version = last_version + 1, \
                 modified_by = $2, modified_at = $3 WHERE id = $1 RETURNING last_version",
                args![bot, by, at],
            )
            .await?
            .ok_or_else(|| Error::Conflict(format!("the bot {bot}")))?;
        let number: i64 = row.get("last_version")?;
        let sql = format!("INSERT INTO versions ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7)");
        tx.execute(sql, args![bot, number, stored(content), kept(comment), request, by, at]).await?;
        Ok(number)
    }
}

impl Store {
    /// Puts the documents of a version into the draft and, where `publish` is given, queues that request: both or
    /// neither. A repetition under the same idempotency key changes nothing.
    ///
    /// [`Error::Conflict`] when the bot changed since it was loaded.
    pub async fn restore_version(
        &self,
        bot: &Bot,
        swap: Swap,
        change: NewChange,
        publish: Option<(NewRequest, Option<Idempotency>)>,
    ) -> Result<Option<Submitted>, Error> {
        let (id, now) = (bot.id.clone(), self.clock.now());
        let entry = change.entry(self, &bot.account, &id);
        let request_id = RequestId::new(&self.ids, Kind::Publish.prefix());
        let submitted = self
            .write(move |tx| {
                Box::pin(async move {
                    let submitted = match publish {
                        None => None,
                        Some((new, idempotency)) => Some(Request::submit(tx, request_id, new, idempotency, now).await?),
                    };
                    if submitted.as_ref().is_none_or(|submitted| !submitted.repeated) {
                        Bot::apply_swap(tx, &id, &swap).await?;
                        entry.insert(tx).await?;
                    }
                    Ok(submitted)
                })
            })
            .await?;
        self.wakeups.announce();
        Ok(submitted)
    }

    /// A version by its number.
    pub async fn version(&self, bot: &BotId, number: i64) -> Result<Option<Version>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM versions WHERE bot_id = $1 AND number = $2");
        self.row(sql, args![bot, number]).await?.as_ref().map(Version::read).transpose()
    }

    /// The version that is published now, if one is.
    pub async fn published_version(&self, bot: &Bot) -> Result<Option<Version>, Error> {
        match bot.published_version {
            Some(number) => self.version(&bot.id, number).await,
            None => Ok(None),
        }
    }

    /// All versions of a bot, the newest first.
    pub async fn versions(&self, bot: &BotId) -> Result<Vec<Version>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM versions WHERE bot_id = $1 ORDER BY number DESC");
        self.rows(sql, args![bot]).await?.iter().map(Version::read).collect()
    }
}
