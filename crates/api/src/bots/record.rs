//! A bot as records show it.

use serde_json::{Map, Value, json};
use store::Bot;

use crate::body::Call;
use crate::record::object;
use crate::{ApiError, Platform};

impl Platform {
    /// A bot as a list shows it.
    pub(crate) async fn listed_bot(&self, call: &Call, bot: &Bot) -> Result<Map<String, Value>, ApiError> {
        let facts = self.facts(bot).await?;
        Ok(object(json!({
            "_id": bot.id,
            "accountId": bot.account,
            "purpose": bot.purpose,
            "createdOn": bot.created_at,
            "createdBy": bot.created_by,
            "type": bot.kind,
            "defaultLanguage": bot.default_language,
            "isDeflect": facts.is_deflect,
            "resourceid": "btstreams",
            "status": bot.status(),
            "icon": self.icon_link(call, bot).await?,
            "name": bot.name,
            "description": bot.description,
            "isLinkedTo": [],
            "containsPanelOrWidget": facts.has_panel_or_widget,
        })))
    }

    /// A bot with all that is known of it but its documents.
    pub(crate) async fn full_bot(&self, call: &Call, bot: &Bot) -> Result<Map<String, Value>, ApiError> {
        let mut record = self.listed_bot(call, bot).await?;
        let state = bot.settings.get("state").cloned().unwrap_or_else(|| json!(bot.status()));
        let more = json!({
            "refId": bot.reference_id,
            "color": bot.color,
            "state": state,
            "supportedLanguages": bot.languages,
            "lastModifiedBy": bot.modified_by,
            "lastModifiedOn": bot.modified_at,
            "revision": bot.revision,
            "lastVersion": bot.last_version,
            "publishedVersion": bot.published_version,
            "__v": 0,
        });
        record.extend(object(more));
        if let Some(name) = bot.settings.get("originalName") {
            record.insert("originalName".into(), name.clone());
        }
        Ok(record)
    }

    /// A link to the bot's icon; empty when it has none.
    pub(crate) async fn icon_link(&self, call: &Call, bot: &Bot) -> Result<String, ApiError> {
        let Some(icon) = &bot.content.icon else { return Ok(String::new()) };
        let file = self.store().file_by_object(&store::icon_key(&icon.digest)).await?;
        Ok(file.map(|file| self.link(call, &file)).unwrap_or_default())
    }
}
