//! Webhooks: where finished requests are announced.

use access::Secret;
use domain::{AccountId, BotId, Timestamp, UserId};

use crate::bots::stored;
use crate::sql::{Connection, Row, kept};
use crate::{Error, Store, args};

/// A webhook.
#[derive(Clone, Debug, PartialEq)]
pub struct Webhook {
    /// The id, `wh-…`.
    pub id: String,
    /// The account.
    pub account: AccountId,
    /// The bot whose requests it hears of; all bots of the account when absent.
    pub bot: Option<BotId>,
    /// Where announcements are sent.
    pub url: String,
    /// The signing secret, sealed.
    pub sealed_secret: String,
    /// The events it hears of, such as `bot_import.succeeded`; all when empty.
    pub events: Vec<String>,
    /// Who made it.
    pub created_by: UserId,
    /// When.
    pub created_at: Timestamp,
}

const COLUMNS: &str = "id, account_id, bot_id, url, sealed_secret, events, created_by, created_at";

impl Webhook {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: row.get("id")?,
            account: AccountId::stored(row.get::<String>("account_id")?),
            bot: row.get::<Option<String>>("bot_id")?.map(BotId::stored),
            url: row.get("url")?,
            sealed_secret: row.get("sealed_secret")?,
            events: row.json("events")?,
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
        })
    }

    /// Whether it hears of this event.
    pub fn hears(&self, event: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|wanted| wanted == event)
    }

    /// The webhooks that hear of a bot, read inside a transaction.
    pub async fn of_bot(tx: &mut Connection<'_>, account: &AccountId, bot: Option<&BotId>) -> Result<Vec<Self>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE account_id = $1 AND (bot_id IS NULL OR bot_id = $2)");
        tx.rows(sql, args![account, bot]).await?.iter().map(Self::read).collect()
    }
}

impl Store {
    /// Seals the signing secret of the webhook with this id.
    pub fn seal_webhook_secret(&self, id: &str, secret: &Secret) -> String {
        self.key.seal(&format!("webhook secret {id}"), secret.expose(), &self.ids)
    }

    /// The signing secret of a webhook.
    pub fn open_webhook_secret(&self, webhook: &Webhook) -> Result<Secret, Error> {
        self.key
            .open(&format!("webhook secret {}", webhook.id), &webhook.sealed_secret)
            .map_err(|source| Error::Sealed { what: format!("the secret of the webhook {}", webhook.id), source })
    }

    /// Writes a new webhook.
    pub async fn add_webhook(&self, webhook: &Webhook) -> Result<(), Error> {
        let sql = format!("INSERT INTO webhooks ({COLUMNS}) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)");
        let parameters = args![
            &webhook.id,
            &webhook.account,
            webhook.bot.as_ref(),
            kept(&*webhook.url),
            &webhook.sealed_secret,
            stored(&webhook.events),
            &webhook.created_by,
            webhook.created_at,
        ];
        self.execute(sql, parameters).await.map(drop)
    }

    /// The webhooks of an account, the oldest first.
    pub async fn webhooks(&self, account: &AccountId) -> Result<Vec<Webhook>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE account_id = $1 ORDER BY created_at, id");
        self.rows(sql, args![account]).await?.iter().map(Webhook::read).collect()
    }

    /// A webhook by its id.
    pub async fn webhook(&self, account: &AccountId, id: &str) -> Result<Option<Webhook>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM webhooks WHERE account_id = $1 AND id = $2");
        self.row(sql, args![account, id]).await?.as_ref().map(Webhook::read).transpose()
    }

    /// Removes a webhook; whether there was one.
    pub async fn delete_webhook(&self, account: &AccountId, id: &str) -> Result<bool, Error> {
        Ok(self.execute("DELETE FROM webhooks WHERE account_id = $1 AND id = $2", args![account, id]).await? > 0)
    }
}
