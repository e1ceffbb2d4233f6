//! Standard responses: what the platform says by itself, and what an author put in its place (`koraResponses`).

use super::{Text, Texts};

/// When the platform says something by itself (conversation.md §13).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Condition {
    /// The user discarded the task.
    Discarded,
    /// A question was answered wrongly too often.
    RetriesExceeded,
    /// As [`Self::RetriesExceeded`], while another task is held.
    RetriesExceededWhileHolding,
    /// A choice from a list was not understood.
    WrongChoice,
    /// A value may mean several things.
    AmbiguousValue,
    /// Several tasks may be meant.
    AmbiguousIntents,
    /// Something close was found.
    DidYouMean,
    /// The user asked for help.
    Help,
    /// The user said thanks.
    Thanks,
    /// The user asked who the bot is.
    WhoAreYou,
    /// The user greeted.
    Greeting,
    /// The session was closed for want of messages.
    SessionClosed,
    /// A word is too long.
    LongWord,
    /// A node ran too often.
    Loop,
    /// A task failed.
    TaskFailure,
    /// Nobody can take the conversation over.
    NoAgents,
    /// The user is done.
    Goodbye,
    /// Nothing was understood.
    Unidentified,
    /// A question has no answer any more.
    AnswerMissing,
    /// The user is asked whether to switch tasks.
    ConfirmSwitch,
    /// The user is told of a switch.
    Switching,
    /// The user is asked whether to go on with a held task.
    ConfirmResume,
    /// The user is told that a held task goes on.
    Resuming,
    /// A held task is given up.
    ResumeDeclined,
    /// Tasks that were found on the way are listed.
    FollowUps,
    /// A task cannot be run here.
    TaskNotAvailable,
    /// The user is asked for a language.
    ChooseLanguage,
    /// Nothing is there to discard.
    NothingToDiscard,
    /// A dialog has no nodes.
    EmptyDialog,
}

impl Condition {
    /// The condition under which an author changes what is said at this one.
    pub(crate) const fn general(self) -> Self {
        match self {
            Self::RetriesExceededWhileHolding => Self::RetriesExceeded,
            other => other,
        }
    }
}

/// The standard responses an author changed.
#[derive(Clone, Debug, Default)]
pub struct StandardResponses {
    /// What is said when, per channel and language.
    pub changed: Vec<(Condition, Texts)>,
    /// Keys of `koraResponses` that stand for no known condition; kept for lint.
    pub unknown: Vec<String>,
}

impl StandardResponses {
    /// What the author says at a condition.
    pub fn of(&self, condition: Condition, channel: &str, language: &str, default_language: &str) -> Vec<&Text> {
        let condition = condition.general();
        let changed = self.changed.iter().filter(|(of, _)| *of == condition);
        changed.flat_map(|(_, texts)| texts.for_channel(channel, language, default_language)).collect()
    }
}
