//! Connections: taken in, bounded in number and in time, and closed.
//!
//! Nobody who connects can keep others out. A connection that waits for nothing is closed after a while, and at once when
//! its place is needed; one whose request does not come, or who takes nothing of an answer, is cut off. How bodies of
//! requests are bounded is the business of `api`.

mod open_files;
mod pulse;
mod watched;
mod wire;

use std::convert::Infallible;
use std::io::ErrorKind;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use http::{Request, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use supervisor::Supervisor;
use tokio::net::{TcpListener, TcpStream};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use crate::config::Listening;
use pulse::{Pulse, Registry, Verdict};
use watched::{Answer, Asked};
use wire::Wire;

pub(crate) use open_files::raise_limit;

/// So much of one HTTP/2 stream may be on its way before the server read it. Bytes.
const STREAM_WINDOW: u32 = 128 << 10;
/// So much of all streams of one HTTP/2 connection. Bytes.
const CONNECTION_WINDOW: u32 = 256 << 10;
/// So much of an answer waits in memory for an HTTP/2 client to take it. Bytes.
const SEND_BUFFER: usize = 64 << 10;
/// So often a silent HTTP/2 client is asked whether it is still there.
const PING_PAUSE: Duration = Duration::from_secs(30);
/// So long a client may take to say farewell.
const FAREWELL: Duration = Duration::from_secs(1);
/// So long nothing is taken in after the system refused to give a connection.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Everything that connections share.
struct Shared {
    router: Router,
    settings: Listening,
    protocols: auto::Builder<TokioExecutor>,
    registry: Registry,
    /// No more requests are begun.
    stop: CancellationToken,
    /// Nothing goes on.
    cut: CancellationToken,
}

/// The open port, being served.
pub(crate) struct Serving {
    stop: CancellationToken,
    cut: CancellationToken,
    tasks: TaskTracker,
}

impl Serving {
    /// Answers what comes in at a port.
    pub(crate) fn start(
        listener: TcpListener,
        router: Router,
        settings: &Listening,
        open_files: Option<u64>,
        supervisor: &Supervisor,
    ) -> Self {
        let (stop, cut, tasks) = (CancellationToken::new(), CancellationToken::new(), TaskTracker::new());
        let most = most_connections(settings.connections, open_files);
        tracing::debug!(connections = most, open_files, "the port is open");
        let shared = Arc::new(Shared {
            router,
            protocols: protocols(settings),
            settings: settings.clone(),
            registry: Registry::new(most),
            stop: stop.clone(),
            cut: cut.clone(),
        });
        let (supervisor, stopped, taking) =
            (supervisor.clone(), stop.clone(), take_in(listener, shared, tasks.clone()));
        tasks.spawn(async move { supervisor.watch("serving", &stopped, taking).await });
        Self { stop, cut, tasks }
    }

    /// Takes nothing in any more and waits until the calls in progress have ended; what has not after `grace` is cut off.
    /// Whether all ended by themselves.
    pub(crate) async fn close(self, grace: Duration) -> bool {
        self.stop.cancel();
        self.tasks.close();
        let is_in_time = tokio::time::timeout(grace, self.tasks.wait()).await.is_ok();
        self.cut.cancel();
        self.tasks.wait().await;
        is_in_time
    }
}

/// How many connections there may be: a quarter of the files that may be open is kept for everything else.
fn most_connections(wanted: usize, open_files: Option<u64>) -> usize {
    let possible = open_files.map_or(usize::MAX, |limit| usize::try_from(limit - limit / 4).unwrap_or(usize::MAX));
    wanted.min(possible).max(1)
}

fn protocols(settings: &Listening) -> auto::Builder<TokioExecutor> {
    let mut protocols = auto::Builder::new(TokioExecutor::new());
    protocols = match (settings.http1, settings.http2) {
        (_, false) => protocols.http1_only(),
        (false, true) => protocols.http2_only(),
        (true, true) => protocols,
    };
    // How long headers may take is watched over here: hyper's own limit would also end connections that only wait.
    protocols
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(None)
        .max_buf_size(settings.max_header_bytes.max(8 << 10));
    protocols
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(settings.http2_streams.max(1))
        .max_header_list_size(u32::try_from(settings.max_header_bytes).unwrap_or(u32::MAX))
        .initial_stream_window_size(STREAM_WINDOW)
        .initial_connection_window_size(CONNECTION_WINDOW)
        .max_send_buf_size(SEND_BUFFER)
        .keep_alive_interval(PING_PAUSE)
        .keep_alive_timeout(Duration::from_millis(settings.stalled_ms));
    protocols
}

/// Takes connections in until the stop. No error ends this: whatever is wrong, it may pass.
async fn take_in(listener: TcpListener, shared: Arc<Shared>, tasks: TaskTracker) {
    let mut is_failing = false;
    loop {
        let accepted = tokio::select! {
            () = shared.stop.cancelled() => return,
            accepted = listener.accept() => accepted,
        };
        match accepted {
            Ok((stream, peer)) => {
                is_failing = false;
                tokio::select! {
                    () = shared.stop.cancelled() => return,
                    () = shared.registry.make_room() => {}
                }
                let pulse = shared.registry.enter();
                tasks.spawn(hold(stream, peer, pulse, Arc::clone(&shared)));
            }
            // The client went away before it was taken in.
            Err(error)
                if matches!(
                    error.kind(),
                    ErrorKind::ConnectionAborted | ErrorKind::ConnectionReset | ErrorKind::ConnectionRefused
                ) => {}
            Err(error) => {
                if !is_failing {
                    tracing::error!(%error, "connections cannot be taken in; it is tried again and again");
                }
                is_failing = true;
                shared.registry.close_idlest();
                tokio::select! {
                    () = shared.stop.cancelled() => return,
                    () = tokio::time::sleep(ACCEPT_PAUSE) => {}
                }
            }
        }
    }
}

/// Serves one connection to its end.
async fn hold(stream: TcpStream, peer: SocketAddr, pulse: Arc<Pulse>, shared: Arc<Shared>) {
    let _place = shared.registry.place_of(&pulse);
    // Replies are small and whole: waiting for more to send with them only costs time.
    if let Err(error) = stream.set_nodelay(true) {
        tracing::debug!(%error, "a connection keeps its delay");
    }
    let settings = &shared.settings;
    let wire = Wire::new(stream, Arc::clone(&pulse), Duration::from_millis(settings.stalled_ms));
    let service = service_fn(|request: Request<Incoming>| {
        let beat = Pulse::begin(&pulse, request.version() == Version::HTTP_2);
        let (mut parts, body) = request.into_parts();
        parts.extensions.insert(ConnectInfo(peer));
        let request = Request::from_parts(parts, Body::new(Asked::new(body, Arc::clone(&pulse))));
        let answered = shared.router.clone().oneshot(request);
        async move {
            let response = answered.await?;
            Ok::<_, Infallible>(response.map(|body| Answer::new(body, beat)))
        }
    });
    let mut connection = pin!(shared.protocols.serve_connection(TokioIo::new(wire), service));
    let (headers, idle) = (Duration::from_millis(settings.headers_ms), Duration::from_millis(settings.idle_ms));
    let mut look_at = Instant::now() + headers.min(idle);
    let mut is_closing = false;
    loop {
        tokio::select! {
            ended = connection.as_mut() => {
                if let Err(error) = ended {
                    tracing::debug!(error = &*error, "a connection ended badly");
                }
                return;
            }
            () = pulse.evicted() => return,
            () = shared.cut.cancelled() => return,
            () = shared.stop.cancelled(), if !is_closing => {
                is_closing = true;
                connection.as_mut().graceful_shutdown();
                look_at = Instant::now() + FAREWELL;
            }
            () = tokio::time::sleep_until(look_at) => match pulse.judge(headers, idle) {
                Verdict::Busy if is_closing => look_at = Instant::now() + FAREWELL,
                Verdict::Busy => look_at = Instant::now() + headers.min(idle),
                // It had the time to say farewell.
                _ if is_closing => return,
                Verdict::Until(end) => look_at = end.min(Instant::now() + headers),
                Verdict::Over => {
                    is_closing = true;
                    connection.as_mut().graceful_shutdown();
                    look_at = Instant::now() + FAREWELL;
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn connections_leave_files_for_the_rest() {
        for (wanted, open_files, most) in
            [(10_000, None, 10_000), (10_000, Some(1_024), 768), (100, Some(1_024), 100), (0, Some(3), 1)]
        {
            assert_eq!(most_connections(wanted, open_files), most, "{wanted} {open_files:?}");
        }
    }
}
