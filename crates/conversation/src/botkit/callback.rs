//! Calls of BotKit servers back to the platform.

use std::str::FromStr;
use std::time::Duration;

use domain::BotId;
use serde_json::Value;
use store::{BotKitAnswer, BotKitRequest};

use super::BotKitOrder;
use super::talk::{Kept, kind};
use crate::queue::BRIEFLY;
use crate::shape::Shape;
use crate::{Conversations, Error, IncomingEvent, Place};

/// What a BotKit server calls back for, under the id of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BotKitCall {
    /// The user is told something.
    SendUserMessage,
    /// The bot hears something.
    SendBotMessage,
    /// The user's message is dropped.
    SkipUserMessage,
    /// The bot's message is dropped.
    SkipBotMessage,
    /// The user is alerted.
    SendAlertMessage,
    /// The user is asked for feedback.
    SendFeedbackMessage,
    /// A webhook node goes on.
    ServiceCallback,
    /// A human has the conversation from now on.
    StartAgentSession,
    /// The bot has the conversation again.
    ClearAgentSession,
    /// The id stays good for longer.
    ExtendCallId,
    /// The running tasks are given up.
    ResetBot,
    /// The session ends.
    ClearConversationSession,
}

/// No call has this name.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a call of BotKit; `sendUserMessage` is one")]
pub struct UnknownCall(String);

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

const NAMES: [(&str, BotKitCall); 12] = [
    ("sendUserMessage", BotKitCall::SendUserMessage),
    ("sendBotMessage", BotKitCall::SendBotMessage),
    ("skipUserMessage", BotKitCall::SkipUserMessage),
    ("skipBotMessage", BotKitCall::SkipBotMessage),
    ("sendAlertMessage", BotKitCall::SendAlertMessage),
    ("sendFeedbackMessage", BotKitCall::SendFeedbackMessage),
    ("serviceCallback", BotKitCall::ServiceCallback),
    ("startAgentSession", BotKitCall::StartAgentSession),
    ("clearAgentSession", BotKitCall::ClearAgentSession),
    ("extendcallid", BotKitCall::ExtendCallId),
    ("resetBot", BotKitCall::ResetBot),
    ("clearConversationSession", BotKitCall::ClearConversationSession),
];

impl FromStr for BotKitCall {
    type Err = UnknownCall;

    /// Finds a call by its name in URLs, in any letter case.
    fn from_str(name: &str) -> Result<Self, UnknownCall> {
        let found = NAMES.iter().find(|(known, _)| known.eq_ignore_ascii_case(name));
        found.map(|(_, call)| *call).ok_or_else(|| UnknownCall(name.to_owned()))
    }
}

impl BotKitCall {
    /// Whether it is what a request asked for.
    fn decides(self, asked: &str) -> bool {
        match self {
            Self::SkipUserMessage | Self::SkipBotMessage => true,
            Self::SendBotMessage => asked == kind::USER_MESSAGE,
            Self::SendUserMessage => asked == kind::BOT_MESSAGE,
            _ => false,
        }
    }
}

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn calls_are_found_by_their_names() {
        for (name, call) in NAMES {
            assert_eq!(name.parse(), Ok(call));
        }
        assert_eq!("ExtendCallID".parse(), Ok(BotKitCall::ExtendCallId));
        assert_eq!("getMessages".parse::<BotKitCall>(), Err(UnknownCall("getMessages".to_owned())));
    }

    #[test]
    fn a_message_is_decided_on_by_passing_it_on_or_dropping_it() {
        let decided = |asked: &str| -> Vec<&str> {
            NAMES.iter().filter(|(_, call)| call.decides(asked)).map(|(name, _)| *name).collect()
        };
        assert_eq!(decided("on_user_message"), ["sendBotMessage", "skipUserMessage", "skipBotMessage"]);
        assert_eq!(decided("on_bot_message"), ["sendUserMessage", "skipUserMessage", "skipBotMessage"]);
    }
}
