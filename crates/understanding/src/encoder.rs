//! The encoder an operator may give: read from a folder.

use std::path::{Path, PathBuf};

use nlu::semantic::{Encoder, FILES};

/// Why the encoder of `nlu.embeddings` cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum EncoderError {
    /// A file cannot be read.
    #[error("`nlu.embeddings`: {path} cannot be read; give a folder with {}", FILES.join(", "))]
    File {
        /// The file.
        path: PathBuf,
        /// What the system says.
        source: std::io::Error,
    },
    /// A file does not say what it should.
    #[error("`nlu.embeddings`: {0}")]
    Content(#[from] nlu::semantic::EncoderError),
}

pub(crate) fn read(folder: &Path) -> Result<Encoder, EncoderError> {
    let [config, vocabulary, weights] = FILES.map(|name| folder.join(name));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| EncoderError::File { path, source }
    };
    let config_text = std::fs::read_to_string(&config).map_err(failed(&config))?;
    let vocabulary_text = std::fs::read_to_string(&vocabulary).map_err(failed(&vocabulary))?;
    let bytes = std::fs::read(&weights).map_err(failed(&weights))?;
    Ok(Encoder::read(&config_text, &vocabulary_text, &bytes)?)
}
