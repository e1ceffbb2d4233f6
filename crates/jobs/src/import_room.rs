//! How much memory the documents of all imports may take that one process works on.

use std::sync::Arc;

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Rooms are given out in pieces of so many bytes.
const PIECE: u64 = 64 * 1024;

/// Room for the documents of imports. Cheap to clone.
#[derive(Clone, Debug)]
pub struct ImportRoom {
    room: Arc<Semaphore>,
    pieces: u32,
}

impl ImportRoom {
    /// Room for so many bytes, and for one import at least, however large it is.
    pub fn new(bytes: u64) -> Self {
        let pieces = pieces_of(bytes);
        Self { room: Arc::new(Semaphore::new(pieces as usize)), pieces }
    }

    /// Waits for room for an import. It is free again when what is given back is dropped.
    pub(crate) async fn enter(&self, bytes: u64) -> Option<OwnedSemaphorePermit> {
        let pieces = pieces_of(bytes).min(self.pieces);
        // It is never closed; without it an import would only be less polite.
        Arc::clone(&self.room).acquire_many_owned(pieces).await.ok()
    }
}

fn pieces_of(bytes: u64) -> u32 {
    u32::try_from(bytes.div_ceil(PIECE).max(1)).unwrap_or(u32::MAX).min(u32::MAX >> 4)
}
