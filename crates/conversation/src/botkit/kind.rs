//! What is asked of a BotKit server, as the paths of its calls and the kinds of requests call it.

pub(super) const USER_MESSAGE: &str = "on_user_message";
pub(super) const BOT_MESSAGE: &str = "on_bot_message";
pub(super) const WEBHOOK: &str = "on_webhook";
pub(super) const TRANSFER: &str = "on_agent_transfer";
pub(super) const EVENT: &str = "on_event";
