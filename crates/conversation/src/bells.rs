//! Bells: how who received an order wakes the turn of this process that waits for it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

/// The bells of the requests that turns of this process wait for. A hint that spares a wait: the truth is in the store.
#[derive(Clone, Default)]
pub(crate) struct Bells(Arc<Mutex<HashMap<String, Arc<Notify>>>>);

/// A bell that hangs until it is dropped.
pub(crate) struct Bell {
    bells: Bells,
    request: String,
    notify: Arc<Notify>,
}

impl Bells {
    /// Hangs a bell for a request.
    pub(crate) fn hang(&self, request: &str) -> Bell {
        let notify = Arc::new(Notify::new());
        let mut bells = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        bells.insert(request.to_owned(), Arc::clone(&notify));
        Bell { bells: self.clone(), request: request.to_owned(), notify }
    }

    /// Rings the bell of a request, if one hangs here.
    pub(crate) fn ring(&self, request: &str) {
        if let Some(notify) = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(request) {
            notify.notify_one();
        }
    }
}

impl Bell {
    /// Waits until it rings; at once if it rang since the last time.
    pub(crate) async fn rung(&self) {
        self.notify.notified().await;
    }
}

impl Drop for Bell {
    fn drop(&mut self) {
        self.bells.0.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.request);
    }
}
