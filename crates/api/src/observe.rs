//! One span, one log line and one measurement per call.

use axum::extract::{MatchedPath, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use http::{HeaderName, HeaderValue, header};
use prometheus::{
    Encoder, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts, Registry, TextEncoder,
};
use tokio::time::Instant;
use tracing::Instrument;

use crate::client_address::ClientAddress;
use crate::{ApiError, Platform, error, pages};

/// What is measured.
pub(crate) struct Metrics {
    registry: Registry,
    calls: IntCounterVec,
    durations: HistogramVec,
    open_requests: IntGaugeVec,
    stuck_messages: IntGauge,
    turn_commits: IntCounter,
    panics: IntCounterVec,
}

/// What is looked up when the measurements are asked for.
pub(crate) struct Measured {
    /// Requests that wait.
    pub(crate) pending: i64,
    /// Requests that run.
    pub(crate) running: i64,
    /// Messages that were given up.
    pub(crate) stuck_messages: i64,
    /// Commits that turns made.
    pub(crate) turn_commits: u64,
    /// How often each task of this process panicked.
    pub(crate) panics: Vec<(String, u64)>,
}

impl Metrics {
    pub(crate) fn new() -> Self {
        let registry = Registry::new();
        let calls = IntCounterVec::new(
            Opts::new("botyard_http_requests_total", "Calls answered, by route, method and status."),
            &["route", "method", "status"],
        )
        .expect("the metric is well-formed");
        let durations = HistogramVec::new(
            HistogramOpts::new("botyard_http_request_duration_seconds", "How long calls took, by route and method.")
                .buckets(vec![0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0]),
            &["route", "method"],
        )
        .expect("the metric is well-formed");
        let open_requests = IntGaugeVec::new(
            Opts::new("botyard_requests_open", "Requests (imports, exports, …) that wait or run, by state."),
            &["state"],
        )
        .expect("the metric is well-formed");
        let stuck_messages = IntGauge::new(
            "botyard_messages_stuck",
            "Messages that were given up and wait to be tried again or dropped.",
        )
        .expect("the metric is well-formed");
        let turn_commits = IntCounter::new(
            "botyard_turn_commits_total",
            "Commits that turns of conversations made: one at the end, and one for each answer from outside.",
        )
        .expect("the metric is well-formed");
        let panics = IntCounterVec::new(
            Opts::new("botyard_panics_total", "Panics that were contained, by the task that failed by them."),
            &["task"],
        )
        .expect("the metric is well-formed");
        for collector in [
            Box::new(calls.clone()) as Box<dyn prometheus::core::Collector>,
            Box::new(durations.clone()),
            Box::new(open_requests.clone()),
            Box::new(stuck_messages.clone()),
            Box::new(turn_commits.clone()),
            Box::new(panics.clone()),
        ] {
            registry.register(collector).expect("every metric is registered once");
        }
        Self { registry, calls, durations, open_requests, stuck_messages, turn_commits, panics }
    }

    /// The text Prometheus reads.
    pub(crate) fn render(&self, measured: &Measured) -> Result<Vec<u8>, prometheus::Error> {
        self.open_requests.with_label_values(&["pending"]).set(measured.pending);
        self.open_requests.with_label_values(&["running"]).set(measured.running);
        self.stuck_messages.set(measured.stuck_messages);
        self.turn_commits.inc_by(measured.turn_commits.saturating_sub(self.turn_commits.get()));
        for (task, count) in &measured.panics {
            let counter = self.panics.with_label_values(&[task.as_str()]);
            counter.inc_by(count.saturating_sub(counter.get()));
        }
        let mut text = Vec::new();
        TextEncoder::new().encode(&self.registry.gather(), &mut text)?;
        Ok(text)
    }
}

const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Wraps a call in a span, measures it, and answers with problem details where they were asked for.
pub(crate) async fn observe(State(platform): State<Platform>, mut request: Request, next: Next) -> Response {
    let started = Instant::now();
    let address = ClientAddress::of(&request, &platform.settings().proxies);
    request.extensions_mut().insert(address);
    let method = request.method().clone();
    let reads = method == http::Method::GET;
    // A path that matched no route may hold anything, so it is not a label.
    let route = request.extensions().get::<MatchedPath>().map_or("unmatched", MatchedPath::as_str).to_owned();
    let wants_problem = request
        .headers()
        .get(header::ACCEPT)
        .is_some_and(|accept| accept.as_bytes().windows(20).any(|part| part == b"application/problem+"));
    let id = platform.store().ids().object_id();
    let span = tracing::info_span!("call", http.method = %method, http.route = %route, call.id = %id);
    let answered = platform.store().supervisor().contain("call", next.run(request)).instrument(span.clone()).await;
    let mut response = answered.unwrap_or_else(|panicked| ApiError::internal(&panicked).into_response());
    if wants_problem {
        response = error::as_problem(response);
    }
    pages::guard(&mut response, &platform.settings().frame_ancestors);
    let status = response.status();
    let elapsed = started.elapsed();
    let metrics = platform.metrics();
    metrics.calls.with_label_values(&[route.as_str(), method.as_str(), status.as_str()]).inc();
    metrics.durations.with_label_values(&[route.as_str(), method.as_str()]).observe(elapsed.as_secs_f64());
    let duration_ms = elapsed.as_secs_f64() * 1000.0;
    // Clients ask for a status again and again; what only read and succeeded would drown the rest.
    if reads && status.is_success() {
        span.in_scope(|| tracing::debug!(http.status = status.as_u16(), duration_ms, "answered"));
    } else {
        span.in_scope(|| tracing::info!(http.status = status.as_u16(), duration_ms, "answered"));
    }
    if let Ok(value) = HeaderValue::from_str(&id) {
        response.headers_mut().insert(REQUEST_ID, value);
    }
    response
}
