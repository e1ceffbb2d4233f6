//! The middle of a turn: the bot acts, and asks of the world what it cannot do itself.

use std::pin::Pin;

use dialog::turn::Outcome;
use dialog::{Circumstances, Event};
use domain::SessionId;
use tokio::time::Instant;

use crate::Error;
use crate::botkit::Talk;
use crate::host::WorldHost;
use crate::journal::Journal;
use crate::session::Document;
use crate::shared::Shared;
use crate::turn::Turn;

impl Shared {
    /// Lets the bot act, unless a human has the conversation.
    pub(crate) async fn take_turn(
        &self,
        turn: &Turn<'_>,
        event: Event,
        document: &mut Document,
        talk: &mut Talk,
        journal: &mut Journal<'_>,
    ) -> Result<Outcome, Error> {
        let Turn { incoming, key, ready, session, now, notes } = *turn;
        if document.state.with_agent {
            return Ok(Outcome::default());
        }
        let model = self.models.model(&ready.definition, &document.state.language).await?;
        let zone = incoming.timezone.as_deref().and_then(|name| jiff::tz::TimeZone::get(name).ok());
        let at = Circumstances {
            bot_id: key.bot.to_string(),
            user_id: key.user.to_string(),
            session_id: session.to_string(),
            channel: incoming.speaks_as.clone().unwrap_or_else(|| key.channel.clone()),
            now: now.to_utc().with_time_zone(zone.unwrap_or(jiff::tz::TimeZone::UTC)),
            seed: seed_of(session, document.state.turns),
            connects: incoming.connects,
            flows: self.options.flows.clone(),
            compat: self.options.compat.clone(),
            hiding: std::sync::Arc::clone(&ready.hiding),
            limits: *self.store.limits(),
        };
        let mut host = WorldHost {
            shared: self,
            bot: &ready.bot,
            key,
            session: session.to_string(),
            language: document.state.language.clone(),
            now,
            mode: document.services,
            talk,
            journal,
            ends_at: Instant::now() + self.turn_limit(),
            pace: &ready.pace,
            notes,
        };
        // A turn is a large type of many parts: whoever awaits it need not know them.
        let turn: Pin<Box<dyn Future<Output = Outcome> + Send + '_>> =
            Box::pin(dialog::turn(&ready.bot, &model, &mut document.state, event, &at, &mut host));
        Ok(turn.await)
    }
}

/// The seed of a turn: the same turn, taken again, draws the same.
fn seed_of(session: &SessionId, turn: u64) -> u64 {
    let hash = access::digest::sha256(format!("{session}/{turn}").as_bytes());
    u64::from_str_radix(&hash[..16], 16).unwrap_or(0)
}
