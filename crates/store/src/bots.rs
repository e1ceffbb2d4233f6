//! Bots, and the pointers to their documents.

use domain::{AccountId, BotId, DefinitionFile, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use crate::sql::{Connection, Row, kept, key};
use crate::{Error, Store, args};

/// A bot: what lists show of it, and where its documents are.
#[derive(Clone, Debug, PartialEq)]
pub struct Bot {
    /// The id, `st-…`.
    pub id: BotId,
    /// The account.
    pub account: AccountId,
    /// The `refId` of the definition, which stays when a bot is imported elsewhere.
    pub reference_id: String,
    /// The name.
    pub name: String,
    /// The description.
    pub description: String,
    /// `default`, `taskbot` or `universalbot`.
    pub kind: String,
    /// `customer` or `employee`.
    pub purpose: String,
    /// The colour, `#rrggbb`.
    pub color: String,
    /// The default language, such as `en`.
    pub default_language: String,
    /// All languages of the bot.
    pub languages: Vec<String>,
    /// The draft: what the builder calls *in development* and exports call `latest`.
    pub content: Content,
    /// Grows with every change of the draft, or of the bot's name, colour and settings.
    pub revision: i64,
    /// The number of the newest version; 0 before the first publish.
    pub last_version: i64,
    /// The number of the version that is published, if one is.
    pub published_version: Option<i64>,
    /// What is set about the bot outside of its documents.
    pub settings: Map<String, Value>,
    /// Who created it.
    pub created_by: UserId,
    /// When it was created.
    pub created_at: Timestamp,
    /// Who changed it last.
    pub modified_by: UserId,
    /// When it was changed last.
    pub modified_at: Timestamp,
}

/// The documents of one state of a bot, by digest. Equal contents have equal digests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Content {
    /// The definition, the exact bytes.
    pub definition: String,
    /// The file that the definition came in, and that an export has it in.
    #[serde(default, skip_serializing_if = "DefinitionFile::is_bot")]
    pub definition_file: DefinitionFile,
    /// `config.json`, the exact bytes save that secured values are empty.
    pub config: String,
    /// Uploaded JavaScript files with functions for scripts.
    #[serde(default)]
    pub functions: Vec<NamedBlob>,
    /// The icon, kept as an object `icons/<digest>`.
    #[serde(default)]
    pub icon: Option<NamedBlob>,
}

/// A document with a file name.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamedBlob {
    /// The file name.
    pub name: String,
    /// The SHA-256 of the bytes.
    pub digest: String,
}

/// Some records of a longer list.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// The records.
    pub items: Vec<T>,
    /// How many there are in all.
    pub total: i64,
}

/// A change of a bot's draft: what [`swap`](Bot::swap) writes.
#[derive(Clone, Debug)]
pub struct Swap {
    /// The revision the change was made from.
    pub base: i64,
    /// The new content.
    pub content: Content,
    /// The new name.
    pub name: String,
    /// The new description.
    pub description: String,
    /// The new colour.
    pub color: String,
    /// The new default language.
    pub default_language: String,
    /// The new languages.
    pub languages: Vec<String>,
    /// Who changes it.
    pub by: UserId,
    /// When.
    pub at: Timestamp,
}

const COLUMNS: &str = "id, account_id, reference_id, name, description, kind, purpose, color, default_language, \
    languages, content, revision, last_version, published_version, settings, created_by, created_at, modified_by, \
    modified_at";

impl Bot {
    fn read(row: &Row) -> Result<Self, Error> {
        Ok(Self {
            id: BotId::stored(row.get::<String>("id")?),
            account: AccountId::stored(row.get::<String>("account_id")?),
            reference_id: row.get("reference_id")?,
            name: row.get("name")?,
            description: row.get("description")?,
            kind: row.get("kind")?,
            purpose: row.get("purpose")?,
            color: row.get("color")?,
            default_language: row.get("default_language")?,
            languages: row.json("languages")?,
            content: row.json("content")?,
            revision: row.get("revision")?,
            last_version: row.get("last_version")?,
            published_version: row.get("published_version")?,
            settings: row.json("settings")?,
            created_by: UserId::stored(row.get::<String>("created_by")?),
            created_at: row.time("created_at")?,
            modified_by: UserId::stored(row.get::<String>("modified_by")?),
            modified_at: row.time("modified_at")?,
        })
    }

    /// `published` or `configured`, as lists call it.
    pub fn status(&self) -> &'static str {
        if self.published_version.is_some() { "published" } else { "configured" }
    }

    /// The change that puts `content` in place and leaves the rest.
    pub fn swap(&self, content: Content, by: &UserId, at: Timestamp) -> Swap {
        Swap {
            base: self.revision,
            content,
            name: self.name.clone(),
            description: self.description.clone(),
            color: self.color.clone(),
            default_language: self.default_language.clone(),
            languages: self.languages.clone(),
            by: by.clone(),
            at,
        }
    }

    /// Writes a new bot. [`Error::Exists`] when its id is taken.
    pub async fn insert(&self, tx: &mut Connection<'_>) -> Result<(), Error> {
        self.content.hold(tx, None).await?;
        let sql = format!(
            "INSERT INTO bots ({COLUMNS}, last_sequence) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, 1) \
             ON CONFLICT (id) DO NOTHING"
        );
        let written = tx
            .execute(
                sql,
                args![
                    &self.id,
                    &self.account,
                    kept(&*self.reference_id),
                    kept(&*self.name),
                    kept(&*self.description),
                    kept(&*self.kind),
                    kept(&*self.purpose),
                    &self.color,
                    &self.default_language,
                    stored(&self.languages),
                    stored(&self.content),
                    self.revision,
                    self.last_version,
                    self.published_version,
                    stored(&self.settings),
                    &self.created_by,
                    self.created_at,
                    &self.modified_by,
                    self.modified_at,
                ],
            )
            .await?;
        if written == 0 { Err(Error::Exists(format!("the bot {}", self.id))) } else { Ok(()) }
    }

    /// Puts a new draft in place, if nobody changed the bot since `swap.base`; else [`Error::Conflict`].
    pub async fn apply_swap(tx: &mut Connection<'_>, id: &BotId, swap: &Swap) -> Result<(), Error> {
        let row = tx.row("SELECT content FROM bots WHERE id = $1", args![id]).await?;
        let current = row.map(|row| row.json::<Content>("content")).transpose()?;
        // Only the revision below tells that this is still so; if it is not, nothing of this transaction stays.
        swap.content.hold(tx, current.as_ref()).await?;
        let written = tx
            .execute(
                "UPDATE bots SET content = $3, name = $4, description = $5, color = $6, default_language = $7, \
                 languages = $8, modified_by = $9, modified_at = $10, revision = revision + 1 \
                 WHERE id = $1 AND revision = $2",
                args![
                    id,
                    swap.base,
                    stored(&swap.content),
                    kept(&*swap.name),
                    kept(&*swap.description),
                    kept(&*swap.color),
                    kept(&*swap.default_language),
                    stored(&swap.languages),
                    &swap.by,
                    swap.at,
                ],
            )
            .await?;
        if written == 0 { Err(Error::Conflict(format!("the bot {id}"))) } else { Ok(()) }
    }

    /// Loads a bot inside a transaction and keeps others from changing it until the end.
    pub async fn lock(tx: &mut Connection<'_>, id: &BotId) -> Result<Option<Self>, Error> {
        let sql = format!("SELECT {COLUMNS} FROM bots WHERE id = $1{}", tx.for_update(" FOR UPDATE"));
        tx.row(sql, args![id]).await?.as_ref().map(Self::read).transpose()
    }
}

/// A value as the text of a JSON column.
pub(crate) fn stored<T: Serialize>(value: &T) -> String {
    serde_json::to_string(value).expect("plain data always serialises")
}

impl Store {
    /// The bot with this id.
    pub async fn bot(&self, id: &BotId) -> Result<Option<Bot>, Error> {
        let load = async {
            let sql = format!("SELECT {COLUMNS} FROM bots WHERE id = $1");
            self.row(sql, args![id]).await?.as_ref().map(Bot::read).transpose()
        };
        self.read_cache.answer("bot", id.as_str(), load).await
    }

    /// The bots of an account in the order they were created: a page of them, and how many there are.
    pub async fn bots(&self, account: &AccountId, offset: i64, limit: i64) -> Result<Page<Bot>, Error> {
        let count = self.row("SELECT COUNT(*) AS total FROM bots WHERE account_id = $1", args![account]).await?;
        let total = count.map(|row| row.get("total")).transpose()?.unwrap_or(0);
        let sql =
            format!("SELECT {COLUMNS} FROM bots WHERE account_id = $1 ORDER BY created_at, id LIMIT $2 OFFSET $3");
        let rows = self.rows(sql, args![account, limit, offset]).await?;
        Ok(Page { items: rows.iter().map(Bot::read).collect::<Result<_, _>>()?, total })
    }

    /// Puts a new draft in place and logs the change; [`Error::Conflict`] when the bot changed since `swap.base`.
    pub async fn swap_draft(&self, bot: &Bot, swap: Swap, change: crate::NewChange) -> Result<(), Error> {
        let (id, account) = (bot.id.clone(), bot.account.clone());
        let entry = change.entry(self, &account, &id);
        self.write(move |tx| {
            Box::pin(async move {
                Bot::apply_swap(tx, &id, &swap).await?;
                entry.insert(tx).await
            })
        })
        .await
    }

    /// As [`Store::swap_draft`], with values of secured variables given by name in plain text; they are kept sealed.
    pub async fn swap_draft_with_secrets(
        &self,
        bot: &Bot,
        swap: Swap,
        change: crate::NewChange,
        secrets: &[(String, String)],
    ) -> Result<(), Error> {
        let (id, now) = (bot.id.clone(), self.clock.now());
        let entry = change.entry(self, &bot.account, &id);
        let sealed: Vec<(String, String)> =
            secrets.iter().map(|(name, value)| (name.clone(), self.seal_variable(&id, name, value))).collect();
        self.write(move |tx| {
            Box::pin(async move {
                Bot::apply_swap(tx, &id, &swap).await?;
                for (name, sealed) in &sealed {
                    Self::put_secured_value(tx, &id, name, sealed, now).await?;
                }
                entry.insert(tx).await
            })
        })
        .await
    }

    /// The names of all bots of an account.
    pub async fn bot_names(&self, account: &AccountId) -> Result<Vec<String>, Error> {
        let rows = self.rows("SELECT name FROM bots WHERE account_id = $1", args![account]).await?;
        rows.iter().map(|row| row.get("name")).collect()
    }

    /// Changes a bot's name, colour and what is set about it outside of its documents as `edit` says, and logs the
    /// change; the bot as it is then, or nothing when it is gone.
    ///
    /// The revision grows: who prepares a draft from an earlier look must not bring the old name back.
    pub async fn edit_bot(
        &self,
        bot: &Bot,
        change: crate::NewChange,
        edit: impl FnOnce(&mut Bot) + Send + 'static,
    ) -> Result<Option<Bot>, Error> {
        let (id, by, now) = (bot.id.clone(), change.user.clone(), self.clock.now());
        let entry = change.entry(self, &bot.account, &id);
        self.write(move |tx| {
            Box::pin(async move {
                let Some(mut bot) = Bot::lock(tx, &id).await? else { return Ok(None) };
                edit(&mut bot);
                bot.revision += 1;
                (bot.modified_by, bot.modified_at) = (by, now);
                tx.execute(
                    "UPDATE bots SET settings = $2, name = $3, color = $4, revision = $5, modified_by = $6, \
                     modified_at = $7 WHERE id = $1",
                    args![
                        &bot.id,
                        stored(&bot.settings),
                        kept(&*bot.name),
                        kept(&*bot.color),
                        bot.revision,
                        &bot.modified_by,
                        bot.modified_at,
                    ],
                )
                .await?;
                entry.insert(tx).await?;
                Ok(Some(bot))
            })
        })
        .await
    }

    /// Removes a bot with all it has; whether there was one. Its requests and logs stay.
    pub async fn delete_bot(&self, id: &BotId) -> Result<bool, Error> {
        Ok(self.execute("DELETE FROM bots WHERE id = $1", args![id]).await? > 0)
    }

    /// The sealed values of a bot's secured variables, by variable name.
    pub async fn secured_values(&self, bot: &BotId) -> Result<Vec<(String, String)>, Error> {
        let rows = self
            .rows("SELECT name, sealed_value FROM secured_values WHERE bot_id = $1 ORDER BY name", args![bot])
            .await?;
        rows.iter().map(|row| Ok((row.get("name")?, row.get("sealed_value")?))).collect()
    }

    /// Seals the value of a bot's secured variable.
    pub fn seal_variable(&self, bot: &BotId, name: &str, value: &str) -> String {
        self.key.seal(&format!("variable {name} of {bot}"), value, &self.ids)
    }

    /// Writes the sealed value of a secured variable inside a transaction.
    pub async fn put_secured_value(
        tx: &mut Connection<'_>,
        bot: &BotId,
        name: &str,
        sealed: &str,
        now: Timestamp,
    ) -> Result<(), Error> {
        tx.execute(
            "INSERT INTO secured_values (bot_id, name, sealed_value, modified_at) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (bot_id, name) DO UPDATE SET sealed_value = excluded.sealed_value, \
             modified_at = excluded.modified_at",
            args![bot, key("the key of a secured variable", name), sealed, now],
        )
        .await
        .map(drop)
    }
}
