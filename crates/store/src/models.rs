//! Models of language understanding, by what they were learned from.
//!
//! A model is a function of the definition, the language and the trainer, so its name says those and it can never be
//! stale; one that is missing is made again. A sweep removes it when nobody refers to the definition any more.

use crate::Blobs;
use crate::blobs::BlobError;

/// What a model was learned from, and by which trainer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ModelName {
    /// The SHA-256 of the definition.
    pub definition: String,
    /// The language, as the definition writes it.
    pub language: String,
    /// What made it: the version of the trainer, and what else decides how a model looks.
    pub trainer: String,
}

/// The folder of models.
pub(crate) const FOLDER: &str = "models";

impl ModelName {
    fn key(&self) -> String {
        // A language comes from an uploaded file and becomes part of a path.
        let language: String = self.language.chars().filter(|c| c.is_ascii_alphanumeric() || *c == '_').collect();
        let folder = self.definition.get(..2).unwrap_or("xx");
        format!("{FOLDER}/{folder}/{}.{language}.{}.zst", self.definition, self.trainer)
    }
}

/// The digest of the definition that a model with this object name was learned from.
pub(crate) fn definition_of(key: &str) -> Option<&str> {
    key.strip_prefix(FOLDER)?.rsplit('/').next()?.split('.').next()
}

impl Blobs {
    /// Keeps a model. One of the same name is the same model.
    pub async fn put_model(&self, name: &ModelName, bytes: Vec<u8>) -> Result<(), BlobError> {
        self.put_packed(&name.key(), bytes).await
    }

    /// The model of this name, if it was made.
    pub async fn model(&self, name: &ModelName) -> Result<Option<Vec<u8>>, BlobError> {
        match self.packed(&name.key()).await {
            Ok(bytes) => Ok(Some(bytes)),
            Err(BlobError::Missing(_)) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Whether the model of this name was made.
    pub async fn has_model(&self, name: &ModelName) -> Result<bool, BlobError> {
        self.has(&name.key()).await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_tells_the_definition_again() {
        let name = ModelName { definition: "ab12".into(), language: "../zh_CN".into(), trainer: "1".into() };
        assert_eq!(name.key(), "models/ab/ab12.zh_CN.1.zst");
        assert_eq!(definition_of(&name.key()), Some("ab12"));
        assert_eq!(definition_of("content/ab/ab12.zst"), None);
    }
}
