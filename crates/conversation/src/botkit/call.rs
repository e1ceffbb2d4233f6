//! What BotKit servers call back for, by the names in URLs.

use std::str::FromStr;

use super::kind;

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
    pub(super) fn decides(self, asked: &str) -> bool {
        match self {
            Self::SkipUserMessage | Self::SkipBotMessage => true,
            Self::SendBotMessage => asked == kind::USER_MESSAGE,
            Self::SendUserMessage => asked == kind::BOT_MESSAGE,
            _ => false,
        }
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
