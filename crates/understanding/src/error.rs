//! Why there is no model.

/// Why there is no model.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The object store failed.
    #[error("the object store failed")]
    Store(#[from] store::BlobError),
    /// What is stored is no definition. It was one when it was stored.
    #[error("the stored definition {digest} is damaged: {reason}")]
    Damaged {
        /// The digest.
        digest: String,
        /// What is wrong.
        reason: String,
    },
    /// The definition has no part in this language.
    #[error("the bot does not speak `{language}`; it speaks {spoken}")]
    Language {
        /// What was asked for.
        language: String,
        /// What there is, with commas.
        spoken: String,
    },
    /// The work was cut off.
    #[error("training was cut off")]
    Aborted,
}
