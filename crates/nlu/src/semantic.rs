//! Encoders of sentences: texts of like meaning get like vectors. Optional, and off unless an operator gives one.
//!
//! An encoder is a BERT (of the shape of all-MiniLM-L6-v2, for one; `nlu.md` §6) or a table with a row for each piece of a
//! word, in plain Rust. It is read from the files of published weights, or from a pack: one file with weights of eight or
//! four bits and the tokenizer ([`Encoder::pack`], [`Encoder::of_pack`]; `docs/packs.md` says byte by byte what is in it).
//! This crate reads no files: the caller hands their contents over.

mod distilled;
mod matrix;
mod meanings;
mod safetensors;
mod table;
mod tokenizer;
mod transformer;

use serde::{Deserialize, Serialize};

pub use self::matrix::Bits;
pub use self::meanings::Meanings;
use self::safetensors::{Tensors, Writer};
use self::table::Table;
use self::tokenizer::Tokenizer;
pub use self::transformer::Pooling;
use self::transformer::{Shape, Transformer};

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

/// The files of published weights, by their usual names. The vocabulary stands in one of two.
pub const CONFIG: &str = "config.json";
/// The pieces of uncased BERT, one a line.
pub const VOCABULARY: &str = "vocab.txt";
/// A tokenizer of any kind.
pub const TOKENIZER: &str = "tokenizer.json";
/// The tensors.
pub const WEIGHTS: &str = "model.safetensors";
/// What errors call a pack.
const PACK: &str = "the pack";
/// The name of a pack's description among its texts.
const DESCRIPTION: &str = "botyard.pack";
/// Some encoders have rows for pieces that are still to be invented, and for round numbers.
const MOST_SPARE_ROWS: usize = 1_024;
/// Grows when packs are written in another form.
const FORMAT: u32 = 1;

/// The contents of published weights.
#[derive(Clone, Copy, Debug)]
pub struct Published<'f> {
    /// [`CONFIG`]; a table needs none.
    pub config: Option<&'f str>,
    /// [`VOCABULARY`], which counts where both are given.
    pub vocabulary: Option<&'f str>,
    /// [`TOKENIZER`].
    pub tokenizer: Option<&'f str>,
    /// [`WEIGHTS`].
    pub weights: &'f [u8],
}

/// An encoder, ready to be asked. Shared by threads.
#[derive(Clone)]
pub struct Encoder {
    tokenizer: Tokenizer,
    form: Form,
    about: About,
    id: u64,
}

#[derive(Clone)]
enum Form {
    Layers(Transformer),
    Table(Table),
}

/// What an encoder is used for, and how.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct About {
    /// The languages it knows, as `en`; all where there are none.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub languages: Vec<String>,
    /// What is put before each text, as some encoders want it.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub prefix: String,
}

/// What a pack says of itself.
#[derive(Serialize, Deserialize)]
struct Description {
    format: u32,
    about: About,
    form: Kind,
}

/// What is read of a pack of any format.
#[derive(Deserialize)]
struct Format {
    format: u32,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Encoder(Shape),
    Table { width: usize },
}

impl Encoder {
    /// Reads published weights. They are taken to know English, as most do that say nothing of it.
    ///
    /// # Errors
    /// A file does not say what it should, or they do not fit together.
    pub fn read(files: Published<'_>) -> Result<Self, EncoderError> {
        let tensors = Tensors::read(WEIGHTS, files.weights)?;
        let form = match (Table::name(&tensors), files.config) {
            (Some(name), _) => Form::Table(Table::of_weights(&tensors, name)?),
            (None, Some(config)) => Form::Layers(Transformer::read(&tensors, Shape::of_config(config)?)?),
            (None, None) => return Err(EncoderError::new(CONFIG, "the file is missing, and the weights are no table")),
        };
        let (file, tokenizer) = match (files.vocabulary, files.tokenizer) {
            (Some(text), _) => (VOCABULARY, Tokenizer::of_vocabulary(text)?),
            (None, Some(text)) => (TOKENIZER, Tokenizer::of_json(text)?),
            (None, None) => {
                return Err(EncoderError::new(VOCABULARY, "the file is missing, and tokenizer.json is, too"));
            }
        };
        let about = About { languages: vec!["en".to_owned()], prefix: String::new() };
        Self::of_parts(file, tokenizer, form, about, fingerprint(files.weights))
    }

    /// Reads a pack.
    ///
    /// # Errors
    /// The bytes are no pack, or one of a later release.
    pub fn of_pack(bytes: &[u8]) -> Result<Self, EncoderError> {
        let tensors = Tensors::read(PACK, bytes)?;
        let broken = |problem: String| EncoderError::new(PACK, problem);
        let missing = || broken(format!("its header has no `{DESCRIPTION}`: it was not made by `botyard nlu pack`"));
        let description = tensors.text(DESCRIPTION).ok_or_else(missing)?;
        let unread = |error| broken(format!("`{DESCRIPTION}` cannot be read: {error}"));
        let Format { format } = serde_json::from_str(description).map_err(unread)?;
        if format != FORMAT {
            return Err(broken(format!("it has the format {format}; this release reads {FORMAT}. Make it anew")));
        }
        let Description { about, form, .. } = serde_json::from_str(description).map_err(unread)?;
        let form = match form {
            Kind::Encoder(shape) => {
                shape.check(PACK)?;
                Form::Layers(Transformer::read(&tensors, shape)?)
            }
            Kind::Table { width } => Form::Table(Table::read(&tensors, width)?),
        };
        Self::of_parts(PACK, Tokenizer::read(&tensors)?, form, about, fingerprint(bytes))
    }

    fn of_parts(
        file: &'static str,
        tokenizer: Tokenizer,
        form: Form,
        about: About,
        id: u64,
    ) -> Result<Self, EncoderError> {
        let (tokenizer, rows) = match &form {
            Form::Layers(layers) => (tokenizer, layers.rows()),
            // What marks begin and end says nothing where rows are added up.
            Form::Table(table) => (tokenizer.without_marks(), table.rows()),
        };
        let needed = tokenizer.rows();
        if needed > rows {
            let problem = format!("it has {needed} pieces, but the encoder has embeddings for {rows} only");
            return Err(EncoderError::new(file, problem));
        }
        if rows - needed > MOST_SPARE_ROWS {
            let problem =
                format!("it has {needed} pieces, but the encoder has embeddings for {rows}; it belongs to another");
            return Err(EncoderError::new(file, problem));
        }
        Ok(Self { tokenizer, form, about, id })
    }

    /// The encoder as a pack of so many bits. `None` where its rows are too long for one.
    pub fn pack(&self, bits: Bits) -> Option<Vec<u8>> {
        let mut writer = Writer::default();
        let form = match &self.form {
            Form::Layers(layers) => {
                layers.packed(bits)?.write(&mut writer);
                Kind::Encoder(layers.shape().clone())
            }
            Form::Table(table) => {
                table.packed(bits)?.write(&mut writer);
                Kind::Table { width: table.width() }
            }
        };
        self.tokenizer.write(&mut writer);
        let description = Description { format: FORMAT, about: self.about.clone(), form };
        let description = serde_json::to_string(&description).expect("plain data always serialises");
        writer.text(DESCRIPTION, &description);
        Some(writer.finish())
    }

    /// A table of rows of this width at the most with what the encoder says of each piece. Takes a while.
    #[must_use]
    pub fn distilled(&self, width: usize) -> Self {
        let (rows, width) = distilled::rows(self, width);
        let form = Form::Table(Table::of_rows(width, rows));
        Self { tokenizer: self.tokenizer.clone().without_marks(), form, about: self.about.clone(), id: self.id }
    }

    /// The same, used in another way.
    #[must_use]
    pub fn with_about(mut self, about: About) -> Self {
        self.about = about;
        self
    }

    /// The same, with another way to one vector.
    #[must_use]
    pub fn with_pooling(mut self, pooling: Pooling) -> Self {
        if let Form::Layers(layers) = self.form {
            self.form = Form::Layers(layers.with_pooling(pooling));
        }
        self
    }

    /// Whether it knows a language, by its code as `en` or `zh_CN`.
    pub fn knows(&self, language: &str) -> bool {
        let main = |code: &str| code.split(['_', '-']).next().unwrap_or_default().to_ascii_lowercase();
        self.about.languages.is_empty() || self.about.languages.iter().any(|known| main(known) == main(language))
    }

    /// Whether it is a table: quick enough to be asked of anything.
    pub fn is_table(&self) -> bool {
        matches!(self.form, Form::Table(_))
    }

    /// Tells encoders apart: a model that was trained with one is not asked with another.
    pub fn id(&self) -> u64 {
        self.id
    }

    /// The length of the vectors.
    pub fn width(&self) -> usize {
        match &self.form {
            Form::Layers(layers) => layers.shape().width,
            Form::Table(table) => table.width(),
        }
    }

    /// How many pieces of words it knows.
    pub fn pieces(&self) -> usize {
        self.tokenizer.by_frequency().len()
    }

    /// The vector of a text, of length 1; of length 0 where no piece of it says anything.
    pub fn embed(&self, text: &str) -> Vec<f32> {
        let most = match &self.form {
            Form::Layers(layers) => layers.most_pieces(),
            Form::Table(_) => table::MOST_PIECES,
        };
        let pieces = match self.about.prefix.as_str() {
            "" => self.tokenizer.pieces(text, most),
            prefix => self.tokenizer.pieces(&format!("{prefix}{text}"), most),
        };
        self.vector(&pieces)
    }

    /// How alike the vectors are that it and another one with the same pieces give to texts: the mean and the least cosine
    /// of some, made of neighbouring pieces from all over the vocabulary.
    pub fn likeness(&self, other: &Self) -> (f32, f32) {
        const TEXTS: usize = 64;
        const PIECES: usize = 8;
        let pieces: Vec<usize> = self.tokenizer.by_frequency().into_iter().map(|(piece, _)| piece).collect();
        let step = (pieces.len() / TEXTS).max(1);
        let texts = pieces.windows(PIECES.min(pieces.len()).max(1)).step_by(step);
        let cosine = |text: &[usize]| -> f32 {
            let (one, other) = (self.vector(text), other.vector(text));
            let is_empty = |vector: &[f32]| vector.iter().all(|value| *value == 0.0);
            // Pieces that say nothing say the same.
            if is_empty(&one) && is_empty(&other) {
                return 1.0;
            }
            one.iter().zip(&other).map(|(a, b)| a * b).sum()
        };
        let cosines: Vec<f32> = texts.map(cosine).collect();
        let mean = cosines.iter().sum::<f32>() / cosines.len().max(1) as f32;
        (mean, cosines.into_iter().fold(1.0, f32::min))
    }

    fn vector(&self, pieces: &[usize]) -> Vec<f32> {
        let mut vector = match &self.form {
            Form::Layers(layers) => layers.vector(pieces),
            Form::Table(table) => table.vector(pieces),
        };
        let length = vector.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::MIN_POSITIVE);
        for value in &mut vector {
            *value /= length;
        }
        vector
    }
}

/// FNV-1a over the weights' bytes.
fn fingerprint(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3))
}
