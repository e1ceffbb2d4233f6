//! The forward pass of one layer: attention, then two dense steps, each added to what came in and normalised.

use super::EncoderError;
use super::tensors::Tensors;

/// A dense step: rows are inputs, so that the products of one input lie together.
struct Dense {
    weights: Vec<f32>,
    bias: Vec<f32>,
}

/// One layer.
pub(super) struct Layer {
    query: Dense,
    key: Dense,
    value: Dense,
    attended: Dense,
    attended_norm: (Vec<f32>, Vec<f32>),
    wide: Dense,
    narrow: Dense,
    norm: (Vec<f32>, Vec<f32>),
    heads: usize,
}

impl Dense {
    fn read(tensors: &Tensors<'_>, name: &str, inputs: usize, outputs: usize) -> Result<Self, EncoderError> {
        Ok(Self {
            weights: tensors.turned(&format!("{name}.weight"), outputs, inputs)?,
            bias: tensors.get(&format!("{name}.bias"), &[outputs])?,
        })
    }

    /// One output row for each input row.
    fn of(&self, rows: &[f32], inputs: usize) -> Vec<f32> {
        let outputs = self.bias.len();
        let mut result = Vec::with_capacity(rows.len() / inputs * outputs);
        for row in rows.chunks(inputs) {
            let mut sums = self.bias.clone();
            for (input, weights) in row.iter().zip(self.weights.chunks(outputs)) {
                for (sum, weight) in sums.iter_mut().zip(weights) {
                    *sum += input * weight;
                }
            }
            result.extend(sums);
        }
        result
    }
}

impl Layer {
    pub(super) fn read(
        tensors: &Tensors<'_>,
        number: usize,
        width: usize,
        wide: usize,
        heads: usize,
    ) -> Result<Self, EncoderError> {
        let name = |part: &str| format!("encoder.layer.{number}.{part}");
        let dense = |part: &str, inputs, outputs| Dense::read(tensors, &name(part), inputs, outputs);
        let norm = |part: &str| -> Result<_, EncoderError> {
            let side = |side: &str| tensors.get(&format!("{}.{side}", name(part)), &[width]);
            Ok((side("weight")?, side("bias")?))
        };
        Ok(Self {
            query: dense("attention.self.query", width, width)?,
            key: dense("attention.self.key", width, width)?,
            value: dense("attention.self.value", width, width)?,
            attended: dense("attention.output.dense", width, width)?,
            attended_norm: norm("attention.output.LayerNorm")?,
            wide: dense("intermediate.dense", width, wide)?,
            narrow: dense("output.dense", wide, width)?,
            norm: norm("output.LayerNorm")?,
            heads,
        })
    }

    /// Moves the states of all pieces one layer on.
    pub(super) fn forward(&self, states: &mut [f32], width: usize, epsilon: f32) {
        let attended = self.attended.of(&self.attention(states, width), width);
        add(states, &attended);
        normalise(states, &self.attended_norm, epsilon);
        let mut wide = self.wide.of(states, width);
        for value in &mut wide {
            *value = gelu(*value);
        }
        let narrow = self.narrow.of(&wide, self.wide.bias.len());
        add(states, &narrow);
        normalise(states, &self.norm, epsilon);
    }

    fn attention(&self, states: &[f32], width: usize) -> Vec<f32> {
        let (queries, keys, values) =
            (self.query.of(states, width), self.key.of(states, width), self.value.of(states, width));
        let head = width / self.heads;
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
pub(super) fn normalise(states: &mut [f32], (scale, shift): &(Vec<f32>, Vec<f32>), epsilon: f32) {
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
