//! Named tensors in one file: the form `model.safetensors` has, and packs have.
//!
//! Eight bytes say (little-endian) how long the header is; the header is JSON, for each name `dtype`, `shape` and
//! `data_offsets` into what follows it, and `__metadata__` with texts.

use std::collections::{BTreeMap, HashMap};

use serde::Deserialize;
use serde_json::json;

use super::EncoderError;

/// The tensors of a file, not decoded yet.
pub(super) struct Tensors<'f> {
    /// What errors call the file.
    file: &'static str,
    entries: HashMap<String, Entry>,
    metadata: HashMap<String, String>,
    data: &'f [u8],
}

#[derive(Deserialize)]
struct Entry {
    dtype: String,
    shape: Vec<usize>,
    data_offsets: (usize, usize),
}

/// What stands before the names of an encoder's tensors in some files.
const PREFIXES: [&str; 2] = ["bert.", "roberta."];
const METADATA: &str = "__metadata__";

impl<'f> Tensors<'f> {
    pub(super) fn read(file: &'static str, bytes: &'f [u8]) -> Result<Self, EncoderError> {
        let broken = |problem: &str| EncoderError::new(file, problem);
        let (length, rest) = bytes.split_first_chunk::<8>().ok_or_else(|| broken("the file is too short to be one"))?;
        let length = usize::try_from(u64::from_le_bytes(*length)).ok().filter(|length| *length <= rest.len());
        let length = length.ok_or_else(|| broken("the header is longer than the file; fetch the file again"))?;
        let (header, data) = rest.split_at(length);
        let mut header: HashMap<String, serde_json::Value> =
            serde_json::from_slice(header).map_err(|error| broken(&format!("the header cannot be read: {error}")))?;
        let metadata = header.remove(METADATA).unwrap_or(json!({}));
        let metadata = serde_json::from_value(metadata)
            .map_err(|error| broken(&format!("the header's {METADATA} cannot be read: {error}")))?;
        let mut entries = HashMap::new();
        for (name, value) in header {
            let entry: Entry = serde_json::from_value(value)
                .map_err(|error| broken(&format!("the tensor {name} cannot be read: {error}")))?;
            let bare = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix)).map(str::to_owned);
            entries.insert(bare.unwrap_or(name), entry);
        }
        Ok(Self { file, entries, metadata, data })
    }

    /// The file the tensors are of, for errors.
    pub(super) fn file(&self) -> &'static str {
        self.file
    }

    /// A text beside the tensors.
    pub(super) fn text(&self, name: &str) -> Option<&str> {
        self.metadata.get(name).map(String::as_str)
    }

    /// Whether there is such a tensor.
    pub(super) fn has(&self, name: &str) -> bool {
        self.entries.contains_key(name)
    }

    /// The shape of a tensor, which must have so many sides.
    pub(super) fn shape(&self, name: &str, sides: usize) -> Result<&[usize], EncoderError> {
        let shape = &self.entry(name)?.shape;
        if shape.len() != sides || shape.contains(&0) {
            return Err(self.broken(name, &format!("has the shape {shape:?} where {sides} sides are expected")));
        }
        Ok(shape)
    }

    /// The floats of a tensor that must have this shape.
    pub(super) fn floats(&self, name: &str, shape: &[usize]) -> Result<Vec<f32>, EncoderError> {
        let entry = self.entry(name)?;
        let size = match entry.dtype.as_str() {
            "F32" => 4,
            "F16" | "BF16" => 2,
            other => {
                return Err(self.broken(name, &format!("is of the type {other}; F32, F16 and BF16 are read")));
            }
        };
        let floats = self.data_of(name, entry, shape, size)?.chunks_exact(size).map(|chunk| match *chunk {
            [a, b, c, d] => f32::from_le_bytes([a, b, c, d]),
            [a, b] if entry.dtype == "BF16" => f32::from_bits(u32::from(u16::from_le_bytes([a, b])) << 16),
            [a, b] => half(u16::from_le_bytes([a, b])),
            _ => 0.0,
        });
        let floats: Vec<f32> = floats.collect();
        if floats.iter().any(|float| !float.is_finite()) {
            return Err(self.broken(name, "has a value that is no number"));
        }
        Ok(floats)
    }

    /// The bytes of a tensor that must have this shape and one of the types of one byte.
    pub(super) fn bytes(&self, name: &str, dtype: &str, shape: &[usize]) -> Result<&'f [u8], EncoderError> {
        let entry = self.entry(name)?;
        if entry.dtype != dtype {
            return Err(self.broken(name, &format!("is of the type {} where {dtype} is expected", entry.dtype)));
        }
        self.data_of(name, entry, shape, 1)
    }

    /// The numbers of a tensor with one side.
    pub(super) fn numbers(&self, name: &str) -> Result<Vec<u32>, EncoderError> {
        let (entry, shape) = (self.entry(name)?, self.shape(name, 1)?);
        if entry.dtype != "U32" {
            return Err(self.broken(name, &format!("is of the type {} where U32 is expected", entry.dtype)));
        }
        let bytes = self.data_of(name, entry, shape, 4)?.as_chunks::<4>().0;
        Ok(bytes.iter().map(|bytes| u32::from_le_bytes(*bytes)).collect())
    }

    /// That something about a tensor is wrong.
    pub(super) fn broken(&self, name: &str, problem: &str) -> EncoderError {
        EncoderError::new(self.file, format!("the tensor {name} {problem}"))
    }

    fn entry(&self, name: &str) -> Result<&Entry, EncoderError> {
        let missing =
            || EncoderError::new(self.file, format!("there is no tensor {name}, which weights of this kind have"));
        self.entries.get(name).ok_or_else(missing)
    }

    fn data_of(&self, name: &str, entry: &Entry, shape: &[usize], size: usize) -> Result<&'f [u8], EncoderError> {
        if entry.shape != shape {
            return Err(self.broken(name, &format!("has the shape {:?} where {shape:?} is expected", entry.shape)));
        }
        let (start, end) = entry.data_offsets;
        let expected = shape.iter().try_fold(size, |product, side| product.checked_mul(*side));
        let bytes = self.data.get(start..end).filter(|bytes| expected == Some(bytes.len()));
        bytes.ok_or_else(|| self.broken(name, "does not lie in the file as its header says"))
    }
}

/// A file in the making.
#[derive(Default)]
pub(super) struct Writer {
    entries: BTreeMap<String, serde_json::Value>,
    data: Vec<u8>,
}

impl Writer {
    pub(super) fn text(&mut self, name: &str, text: &str) {
        self.entries.entry(METADATA.to_owned()).or_insert(json!({}))[name] = json!(text);
    }

    pub(super) fn bytes(&mut self, name: &str, dtype: &str, shape: &[usize], bytes: impl IntoIterator<Item = u8>) {
        let start = self.data.len();
        self.data.extend(bytes);
        let entry = json!({"dtype": dtype, "shape": shape, "data_offsets": [start, self.data.len()]});
        self.entries.insert(name.to_owned(), entry);
    }

    pub(super) fn floats(&mut self, name: &str, shape: &[usize], floats: &[f32]) {
        self.bytes(name, "F32", shape, floats.iter().flat_map(|float| float.to_le_bytes()));
    }

    pub(super) fn numbers(&mut self, name: &str, numbers: &[u32]) {
        self.bytes(name, "U32", &[numbers.len()], numbers.iter().flat_map(|number| number.to_le_bytes()));
    }

    pub(super) fn finish(self) -> Vec<u8> {
        let header = json!(self.entries).to_string();
        [&(header.len() as u64).to_le_bytes(), header.as_bytes(), &self.data].concat()
    }
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
    use super::*;

    #[test]
    fn halves_are_read() {
        for (bits, value) in [(0x3c00, 1.0), (0xc000, -2.0), (0x3555, 0.333_251_95), (0x0001, 5.960_464_5e-8), (0, 0.0)]
        {
            assert_eq!(half(bits), value);
        }
        assert!(half(0x7c00).is_infinite() && half(0x7e00).is_nan());
    }

    #[test]
    fn what_is_written_is_read() {
        let mut writer = Writer::default();
        writer.text("about", "a \"test\"");
        writer.floats("floats", &[2, 1], &[1.5, -2.0]);
        writer.bytes("bytes", "I8", &[3], [1, 2, 255]);
        writer.numbers("numbers", &[7, 70_000]);
        let file = writer.finish();
        let read = Tensors::read("a file", &file).unwrap();
        assert_eq!(read.text("about"), Some("a \"test\""));
        assert_eq!(read.floats("floats", &[2, 1]).unwrap(), [1.5, -2.0]);
        assert_eq!(read.bytes("bytes", "I8", &[3]).unwrap(), [1, 2, 255]);
        assert_eq!(read.numbers("numbers").unwrap(), [7, 70_000]);
        assert!(read.bytes("bytes", "U8", &[3]).is_err() && read.bytes("bytes", "I8", &[4]).is_err());
    }
}
