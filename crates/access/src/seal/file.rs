//! Files at rest, sealed piece by piece: any piece can be opened without the others, and none can be changed, moved,
//! dropped or put behind the end without that being noticed.
//!
//! Form: `BYF1`, 16 random bytes, then pieces of 64 KiB, each with its tag of 16 bytes. The key of a file is derived from
//! the master key and the random bytes, so a piece's number is all its nonce needs: eight bytes of number, and one that is
//! 1 for the last piece. The last piece has at most 64 KiB; that of an empty file has none.

use std::io::{self, Read, Seek, SeekFrom};
use std::ops::Range;

use aws_lc_rs::aead::{AES_256_GCM, Aad, LessSafeKey, NONCE_LEN, Nonce, UnboundKey};
use domain::IdSource;
use zeroize::Zeroizing;

use super::{MasterKey, OpenError};

const MAGIC: &[u8; 4] = b"BYF1";
const SALT_BYTES: usize = 16;
const TAG_BYTES: usize = 16;

/// The bytes before the first piece.
pub const HEADER_BYTES: usize = MAGIC.len() + SALT_BYTES;
/// How much of a file is in one piece. Bytes.
pub const PIECE_BYTES: usize = 64 << 10;
/// How long a piece is when it is sealed. Bytes.
pub const SEALED_PIECE_BYTES: usize = PIECE_BYTES + TAG_BYTES;

/// The pieces that hold a part of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pieces {
    /// Their numbers.
    pub numbers: Range<u64>,
    /// Where they stand in the sealed file. Bytes.
    pub place: Range<u64>,
    /// How many bytes of the first one come before the part.
    pub skip: usize,
}

/// The pieces that hold the bytes in `part` of a file of `size` bytes.
pub fn pieces(size: u64, part: Range<u64>) -> Pieces {
    let piece = PIECE_BYTES as u64;
    let count = size.div_ceil(piece).max(1);
    let part = part.start.min(size)..part.end.min(size);
    let first = (part.start / piece).min(count - 1);
    let last = part.end.div_ceil(piece).clamp(first + 1, count);
    let at = |number: u64| HEADER_BYTES as u64 + number * SEALED_PIECE_BYTES as u64;
    let end = if last == count { at(0) + size + count * TAG_BYTES as u64 } else { at(last) };
    let skip = usize::try_from(part.start - first * piece).unwrap_or(PIECE_BYTES);
    Pieces { numbers: first..last, place: at(first)..end, skip }
}

/// Seals a file as it comes in.
pub struct FileSealer {
    key: FileKey,
    header: Option<[u8; HEADER_BYTES]>,
    /// What is not sealed yet: a piece is only known to be the last one when nothing follows.
    held: Zeroizing<Vec<u8>>,
    next: u64,
}

/// Opens pieces of a sealed file.
pub struct FileOpener {
    key: FileKey,
    last: u64,
}

struct FileKey {
    key: LessSafeKey,
    purpose: String,
}

impl MasterKey {
    /// Begins to seal a file, to be opened for the same purpose only. The name of the file makes a good one: sealed bytes
    /// under another name do not open then.
    pub fn file_sealer(&self, purpose: &str, ids: &IdSource) -> FileSealer {
        let salt = ids.bytes::<SALT_BYTES>();
        let mut header = [0; HEADER_BYTES];
        header[..MAGIC.len()].copy_from_slice(MAGIC);
        header[MAGIC.len()..].copy_from_slice(&salt);
        let held = Zeroizing::new(Vec::with_capacity(SEALED_PIECE_BYTES));
        FileSealer { key: self.file_key(purpose, &salt), header: Some(header), held, next: 0 }
    }

    /// Begins to open a sealed file of `size` bytes (before it was sealed) by its first [`HEADER_BYTES`].
    ///
    /// # Errors
    /// When these are not the first bytes of a sealed file.
    pub fn file_opener(&self, purpose: &str, header: &[u8], size: u64) -> Result<FileOpener, OpenError> {
        let salt = header.strip_prefix(MAGIC).ok_or(OpenError::Malformed)?;
        let salt: &[u8; SALT_BYTES] = salt.try_into().map_err(|_| OpenError::Malformed)?;
        let last = pieces(size, 0..size).numbers.end - 1;
        Ok(FileOpener { key: self.file_key(purpose, salt), last })
    }

    fn file_key(&self, purpose: &str, salt: &[u8; SALT_BYTES]) -> FileKey {
        let name = salt.iter().fold("file ".to_owned(), |name, byte| name + &format!("{byte:02x}"));
        let key = UnboundKey::new(&AES_256_GCM, self.derive(&name).as_slice());
        let key = LessSafeKey::new(key.expect("the key has the 32 bytes the cipher needs"));
        FileKey { key, purpose: purpose.to_owned() }
    }
}

impl FileKey {
    fn nonce(number: u64, is_last: bool) -> Nonce {
        let mut nonce = [0; NONCE_LEN];
        nonce[3..11].copy_from_slice(&number.to_be_bytes());
        nonce[11] = u8::from(is_last);
        Nonce::assume_unique_for_key(nonce)
    }
}

impl FileSealer {
    /// Takes the next bytes of the file; appends to `sealed` what is to be written.
    pub fn push(&mut self, mut bytes: &[u8], sealed: &mut Vec<u8>) {
        while !bytes.is_empty() {
            if self.held.len() == PIECE_BYTES {
                self.seal_held(false, sealed);
            }
            let (now, later) = bytes.split_at(bytes.len().min(PIECE_BYTES - self.held.len()));
            self.held.extend_from_slice(now);
            bytes = later;
        }
    }

    /// Appends the rest that is to be written.
    pub fn finish(mut self, sealed: &mut Vec<u8>) {
        self.seal_held(true, sealed);
    }

    fn seal_held(&mut self, is_last: bool, sealed: &mut Vec<u8>) {
        if let Some(header) = self.header.take() {
            sealed.extend_from_slice(&header);
        }
        let aad = Aad::from(self.key.purpose.as_bytes());
        let tag = self.key.key.seal_in_place_separate_tag(FileKey::nonce(self.next, is_last), aad, &mut self.held);
        sealed.extend_from_slice(&self.held);
        sealed.extend_from_slice(tag.expect("a piece is far shorter than the limit of the cipher").as_ref());
        self.held.clear();
        self.next += 1;
    }
}

impl FileOpener {
    /// Opens the piece with this number in its place; what it holds is at the front of `piece`.
    ///
    /// # Errors
    /// When it is not that piece of that file, or was changed.
    pub fn open<'p>(&self, number: u64, piece: &'p mut [u8]) -> Result<&'p mut [u8], OpenError> {
        let nonce = FileKey::nonce(number, number == self.last);
        let opened = self.key.key.open_in_place(nonce, Aad::from(self.key.purpose.as_bytes()), piece);
        opened.map_err(|_| OpenError::Refused)
    }
}

/// Reads a sealed file as if it were not, at any place of it, one piece in memory at a time.
pub struct SealedReader<R> {
    sealed: R,
    opener: FileOpener,
    size: u64,
    position: u64,
    piece: Zeroizing<Vec<u8>>,
    /// The number of the piece in memory.
    loaded: Option<u64>,
}

impl<R: Read + Seek> SealedReader<R> {
    /// Reads a sealed file of `size` bytes (before it was sealed).
    ///
    /// # Errors
    /// When the file cannot be read or is not a sealed one.
    pub fn new(key: &MasterKey, purpose: &str, size: u64, mut sealed: R) -> io::Result<Self> {
        let mut header = [0; HEADER_BYTES];
        sealed.seek(SeekFrom::Start(0))?;
        sealed.read_exact(&mut header)?;
        let opener = key.file_opener(purpose, &header, size).map_err(io::Error::other)?;
        Ok(Self { sealed, opener, size, position: 0, piece: Zeroizing::default(), loaded: None })
    }

    fn load(&mut self, pieces: &Pieces) -> io::Result<()> {
        self.loaded = None;
        let length = usize::try_from(pieces.place.end - pieces.place.start).map_err(io::Error::other)?;
        self.piece.resize(length, 0);
        self.sealed.seek(SeekFrom::Start(pieces.place.start))?;
        self.sealed.read_exact(&mut self.piece)?;
        let opened = self.opener.open(pieces.numbers.start, &mut self.piece).map_err(io::Error::other)?.len();
        self.piece.truncate(opened);
        self.loaded = Some(pieces.numbers.start);
        Ok(())
    }
}

impl<R: Read + Seek> Read for SealedReader<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        if self.position >= self.size || buffer.is_empty() {
            return Ok(0);
        }
        let pieces = pieces(self.size, self.position..self.position + 1);
        if self.loaded != Some(pieces.numbers.start) {
            self.load(&pieces)?;
        }
        let rest = self.piece.get(pieces.skip..).unwrap_or_default();
        let length = rest.len().min(buffer.len());
        buffer[..length].copy_from_slice(&rest[..length]);
        self.position += length as u64;
        Ok(length)
    }
}

impl<R: Read + Seek> Seek for SealedReader<R> {
    fn seek(&mut self, to: SeekFrom) -> io::Result<u64> {
        let position = match to {
            SeekFrom::Start(position) => Some(position),
            SeekFrom::End(offset) => self.size.checked_add_signed(offset),
            SeekFrom::Current(offset) => self.position.checked_add_signed(offset),
        };
        self.position = position.ok_or_else(|| io::Error::from(io::ErrorKind::InvalidInput))?;
        Ok(self.position)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sealed(key: &MasterKey, content: &[u8], step: usize) -> Vec<u8> {
        let mut sealer = key.file_sealer("uploads/1", &IdSource::seeded(1));
        let mut sealed = Vec::new();
        content.chunks(step).for_each(|bytes| sealer.push(bytes, &mut sealed));
        sealer.finish(&mut sealed);
        sealed
    }

    fn read(key: &MasterKey, purpose: &str, size: usize, sealed: &[u8]) -> io::Result<Vec<u8>> {
        let mut content = Vec::new();
        SealedReader::new(key, purpose, size as u64, io::Cursor::new(sealed))?.read_to_end(&mut content)?;
        Ok(content)
    }

    #[test]
    fn what_was_sealed_is_read_again_at_any_place_and_nothing_else_is() {
        let key = MasterKey::generate(&IdSource::seeded(2));
        for size in [0, 1, PIECE_BYTES - 1, PIECE_BYTES, PIECE_BYTES + 1, 3 * PIECE_BYTES, 3 * PIECE_BYTES + 70] {
            let content: Vec<u8> = (0..size).map(|at| (at / 7 % 251) as u8).collect();
            let whole = sealed(&key, &content, 10_000);
            assert_eq!(whole, sealed(&key, &content, 200_000), "{size}: how it comes does not matter");
            assert_eq!(whole.len() as u64, pieces(size as u64, 0..size as u64).place.end, "{size}");
            assert!(read(&key, "uploads/1", size, &whole).unwrap() == content, "{size}");
            let mut reader = SealedReader::new(&key, "uploads/1", size as u64, io::Cursor::new(&whole)).unwrap();
            for at in [0, size / 2, size.saturating_sub(5)] {
                let mut part = Vec::new();
                reader.seek(SeekFrom::Start(at as u64)).unwrap();
                (&mut reader).take(9).read_to_end(&mut part).unwrap();
                assert_eq!(part, content[at..size.min(at + 9)], "{size} at {at}");
            }

            let other = MasterKey::generate(&IdSource::seeded(3));
            assert!(size == 0 || read(&other, "uploads/1", size, &whole).is_err(), "{size}: another key");
            assert!(size == 0 || read(&key, "uploads/2", size, &whole).is_err(), "{size}: another purpose");
            if size > PIECE_BYTES {
                let shorter = size - PIECE_BYTES;
                let cut = &whole[..pieces(shorter as u64, 0..shorter as u64).place.end as usize];
                assert!(read(&key, "uploads/1", shorter, cut).is_err(), "{size}: cut off at a piece");
                let mut swapped = whole.clone();
                let (first, second) = swapped[HEADER_BYTES..].split_at_mut(SEALED_PIECE_BYTES);
                let length = second.len().min(first.len());
                first[..length].swap_with_slice(&mut second[..length]);
                assert!(read(&key, "uploads/1", size, &swapped).is_err(), "{size}: pieces in another order");
            }
            for at in [4, HEADER_BYTES, whole.len() - 1].into_iter().filter(|_| size > 0) {
                let mut changed = whole.clone();
                changed[at] ^= 1;
                assert!(read(&key, "uploads/1", size, &changed).is_err(), "{size}: changed at {at}");
            }
        }
    }

    #[test]
    fn parts_stand_in_the_pieces_that_hold_them() {
        const P: u64 = PIECE_BYTES as u64;
        const S: u64 = SEALED_PIECE_BYTES as u64;
        let (head, tag) = (HEADER_BYTES as u64, TAG_BYTES as u64);
        // The size of the file and the part, then numbers, place and what to skip.
        for (size, part, numbers, place, skip) in [
            (0, 0..0, 0..1, head..head + tag, 0),
            (10, 2..4, 0..1, head..head + 10 + tag, 2),
            (P, 0..P, 0..1, head..head + S, 0),
            (P + 1, P..P + 1, 1..2, head + S..head + S + 1 + tag, 0),
            (3 * P, P - 1..P + 1, 0..2, head..head + 2 * S, PIECE_BYTES - 1),
            (3 * P, 2 * P + 5..9 * P, 2..3, head + 2 * S..head + 3 * S, 5),
        ] {
            assert_eq!(pieces(size, part.clone()), Pieces { numbers, place, skip }, "{part:?} of {size}");
        }
    }
}
