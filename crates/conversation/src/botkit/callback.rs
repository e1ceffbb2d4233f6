//! Calls of BotKit servers back to the platform.

use std::time::Duration;

use domain::BotId;
use serde_json::Value;
use store::{BotKitAnswer, BotKitRequest};

use super::talk::Kept;
use super::{BotKitCall, BotKitOrder};
use crate::queue::BRIEFLY;
use crate::shape::Shape;
use crate::{Conversations, Error, IncomingEvent, Place};

/// What came of a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Called {
    /// It is done, or will be.
    Done,
    /// Nothing was asked under this id, or the session it belongs to has ended.
    Unknown,
    /// The payload cannot be read; why.
    Unreadable(&'static str),
}

/// So long a call waits for what it does to be done, when nobody else is at work on the conversation. When somebody is, that
/// may be a turn that waits for the server, which waits for this call.
const PATIENCE: Duration = Duration::from_secs(2);

impl Conversations {
    /// Takes a call of a BotKit server under the id of a request. The turn that waits for it is given it; else it is a
    /// turn of its own. Who calls was found good.
    ///
    /// # Errors
    /// The store failed. The call may be made again.
    pub async fn botkit_calls(
        &self,
        bot: &BotId,
        call: BotKitCall,
        request: &str,
        payload: &Value,
    ) -> Result<Called, Error> {
        let shared = self.shared();
        let store = &shared.store;
        if call == BotKitCall::ExtendCallId {
            let is_there = store.touch_botkit_request(bot, request).await?;
            return Ok(if is_there { Called::Done } else { Called::Unknown });
        }
        let Some(request) = store.botkit_request(bot, request).await? else { return Ok(Called::Unknown) };
        let place = self.place(request.conversation.clone());
        let kept = match Kept::of_kept(&request.payload) {
            Ok(kept) => kept,
            Err(error) => {
                tracing::error!(%error, request.id = request.id, "a request to a BotKit server cannot be read");
                return Ok(Called::Unknown);
            }
        };
        let order = match BotKitOrder::read(call, payload, kept.original.as_ref()) {
            Ok(order) => order,
            Err(reason) => return Ok(Called::Unreadable(reason)),
        };
        let answer = serde_json::to_value(&order).expect("every map in it has texts as keys");
        match store.answer_botkit_request(&request.id, answer, call.decides(&request.kind)).await? {
            None => Ok(Called::Unknown),
            Some(BotKitAnswer::TooLate) => Ok(Called::Done),
            Some(BotKitAnswer::Awaited) => {
                shared.bells.ring(&request.id);
                Ok(Called::Done)
            }
            Some(BotKitAnswer::Late) => self.obey_later(place, &request, kept, order).await,
        }
    }

    /// Has an order done that no turn waits for, in the order orders came.
    async fn obey_later(
        &self,
        place: Place,
        request: &BotKitRequest,
        kept: Kept,
        order: BotKitOrder,
    ) -> Result<Called, Error> {
        // A session that is not there yet is written by the turn that runs.
        let session = self.shared().store.session(&request.session).await?;
        if session.is_some_and(|session| session.ended_at.is_some()) {
            return Ok(Called::Unknown);
        }
        let mut incoming = kept.incoming;
        incoming.event = IncomingEvent::BotKit(order);
        let begun = self.keep_and_begin(place, &incoming).await?;
        let patience = if begun.is_next { PATIENCE } else { BRIEFLY };
        tokio::time::timeout(patience, begun.task).await.ok();
        Ok(Called::Done)
    }
}
