//! Bots as the builder manages them; it calls them streams.

pub(crate) mod create;
pub(crate) mod delete;
pub(crate) mod list;
pub(crate) mod market;
pub(crate) mod one;
pub(crate) mod universal_version;
pub(crate) mod update;

use definition::revise;
use serde_json::{Map, Value};
use store::Bot;

use crate::body::Call;
use crate::{ApiError, Platform};

impl Platform {
    /// A bot with its settings: its record, and the members of its definition that are no content.
    pub(crate) async fn bot_with_settings(&self, call: &Call, bot: &Bot) -> Result<Map<String, Value>, ApiError> {
        let mut members = self.full_bot(call, bot).await?;
        let settings = self
            .read_documents(bot, |documents| {
                revise::settings(&documents.definition).map_err(|error| ApiError::internal(&error))
            })
            .await?;
        for (key, value) in settings {
            members.entry(key).or_insert(value);
        }
        Ok(members)
    }
}
