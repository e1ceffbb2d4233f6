//! The stored documents of a bot, loaded and read where that holds up nobody.

use definition::{Config, Document};
use store::{Content, Store};

use crate::ApiError;

/// The documents of one state of a bot.
pub(crate) struct Documents {
    pub(crate) definition: Document,
    pub(crate) config: Config,
}

impl Documents {
    /// Loads what `content` points to. What is stored was checked before it was stored.
    pub(crate) async fn load(store: &Store, content: &Content) -> Result<Self, ApiError> {
        let definition = store.blobs().content(&content.definition).await?;
        let config = store.blobs().content(&content.config).await?;
        let file = content.definition_file;
        let parsed = blocking(move || {
            let definition = Document::parse(definition, file.name())?;
            Ok(Self { definition, config: Config::parse(config, "config.json")? })
        })
        .await?;
        parsed.map_err(|error: definition::ParseError| ApiError::internal(&error))
    }
}

/// Runs work that takes the processor for a while where it holds up no other call. A panic of it is this call's.
pub(crate) async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, ApiError> {
    supervisor::blocking(work).await.ok_or_else(ApiError::stopping)
}
