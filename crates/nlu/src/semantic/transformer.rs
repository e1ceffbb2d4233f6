//! Encoders with attention: BERT, as its paper writes it down. A layer is attention, then two dense steps, each added to
//! what came in and normalised.

use serde::{Deserialize, Serialize};

use super::matrix::{Bits, Matrix};
use super::safetensors::{Tensors, Writer};
use super::{CONFIG, EncoderError};

/// The most pieces of words that are read of a text.
const MOST_PIECES: usize = 128;
/// Larger numbers in a configuration are a mistake.
const MOST: usize = 16_384;

/// An encoder's weights.
#[derive(Clone)]
pub(super) struct Transformer {
    shape: Shape,
    words: Matrix,
    places: Vec<f32>,
    kind: Vec<f32>,
    norm: Norm,
    layers: Vec<Layer>,
}

/// What of an encoder is no weight.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Shape {
    pub(super) width: usize,
    pub(super) layers: usize,
    pub(super) heads: usize,
    pub(super) wide: usize,
    pub(super) places: usize,
    /// The place of the first piece of a text.
    #[serde(default)]
    pub(super) first_place: usize,
    pub(super) epsilon: f32,
    #[serde(default)]
    pub(super) pooling: Pooling,
}

/// How the states of the pieces become one vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Pooling {
    /// Their mean.
    #[default]
    Mean,
    /// The state of the first, which marks the begin.
    First,
}

#[derive(Clone)]
struct Dense {
    weights: Matrix,
    bias: Vec<f32>,
}

/// Scale and shift.
type Norm = (Vec<f32>, Vec<f32>);

#[derive(Clone)]
struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    attended: Dense,
    attended_norm: Norm,
    wide: Dense,
    narrow: Dense,
    norm: Norm,
}

impl Shape {
    /// `at` is what errors call the file.
    pub(super) fn check(&self, at: &'static str) -> Result<(), EncoderError> {
        let sizes = [self.width, self.layers, self.heads, self.wide];
        if sizes.iter().any(|size| *size == 0 || *size > MOST) || !self.width.is_multiple_of(self.heads) {
            return Err(EncoderError::new(at, "the sizes are no sizes of an encoder"));
        }
        if !(self.first_place + 2..=MOST).contains(&self.places) {
            let problem = "max_position_embeddings must be 2 or more: a text has a beginning and an end";
            return Err(EncoderError::new(at, problem));
        }
        Ok(())
    }
}

/// What of `config.json` matters.
#[derive(Deserialize)]
struct Config {
    #[serde(default)]
    model_type: String,
    hidden_size: usize,
    num_hidden_layers: usize,
    num_attention_heads: usize,
    intermediate_size: usize,
    max_position_embeddings: usize,
    #[serde(default = "default_epsilon")]
    layer_norm_eps: f32,
    #[serde(default = "gelu_name")]
    hidden_act: String,
    #[serde(default)]
    pad_token_id: usize,
}

fn default_epsilon() -> f32 {
    1e-12
}

fn gelu_name() -> String {
    "gelu".to_owned()
}

impl Shape {
    /// Reads `config.json`.
    pub(super) fn of_config(text: &str) -> Result<Self, EncoderError> {
        let config: Config =
            serde_json::from_str(text).map_err(|error| EncoderError::new(CONFIG, error.to_string()))?;
        if config.hidden_act != gelu_name() {
            let problem = format!("`hidden_act` is `{}`; encoders with `gelu` are read", config.hidden_act);
            return Err(EncoderError::new(CONFIG, problem));
        }
        let shape = Self {
            width: config.hidden_size,
            layers: config.num_hidden_layers,
            heads: config.num_attention_heads,
            wide: config.intermediate_size,
            places: config.max_position_embeddings,
            // RoBERTa counts places from the one after that of the padding.
            first_place: if config.model_type.ends_with("roberta") { config.pad_token_id + 1 } else { 0 },
            epsilon: config.layer_norm_eps,
            pooling: Pooling::Mean,
        };
        shape.check(CONFIG)?;
        Ok(shape)
    }
}

impl Dense {
    fn read(tensors: &Tensors<'_>, name: &str, inputs: usize, outputs: usize) -> Result<Self, EncoderError> {
        Ok(Self {
            weights: Matrix::read(tensors, &format!("{name}.weight"), Some(outputs), inputs)?,
            bias: tensors.floats(&format!("{name}.bias"), &[outputs])?,
        })
    }

    fn write(&self, writer: &mut Writer, name: &str) {
        self.weights.write(writer, &format!("{name}.weight"));
        writer.floats(&format!("{name}.bias"), &[self.bias.len()], &self.bias);
    }

    /// One output row for each input row.
    fn of(&self, rows: &[f32]) -> Vec<f32> {
        self.weights.times(rows, &self.bias)
    }

    fn packed(&self, bits: Bits) -> Option<Self> {
        Some(Self { weights: self.weights.packed(bits)?, bias: self.bias.clone() })
    }
}

fn read_norm(tensors: &Tensors<'_>, name: &str, width: usize) -> Result<Norm, EncoderError> {
    let side = |side: &str| tensors.floats(&format!("{name}.{side}"), &[width]);
    Ok((side("weight")?, side("bias")?))
}

fn write_norm((scale, shift): &Norm, writer: &mut Writer, name: &str) {
    writer.floats(&format!("{name}.weight"), &[scale.len()], scale);
    writer.floats(&format!("{name}.bias"), &[shift.len()], shift);
}

/// The names of tensors, as the weights of published models have them.
const WORDS: &str = "embeddings.word_embeddings.weight";
const PLACES: &str = "embeddings.position_embeddings.weight";
const KIND: &str = "embeddings.token_type_embeddings.weight";
const NORM: &str = "embeddings.LayerNorm";

impl Transformer {
    pub(super) fn read(tensors: &Tensors<'_>, shape: Shape) -> Result<Self, EncoderError> {
        let width = shape.width;
        let kind = tensors.shape(KIND, 2)?;
        let further = format!("encoder.layer.{}.output.dense.bias", shape.layers);
        if tensors.has(&further) {
            let problem = format!("has no place in an encoder of {} layers; {CONFIG} belongs to another", shape.layers);
            return Err(tensors.broken(&further, &problem));
        }
        let layers = (0..shape.layers).map(|number| Layer::read(tensors, number, &shape));
        Ok(Self {
            words: Matrix::read(tensors, WORDS, None, width)?,
            places: tensors.floats(PLACES, &[shape.places, width])?,
            // All of a text is of the first kind.
            kind: tensors.floats(KIND, &[kind[0], width])?.drain(..width).collect(),
            norm: read_norm(tensors, NORM, width)?,
            layers: layers.collect::<Result<_, _>>()?,
            shape,
        })
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        let width = self.shape.width;
        self.words.write(writer, WORDS);
        writer.floats(PLACES, &[self.shape.places, width], &self.places);
        writer.floats(KIND, &[1, width], &self.kind);
        write_norm(&self.norm, writer, NORM);
        for (number, layer) in self.layers.iter().enumerate() {
            layer.write(writer, number);
        }
    }

    pub(super) fn packed(&self, bits: Bits) -> Option<Self> {
        Some(Self {
            words: self.words.packed(bits)?,
            layers: self.layers.iter().map(|layer| layer.packed(bits)).collect::<Option<_>>()?,
            ..self.clone()
        })
    }

    pub(super) fn shape(&self) -> &Shape {
        &self.shape
    }

    pub(super) fn with_pooling(mut self, pooling: Pooling) -> Self {
        self.shape.pooling = pooling;
        self
    }

    /// How many pieces have a row.
    pub(super) fn rows(&self) -> usize {
        self.words.rows()
    }

    /// The most pieces that a text may have.
    pub(super) fn most_pieces(&self) -> usize {
        MOST_PIECES.min(self.shape.places - self.shape.first_place)
    }

    /// The vector of some pieces, of any length.
    pub(super) fn vector(&self, pieces: &[usize]) -> Vec<f32> {
        let Shape { width, epsilon, heads, .. } = self.shape;
        let mut states = Vec::with_capacity(pieces.len() * width);
        for (place, piece) in (self.shape.first_place..).zip(pieces) {
            let place = &self.places[place * width..][..width];
            states.extend(place.iter().zip(&self.kind).map(|(place, kind)| place + kind));
            let start = states.len() - width;
            self.words.add_row(*piece, &mut states[start..]);
        }
        normalise(&mut states, &self.norm, epsilon);
        for layer in &self.layers {
            layer.forward(&mut states, width, heads, epsilon);
        }
        match self.shape.pooling {
            Pooling::First => states.get(..width).map_or_else(|| vec![0.0; width], <[f32]>::to_vec),
            Pooling::Mean => states.chunks(width).fold(vec![0.0; width], |mut sum, state| {
                add(&mut sum, state);
                sum
            }),
        }
    }
}

impl Layer {
    fn read(tensors: &Tensors<'_>, number: usize, shape: &Shape) -> Result<Self, EncoderError> {
        let (width, wide) = (shape.width, shape.wide);
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let dense = |part: &str, inputs, outputs| Dense::read(tensors, &name(part), inputs, outputs);
        let norm = |part: &str| read_norm(tensors, &name(part), width);
        Ok(Self {
            query: dense("attention.self.query", width, width)?,
            key: dense("attention.self.key", width, width)?,
            value: dense("attention.self.value", width, width)?,
            attended: dense("attention.output.dense", width, width)?,
            attended_norm: norm("attention.output.LayerNorm")?,
            wide: dense("intermediate.dense", width, wide)?,
            narrow: dense("output.dense", wide, width)?,
            norm: norm("output.LayerNorm")?,
        })
    }

    fn write(&self, writer: &mut Writer, number: usize) {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        self.query.write(writer, &name("attention.self.query"));
        self.key.write(writer, &name("attention.self.key"));
        self.value.write(writer, &name("attention.self.value"));
        self.attended.write(writer, &name("attention.output.dense"));
        write_norm(&self.attended_norm, writer, &name("attention.output.LayerNorm"));
        self.wide.write(writer, &name("intermediate.dense"));
        self.narrow.write(writer, &name("output.dense"));
        write_norm(&self.norm, writer, &name("output.LayerNorm"));
    }

    fn packed(&self, bits: Bits) -> Option<Self> {
        Some(Self {
            query: self.query.packed(bits)?,
            key: self.key.packed(bits)?,
            value: self.value.packed(bits)?,
            attended: self.attended.packed(bits)?,
            wide: self.wide.packed(bits)?,
            narrow: self.narrow.packed(bits)?,
            ..self.clone()
        })
    }

    /// Moves the states of all pieces one layer on.
    fn forward(&self, states: &mut [f32], width: usize, heads: usize, epsilon: f32) {
        let attended = self.attended.of(&self.attention(states, width, heads));
        add(states, &attended);
        normalise(states, &self.attended_norm, epsilon);
        let mut wide = self.wide.of(states);
        for value in &mut wide {
            *value = gelu(*value);
        }
        let narrow = self.narrow.of(&wide);
        add(states, &narrow);
        normalise(states, &self.norm, epsilon);
    }

    fn attention(&self, states: &[f32], width: usize, heads: usize) -> Vec<f32> {
        let (queries, keys, values) = (self.query.of(states), self.key.of(states), self.value.of(states));
        let head = width / heads;
        let scale = 1.0 / (head as f32).sqrt();
        let mut result = vec![0.0_f32; states.len()];
        for first in (0..width).step_by(head) {
            for (query, out) in queries.chunks(width).zip(result.chunks_mut(width)) {
                let query = &query[first..first + head];
                let dot = |key: &[f32]| query.iter().zip(&key[first..]).map(|(a, b)| a * b).sum::<f32>() * scale;
                let mut weights: Vec<f32> = keys.chunks(width).map(dot).collect();
                let most = weights.iter().copied().fold(f32::NEG_INFINITY, f32::max);
                let mut sum = 0.0;
                for weight in &mut weights {
                    *weight = (*weight - most).exp();
                    sum += *weight;
                }
                for (weight, value) in weights.iter().zip(values.chunks(width)) {
                    for (out, value) in out[first..first + head].iter_mut().zip(&value[first..]) {
                        *out += weight / sum * value;
                    }
                }
            }
        }
        result
    }
}

fn add(states: &mut [f32], others: &[f32]) {
    for (state, other) in states.iter_mut().zip(others) {
        *state += other;
    }
}

/// Gives each row the mean 0 and the variance 1, then scale and shift.
fn normalise(states: &mut [f32], (scale, shift): &Norm, epsilon: f32) {
    let width = scale.len();
    for row in states.chunks_mut(width) {
        let mean = row.iter().sum::<f32>() / width as f32;
        let variance = row.iter().map(|value| (value - mean) * (value - mean)).sum::<f32>() / width as f32;
        let factor = 1.0 / (variance + epsilon).sqrt();
        for ((value, scale), shift) in row.iter_mut().zip(scale).zip(shift) {
            *value = (*value - mean) * factor * scale + shift;
        }
    }
}

/// The Gaussian error linear unit.
fn gelu(x: f32) -> f32 {
    0.5 * x * (1.0 + erf(x * std::f32::consts::FRAC_1_SQRT_2))
}

/// The error function, to 1.5e-7 (Abramowitz and Stegun 7.1.26).
fn erf(x: f32) -> f32 {
    let t = 1.0 / (1.0 + 0.327_591_1 * x.abs());
    let series = t * (0.254_829_6 + t * (-0.284_496_74 + t * (1.421_413_7 + t * (-1.453_152 + t * 1.061_405_4))));
    (1.0 - series * (-x * x).exp()).copysign(x)
}
