//! Whether the store works, asked often and answered cheaply.
//!
//! Reading is looked at every time. A full or read-only disk shows only when something is written, so that is tried as
//! well: now and then, and at once after a write failed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;

use crate::{Content, Error, Store, args};

/// How long a write that succeeded stands for the next ones.
const WRITE_INTERVAL: Duration = Duration::from_secs(30);
/// The object that is written to see whether objects can be.
pub(crate) const PROBE: &str = "probe";

/// What is known of writing. All clones of a store share it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Writing {
    doubted: Arc<AtomicBool>,
    succeeded: Arc<Mutex<Option<Instant>>>,
}

impl Writing {
    /// A write failed for a reason that others may meet as well.
    pub(crate) fn doubt(&self) {
        self.doubted.store(true, Ordering::Relaxed);
    }

    fn is_due(&self) -> bool {
        let succeeded = self.succeeded.lock().unwrap_or_else(PoisonError::into_inner);
        self.doubted.load(Ordering::Relaxed) || succeeded.is_none_or(|at| at.elapsed() >= WRITE_INTERVAL)
    }

    fn succeed(&self) {
        *self.succeeded.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
    }
}

impl Store {
    /// Answers when both stores can be read and written: what readiness means.
    ///
    /// # Errors
    /// When one of them cannot, or an object that a bot needs is missing; [`Outage::of`](crate::Outage::of) tells why.
    pub async fn check(&self) -> Result<(), Error> {
        self.database.check_file()?;
        let bot = self.row("SELECT content FROM bots LIMIT 1", vec![]).await?;
        let content = bot.map(|row| row.json::<Content>("content")).transpose()?;
        self.blobs.check(content.map(|content| content.definition).as_deref()).await?;
        if self.writing.is_due() {
            self.try_writing().await?;
        }
        Ok(())
    }

    async fn try_writing(&self) -> Result<(), Error> {
        // Taken back first: a write that fails meanwhile counts for the next look.
        let doubted = self.writing.doubted.swap(false, Ordering::Relaxed);
        let tried = async {
            self.execute(
                "INSERT INTO probes (id, written_at) VALUES (1, $1) \
                 ON CONFLICT (id) DO UPDATE SET written_at = excluded.written_at",
                args![self.clock.now()],
            )
            .await?;
            self.blobs.put(PROBE, Bytes::from_static(b"written to see whether objects can be\n")).await?;
            Ok(())
        }
        .await;
        match &tried {
            Ok(()) => self.writing.succeed(),
            Err(_) => self.writing.doubt(),
        }
        tracing::trace!(doubted, succeeded = tried.is_ok(), "tried to write");
        tried
    }
}
