//! The stored documents of a bot, loaded and parsed.

use bytes::Bytes;
use definition::{Config, Document};
use store::{Content, Store};

use crate::JobError;

/// The documents of one state of a bot.
pub(crate) struct Documents {
    pub(crate) definition: Document,
    pub(crate) config: Config,
    /// Files of functions: name and source.
    pub(crate) functions: Vec<(String, String)>,
}

/// The texts of one state of a bot, as they are stored.
pub(crate) struct Texts {
    pub(crate) definition: String,
    pub(crate) config: String,
    /// Files of functions: name and source.
    pub(crate) functions: Vec<(String, String)>,
}

impl Texts {
    /// Loads what `content` points to.
    pub(crate) async fn load(store: &Store, content: &Content) -> Result<Self, JobError> {
        let blobs = store.blobs();
        let text = async |digest: &str| {
            // What is stored was a text when it was stored.
            let text = String::from_utf8(blobs.content(digest).await?);
            text.map_err(|_| JobError::refused(format!("the stored bot is damaged: {digest} is no text")))
        };
        let definition = text(&content.definition).await?;
        let config = text(&content.config).await?;
        let mut functions = Vec::new();
        for file in &content.functions {
            functions.push((file.name.clone(), text(&file.digest).await?));
        }
        Ok(Self { definition, config, functions })
    }
}

impl Documents {
    /// Loads what `content` points to, and parses it.
    pub(crate) async fn load(store: &Store, content: &Content) -> Result<Self, JobError> {
        let Texts { definition, config, functions } = Texts::load(store, content).await?;
        let file = content.definition_file;
        blocking(move || {
            // What is stored was parsed before it was stored.
            let damaged = |error| JobError::refused(format!("the stored bot is damaged: {error}"));
            let definition = Document::parse(definition, file.name()).map_err(damaged)?;
            let config = Config::parse(config, "config.json").map_err(damaged)?;
            Ok(Self { definition, config, functions })
        })
        .await
    }
}

/// Runs work that takes the processor for a while where it holds up nobody. A panic of it is the job's.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, JobError> + Send + 'static,
) -> Result<T, JobError> {
    match supervisor::blocking(work).await {
        Some(done) => done,
        None => Err(JobError::Transient("the work was cut off, because the server stops".to_owned())),
    }
}

/// A text as bytes to store, without a copy.
pub(crate) fn text_bytes(text: String) -> Bytes {
    Bytes::from(text.into_bytes())
}
