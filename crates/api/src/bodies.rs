//! How much of the bodies of calls is held at a time, by all calls together.
//!
//! A body takes room as its bytes arrive, not as it announces them, and gives it back when the call is over. Where there
//! is no room it waits, so that a burst is only slower; who waits too long is told to come again. The beginnings of bodies
//! have a quarter of the room to themselves: most bodies are no more than that, and no large ones keep them out.

use std::error::Error;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http::{HeaderMap, header};
use http_body_util::BodyExt;
use serde::{Deserialize, Serialize};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::Instant;

use crate::ApiError;
use crate::arriving::TooSlow;

/// How bodies are waited for, and how much of them is held at a time.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct BodyLimits {
    /// So much of the bodies of all calls is held in memory at a time; at least one body of the largest size. Bytes.
    pub held_bytes: usize,
    /// So long a body waits for room in all; then the call is answered 503 with `Retry-After`. Milliseconds.
    pub room_wait_ms: u64,
    /// So long the server waits for more of a body; then the call is answered 408. Time in which the server itself is
    /// busy does not count. Milliseconds.
    pub patience_ms: u64,
    /// So many bytes make up for a second of waiting before, so that a body that comes at this pace may take as long as
    /// it needs, and one that drips may not. Bytes.
    pub slowest_bytes_per_s: u64,
}

impl Default for BodyLimits {
    fn default() -> Self {
        Self { held_bytes: 256 << 20, room_wait_ms: 5_000, patience_ms: 20_000, slowest_bytes_per_s: 4_096 }
    }
}

/// Room is given in pieces of this size. Bytes.
const PIECE: usize = 16 << 10;

/// So many pieces are the beginning of a body: most messages and commands are shorter.
const BEGINNING: usize = 4;

/// After this time a call that found no room may come again.
const COME_AGAIN: Duration = Duration::from_secs(5);

/// The room for bodies. Clones share it.
#[derive(Clone, Debug)]
pub(crate) struct Bodies {
    beginnings: Arc<Semaphore>,
    rest: Arc<Semaphore>,
    wait: Duration,
    largest: usize,
}

#[cfg(test)]
impl Default for Bodies {
    fn default() -> Self {
        Self::new(&BodyLimits::default(), 1 << 20)
    }
}

/// Room that is taken until this is dropped.
#[derive(Debug)]
pub(crate) struct Held {
    beginning: Taken,
    rest: Taken,
    /// How much longer this may wait.
    patience: Duration,
}

/// What is taken of one of the rooms.
#[derive(Debug)]
struct Taken {
    room: Arc<Semaphore>,
    pieces: usize,
    permit: Option<OwnedSemaphorePermit>,
}

/// A body that is there whole.
#[derive(Debug)]
pub(crate) struct Received {
    bytes: Bytes,
    /// Given back together with the bytes.
    _room: Held,
}

impl Received {
    pub(crate) fn bytes(&self) -> &Bytes {
        &self.bytes
    }
}

impl Bodies {
    /// Room as the limits say, for bodies of at most `largest` bytes.
    pub(crate) fn new(limits: &BodyLimits, largest: usize) -> Self {
        let pieces = limits.held_bytes.div_ceil(PIECE).min(Semaphore::MAX_PERMITS);
        let beginnings = (pieces / 4).max(BEGINNING);
        // There is always room for one body of the largest size.
        let rest = (pieces - pieces / 4).max(largest.div_ceil(PIECE));
        Self {
            beginnings: Arc::new(Semaphore::new(beginnings)),
            rest: Arc::new(Semaphore::new(rest)),
            wait: Duration::from_millis(limits.room_wait_ms),
            largest,
        }
    }

    /// The largest body of a call. Bytes.
    pub(crate) fn largest(&self) -> usize {
        self.largest
    }

    /// Room for what is read piece by piece: none yet.
    pub(crate) fn hold(&self) -> Held {
        let none = |room: &Arc<Semaphore>| Taken { room: Arc::clone(room), pieces: 0, permit: None };
        Held { beginning: none(&self.beginnings), rest: none(&self.rest), patience: self.wait }
    }

    /// Reads a body whole. One that announces to be too large is not read at all.
    pub(crate) async fn receive(
        &self,
        headers: &HeaderMap,
        mut body: Body,
        limit: usize,
    ) -> Result<Received, ApiError> {
        let too_large = || ApiError::too_large(format!("The request body is larger than {limit} bytes"));
        let announced =
            headers.get(header::CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse::<usize>().ok());
        if announced.is_some_and(|length| length > limit) {
            return Err(too_large());
        }
        let mut room = self.hold();
        let mut first = Bytes::new();
        let mut whole = BytesMut::new();
        while let Some(frame) = body.frame().await {
            let frame = frame.map_err(|error| {
                broken_off(&error, |cause| {
                    ApiError::bad_request("The request body could not be read").with_detail(cause)
                })
            })?;
            let Ok(bytes) = frame.into_data() else { continue };
            let size = first.len() + whole.len() + bytes.len();
            if size > limit {
                return Err(too_large());
            }
            room.grow_to(size).await?;
            // Most bodies come in one piece, which need not be copied.
            if first.is_empty() && whole.is_empty() {
                first = bytes;
            } else {
                if whole.is_empty() {
                    // Growing by doubling would take up to twice the room.
                    whole.reserve(announced.unwrap_or(size));
                }
                whole.extend_from_slice(&std::mem::take(&mut first));
                whole.extend_from_slice(&bytes);
            }
        }
        let bytes = if whole.is_empty() { first } else { whole.freeze() };
        Ok(Received { bytes, _room: room })
    }
}

impl Held {
    /// Takes room for so many bytes in all, waiting for it where there is none.
    pub(crate) async fn grow_to(&mut self, bytes: usize) -> Result<(), ApiError> {
        let wanted = bytes.div_ceil(PIECE);
        let beginning = wanted.min(BEGINNING);
        if self.beginning.pieces >= beginning && self.rest.pieces >= wanted - beginning {
            return Ok(());
        }
        let began = Instant::now();
        let grown = async {
            self.beginning.grow_to(beginning).await;
            self.rest.grow_to(wanted - beginning).await;
        };
        // The wait counts for the body as a whole: of many that hold a part and wait for more, some have to give way.
        if tokio::time::timeout(self.patience, grown).await.is_err() {
            tracing::warn!("a call was turned away, for too much of the bodies of others is held");
            return Err(ApiError::busy(COME_AGAIN));
        }
        self.patience = self.patience.saturating_sub(began.elapsed());
        Ok(())
    }
}

impl Taken {
    async fn grow_to(&mut self, pieces: usize) {
        let missing = u32::try_from(pieces.saturating_sub(self.pieces)).unwrap_or(u32::MAX);
        if missing == 0 {
            return;
        }
        // The rooms are never closed.
        if let Ok(permit) = Arc::clone(&self.room).acquire_many_owned(missing).await {
            match &mut self.permit {
                Some(taken) => taken.merge(permit),
                None => self.permit = Some(permit),
            }
            self.pieces = pieces;
        }
    }
}

/// What a client is told whose body did not arrive: 408 when it was too slow, else what `otherwise` makes of the cause.
pub(crate) fn broken_off(error: &axum::Error, otherwise: impl FnOnce(String) -> ApiError) -> ApiError {
    let first: &(dyn Error + 'static) = error;
    let slow = std::iter::successors(Some(first), |error| (*error).source()).find_map(|e| e.downcast_ref::<TooSlow>());
    match slow {
        Some(slow) => ApiError::too_slow(slow),
        None => otherwise(error.to_string()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn bodies_share_the_room_and_give_it_back() {
        let limits = BodyLimits { held_bytes: 4 * PIECE, room_wait_ms: 0, ..BodyLimits::default() };
        let bodies = Bodies::new(&limits, 3 * PIECE);
        let receive = async |bytes: usize, limit: usize| {
            bodies.receive(&HeaderMap::new(), Body::from(vec![b' '; bytes]), limit).await
        };
        let status = |error: ApiError| error.status().as_u16();
        let largest = receive(3 * PIECE, bodies.largest()).await.expect("there is room");
        let small = receive(1, bodies.largest()).await.expect("there is room for a piece");
        assert_eq!(receive(1, bodies.largest()).await.map_err(status).err(), Some(503));
        drop(small);
        assert_eq!(receive(1, bodies.largest()).await.expect("the room is free again").bytes().len(), 1);
        assert_eq!(receive(PIECE + 1, bodies.largest()).await.map_err(status).err(), Some(503));
        drop(largest);
        assert_eq!(receive(3 * PIECE + 1, bodies.largest()).await.map_err(status).err(), Some(413));
        assert!(receive(0, 0).await.expect("nothing is no more than nothing").bytes().is_empty());
        assert_eq!(bodies.beginnings.available_permits(), 4, "all room is given back");
    }

    #[tokio::test]
    async fn large_bodies_do_not_keep_small_ones_out() {
        let limits = BodyLimits { held_bytes: 64 * PIECE, room_wait_ms: 0, ..BodyLimits::default() };
        let bodies = Bodies::new(&limits, 40 * PIECE);
        let receive = async |pieces: usize| {
            bodies.receive(&HeaderMap::new(), Body::from(vec![b' '; pieces * PIECE]), bodies.largest()).await
        };
        let large = receive(40).await.expect("there is room");
        assert_eq!(receive(40).await.map_err(|error| error.status().as_u16()).err(), Some(503));
        let _small = receive(4).await.expect("there is room for a beginning");
        drop(large);
        receive(40).await.expect("the room is free again");
    }

    #[tokio::test]
    async fn a_body_that_announces_too_much_is_not_read() {
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_LENGTH, "11".parse().expect("a header value"));
        let endless = Body::from_stream(futures_never());
        let refused = Bodies::default().receive(&headers, endless, 10).await;
        assert_eq!(refused.map_err(|error| error.status().as_u16()).err(), Some(413));
    }

    /// A stream that never gives anything.
    fn futures_never() -> impl futures_util::Stream<Item = Result<Bytes, std::io::Error>> {
        futures_util::stream::pending()
    }
}
