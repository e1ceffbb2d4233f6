//! The roles every account has.
//!
//! Their names are the original's, and clients expect one role of the account before those that they made. No source shows its permissions, so they are ours: by area, what the holder may do.

use serde_json::json;
use store::{NewRole, RoleKind};

/// The role of whoever created a bot.
pub(super) const BOT_OWNER: &str = "Bot Owner";

/// All of them.
pub(super) fn roles() -> Vec<NewRole> {
    let role = |kind, name: &str, description: &str, permissions| NewRole {
        kind,
        name: name.to_owned(),
        description: description.to_owned(),
        permissions,
        ref_id: None,
    };
    vec![
        role(
            RoleKind::Bot,
            BOT_OWNER,
            "Everything about the bot, its people included",
            json!({"build": "full", "train": "full", "test": "full", "publish": "full", "analyze": "full", "share": "full"}),
        ),
        role(
            RoleKind::Bot,
            "Bot Developer",
            "Builds, trains and tests the bot, and publishes it",
            json!({"build": "full", "train": "full", "test": "full", "publish": "full", "analyze": "full", "share": "none"}),
        ),
        role(
            RoleKind::Bot,
            "Bot Tester",
            "Tests the bot and reads its analytics",
            json!({"build": "view", "train": "view", "test": "full", "publish": "none", "analyze": "view", "share": "none"}),
        ),
        role(
            RoleKind::Admin,
            "Master Admin",
            "Everything in the account",
            json!({"bots": "full", "users": "full", "roles": "full", "apps": "full", "audit": "full"}),
        ),
    ]
}
