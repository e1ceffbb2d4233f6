//! Matrices of weights: floats, or codes of eight or four bits.
//!
//! A weight of eight bits is its code (−127 to 127) times the `scale` of its row. One of four bits is its code (−8 to 7)
//! times the `step` (0 to 63) of its group of 32 neighbours times the scale of the row: rows have outliers, and groups
//! without one keep their precision. A group has 16 bytes: of byte *k* the lower half is the code of weight *k* plus 8, the
//! upper half that of weight *k* + 16 (this way no machine has to sort them one by one). What a row lacks to whole groups is
//! filled with zeros.
//!
//! Products are computed in whole numbers: what comes in is rounded to ten bits, and nothing can overflow.

use super::EncoderError;
use super::safetensors::{Tensors, Writer};

/// Rows of weights.
#[derive(Clone)]
pub(super) struct Matrix {
    columns: usize,
    weights: Weights,
}

#[derive(Clone)]
enum Weights {
    Floats(Vec<f32>),
    Bytes { codes: Vec<i8>, scales: Vec<f32> },
    Halves { codes: Vec<u8>, steps: Vec<u8>, scales: Vec<f32> },
}

/// The precision of packed weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bits {
    /// A quarter of the size of floats; next to nothing is lost.
    Eight,
    /// An eighth of the size; a little is lost.
    Four,
}

/// How many weights of four bits share a step, and how many bytes they take.
const GROUP: usize = 32;
const HALF: usize = GROUP / 2;
const MOST_STEP: f32 = 63.0;
/// Longer rows could overflow: 8 · 63 · 511 · 8192 is less than 2³¹.
const MOST_COLUMNS: usize = 8_192;
/// What comes in is rounded to whole numbers up to this.
const MOST_INPUT: f32 = 511.0;

impl Matrix {
    pub(super) fn of_floats(columns: usize, floats: Vec<f32>) -> Self {
        Self { columns, weights: Weights::Floats(floats) }
    }

    /// Reads a matrix of any form. `rows` where their number is known.
    pub(super) fn read(
        tensors: &Tensors<'_>,
        name: &str,
        rows: Option<usize>,
        columns: usize,
    ) -> Result<Self, EncoderError> {
        let rows = match rows {
            Some(rows) => rows,
            None => tensors.shape(name, 2)?[0],
        };
        let (scale, step) = (format!("{name}.scale"), format!("{name}.step"));
        if !tensors.has(&scale) {
            return Ok(Self::of_floats(columns, tensors.floats(name, &[rows, columns])?));
        }
        if columns > MOST_COLUMNS {
            return Err(
                tensors.broken(name, &format!("has {columns} columns; packed ones have {MOST_COLUMNS} at most"))
            );
        }
        let scales = tensors.floats(&scale, &[rows])?;
        let weights = if tensors.has(&step) {
            let steps = tensors.bytes(&step, "U8", &[rows, columns.div_ceil(GROUP)])?.to_vec();
            if steps.iter().any(|step| f32::from(*step) > MOST_STEP) {
                return Err(tensors.broken(&step, "has a value above 63"));
            }
            let codes = tensors.bytes(name, "U8", &[rows, columns.div_ceil(GROUP) * HALF])?.to_vec();
            Weights::Halves { codes, steps, scales }
        } else {
            let codes = tensors.bytes(name, "I8", &[rows, columns])?;
            Weights::Bytes { codes: codes.iter().map(|code| code.cast_signed()).collect(), scales }
        };
        Ok(Self { columns, weights })
    }

    pub(super) fn write(&self, writer: &mut Writer, name: &str) {
        let (rows, columns) = (self.rows(), self.columns);
        match &self.weights {
            Weights::Floats(floats) => writer.floats(name, &[rows, columns], floats),
            Weights::Bytes { codes, scales } => {
                writer.bytes(name, "I8", &[rows, columns], codes.iter().map(|code| code.cast_unsigned()));
                writer.floats(&format!("{name}.scale"), &[rows], scales);
            }
            Weights::Halves { codes, steps, scales } => {
                writer.bytes(name, "U8", &[rows, columns.div_ceil(GROUP) * HALF], codes.iter().copied());
                let step = format!("{name}.step");
                writer.bytes(&step, "U8", &[rows, columns.div_ceil(GROUP)], steps.iter().copied());
                writer.floats(&format!("{name}.scale"), &[rows], scales);
            }
        }
    }

    /// The same weights, as near as they can be in so many bits. `None` where rows are too long.
    pub(super) fn packed(&self, bits: Bits) -> Option<Self> {
        let Weights::Floats(floats) = &self.weights else { return Some(self.clone()) };
        if self.columns > MOST_COLUMNS {
            return None;
        }
        let rows = floats.chunks(self.columns);
        let weights = match bits {
            Bits::Eight => {
                let (mut codes, mut scales) = (Vec::with_capacity(floats.len()), Vec::new());
                for row in rows {
                    let scale = most(row) / 127.0;
                    codes.extend(row.iter().map(|weight| rounded(*weight, scale, -127.0, 127.0) as i8));
                    scales.push(scale);
                }
                Weights::Bytes { codes, scales }
            }
            Bits::Four => {
                let (mut codes, mut steps, mut scales) = (Vec::new(), Vec::new(), Vec::new());
                for row in rows {
                    let wanted: Vec<f32> = row.chunks(GROUP).map(best_step).collect();
                    let scale = wanted.iter().copied().fold(0.0, f32::max) / MOST_STEP;
                    for (group, wanted) in row.chunks(GROUP).zip(wanted) {
                        let step = rounded(wanted, scale, 0.0, MOST_STEP);
                        let code = |at: usize| {
                            let weight = group.get(at).copied().unwrap_or(0.0);
                            (rounded(weight, scale * step, -8.0, 7.0) as i8 + 8).cast_unsigned()
                        };
                        codes.extend((0..HALF).map(|at| code(at) | code(at + HALF) << 4));
                        steps.push(step as u8);
                    }
                    scales.push(scale);
                }
                Weights::Halves { codes, steps, scales }
            }
        };
        Some(Self { columns: self.columns, weights })
    }

    pub(super) fn columns(&self) -> usize {
        self.columns
    }

    pub(super) fn rows(&self) -> usize {
        match &self.weights {
            Weights::Floats(floats) => floats.len() / self.columns,
            Weights::Bytes { scales, .. } | Weights::Halves { scales, .. } => scales.len(),
        }
    }

    /// Adds a row to sums.
    pub(super) fn add_row(&self, row: usize, sums: &mut [f32]) {
        if let Weights::Floats(floats) = &self.weights {
            for (sum, weight) in sums.iter_mut().zip(&floats[row * self.columns..]) {
                *sum += weight;
            }
            return;
        }
        let mut whole = vec![0; self.columns];
        let scale = self.whole_numbers(row, &mut whole);
        for (sum, weight) in sums.iter_mut().zip(&whole) {
            *sum += f32::from(*weight) * scale;
        }
    }

    /// The product with each of the input rows, plus the bias: one number for each row of the matrix.
    pub(super) fn times(&self, inputs: &[f32], bias: &[f32]) -> Vec<f32> {
        let outputs = bias.len();
        let count = inputs.len() / self.columns;
        let mut result = vec![0.0; count * outputs];
        if let Weights::Floats(floats) = &self.weights {
            for (output, row) in floats.chunks_exact(self.columns).enumerate() {
                for (at, input) in inputs.chunks_exact(self.columns).enumerate() {
                    result[at * outputs + output] = bias[output] + dot(row, input);
                }
            }
            return result;
        }
        let mut whole_inputs = Vec::with_capacity(inputs.len());
        let mut factors = Vec::with_capacity(count);
        for input in inputs.chunks_exact(self.columns) {
            let factor = most(input) / MOST_INPUT;
            whole_inputs.extend(input.iter().map(|value| rounded(*value, factor, -MOST_INPUT, MOST_INPUT) as i16));
            factors.push(factor);
        }
        let mut row = vec![0; self.columns];
        for (output, bias) in bias.iter().enumerate() {
            let scale = self.whole_numbers(output, &mut row);
            for (at, input) in whole_inputs.chunks_exact(self.columns).enumerate() {
                result[at * outputs + output] = bias + scale * factors[at] * whole_dot(&row, input) as f32;
            }
        }
        result
    }

    /// A row as whole numbers, and what they are to be multiplied by.
    fn whole_numbers(&self, row: usize, whole: &mut [i16]) -> f32 {
        match &self.weights {
            Weights::Floats(_) => 0.0,
            Weights::Bytes { codes, scales } => {
                for (whole, code) in whole.iter_mut().zip(&codes[row * self.columns..]) {
                    *whole = i16::from(*code);
                }
                scales[row]
            }
            Weights::Halves { codes, steps, scales } => {
                let groups = self.columns.div_ceil(GROUP);
                let (codes, _) = codes[row * groups * HALF..].as_chunks::<HALF>();
                let steps = &steps[row * groups..];
                for ((group, codes), step) in whole.chunks_mut(GROUP).zip(codes).zip(steps) {
                    let step = i16::from(*step);
                    let mut weights = [0; GROUP];
                    let (first, second) = weights.split_at_mut(HALF);
                    for at in 0..HALF {
                        first[at] = (i16::from(codes[at] & 15) - 8) * step;
                        second[at] = (i16::from(codes[at] >> 4) - 8) * step;
                    }
                    group.copy_from_slice(&weights[..group.len()]);
                }
                scales[row]
            }
        }
    }
}

/// The step of a group of weights whose codes of four bits lose the least.
fn best_step(group: &[f32]) -> f32 {
    let most = most(group);
    // The largest weight may lie outside, where that serves the others.
    let steps = (0..8).map(|at| most / (6.5 + 0.25 * at as f32));
    let lost = |step: f32| -> f32 {
        group.iter().map(|weight| (weight - step * rounded(*weight, step, -8.0, 7.0)).powi(2)).sum()
    };
    steps.map(|step| (lost(step), step)).min_by(|a, b| a.0.total_cmp(&b.0)).map_or(0.0, |(_, step)| step)
}

fn rounded(value: f32, step: f32, least: f32, most: f32) -> f32 {
    if step == 0.0 { 0.0 } else { (value / step).round().clamp(least, most) }
}

fn most(values: &[f32]) -> f32 {
    values.iter().fold(0.0, |most: f32, value| most.max(value.abs()))
}

/// So many sums of their own, so that the machine adds several at once.
const LANES: usize = 16;

fn dot(one: &[f32], other: &[f32]) -> f32 {
    let mut sums = [0.0_f32; LANES];
    let (ones, one_rest) = one.as_chunks::<LANES>();
    let (others, other_rest) = other.as_chunks::<LANES>();
    for (one, other) in ones.iter().zip(others) {
        for at in 0..LANES {
            sums[at] += one[at] * other[at];
        }
    }
    sums.iter().sum::<f32>() + one_rest.iter().zip(other_rest).map(|(one, other)| one * other).sum::<f32>()
}

fn whole_dot(one: &[i16], other: &[i16]) -> i32 {
    let mut sums = [0_i32; LANES];
    let (ones, one_rest) = one.as_chunks::<LANES>();
    let (others, other_rest) = other.as_chunks::<LANES>();
    for (one, other) in ones.iter().zip(others) {
        for at in 0..LANES {
            sums[at] += i32::from(one[at]) * i32::from(other[at]);
        }
    }
    let rest = one_rest.iter().zip(other_rest).map(|(one, other)| i32::from(*one) * i32::from(*other));
    sums.iter().sum::<i32>() + rest.sum::<i32>()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Numbers of any size, the same ones every time; now and then one that is far out.
    fn floats(count: usize, seed: u32) -> Vec<f32> {
        let mut state = seed;
        let numbers = (0..count).map(|at| {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            let number = (state >> 8) as f32 / (1 << 23) as f32 - 1.0;
            if at % 71 == 7 { number * 8.0 } else { number }
        });
        numbers.collect()
    }

    #[test]
    fn packed_products_are_near_the_exact_ones() {
        for (rows, columns) in [(3, 64), (5, 77), (2, 1), (4, 33)] {
            let exact = Matrix::of_floats(columns, floats(rows * columns, 3));
            let (inputs, bias) = (floats(2 * columns, 11), floats(rows, 5));
            let expected = exact.times(&inputs, &bias);
            let mut by_hand = 0.0;
            for column in 0..columns {
                by_hand += f64::from(inputs[columns + column]) * f64::from(floats(rows * columns, 3)[columns + column]);
            }
            assert!((f64::from(expected[rows + 1]) - by_hand - f64::from(bias[1])).abs() < 1e-4);
            for (bits, error) in [(Bits::Eight, 0.03), (Bits::Four, 0.6)] {
                let packed = exact.packed(bits).unwrap();
                let mut writer = Writer::default();
                packed.write(&mut writer, "m");
                let file = writer.finish();
                let read = Matrix::read(&Tensors::read("f", &file).unwrap(), "m", None, columns).unwrap();
                let found = read.times(&inputs, &bias);
                let size = columns as f32;
                for (found, expected) in found.iter().zip(&expected) {
                    assert!((found - expected).abs() <= error * size.sqrt(), "{bits:?} {columns}: {found} {expected}");
                }
                let (mut row, mut exact_row) = (vec![0.0; columns], vec![0.0; columns]);
                read.add_row(1, &mut row);
                exact.add_row(1, &mut exact_row);
                // No weight is further off than half a step of its group, but for the largest.
                assert!(row.iter().zip(&exact_row).all(|(a, b)| (a - b).abs() <= 8.0 / 7.0), "{row:?} {exact_row:?}");
                assert_eq!(found, packed.times(&inputs, &bias));
            }
        }
        let zeros = Matrix::of_floats(40, vec![0.0; 40]);
        for bits in [Bits::Four, Bits::Eight] {
            assert_eq!(zeros.packed(bits).unwrap().times(&[0.0; 40], &[2.0]), [2.0]);
        }
        assert!(Matrix::of_floats(9_000, vec![0.0; 9_000]).packed(Bits::Four).is_none());
    }

    #[test]
    fn codes_mean_what_the_format_says() {
        let mut writer = Writer::default();
        // Weights 0 and 16, 1 and 17; the others are zero.
        writer.bytes("m", "U8", &[1, 16], [[0x0f, 0xa8].as_slice(), &[0x88; 14]].concat());
        writer.bytes("m.step", "U8", &[1, 1], [3]);
        writer.floats("m.scale", &[1], &[0.5]);
        writer.bytes("n", "I8", &[1, 2], [0x81, 127]);
        writer.floats("n.scale", &[1], &[0.5]);
        let file = writer.finish();
        let tensors = Tensors::read("f", &file).unwrap();
        let row = |name: &str, columns: usize| {
            let mut row = vec![0.0; columns];
            Matrix::read(&tensors, name, Some(1), columns).unwrap().add_row(0, &mut row);
            row
        };
        let mut expected = vec![0.0; 18];
        (expected[0], expected[16], expected[17]) = (10.5, -12.0, 3.0);
        assert_eq!(row("m", 18), expected);
        assert_eq!(row("n", 2), [-63.5, 63.5]);
        assert!(Matrix::read(&tensors, "m", Some(2), 18).is_err() && Matrix::read(&tensors, "m", None, 33).is_err());
    }
}
