//! Bots as the builder manages them; it calls them streams.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod market;
pub(crate) mod one;
pub(crate) mod update;

use serde_json::{Map, Value, json};
use store::Bot;

use crate::record::object;
use crate::{ApiError, Platform};

/// What lists show of a bot.
pub(crate) fn record(bot: &Bot) -> Map<String, Value> {
    object(json!({
        "_id": bot.id,
        "name": bot.name,
        "description": bot.description,
        "refId": bot.reference_id,
        "accountId": bot.account,
        "type": bot.kind,
        "purpose": bot.purpose,
        "color": bot.color,
        "defaultLanguage": bot.default_language,
        "supportedLanguages": bot.languages,
        "status": bot.status(),
        "state": bot.status(),
        "resourceid": "btstreams",
        "publishedVersion": bot.published_version,
        "createdBy": bot.created_by,
        "createdOn": bot.created_at,
        "lModifiedBy": bot.modified_by,
        "lModifiedOn": bot.modified_at,
        "__v": 0,
    }))
}

impl Platform {
    /// A bot with its settings: the members of its definition that are no content, under what its record says.
    pub(crate) async fn full_record(&self, bot: &Bot) -> Result<Map<String, Value>, ApiError> {
        let mut members = record(bot);
        let settings = self.read_documents(bot, |documents| documents.settings()).await?;
        for (key, value) in settings {
            members.entry(key).or_insert(value);
        }
        Ok(members)
    }
}
