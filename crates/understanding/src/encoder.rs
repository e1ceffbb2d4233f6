//! The encoder an operator may give: a pack, or a folder of published weights.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use nlu::semantic::{CONFIG, Encoder, Published, TOKENIZER, VOCABULARY, WEIGHTS};

/// Why an encoder cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// A file cannot be read.
    #[error(
        "{path} cannot be read; give a pack, or a folder with {CONFIG}, {WEIGHTS}, and {VOCABULARY} or {TOKENIZER}"
    )]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file does not say what it should.
    #[error("{path} is no encoder that can be used")]
    Content {
        /// The pack or the folder.
        path: PathBuf,
        /// What is wrong with it.
        source: nlu::semantic::EncoderError,
    },
}

/// Reads the encoder of a folder of published weights, or of a pack.
///
/// # Errors
/// A file cannot be read, or does not say what it should.
pub fn read(path: &Path) -> Result<Encoder, EncoderError> {
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| EncoderError::File { path, source }
    };
    let read = if path.is_dir() {
        let weights = path.join(WEIGHTS);
        let bytes = std::fs::read(&weights).map_err(failed(&weights))?;
        let text = |name: &str| match std::fs::read_to_string(path.join(name)) {
            Ok(text) => Ok(Some(text)),
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
            Err(error) => Err(failed(&path.join(name))(error)),
        };
        let (config, vocabulary, tokenizer) = (text(CONFIG)?, text(VOCABULARY)?, text(TOKENIZER)?);
        Encoder::read(Published {
            config: config.as_deref(),
            vocabulary: vocabulary.as_deref(),
            tokenizer: tokenizer.as_deref(),
            weights: &bytes,
        })
    } else {
        Encoder::of_pack(&std::fs::read(path).map_err(failed(path))?)
    };
    read.map_err(|source| EncoderError::Content { path: path.to_owned(), source })
}
