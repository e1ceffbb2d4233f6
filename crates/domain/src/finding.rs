//! What a request asked that was not done as it was asked.

use serde::{Deserialize, Serialize};

/// One thing that a request asked and that was not done, or done in another way than one may think.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Finding {
    /// JSON pointer into the body of the request, or into the definition or an uploaded file where `text` says so.
    pub pointer: String,
    /// What it is, for programs.
    pub code: Code,
    /// What it is and what to do, for people: whole sentences.
    pub text: String,
}

/// The kinds of findings. Their names on the wire (`unknown_task` …) never change.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// A member that this request does not know.
    UnknownMember,
    /// A word that names no part of a bot.
    UnknownWord,
    /// A name or id of no task.
    UnknownTask,
    /// A name of no entity.
    UnknownEntity,
    /// A code of no language of the bot.
    UnknownLanguage,
    /// An identity of nobody of whom anything is kept.
    UnknownUser,
    /// A key of no variable.
    UnknownVariable,
    /// A name or id of no namespace.
    UnknownNamespace,
    /// A value of a type that cannot be read; it counts as absent.
    WrongType,
    /// Something that is known and did nothing here.
    NotApplied,
    /// Something that was done for more than what was named.
    TakenWhole,
    /// Dialogs are exported as names without nodes.
    NamesOnly,
    /// The request selects nothing, so nothing was changed.
    NothingSelected,
    /// An event is exported disabled, because its dialog is not exported.
    EventDisabled,
    /// The file is a partial export, so only the parts it has were imported.
    PartialFile,
    /// A bot took the place of an app, or the reverse.
    GenerationChanged,
    /// There are more findings than the record lists.
    MoreFindings,
}

impl Finding {
    /// A finding at a pointer.
    pub fn new(pointer: impl Into<String>, code: Code, text: impl Into<String>) -> Finding {
        Finding { pointer: pointer.into(), code, text: text.into() }
    }
}
