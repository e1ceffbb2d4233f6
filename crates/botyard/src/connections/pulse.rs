//! What each connection is doing, and which of them has to go when there are too many.

use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

/// So long nobody is looked for again who could make room: by then somebody may be idle who was not.
const LOOK_PAUSE: Duration = Duration::from_millis(100);

/// What one connection is doing.
pub(super) struct Pulse {
    number: u64,
    /// How many calls are being answered.
    busy: AtomicUsize,
    waiting: Mutex<Waiting>,
    evicted: CancellationToken,
    /// Whether a request was answered whose body was not read to its end.
    has_rest: AtomicBool,
}

/// What is waited for while no call is answered.
struct Waiting {
    since: Instant,
    /// When the first bytes of the next request came.
    begun: Option<Instant>,
    /// HTTP/2 clients send bytes that belong to no request.
    is_http2: bool,
    /// Whether there was a request already.
    was_used: bool,
}

/// What is to become of a connection.
#[derive(Debug, PartialEq)]
pub(super) enum Verdict {
    /// A call is being answered.
    Busy,
    /// It may wait until then.
    Until(Instant),
    /// It waited long enough.
    Over,
}

/// A call that is being answered, until this is dropped.
pub(super) struct Beat(Arc<Pulse>);

impl Pulse {
    fn new(number: u64) -> Self {
        let waiting = Waiting { since: Instant::now(), begun: None, is_http2: false, was_used: false };
        Self {
            number,
            busy: AtomicUsize::new(0),
            waiting: Mutex::new(waiting),
            evicted: CancellationToken::new(),
            has_rest: AtomicBool::new(false),
        }
    }

    fn waiting(&self) -> MutexGuard<'_, Waiting> {
        self.waiting.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// A call begins.
    pub(super) fn begin(this: &Arc<Self>, is_http2: bool) -> Beat {
        this.busy.fetch_add(1, Ordering::AcqRel);
        let mut waiting = this.waiting();
        waiting.is_http2 = is_http2;
        waiting.was_used = true;
        Beat(Arc::clone(this))
    }

    /// Bytes came in.
    pub(super) fn heard(&self) {
        if self.busy.load(Ordering::Acquire) == 0 {
            self.waiting().begun.get_or_insert_with(Instant::now);
        }
    }

    /// The body of a request was left unread.
    pub(super) fn leave_rest(&self) {
        self.has_rest.store(true, Ordering::Release);
    }

    /// Whether bytes may come that nobody wants.
    pub(super) fn has_rest(&self) -> bool {
        self.has_rest.load(Ordering::Acquire)
    }

    /// Resolves when the place is needed for another.
    pub(super) async fn evicted(&self) {
        self.evicted.cancelled().await;
    }

    fn is_busy(&self) -> bool {
        self.busy.load(Ordering::Acquire) > 0
    }

    /// Whether the connection waited too long: for a request that has begun, or is the first, `headers`; for any other,
    /// `idle`.
    pub(super) fn judge(&self, headers: Duration, idle: Duration) -> Verdict {
        if self.is_busy() {
            return Verdict::Busy;
        }
        let end = self.waiting().end(headers, idle);
        if Instant::now() < end { Verdict::Until(end) } else { Verdict::Over }
    }
}

impl Waiting {
    /// When the connection waited too long.
    fn end(&self, headers: Duration, idle: Duration) -> Instant {
        match self.begun {
            _ if !self.was_used => self.since + headers,
            Some(begun) if !self.is_http2 => begun + headers,
            _ => self.since + idle,
        }
    }
}

impl Drop for Beat {
    fn drop(&mut self) {
        let pulse = &self.0;
        // In this order: a connection is never seen waiting since before its last call.
        {
            let mut waiting = pulse.waiting();
            waiting.since = Instant::now();
            waiting.begun = None;
        }
        pulse.busy.fetch_sub(1, Ordering::AcqRel);
    }
}

/// All connections.
pub(super) struct Registry {
    most: usize,
    open: Mutex<Open>,
    freed: Notify,
}

#[derive(Default)]
struct Open {
    next: u64,
    pulses: HashMap<u64, Arc<Pulse>>,
}

/// The place of a connection, until this is dropped.
pub(super) struct Place<'a> {
    registry: &'a Registry,
    number: u64,
}

impl Registry {
    /// A registry of at most so many connections.
    pub(super) fn new(most: usize) -> Self {
        Self { most, open: Mutex::default(), freed: Notify::new() }
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until there is room for one more. Where there is none, the connection that is idle for the longest time is
    /// closed; where none is idle, the next one that ends makes room.
    pub(super) async fn make_room(&self) {
        while self.open().pulses.len() >= self.most {
            let freed = self.freed.notified();
            self.close_idlest();
            tokio::select! {
                () = freed => {}
                () = tokio::time::sleep(LOOK_PAUSE) => {}
            }
        }
    }

    /// Takes a place.
    pub(super) fn enter(&self) -> Arc<Pulse> {
        let mut open = self.open();
        open.next += 1;
        let pulse = Arc::new(Pulse::new(open.next));
        open.pulses.insert(pulse.number, Arc::clone(&pulse));
        pulse
    }

    /// What gives the place of a connection back.
    pub(super) fn place_of(&self, pulse: &Pulse) -> Place<'_> {
        Place { registry: self, number: pulse.number }
    }

    /// Closes the connection that is idle for the longest time, if one is.
    pub(super) fn close_idlest(&self) {
        let open = self.open();
        let idle = open.pulses.values().filter(|pulse| !pulse.is_busy() && !pulse.evicted.is_cancelled());
        if let Some(idlest) = idle.min_by_key(|pulse| (pulse.waiting().since, pulse.number)) {
            idlest.evicted.cancel();
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.registry.open().pulses.remove(&self.number);
        self.registry.freed.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_waits_for_headers_and_for_nothing_by_different_clocks() {
        let second = Duration::from_secs(1);
        let since = Instant::now();
        // Whether there was a request before, whether the next one has begun (10 s later), by which protocol, how long.
        for (was_used, has_begun, is_http2, seconds) in [
            (false, false, false, 15),
            (false, true, false, 15),
            (true, false, false, 75),
            (true, true, false, 25),
            // Bytes of HTTP/2 need not begin a request.
            (true, true, true, 75),
        ] {
            let waiting = Waiting { since, begun: has_begun.then(|| since + 10 * second), is_http2, was_used };
            assert_eq!(
                waiting.end(15 * second, 75 * second),
                since + seconds * second,
                "{was_used} {has_begun} {is_http2}"
            );
        }
    }

    #[test]
    fn bytes_begin_a_request_when_no_call_is_answered() {
        let (headers, idle) = (Duration::from_secs(15), Duration::from_secs(75));
        let pulse = Arc::new(Pulse::new(1));
        let beat = Pulse::begin(&pulse, false);
        pulse.heard();
        assert_eq!(pulse.judge(headers, idle), Verdict::Busy);
        drop(beat);
        assert!(pulse.waiting().begun.is_none());
        pulse.heard();
        assert!(pulse.waiting().begun.is_some());
        assert!(matches!(pulse.judge(headers, idle), Verdict::Until(_)));
        assert_eq!(pulse.judge(Duration::ZERO, idle), Verdict::Over);
    }

    #[tokio::test]
    async fn who_is_idle_longest_makes_room() {
        let registry = Registry::new(3);
        let [first, second, third] = std::array::from_fn(|_| registry.enter());
        let places = [&first, &second, &third].map(|pulse| registry.place_of(pulse));
        let _busy = Pulse::begin(&first, false);
        drop(Pulse::begin(&second, false));
        let mut room = Box::pin(registry.make_room());
        assert!(futures_util::poll!(&mut room).is_pending());
        let evicted = [&first, &second, &third].map(|pulse| pulse.evicted.is_cancelled());
        assert_eq!(evicted, [false, false, true], "the first is busy, the second was so later");
        drop(places);
        room.await;
    }
}
