//! Uploads, sealed under the master key: what comes in may hold secrets in clear, such as a bot's `config.json`.
//!
//! Every file that is uploaded is sealed, whatever it holds: an archive would have to be opened to tell. The name of its
//! object ends with `.sealed`; objects without that ending are as they came, like those of earlier versions, and what is
//! served from the bucket itself.

use std::ops::Range;

use access::sealed_file::{HEADER_BYTES, SEALED_PIECE_BYTES, pieces};
use access::{FileOpener, FileSealer, OpenError};
use aws_lc_rs::digest::{Context, SHA256};
use bytes::{Bytes, BytesMut};
use futures_util::stream::{self, BoxStream, StreamExt, TryStreamExt};

use crate::blobs::{Upload, hex};
use crate::{BlobError, Error, File, Store};

/// The ending of the names of sealed objects.
const ENDING: &str = ".sealed";

/// A file that is being taken in. Dropped unfinished, it leaves nothing.
pub struct SealedUpload {
    key: String,
    sealer: FileSealer,
    upload: Upload,
    hash: Context,
    size: u64,
}

impl SealedUpload {
    /// Appends bytes.
    pub async fn push(&mut self, bytes: Bytes) -> Result<(), BlobError> {
        self.hash.update(&bytes);
        self.size += bytes.len() as u64;
        let mut sealed = Vec::new();
        self.sealer.push(&bytes, &mut sealed);
        if sealed.is_empty() { Ok(()) } else { self.upload.push(sealed.into()).await }
    }

    /// How many bytes were appended.
    pub fn size(&self) -> u64 {
        self.size
    }

    /// Makes the object visible and durable; its name, and the size and the SHA-256 of what it was made from.
    pub async fn finish(mut self) -> Result<(String, u64, String), BlobError> {
        let mut sealed = Vec::new();
        self.sealer.finish(&mut sealed);
        self.upload.push(sealed.into()).await?;
        self.upload.finish().await?;
        Ok((self.key, self.size, hex(self.hash.finish().as_ref())))
    }

    /// Gives up what was appended.
    pub async fn abort(self) {
        self.upload.abort().await;
    }
}

impl File {
    /// Whether its bytes are kept sealed, so that only this server can read them.
    pub fn is_sealed(&self) -> bool {
        self.object_key.ends_with(ENDING)
    }
}

impl Store {
    /// Begins to take a file in.
    pub fn upload(&self) -> SealedUpload {
        let key = format!("uploads/{}{ENDING}", self.ids.object_id());
        let (sealer, upload) = (self.key.file_sealer(&key, &self.ids), self.blobs.upload(&key));
        SealedUpload { key, sealer, upload, hash: Context::new(&SHA256), size: 0 }
    }

    /// The bytes of a file, all of them.
    ///
    /// # Errors
    /// [`BlobError::Missing`] when they are gone; [`Error::Sealed`] when they were sealed under another master key, or
    /// changed since.
    pub async fn file_bytes(&self, file: &File) -> Result<Bytes, Error> {
        let bytes = self.blobs.get(&file.object_key).await?;
        if !file.is_sealed() {
            return Ok(bytes);
        }
        let (size, failed) = (plain_size(file), refused(file));
        let (header, _) = bytes.split_at_checked(HEADER_BYTES).ok_or_else(|| failed(OpenError::Malformed))?;
        let opener = self.key.file_opener(&file.object_key, header, size).map_err(&failed)?;
        // Opened where it is: a definition may take as much memory as there is.
        let mut bytes: BytesMut = bytes.into();
        let mut filled = 0;
        for number in pieces(size, 0..size).numbers {
            let begin = HEADER_BYTES + usize::try_from(number).unwrap_or(usize::MAX) * SEALED_PIECE_BYTES;
            let end = bytes.len().min(begin + SEALED_PIECE_BYTES);
            let piece = bytes.get_mut(begin..end).ok_or_else(|| failed(OpenError::Malformed))?;
            let opened = opener.open(number, piece).map_err(&failed)?.len();
            bytes.copy_within(begin..begin + opened, filled);
            filled += opened;
        }
        bytes.truncate(filled);
        Ok(bytes.freeze())
    }

    /// The bytes of a file, or the part of them between two offsets (the second one excluded), piece by piece.
    ///
    /// # Errors
    /// As [`Store::file_bytes`]; what is found wrong on the way is the last item of the stream.
    pub async fn file_stream(
        &self,
        file: &File,
        range: Option<Range<u64>>,
    ) -> Result<BoxStream<'static, Result<Bytes, Error>>, Error> {
        if !file.is_sealed() {
            return Ok(self.blobs.stream(&file.object_key, range).await?.map_err(Error::from).boxed());
        }
        let size = plain_size(file);
        let part = range.unwrap_or(0..size);
        let wanted = part.end.saturating_sub(part.start);
        let header = collected(self.blobs.stream(&file.object_key, Some(0..HEADER_BYTES as u64)).await?).await?;
        let opener = self.key.file_opener(&file.object_key, &header, size).map_err(refused(file))?;
        let pieces = pieces(size, part);
        let sealed = self.blobs.stream(&file.object_key, Some(pieces.place)).await?;
        let opening = Opening {
            sealed,
            opener,
            numbers: pieces.numbers,
            skip: pieces.skip,
            wanted,
            held: BytesMut::new(),
            file: file.clone(),
        };
        Ok(stream::try_unfold(opening, Opening::next).boxed())
    }

    /// The sealed bytes of a file as they are kept, piece by piece: what [`access::SealedReader`] reads.
    pub async fn file_as_kept(&self, file: &File) -> Result<BoxStream<'static, Result<Bytes, BlobError>>, Error> {
        Ok(self.blobs.stream(&file.object_key, None).await?)
    }
}

/// A sealed file that is opened as it is read.
struct Opening {
    sealed: BoxStream<'static, Result<Bytes, BlobError>>,
    opener: FileOpener,
    numbers: Range<u64>,
    skip: usize,
    /// How much of the part is still to come. Bytes.
    wanted: u64,
    held: BytesMut,
    file: File,
}

impl Opening {
    async fn next(mut self) -> Result<Option<(Bytes, Self)>, Error> {
        let Some(number) = self.numbers.next() else { return Ok(None) };
        while self.held.len() < SEALED_PIECE_BYTES
            && let Some(bytes) = self.sealed.try_next().await?
        {
            self.held.extend_from_slice(&bytes);
        }
        let mut piece = self.held.split_to(self.held.len().min(SEALED_PIECE_BYTES));
        let opened = self.opener.open(number, &mut piece).map_err(refused(&self.file))?.len();
        piece.truncate(opened);
        let mut piece = piece.freeze().slice(self.skip.min(opened)..);
        self.skip = 0;
        piece.truncate(usize::try_from(self.wanted).unwrap_or(usize::MAX));
        self.wanted -= piece.len() as u64;
        Ok(Some((piece, self)))
    }
}

fn plain_size(file: &File) -> u64 {
    u64::try_from(file.size).unwrap_or(0)
}

fn refused(file: &File) -> impl Fn(OpenError) -> Error {
    let what = format!("the uploaded file {} ({})", file.id, file.name);
    move |source| Error::Sealed { what: what.clone(), source }
}

async fn collected(mut bytes: BoxStream<'static, Result<Bytes, BlobError>>) -> Result<Vec<u8>, BlobError> {
    let mut all = Vec::new();
    while let Some(piece) = bytes.try_next().await? {
        all.extend_from_slice(&piece);
    }
    Ok(all)
}
