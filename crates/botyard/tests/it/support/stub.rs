//! A server that bots call: it answers as a test says, and tells what it was asked.

use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{HeaderMap, Response};
use serde_json::Value;
use tokio::sync::{mpsc, watch};

/// So long a test waits for a request: far longer than any takes on a busy machine.
const PATIENCE: std::time::Duration = std::time::Duration::from_secs(180);

/// A server of a test, on a free port. It ends with the test's runtime.
pub struct Stub {
    /// `http://127.0.0.1:<port>`.
    pub url: String,
    asked: mpsc::UnboundedReceiver<Asked>,
    held: watch::Sender<bool>,
}

/// A request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    pub method: String,
    /// Path and query.
    pub path: String,
    pub headers: HeaderMap,
    pub body: String,
}

impl Asked {
    /// A header; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The body as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.body))
    }
}

/// Status, content type and body of an answer. A status of 3xx has the place to go to as its body.
pub type Answer = (u16, &'static str, String);

type Answering = Arc<dyn Fn(&Asked) -> Answer + Send + Sync>;

impl Stub {
    /// Starts a server that answers like this. Paths that begin with `/held` wait for [`Self::release`].
    pub async fn start(answer: impl Fn(&Asked) -> Answer + Send + Sync + 'static) -> Self {
        let (sender, asked) = mpsc::unbounded_channel();
        let held = watch::Sender::new(true);
        let answer: Answering = Arc::new(answer);
        let router = axum::Router::new().fallback(take).with_state((sender, held.clone(), answer));
        let listener = tokio::net::TcpListener::bind(("127.0.0.1", 0)).await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, asked, held }
    }

    /// The host and port, as an allow list names them.
    pub fn place(&self) -> String {
        self.url.trim_start_matches("http://").to_owned()
    }

    /// The next request, as soon as it is there. A test that waits in vain fails; it does not hang.
    pub async fn next(&mut self) -> Asked {
        tokio::time::timeout(PATIENCE, self.asked.recv()).await.expect("somebody asks").unwrap()
    }

    /// Whether nobody asked anything that was not looked at yet.
    pub fn is_unasked(&self) -> bool {
        self.asked.is_empty()
    }

    /// Lets the requests go on that are held, and all later ones.
    pub fn release(&self) {
        self.held.send_replace(false);
    }
}

async fn take(
    State((sender, held, answer)): State<(mpsc::UnboundedSender<Asked>, watch::Sender<bool>, Answering)>,
    request: Request,
) -> Response<Body> {
    let (parts, body) = request.into_parts();
    let body = axum::body::to_bytes(body, 1 << 22).await.unwrap();
    let asked = Asked {
        method: parts.method.to_string(),
        path: parts.uri.path_and_query().map(ToString::to_string).unwrap_or_default(),
        headers: parts.headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    };
    let _test_is_over = sender.send(asked.clone());
    if asked.path.starts_with("/held") {
        let mut held = held.subscribe();
        let _test_is_over = held.wait_for(|held| !held).await;
    }
    let (status, kind, text) = answer(&asked);
    let response = Response::builder().status(status).header("content-type", kind);
    let response = if (300..400).contains(&status) { response.header("location", &text) } else { response };
    response.body(Body::from(text)).unwrap()
}
