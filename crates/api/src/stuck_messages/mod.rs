//! Messages that could not be answered and were given up: the list, trying one again, dropping one. Additions of this
//! server.

mod delete;
mod list;
mod retry;

use access::Scope;
use serde_json::{Map, Value, json};
use store::{NewChange, StuckMessage};
use utoipa_axum::router::OpenApiRouter;
use utoipa_axum::routes;

use crate::body::Call;
use crate::platform::Caller;
use crate::record::object;
use crate::route::{Demand, Limit, demand};
use crate::{ApiError, Platform};

/// What users wrote is shown to who may read what they wrote.
const LOOK: Demand = demand(&[Scope::ChatHistory], Limit::Account);
/// Who may see to sessions may see to what is stuck in them.
const CHANGE: Demand = demand(&[Scope::BotSessions], Limit::Account);

pub(crate) fn routes() -> OpenApiRouter<Platform> {
    OpenApiRouter::new().routes(routes!(list::list)).routes(routes!(retry::retry)).routes(routes!(delete::delete))
}

impl Platform {
    /// The message with this id, if the caller's app may see to messages to its bot.
    async fn reachable_stuck_message(&self, call: &Call, id: &str) -> Result<(Caller, StuckMessage), ApiError> {
        // A scope for one bot counts, so it is asked for when the bot is known.
        let caller = self.caller(call, demand(&[], CHANGE.limit)).await?;
        let found = self.store().stuck_message(&caller.app.account, id).await?;
        let found = found.filter(|message| caller.app.bound_to(&message.conversation.bot));
        let bot = found.as_ref().map(|message| &message.conversation.bot);
        if !caller.app.allows(Scope::BotSessions, bot) {
            return Err(ApiError::scope_missing());
        }
        Ok((caller, found.ok_or_else(unknown)?))
    }

    /// Logs what was done with a message.
    async fn log_stuck_message(&self, caller: &Caller, message: &StuckMessage, done: &str) -> Result<(), ApiError> {
        let key = &message.conversation;
        let change = NewChange {
            user: caller.user().clone(),
            resource_id: Some(message.id.clone()),
            resource_type: "message",
            message: done.to_owned(),
        };
        Ok(self.store().log_change(&key.account, &key.bot, change).await?)
    }
}

/// 400: no message that was given up has this id.
fn unknown() -> ApiError {
    ApiError::bad_request("Invalid message ID")
        .with_detail("no message that was given up has this id; GET /api/public/stuckmessages lists them")
}

/// A message that was given up.
fn record(message: &StuckMessage) -> Map<String, Value> {
    let key = &message.conversation;
    object(json!({
        "_id": message.id,
        "streamId": key.bot,
        "userId": key.user,
        "identity": key.identity,
        "channel": key.channel,
        "received": message.payload.get("event"),
        "attempts": message.attempts,
        "reason": message.reason,
        "createdOn": message.created_at,
        "givenUpOn": message.given_up_at,
    }))
}
