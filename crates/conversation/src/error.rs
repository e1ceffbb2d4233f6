//! What can go wrong with a message.

use supervisor::Panicked;

/// Why a message was not answered. What goes wrong inside of a bot's task is no such error: the bot says so.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The bot is not there, or was removed.
    #[error("there is no bot {0}")]
    NoBot(String),
    /// The bot has no such documents any more, or they are damaged.
    #[error("the bot cannot be run: {0}")]
    Unrunnable(String),
    /// The conversation changed under every attempt.
    #[error("the conversation was changed by others again and again; send the message again")]
    Busy,
    /// A turn that was taken again went another way than before.
    #[error("the turn cannot be taken up where it was broken off: {0}")]
    Diverged(String),
    /// A token of a form is not good.
    #[error("{0}")]
    Form(&'static str),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] store::Error),
    /// The model of the bot could not be had.
    #[error("the bot cannot understand anything now")]
    Understanding(#[from] understanding::Error),
    /// Work was aborted because the server stops.
    #[error("the server is stopping; send the message again")]
    Stopping,
    /// Taking the turn panicked.
    #[error(transparent)]
    Panicked(#[from] Panicked),
}

impl Error {
    /// Whether the same message may be answered when it is sent again.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Busy | Self::Stopping => true,
            Self::Store(error) => error.is_transient(),
            Self::Understanding(error) => {
                matches!(error, understanding::Error::Store(_) | understanding::Error::Aborted)
            }
            Self::NoBot(_) | Self::Unrunnable(_) | Self::Diverged(_) | Self::Form(_) | Self::Panicked(_) => false,
        }
    }
}
