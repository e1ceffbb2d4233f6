//! What happens around the words of a conversation: scripts that go wrong, services, sessions, the webhook channel, death.
//!
//! What is said and answered stands in the cases of `conversations`; here is what takes more than talk to see.

mod agents;
mod answered_once;
mod context;
mod damaged;
mod delivery;
mod detection;
mod egress;
mod flows;
mod generative;
mod given_up;
mod hostile;
mod journal;
mod kept_shapes;
mod last_words;
mod nodes;
mod order;
mod pins;
mod real_bots;
mod scripts;
mod services;
mod sessions;
mod tables;
mod webhook;

use serde_json::Value;
use store::TurnLogFilter;

use crate::support::TestServer;

/// What the debug logs tell of a kind of steps of a user's turns, the oldest first.
pub(crate) async fn steps(server: &TestServer, bot: &str, user: &str, kind: &str) -> Vec<Value> {
    let filter = TurnLogFilter {
        account: server.premises().account.id.clone(),
        bot: domain::BotId::stored(bot),
        user: Some(user.to_owned()),
        channel: None,
        from: None,
        to: None,
        offset: 0,
        limit: 100,
    };
    let logs = server.store().turn_logs(&filter).await.unwrap().items;
    let steps = logs.iter().rev().flat_map(|log| log.log.entry["steps"].as_array().unwrap());
    steps.filter(|step| step["kind"] == kind).cloned().collect()
}
