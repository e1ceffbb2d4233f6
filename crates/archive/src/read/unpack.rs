//! Unpacks one entry, counting the bytes that really come out.

use std::io::Read;

use flate2::{Crc, Decompress, FlushDecompress, Status};

use super::Limits;
use super::directory::Record;
use super::error::ReadError;

const STORED: u16 = 0;
const DEFLATED: u16 = 8;

/// How much is read and unpacked at a time.
const CHUNK_BYTES: usize = 64 * 1024;

/// Below this size no ratio is suspicious: a short file of one repeated letter is harmless.
const SMALLEST_BOMB_BYTES: u64 = 1024 * 1024;

/// Refuses an entry that can never be unpacked here.
pub(super) fn check_method(record: &Record) -> Result<(), ReadError> {
    let name = || record.name.clone();
    if record.encrypted {
        return Err(ReadError::Encrypted { name: name() });
    }
    match record.method {
        STORED | DEFLATED => Ok(()),
        method => Err(ReadError::UnsupportedMethod { name: name(), method }),
    }
}

/// Unpacks the entry whose packed bytes `source` yields, and adds what came out to `total_bytes`, also on failure.
pub(super) fn unpack(
    mut source: impl Read,
    record: &Record,
    limits: &Limits,
    total_bytes: &mut u64,
) -> Result<Vec<u8>, ReadError> {
    check_method(record)?;
    // What the directory says is believed as far as the limits would let it come true.
    let most = record.packed_size.saturating_mul(limits.max_ratio).min(limits.max_entry_bytes);
    let bytes = Vec::with_capacity(usize::try_from(record.size.min(most)).unwrap_or(0));
    let mut content = Content { record, limits, bytes, total_bytes };
    if record.method == STORED {
        copy(&mut source, &mut content)?;
    } else {
        inflate(&mut source, &mut content)?;
    }
    content.verified()
}

/// The bytes unpacked so far.
struct Content<'a> {
    record: &'a Record,
    limits: &'a Limits,
    bytes: Vec<u8>,
    total_bytes: &'a mut u64,
}

impl Content<'_> {
    /// Adds a chunk unless that would pass a limit.
    fn extend(&mut self, chunk: &[u8]) -> Result<(), ReadError> {
        let name = || self.record.name.clone();
        let length = (self.bytes.len() + chunk.len()) as u64;
        *self.total_bytes = self.total_bytes.saturating_add(chunk.len() as u64);
        if length > self.limits.max_entry_bytes {
            return Err(ReadError::EntryTooLarge { name: name(), limit: self.limits.max_entry_bytes });
        }
        if *self.total_bytes > self.limits.max_total_bytes {
            return Err(ReadError::TotalTooLarge { name: name(), limit: self.limits.max_total_bytes });
        }
        let (packed, limit) = (self.record.packed_size, self.limits.max_ratio);
        if length > SMALLEST_BOMB_BYTES && length > packed.saturating_mul(limit) {
            return Err(ReadError::RatioTooHigh { name: name(), packed, limit });
        }
        self.bytes.extend_from_slice(chunk);
        Ok(())
    }

    /// The complete content, once it agrees with the directory.
    fn verified(self) -> Result<Vec<u8>, ReadError> {
        let record = self.record;
        let actual = self.bytes.len() as u64;
        if actual != record.size {
            return Err(ReadError::SizeMismatch { name: record.name.clone(), declared: record.size, actual });
        }
        let mut checksum = Crc::new();
        checksum.update(&self.bytes);
        if checksum.sum() != record.checksum {
            let name = record.name.clone();
            return Err(ReadError::ChecksumMismatch { name, declared: record.checksum, actual: checksum.sum() });
        }
        Ok(self.bytes)
    }

    fn corrupt(&self, problem: &'static str) -> ReadError {
        ReadError::CorruptData { name: self.record.name.clone(), problem, unpacked: self.bytes.len() as u64 }
    }
}

fn copy(source: &mut impl Read, content: &mut Content<'_>) -> Result<(), ReadError> {
    let mut chunk = vec![0; CHUNK_BYTES];
    loop {
        let length = source.read(&mut chunk)?;
        if length == 0 {
            return Ok(());
        }
        content.extend(&chunk[..length])?;
    }
}

fn inflate(source: &mut impl Read, content: &mut Content<'_>) -> Result<(), ReadError> {
    let mut inflater = Decompress::new(false);
    let mut packed = vec![0; CHUNK_BYTES];
    let mut unpacked = vec![0; CHUNK_BYTES];
    loop {
        let length = source.read(&mut packed)?;
        if length == 0 {
            return Err(content.corrupt("the packed data ends too early"));
        }
        let mut input = &packed[..length];
        loop {
            let (consumed_before, produced_before) = (inflater.total_in(), inflater.total_out());
            let status = inflater
                .decompress(input, &mut unpacked, FlushDecompress::None)
                .map_err(|_| content.corrupt("the packed data is not valid deflate data"))?;
            let consumed = (inflater.total_in() - consumed_before) as usize;
            let produced = (inflater.total_out() - produced_before) as usize;
            content.extend(&unpacked[..produced])?;
            if status == Status::StreamEnd {
                return Ok(());
            }
            input = &input[consumed..];
            // A full output buffer may hide more output, even when all input is taken.
            if input.is_empty() && produced < unpacked.len() {
                break;
            }
            if consumed == 0 && produced == 0 {
                return Err(content.corrupt("the packed data is not valid deflate data"));
            }
        }
    }
}
