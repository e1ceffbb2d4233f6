//! Published versions of a bot: the list, one of them, and the way back to one. Additions of this server.

pub(super) mod list;
pub(super) mod one;
pub(super) mod restore;

use access::Scope;
use serde_json::{Map, Value, json};
use store::{Bot, Version};

use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// Who may export a version, or follow its publish, may see it.
const LOOK: Demand = demand(&[Scope::BotExport, Scope::PublishStatus, Scope::PublishRequest], Limit::Bot);

/// A version; its digests tell whether two versions hold the same.
fn record(bot: &Bot, version: &Version) -> Map<String, Value> {
    object(json!({
        "streamId": version.bot,
        "version": version.number,
        "published": bot.published_version == Some(version.number),
        "versionComment": version.comment,
        "requestId": version.request,
        "createdBy": version.created_by,
        "createdOn": version.created_at,
        "definitionSha256": version.content.definition,
        "configSha256": version.content.config,
    }))
}

impl Platform {
    /// The version a path names by its number.
    async fn version_in_path(&self, bot: &Bot, number: &str) -> Result<Version, ApiError> {
        let unknown = || ApiError::bad_request(format!("The bot has no version {number}"));
        let parsed: i64 = number.parse().map_err(|_| unknown())?;
        self.store().version(&bot.id, parsed).await?.ok_or_else(unknown)
    }
}
