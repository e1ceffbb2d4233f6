//! Where models come from.

use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use definition::Document;
use definition::nlp::{self, NlpData};
use nlu::languages::Heard;
use nlu::semantic::{Encoder, Meanings};
use nlu::{Learned, Model, Report};
use serde::{Deserialize, Serialize};
use store::{BlobError, Blobs, ModelName};

use crate::Error;
use crate::cache::Cache;
use crate::encoder::{self, EncoderError};
use crate::thinking::{Pace, Thinking};

/// What the owner of the server decides about models.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct Options {
    /// How much memory models may take before the longest unused ones are dropped. Bytes.
    pub cache_bytes: usize,
    /// An encoder of sentences, which makes understanding of bots with few utterances better: a pack made by `botyard nlu
    /// pack`, or a folder of published weights (`config.json`, `model.safetensors`, and `vocab.txt` or `tokenizer.json`)
    /// that know English. None when absent; nothing is ever fetched.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub embeddings: Option<PathBuf>,
    /// What a message denies is not meant: "I don't want to cancel" does not cancel, in the languages whose forms are known.
    pub denials: bool,
    /// A task that a message resembles, but less than what would start it, is asked about ("Did you mean …") from this
    /// share of that on; from 1 on none is. Bots that have a task of their own for what is not understood do not ask.
    #[serde(deserialize_with = "share")]
    pub suggest_from: f32,
    /// So many tasks are asked about at the most.
    pub suggestions: usize,
}

impl Default for Options {
    fn default() -> Self {
        let asked = nlu::Suggestions::default();
        Self {
            cache_bytes: 512 << 20,
            embeddings: None,
            denials: true,
            suggest_from: asked.from,
            suggestions: asked.most,
        }
    }
}

/// A number from 0 to 1.
fn share<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<f32, D::Error> {
    let share = f32::deserialize(deserializer)?;
    if (0.0..=1.0).contains(&share) {
        return Ok(share);
    }
    Err(serde::de::Error::custom(format!("{share} is no share; give a number from 0 to 1")))
}

/// Trains, keeps and hands out models. Cheap to clone.
#[derive(Clone)]
pub struct Models(Arc<Shared>);

struct Shared {
    blobs: Blobs,
    cache: Mutex<Cache>,
    encoder: Option<Arc<Encoder>>,
    denials: bool,
    suggestions: nlu::Suggestions,
    /// One lock per model that somebody is making.
    making: Mutex<HashMap<ModelName, Weak<tokio::sync::Mutex<()>>>>,
    thinking: Thinking,
}

impl std::fmt::Debug for Models {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Models").finish_non_exhaustive()
    }
}

impl Models {
    /// Models that are kept in this object store.
    ///
    /// # Errors
    /// The files of the encoder cannot be used.
    pub fn new(blobs: Blobs, options: &Options) -> Result<Self, EncoderError> {
        let encoder = options.embeddings.as_deref().map(encoder::read).transpose()?;
        Ok(Self(Arc::new(Shared {
            blobs,
            encoder: encoder.map(Arc::new),
            denials: options.denials,
            suggestions: nlu::Suggestions { from: options.suggest_from, most: options.suggestions },
            cache: Mutex::new(Cache::new(options.cache_bytes)),
            making: Mutex::new(HashMap::new()),
            thinking: Thinking::new(),
        })))
    }

    /// Does work on a text of so many bytes, beside the threads that serve where it may take long.
    pub fn think<T>(&self, pace: &Pace, bytes: usize, work: impl FnOnce() -> T) -> T {
        self.0.thinking.think(pace, bytes, work)
    }

    /// The model of a definition (by its digest) in a language: from memory, from the store, or trained now.
    pub async fn model(&self, definition: &str, language: &str) -> Result<Arc<Model>, Error> {
        let name = self.name(definition, language);
        if let Some(model) = self.cached(&name) {
            return Ok(model);
        }
        let lock = self.lock_of(&name);
        let _only_one = lock.lock().await;
        // Somebody else may have made it while this call waited.
        if let Some(model) = self.cached(&name) {
            return Ok(model);
        }
        let data = self.data(definition, language).await?;
        let stored = match self.0.blobs.model(&name).await {
            // What is lost or damaged is made again.
            Err(BlobError::Damaged(_)) => None,
            stored => stored?,
        };
        let model = match stored {
            Some(bytes) => blocking(move || Learned::from_bytes(&bytes).map(|learned| (learned, data))).await?.ok(),
            None => None,
        };
        let (learned, data) = match model {
            Some(read) => read,
            None => {
                let data = self.data(definition, language).await?;
                let (learned, _, data) = self.learn(&name, data, None).await?;
                (learned, data)
            }
        };
        self.ready(name, data, learned).await
    }

    /// Trains the model of a definition in a language, also where it was trained before, keeps it, and reports. What an
    /// encoder said of the texts of an earlier definition (`before`, by its digest) is not asked again.
    pub async fn train(&self, definition: &str, language: &str, before: Option<&str>) -> Result<Report, Error> {
        let name = self.name(definition, language);
        let lock = self.lock_of(&name);
        let _only_one = lock.lock().await;
        let data = self.data(definition, language).await?;
        let (learned, report, data) = self.learn(&name, data, before).await?;
        self.ready(name, data, learned).await?;
        Ok(report)
    }

    /// Whether the model of a definition in a language was trained.
    pub async fn is_trained(&self, definition: &str, language: &str) -> Result<bool, Error> {
        Ok(self.0.blobs.has_model(&self.name(definition, language)).await?)
    }

    /// The language of a text, among those a definition speaks: see [`nlu::languages::language_of`].
    pub async fn language_of(
        &self,
        definition: &str,
        spoken: &[String],
        text: &str,
        current: &str,
    ) -> Result<Heard, Error> {
        let mut models = Vec::new();
        for language in spoken {
            models.push((language.clone(), self.model(definition, language).await?));
        }
        let (text, current) = (text.to_owned(), current.to_owned());
        blocking(move || {
            let lexicons: Vec<_> = models.iter().map(|(language, it)| (language.as_str(), it.lexicon())).collect();
            nlu::languages::language_of(&lexicons, &text, &current)
        })
        .await
    }

    /// What a definition (by its digest) says in a language.
    pub async fn data(&self, definition: &str, language: &str) -> Result<NlpData, Error> {
        let bytes = self.0.blobs.content(definition).await?;
        let (digest, language) = (definition.to_owned(), language.to_owned());
        blocking(move || {
            let damaged = |reason: String| Error::Damaged { digest: digest.clone(), reason };
            let document = Document::parse(bytes, "botDefinition.json").map_err(|error| damaged(error.to_string()))?;
            let spoken = nlp::languages(&document);
            // Clients write `zh_CN` and `zh_cn`.
            let Some(language) = spoken.iter().find(|it| it.eq_ignore_ascii_case(&language)) else {
                return Err(Error::Language { language, spoken: spoken.join(", ") });
            };
            NlpData::read(&document, language).map_err(|error| damaged(error.to_string()))
        })
        .await?
    }

    fn name(&self, definition: &str, language: &str) -> ModelName {
        ModelName {
            definition: definition.to_owned(),
            language: language.to_ascii_lowercase(),
            trainer: match &self.0.encoder {
                Some(encoder) if encoder.knows(language) => {
                    format!("{}-{}-{:016x}", nlu::TRAINER_VERSION, nlu::MIXTURE_VERSION, encoder.id())
                }
                _ => nlu::TRAINER_VERSION.to_string(),
            },
        }
    }

    async fn learn(
        &self,
        name: &ModelName,
        data: NlpData,
        before: Option<&str>,
    ) -> Result<(Learned, Report, NlpData), Error> {
        let (meanings, data) = match self.0.encoder.clone().filter(|encoder| encoder.knows(&name.language)) {
            Some(encoder) => {
                let (meanings, data) = self.meanings(encoder, name, data, before).await?;
                (Some(meanings), data)
            }
            None => (None, data),
        };
        let (learned, report, data, bytes) = blocking(move || {
            let (learned, report) = Learned::train_with(&data, meanings.as_ref());
            let bytes = learned.to_bytes();
            (learned, report, data, bytes)
        })
        .await?;
        self.0.blobs.put_model(name, bytes).await?;
        Ok((learned, report, data))
    }

    /// What the encoder says of a definition's texts. It is kept beside the definition's models, and goes with them.
    async fn meanings(
        &self,
        encoder: Arc<Encoder>,
        name: &ModelName,
        data: NlpData,
        before: Option<&str>,
    ) -> Result<(Meanings, NlpData), Error> {
        let of = |definition: &str| ModelName {
            definition: definition.to_owned(),
            language: name.language.clone(),
            trainer: format!("vectors-{:016x}", encoder.id()),
        };
        let mut known = None;
        for definition in [Some(name.definition.as_str()), before].into_iter().flatten() {
            known = match self.0.blobs.model(&of(definition)).await {
                Err(BlobError::Damaged(_)) => None,
                stored => stored?,
            };
            if known.is_some() {
                break;
            }
        }
        let own = of(&name.definition);
        let known = known.map_or_else(Meanings::default, |bytes| Meanings::from_bytes(&bytes));
        let (meanings, computed, bytes, data) = blocking(move || {
            let (meanings, computed) = Meanings::of(&encoder, &data, known);
            let bytes = if computed > 0 { meanings.to_bytes() } else { Vec::new() };
            (meanings, computed, bytes, data)
        })
        .await?;
        tracing::debug!(definition = name.definition, language = name.language, computed, "vectors of utterances");
        if computed > 0 {
            self.0.blobs.put_model(&own, bytes).await?;
        }
        Ok((meanings, data))
    }

    async fn ready(&self, name: ModelName, data: NlpData, learned: Learned) -> Result<Arc<Model>, Error> {
        let encoder = self.0.encoder.clone();
        let (denials, suggestions) = (self.0.denials, self.0.suggestions);
        let ready =
            move || Model::new(data, learned).with_encoder(encoder).with_denials(denials).with_suggestions(suggestions);
        let model = blocking(move || Arc::new(ready())).await?;
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner).put(name, Arc::clone(&model));
        Ok(model)
    }

    fn cached(&self, name: &ModelName) -> Option<Arc<Model>> {
        self.0.cache.lock().unwrap_or_else(PoisonError::into_inner).get(name)
    }

    fn lock_of(&self, name: &ModelName) -> Arc<tokio::sync::Mutex<()>> {
        let mut making = self.0.making.lock().unwrap_or_else(PoisonError::into_inner);
        making.retain(|_, lock| lock.strong_count() > 0);
        if let Some(lock) = making.get(name).and_then(Weak::upgrade) {
            return lock;
        }
        let lock = Arc::new(tokio::sync::Mutex::new(()));
        making.insert(name.clone(), Arc::downgrade(&lock));
        lock
    }
}

/// Runs work that takes the processor for a while where it holds up nobody. A panic of it is the caller's.
async fn blocking<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> Result<T, Error> {
    supervisor::blocking(work).await.ok_or(Error::Aborted)
}
