//! Room for hashing passwords, which takes memory and a processor for a while.

use std::sync::Arc;
use std::time::Duration;

use http::StatusCode;
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::ApiError;

/// The most passwords that are hashed at the same time; at most half of the processors work on them. Each takes 19 MiB,
/// and some tens of milliseconds.
const AT_ONCE: usize = 4;
/// How many more may wait. They are through in about a second.
const WAITING: usize = 32;

/// How many passwords are hashed at the same time, and how many wait for it.
pub(super) struct Room {
    places: Arc<Semaphore>,
    queue: Semaphore,
}

impl Default for Room {
    fn default() -> Self {
        let processors = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
        Self::new((processors / 2).clamp(1, AT_ONCE), WAITING)
    }
}

impl Room {
    fn new(at_once: usize, waiting: usize) -> Self {
        Self { places: Arc::new(Semaphore::new(at_once)), queue: Semaphore::new(at_once + waiting) }
    }

    /// Waits for a place; it is held by who does the work, not by who waits for it, who may leave.
    ///
    /// # Errors
    /// 503 when too many wait already.
    pub(super) async fn enter(&self) -> Result<OwnedSemaphorePermit, ApiError> {
        let Ok(_waits) = self.queue.try_acquire() else {
            let message = "Too many people sign in at the same time. Please try again in a moment.";
            let error = ApiError::with_status(StatusCode::SERVICE_UNAVAILABLE, message);
            return Err(error.with_retry_after(Duration::from_secs(1)));
        };
        Arc::clone(&self.places).acquire_owned().await.map_err(|closed| ApiError::internal(&closed))
    }
}

#[cfg(test)]
mod tests {
    use std::future::poll_fn;
    use std::task::Poll;

    use super::*;

    #[tokio::test]
    async fn those_who_find_the_queue_full_are_told_so() {
        let room = Room::new(1, 2);
        let first = room.enter().await.expect("a place");
        let mut waiting: Vec<_> = (0..3).map(|_| Box::pin(room.enter())).collect();
        for waits in &mut waiting {
            let first_look = poll_fn(|context| Poll::Ready(waits.as_mut().poll(context))).await;
            assert!(first_look.is_pending());
        }
        assert!(room.enter().await.is_err(), "the queue is full");
        drop(waiting.pop());
        drop(first);
        for waits in waiting {
            drop(waits.await.expect("who waited gets a place"));
        }
        drop(room.enter().await.expect("the queue is empty"));
    }
}
