//! Encoders without attention: a row for each piece, and the vector of a text is the sum of its pieces' rows.

use super::EncoderError;
use super::matrix::{Bits, Matrix};
use super::safetensors::{Tensors, Writer};

/// The most pieces of words that are read of a text.
pub(super) const MOST_PIECES: usize = 512;
/// The names that published tables give their one tensor; a pack has the first.
const NAMES: [&str; 2] = ["embeddings", "embedding.weight"];
/// Weights of the pieces, in some published tables.
const WEIGHTS: &str = "weights";

/// The rows.
#[derive(Clone)]
pub(super) struct Table {
    rows: Matrix,
}

impl Table {
    pub(super) fn of_rows(width: usize, floats: Vec<f32>) -> Self {
        Self { rows: Matrix::of_floats(width, floats) }
    }

    /// The name of the rows, where the tensors are those of a table.
    pub(super) fn name(tensors: &Tensors<'_>) -> Option<&'static str> {
        NAMES.into_iter().find(|name| tensors.has(name))
    }

    /// Reads the table of a pack.
    pub(super) fn read(tensors: &Tensors<'_>, width: usize) -> Result<Self, EncoderError> {
        Ok(Self { rows: Matrix::read(tensors, NAMES[0], None, width)? })
    }

    /// Reads a published table.
    pub(super) fn of_weights(tensors: &Tensors<'_>, name: &str) -> Result<Self, EncoderError> {
        let shape = tensors.shape(name, 2)?.to_vec();
        let mut floats = tensors.floats(name, &shape)?;
        if tensors.has(WEIGHTS) {
            let weights = tensors.floats(WEIGHTS, &shape[..1])?;
            for (row, weight) in floats.chunks_mut(shape[1]).zip(weights) {
                row.iter_mut().for_each(|value| *value *= weight);
            }
        }
        Ok(Self::of_rows(shape[1], floats))
    }

    pub(super) fn write(&self, writer: &mut Writer) {
        self.rows.write(writer, NAMES[0]);
    }

    pub(super) fn packed(&self, bits: Bits) -> Option<Self> {
        Some(Self { rows: self.rows.packed(bits)? })
    }

    pub(super) fn width(&self) -> usize {
        self.rows.columns()
    }

    /// How many pieces have a row.
    pub(super) fn rows(&self) -> usize {
        self.rows.rows()
    }

    pub(super) fn vector(&self, pieces: &[usize]) -> Vec<f32> {
        let mut sum = vec![0.0; self.width()];
        for piece in pieces {
            self.rows.add_row(*piece, &mut sum);
        }
        sum
    }
}
