//! The body of a call while it arrives: how long it is waited for, and what becomes of a rest that nobody read.

use std::error::Error;
use std::fmt;
use std::pin::Pin;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, HttpBody};
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use bytes::Bytes;
use http::header;
use http_body_util::BodyExt;
use tokio::time::{Instant, Sleep};

use crate::Platform;
use crate::bodies::BodyLimits;

/// A rest of at most so many bytes is read and dropped, so that the connection can go on; with more it is closed.
const SMALL_REST: u64 = 64 << 10;
/// So long a small rest is waited for.
const REST_WAIT: Duration = Duration::from_secs(2);

/// A body did not come in its time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooSlow {
    received: u64,
    waited: Duration,
}

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} bytes of the body came in {} ms of waiting", self.received, self.waited.as_millis())
    }
}

impl Error for TooSlow {}

/// Puts a watch on the body of a call, and looks after what is left of it when the call is answered.
///
/// A refusal does not wait for the body. Of one that is small the rest is read beside the answer; one that is large is
/// dropped, which makes the server close the connection (HTTP/1.1) or reset the stream (HTTP/2).
pub(crate) async fn watch(State(platform): State<Platform>, request: Request, next: Next) -> Response {
    if request.body().is_end_stream() {
        return next.run(request).await;
    }
    let is_asked_for = request.headers().contains_key(header::EXPECT);
    let (parts, body) = request.into_parts();
    let body = Shared(Arc::new(Mutex::new(Some(Paced::new(body, &platform.settings().bodies)))));
    let response = next.run(Request::from_parts(parts, Body::new(body.clone()))).await;
    let rest = body.lock().take();
    if let Some(rest) = rest.filter(|rest| rest.is_small_rest(is_asked_for)) {
        tokio::spawn(tokio::time::timeout(REST_WAIT, rest.drop_rest()));
    }
    response
}

/// A body that the handler reads, and that is taken from it when it has answered.
#[derive(Clone)]
struct Shared(Arc<Mutex<Option<Paced>>>);

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Option<Paced>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl HttpBody for Shared {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        match &mut *self.lock() {
            Some(body) => Pin::new(body).poll_frame(cx),
            None => Poll::Ready(None),
        }
    }

    fn is_end_stream(&self) -> bool {
        self.lock().as_ref().is_none_or(|body| body.body.is_end_stream())
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.lock().as_ref().map(|body| body.body.size_hint()).unwrap_or_default()
    }
}

/// A body that has to come at a certain pace.
struct Paced {
    body: Body,
    patience: Duration,
    slowest_bytes_per_s: u64,
    received: u64,
    has_begun: bool,
    has_ended: bool,
    /// How long the body was waited for, up to the wait that goes on, less what it made up for by coming fast.
    waited: Duration,
    /// Since when it is waited for, and when that is too long.
    waiting: Option<(Instant, Pin<Box<Sleep>>)>,
}

impl Paced {
    fn new(body: Body, limits: &BodyLimits) -> Self {
        Self {
            body,
            patience: Duration::from_millis(limits.patience_ms),
            slowest_bytes_per_s: limits.slowest_bytes_per_s.max(1),
            received: 0,
            has_begun: false,
            has_ended: false,
            waited: Duration::ZERO,
            waiting: None,
        }
    }

    /// How much longer the body may be waited for.
    fn patience_left(&self) -> Duration {
        self.patience.saturating_sub(self.waited)
    }

    /// Whether what is left is worth reading. A client that waits to be asked for its body has sent nothing.
    fn is_small_rest(&self, is_asked_for: bool) -> bool {
        let is_coming = self.has_begun || !is_asked_for;
        let is_small = self.body.size_hint().upper().is_none_or(|rest| rest <= SMALL_REST);
        is_coming && is_small && !self.has_ended && !self.body.is_end_stream()
    }

    async fn drop_rest(mut self) {
        let most = self.received + SMALL_REST;
        while let Some(Ok(_)) = self.frame().await {
            if self.received > most {
                break;
            }
        }
    }
}

impl HttpBody for Paced {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<http_body::Frame<Bytes>, axum::Error>>> {
        let this = self.get_mut();
        this.has_begun = true;
        if let Poll::Ready(frame) = Pin::new(&mut this.body).poll_frame(cx) {
            if let Some((since, _)) = this.waiting.take() {
                this.waited += since.elapsed();
            }
            match &frame {
                Some(Ok(frame)) => {
                    let size = frame.data_ref().map_or(0, Bytes::len) as u64;
                    this.received += size;
                    // What came fast is no credit for dripping later: it only makes up for waits before.
                    let made_up = Duration::from_millis(size.saturating_mul(1_000) / this.slowest_bytes_per_s);
                    this.waited = this.waited.saturating_sub(made_up);
                }
                _ => this.has_ended = true,
            }
            return Poll::Ready(frame);
        }
        let left = this.patience_left();
        let (since, end) = this.waiting.get_or_insert_with(|| (Instant::now(), Box::pin(tokio::time::sleep(left))));
        if end.as_mut().poll(cx).is_pending() {
            return Poll::Pending;
        }
        this.has_ended = true;
        let slow = TooSlow { received: this.received, waited: this.waited + since.elapsed() };
        Poll::Ready(Some(Err(axum::Error::new(slow))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> http_body::SizeHint {
        self.body.size_hint()
    }
}
