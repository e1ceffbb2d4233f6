//! Where understanding takes place: short texts on the thread at hand, anything longer beside the threads that serve.
//!
//! A short message takes microseconds to understand, less than handing it over. A long one, or any at a bot whose
//! patterns make much work, would keep every conversation on the same thread waiting.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use tokio::runtime::{Handle, RuntimeFlavor};
use tokio::sync::Semaphore;
use tokio::time::Instant;

/// Longer texts are never understood on a thread that serves. Bytes.
const SHORT: usize = 512;
/// What takes longer than this on a thread that serves is done elsewhere the next time.
const SLOW: Duration = Duration::from_millis(1);

/// Whether understanding the messages of a bot was found slow.
#[derive(Debug, Default)]
pub struct Pace(AtomicBool);

/// Bounds how many think at a time.
#[derive(Debug)]
pub(crate) struct Thinking(Semaphore);

impl Thinking {
    pub(crate) fn new() -> Self {
        Self(Semaphore::new(std::thread::available_parallelism().map_or(1, usize::from)))
    }

    /// Does work on a text of so many bytes.
    pub(crate) fn think<T>(&self, pace: &Pace, bytes: usize, work: impl FnOnce() -> T) -> T {
        if bytes <= SHORT && !pace.0.load(Ordering::Relaxed) {
            let begun = Instant::now();
            let done = work();
            if begun.elapsed() > SLOW {
                pace.0.store(true, Ordering::Relaxed);
            }
            return done;
        }
        match Handle::try_current() {
            Ok(handle) if handle.runtime_flavor() == RuntimeFlavor::MultiThread => tokio::task::block_in_place(|| {
                // The semaphore is never closed; without a turn the work would only be done in worse company.
                let _turn = handle.block_on(self.0.acquire()).ok();
                work()
            }),
            _ => work(),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::mpsc;

    use super::*;

    #[tokio::test(flavor = "multi_thread", worker_threads = 1)]
    async fn a_long_text_keeps_nobody_waiting() {
        let done = tokio::spawn(async {
            let (said, heard) = mpsc::channel();
            // Only the one thread that serves can run this task, and the work waits for it.
            tokio::spawn(async move { said.send("served").ok() });
            Thinking::new().think(&Pace::default(), SHORT + 1, || heard.recv())
        });
        assert_eq!(done.await.unwrap(), Ok("served"));
    }
}
