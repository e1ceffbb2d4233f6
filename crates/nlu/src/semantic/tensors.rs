//! `model.safetensors`: named tensors of floats in one file.

use std::collections::HashMap;
use std::ops::Range;

use serde::Deserialize;

use super::{EncoderError, WEIGHTS};

/// The tensors of a file, not decoded yet.
pub(super) struct Tensors<'f> {
    entries: HashMap<String, Entry>,
    data: &'f [u8],
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

impl<'f> Tensors<'f> {
    pub(super) fn read(file: &'f [u8]) -> Result<Self, EncoderError> {
        let broken = |problem: &str| EncoderError::new(WEIGHTS, problem);
        let (length, rest) = file.split_first_chunk::<8>().ok_or_else(|| broken("the file is too short to be one"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok().filter(|length| *length <= rest.len());
        let length = length.ok_or_else(|| broken("the header is longer than the file; fetch the file again"))?;
        let (header, data) = rest.split_at(length);
        let header: HashMap<String, serde_json::Value> =
            serde_json::from_slice(header).map_err(|error| broken(&format!("the header cannot be read: {error}")))?;
        let mut entries = HashMap::new();
        for (name, value) in header.into_iter().filter(|(name, _)| name != "__metadata__") {
            let entry: Entry = serde_json::from_value(value)
                .map_err(|error| broken(&format!("the tensor {name} cannot be read: {error}")))?;
            entries.insert(name.strip_prefix("bert.").map_or_else(|| name.clone(), str::to_owned), entry);
        }
        Ok(Self { entries, data })
    }

    /// The floats of a tensor that must have this shape.
    pub(super) fn get(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncoderError> {
        let entry = self.entry(name)?;
        if entry.shape != shape {
            let problem = format!("the tensor {name} has the shape {:?} where {shape:?} is expected", entry.shape);
            return Err(EncoderError::new(WEIGHTS, problem));
        }
        self.floats(name, entry, 0..count(shape).unwrap_or(usize::MAX))
    }

    /// A tensor with rows of this width, as many as there are.
    pub(super) fn rows(&self, name: &str, width: usize) -> Result<Vec<f32>, EncoderError> {
        let rows = self.entry(name)?.shape.first().copied().unwrap_or(0);
        self.get(name, &[rows, width])
    }

    /// The first row of a tensor with rows of this width.
    pub(super) fn first_row(&self, name: &str, width: usize) -> Result<Vec<f32>, EncoderError> {
        let entry = self.entry(name)?;
        if entry.shape.len() != 2 || entry.shape[0] == 0 || entry.shape[1] != width {
            let problem = format!("the tensor {name} has the shape {:?} where [_, {width}] is expected", entry.shape);
            return Err(EncoderError::new(WEIGHTS, problem));
        }
        self.floats(name, entry, 0..width)
    }

    /// A matrix of so many rows and columns with rows and columns exchanged.
    pub(super) fn turned(&self, name: &str, rows: usize, columns: usize) -> Result<Vec<f32>, EncoderError> {
        let matrix = self.get(name, &[rows, columns])?;
        let mut turned = vec![0.0; matrix.len()];
        for row in 0..rows {
            for column in 0..columns {
                turned[column * rows + row] = matrix[row * columns + column];
            }
        }
        Ok(turned)
    }

    fn entry(&self, name: &str) -> Result<&Entry, EncoderError> {
        let missing = || EncoderError::new(WEIGHTS, format!("there is no tensor {name}; a BERT encoder has one"));
        self.entries.get(name).ok_or_else(missing)
    }

    fn floats(&self, name: &str, entry: &Entry, wanted: Range<usize>) -> Result<Vec<f32>, EncoderError> {
        let broken = |problem: String| EncoderError::new(WEIGHTS, format!("the tensor {name} {problem}"));
        let size = match entry.dtype.as_str() {
            "F32" => 4,
            "F16" | "BF16" => 2,
            other => return Err(broken(format!("is of the type {other}; F32, F16 and BF16 are read"))),
        };
        let (start, end) = entry.data_offsets;
        let expected = count(&entry.shape).and_then(|count| count.checked_mul(size));
        let bytes = self.data.get(start..end).filter(|bytes| expected == Some(bytes.len()));
        let bytes = bytes.ok_or_else(|| broken("does not lie in the file as its header says".to_owned()))?;
        let floats = bytes[wanted.start * size..wanted.end * size].chunks_exact(size).map(|chunk| match *chunk {
            [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
            [a, b] if entry.dtype == "BF16" => f32::from_bits(u32::from(u16::from_le_bytes([a, b])) << 16),
            [a, b] => half(u16::from_le_bytes([a, b])),
            _ => 0.0,
        });
        let floats: Vec<f32> = floats.collect();
        if floats.iter().any(|float| !float.is_finite()) {
            return Err(broken("has a value that is no number".to_owned()));
        }
        Ok(floats)
    }
}

/// How many numbers a tensor of this shape has; nothing where that is beyond counting.
fn count(shape: &[usize]) -> Option<usize> {
    shape.iter().try_fold(1_usize, |product, side| product.checked_mul(*side))
}

/// A number of half precision (IEEE 754).
fn half(bits: u16) -> f32 {
    let sign = if bits >> 15 == 1 { -1.0 } else { 1.0 };
    let fraction = f32::from(bits & 0x3ff) / 1024.0;
    match (bits >> 10) & 0x1f {
        0 => sign * fraction * 2.0_f32.powi(-14),
        0x1f if fraction == 0.0 => sign * f32::INFINITY,
        0x1f => f32::NAN,
        exponent => sign * (1.0 + fraction) * 2.0_f32.powi(i32::from(exponent) - 15),
    }
}

#[cfg(test)]
mod tests {
    use super::half;

    #[test]
    fn halves_are_read() {
        for (bits, value) in [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0, 0.0)]
        {
            assert_eq!(half(bits), value);
        }
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
    }
}
