//! BotKit in the middle: a customer's server that sees what users and bots say before the other side does, answers
//! webhook nodes, and stands for human agents. (channels.md §11.)
//!
//! How it fits a turn. Everything a server is asked has an id, written to the store before the call goes out
//! ([`talk`]); everything it calls back to do is an [order](BotKitOrder) under such an id ([`callback`]). While the turn
//! that asked waits, orders are kept in the row of the request, and the turn takes them from there; who received one
//! rings a bell, and between nodes the store's announcements and a poll do. Orders under an id nobody waits for go
//! through the inbox and are turns of their own. So one turn ([`mediation`]) is:
//!
//! 1. The user's text goes to `on_user_message`. `sendBotMessage` has the bot hear it, `sendUserMessage` answers in the
//!    bot's place, a skip drops it. A server that cannot be reached is apologised for.
//! 2. The bot acts. A webhook node that is answered later is waited for, if the channel waits.
//! 3. Each bubble of the bot goes to `on_bot_message`, the next one when the one before was answered: delivered as it
//!    was, changed, or dropped. What is not answered in time goes out as it was, and nothing more is asked in the turn.
//! 4. Orders that came besides are taken along, the turn is committed, and `on_event` tells which tasks ended.
//!
//! With an agent the bot is silent: step 1 carries `agent_transfer`, and the turn waits only a while for a word of the
//! agent. A turn that is taken again takes over what the server answered: nothing is asked twice.

mod body;
mod call;
mod callback;
mod event;
mod kind;
mod mediation;
mod order;
mod post;
mod talk;

use std::time::Duration;

use access::{Algorithm, Secret, SigningKey};
use domain::{AppId, BotId, Timestamp};
use serde_json::{Value, json};

pub use call::{BotKitCall, UnknownCall};
pub use callback::Called;
pub(crate) use mediation::Mediation;
pub use order::BotKitOrder;
pub(crate) use talk::Talk;

use crate::Error;
use crate::shared::Shared;

/// The BotKit server of a bot: where it is, the app whose secret signs calls to it, and what it wants to hear.
#[derive(Clone, Debug)]
pub struct BotKit {
    /// Its address.
    pub callback_url: String,
    /// Client id of the app.
    pub client_id: String,
    /// Secret of the app.
    pub secret: Secret,
    /// What it wants to hear, in lower case, such as `onmessage`; everything when empty.
    pub events: Vec<String>,
}

/// How long a token for a BotKit server is good.
const TOKEN_LIFETIME: Duration = Duration::from_secs(300);

impl BotKit {
    /// Whether it wants to hear of something: `onmessage`, `onhook`, `onagenttransfer`, `onevent`.
    pub fn hears(&self, event: &str) -> bool {
        self.events.is_empty() || self.events.iter().any(|it| it == event)
    }

    /// A token that tells the BotKit server who calls.
    ///
    /// # Errors
    /// The secret is too short to sign with.
    pub fn token(&self, now: Timestamp) -> Result<String, access::KeyError> {
        let expires = now.plus(TOKEN_LIFETIME).to_utc().timestamp().as_second();
        let key = SigningKey::new(Algorithm::Hs256, self.secret.expose())?;
        Ok(access::sign(&key, &json!({"appId": self.client_id, "exp": expires})))
    }
}

impl Shared {
    /// The BotKit server of a bot, as its settings say under `botkit`: `clientId`, `callbackUrl`, `events`.
    pub(crate) async fn botkit(&self, bot: &BotId) -> Result<Option<BotKit>, Error> {
        let Some(bot) = self.store.bot(bot).await? else { return Ok(None) };
        let Some(settings) = bot.settings.get("botkit") else { return Ok(None) };
        let text = |name: &str| settings[name].as_str().unwrap_or_default().trim().to_owned();
        let (client_id, callback_url) = (text("clientId"), text("callbackUrl"));
        if callback_url.is_empty() {
            return Ok(None);
        }
        let Some(app) = self.store.app(&AppId::stored(client_id.clone())).await? else {
            tracing::warn!(bot.id = %bot.id, client.id = client_id, "the app of a BotKit server is gone: register it anew");
            return Ok(None);
        };
        let events = settings["events"].as_array().map(Vec::as_slice).unwrap_or_default();
        let events = events.iter().filter_map(Value::as_str).map(str::to_lowercase).collect();
        Ok(Some(BotKit { callback_url, client_id, secret: app.app.secret.clone(), events }))
    }
}
