//! What happened to bots (change logs) and to the account (audit logs).

use domain::{AccountId, BotId, ChangeId, Timestamp, UserId};

use crate::sql::{Arg, Connection, Row, kept};
use crate::{Error, Page, Store, args};

/// One change of a bot.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEntry {
    /// The id, `btl-…`.
    pub id: ChangeId,
    /// The account.
    pub account: AccountId,
    /// The bot.
    pub bot: BotId,
    /// Who did it.
    pub user: UserId,
    /// What was changed: an id of the resource, or the bot's own.
    pub resource_id: String,
    /// What kind of thing was changed: `stream`, `dialog`, `variables`, `app`, `Import` …
    pub resource_type: String,
    /// What was done, in words.
    pub message: String,
    /// When.
    pub created_at: Timestamp,
}

/// A change that is about to be logged.
#[derive(Clone, Debug)]
pub struct NewChange {
    /// Who does it.
    pub user: UserId,
    /// The resource; the bot itself when absent.
    pub resource_id: Option<String>,
    /// What kind of thing is changed.
    pub resource_type: &'static str,
    /// What is done, in words.
    pub message: String,
}

impl NewChange {
    /// The entry this becomes.
    pub fn entry(self, store: &Store, account: &AccountId, bot: &BotId) -> ChangeEntry {
        ChangeEntry {
            id: ChangeId::new(&store.ids),
            account: account.clone(),
            bot: bot.clone(),
            user: self.user,
            resource_id: self.resource_id.unwrap_or_else(|| bot.to_string()),
            resource_type: self.resource_type.to_owned(),
            message: self.message,
            created_at: store.clock.now(),
        }
    }
}

impl ChangeEntry {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: ChangeId::stored(row.get::<String>("id")?),
            account: AccountId::stored(row.get::<String>("account_id")?),
            bot: BotId::stored(row.get::<String>("bot_id")?),
            user: UserId::stored(row.get::<String>("user_id")?),
            resource_id: row.get("resource_id")?,
            resource_type: row.get("resource_type")?,
            message: row.get("message")?,
            created_at: row.time("created_at")?,
        })
    }

    /// Writes the entry.
    pub async fn insert(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        tx.execute(
            "INSERT INTO change_logs (id, account_id, bot_id, user_id, resource_id, resource_type, message, \
             created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)",
            args![
                &self.id,
                &self.account,
                &self.bot,
                &self.user,
                kept(&*self.resource_id),
                kept(&*self.resource_type),
                kept(&*self.message),
                self.created_at,
            ],
        )
        .await
        .map(drop)
    }
}

/// Which change-log entries to list.
#[derive(Clone, Debug, Default)]
pub struct ChangeFilter {
    /// Not before this moment.
    pub from: Option<Timestamp>,
    /// Not after this moment.
    pub to: Option<Timestamp>,
    /// How many to pass over.
    pub offset: i64,
    /// How many to give at the most.
    pub limit: i64,
}

/// One event of the account.
#[derive(Clone, Debug, PartialEq)]
pub struct AuditEntry {
    /// The id, 24 hexadecimal digits.
    pub id: String,
    /// The family of the event: `App Management`, `User Management` …
    pub category: String,
    /// Who did it: a name or an address.
    pub actor: String,
    /// What was done, in words.
    pub description: String,
    /// When.
    pub created_at: Timestamp,
}

impl Store {
    /// Logs a change of a bot that needs no transaction with others.
    pub async fn log_change(&self, account: &AccountId, bot: &BotId, change: NewChange) -> Result<(), Error> {
        let entry = change.entry(self, account, bot);
        self.write(move |tx| Box::pin(async move { entry.insert(tx).await })).await
    }

    /// The change log of a bot, the newest first.
    pub async fn changes(&self, bot: &BotId, filter: &ChangeFilter) -> Result<Vec<ChangeEntry>, Error> {
        let from = filter.from.map_or(i64::MIN, Timestamp::as_millis);
        let to = filter.to.map_or(i64::MAX, Timestamp::as_millis);
        let rows = self
            .rows(
                "SELECT id, account_id, bot_id, user_id, resource_id, resource_type, message, created_at \
                 FROM change_logs WHERE bot_id = $1 AND created_at >= $2 AND created_at <= $3 \
                 ORDER BY created_at DESC, id LIMIT $4 OFFSET $5",
                args![bot, from, to, filter.limit, filter.offset],
            )
            .await?;
        rows.iter().map(ChangeEntry::read).collect()
    }

    /// Logs an event of the account.
    pub async fn log_audit(
        &self,
        account: &AccountId,
        category: &str,
        actor: &str,
        description: &str,
    ) -> Result<(), Error> {
        let parameters: Vec<Arg> =
            args![self.ids.object_id(), account, category, kept(actor), kept(description), self.clock.now()];
        self.execute(
            "INSERT INTO audit_logs (id, account_id, category, actor_name, description, created_at) \
             VALUES ($1, $2, $3, $4, $5, $6)",
            parameters,
        )
        .await
        .map(drop)
    }

    /// The audit log of an account, the newest first.
    pub async fn audit_log(&self, account: &AccountId, filter: &ChangeFilter) -> Result<Page<AuditEntry>, Error> {
        let from = filter.from.map_or(i64::MIN, Timestamp::as_millis);
        let to = filter.to.map_or(i64::MAX, Timestamp::as_millis);
        let count = self
            .row(
                "SELECT COUNT(*) AS total FROM audit_logs \
                 WHERE account_id = $1 AND created_at >= $2 AND created_at <= $3",
                args![account, from, to],
            )
            .await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let rows = self
            .rows(
                "SELECT id, category, actor_name, description, created_at FROM audit_logs \
                 WHERE account_id = $1 AND created_at >= $2 AND created_at <= $3 \
                 ORDER BY created_at DESC, id LIMIT $4 OFFSET $5",
                args![account, from, to, filter.limit, filter.offset],
            )
            .await?;
        let read = |row: &Row| {
            Ok(AuditEntry {
                id: row.get("id")?,
                category: row.get("category")?,
                actor: row.get("actor_name")?,
                description: row.get("description")?,
                created_at: row.time("created_at")?,
            })
        };
        Ok(Page { items: rows.iter().map(read).collect::<Result<_, Error>>()?, total })
    }
}
