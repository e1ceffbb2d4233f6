//! An encoder of sentences: texts of like meaning get like vectors. Optional, and off unless an operator gives its files.
//!
//! The encoder is a BERT of the shape of all-MiniLM-L6-v2 (`nlu.md` §6), in plain Rust. This crate reads no files: the
//! caller hands their contents over. English; what other languages get is poor.

mod forward;
mod tensors;
mod tokenizer;

use self::forward::Layer;
use self::tensors::Tensors;
use self::tokenizer::Tokenizer;

/// Why the files cannot be used. The text says which file, what is wrong, and what was expected.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{file}: {problem}")]
pub struct EncoderError {
    file: &'static str,
    problem: String,
}

impl EncoderError {
    fn new(file: &'static str, problem: impl Into<String>) -> Self {
        Self { file, problem: problem.into() }
    }
}

/// The files of an encoder, by their usual names.
pub const FILES: [&str; 3] = [CONFIG, VOCABULARY, WEIGHTS];
const CONFIG: &str = "config.json";
const VOCABULARY: &str = "vocab.txt";
const WEIGHTS: &str = "model.safetensors";

/// The most pieces of words that are read of a text.
const MOST_PIECES: usize = 128;

/// An encoder, ready to be asked. Shared by threads.
pub struct Encoder {
    tokenizer: Tokenizer,
    words: Vec<f32>,
    places: Vec<f32>,
    kind: Vec<f32>,
    norm: (Vec<f32>, Vec<f32>),
    layers: Vec<Layer>,
    width: usize,
    epsilon: f32,
    id: u64,
}

/// What of `config.json` matters.
#[derive(serde::Deserialize)]
struct Config {
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "default_epsilon")]
    layer_norm_eps: f32,
}

fn default_epsilon() -> f32 {
    1e-12
}

/// Larger numbers in a configuration are a mistake.
const MOST: usize = 16_384;

impl Encoder {
    /// Reads an encoder from the contents of `config.json`, `vocab.txt` and `model.safetensors`.
    ///
    /// # Errors
    /// A file does not say what it should, or they do not fit together.
    pub fn read(config: &str, vocabulary: &str, weights: &[u8]) -> Result<Self, EncoderError> {
        let config: Config =
            serde_json::from_str(config).map_err(|error| EncoderError::new(CONFIG, error.to_string()))?;
        let width = config.hidden_size;
        let sizes = [width, config.num_hidden_layers, config.num_attention_heads, config.intermediate_size];
        if sizes.iter().any(|size| *size == 0 || *size > MOST) || !width.is_multiple_of(config.num_attention_heads) {
            return Err(EncoderError::new(CONFIG, "the sizes are no sizes of an encoder"));
        }
        if !(2..=MOST).contains(&config.max_position_embeddings) {
            return Err(EncoderError::new(
                CONFIG,
                "max_position_embeddings must be 2 or more: a text has a beginning and an end",
            ));
        }
        let tensors = Tensors::read(weights)?;
        let words = tensors.rows("embeddings.word_embeddings.weight", width)?;
        let tokenizer = Tokenizer::read(vocabulary, words.len() / width)?;
        let mut layers = Vec::new();
        for number in 0..config.num_hidden_layers {
            layers.push(Layer::read(&tensors, number, width, config.intermediate_size, config.num_attention_heads)?);
        }
        Ok(Self {
            words,
            places: tensors.get("embeddings.position_embeddings.weight", &[config.max_position_embeddings, width])?,
            kind: tensors.first_row("embeddings.token_type_embeddings.weight", width)?,
            norm: (
                tensors.get("embeddings.LayerNorm.weight", &[width])?,
                tensors.get("embeddings.LayerNorm.bias", &[width])?,
            ),
            layers,
            width,
            epsilon: config.layer_norm_eps,
            id: fingerprint(weights),
            tokenizer,
        })
    }

    /// Tells encoders apart: a model that was trained with one is not asked with another.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The length of the vectors.
    pub fn width(&self) -> usize {
        self.width
    }

    /// The vector of a text, of length 1.
    pub fn embed(&self, text: &str) -> Vec<f32> {
        let most = MOST_PIECES.min(self.places.len() / self.width);
        let pieces = self.tokenizer.pieces(text, most);
        let mut states = Vec::with_capacity(pieces.len() * self.width);
        for (place, piece) in pieces.iter().enumerate() {
            let word = &self.words[piece * self.width..][..self.width];
            let place = &self.places[place * self.width..][..self.width];
            states.extend(word.iter().zip(place).zip(&self.kind).map(|((word, place), kind)| word + place + kind));
        }
        forward::normalise(&mut states, &self.norm, self.epsilon);
        for layer in &self.layers {
            layer.forward(&mut states, self.width, self.epsilon);
        }
        let mut mean = vec![0.0_f32; self.width];
        for state in states.chunks(self.width) {
            for (sum, value) in mean.iter_mut().zip(state) {
                *sum += value;
            }
        }
        let length = mean.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for value in &mut mean {
            *value /= length;
        }
        mean
    }
}

/// FNV-1a over the weights' bytes.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
