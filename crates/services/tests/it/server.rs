//! A service that answers as a test wants, and remembers what it was asked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::extract::Request as Asked;
use axum::response::Response as Answer;
use domain::{Clock, ManualClock, Timestamp};
use services::{Client, Egress, Mode, Options, Request};

/// What a server was asked.
#[derive(Clone, Debug, PartialEq)]
pub struct Seen {
    pub method: String,
    /// Path and query.
    pub target: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

impl Seen {
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }
}

/// A running server. It ends with the test.
pub struct Server {
    pub port: u16,
    seen: Arc<Mutex<Vec<Seen>>>,
}

impl Server {
    /// Starts a server that answers by a function. `None` never answers.
    pub async fn start(answer: impl Fn(&Seen) -> Option<Answer> + Clone + Send + Sync + 'static) -> Self {
        let seen = Arc::new(Mutex::new(Vec::new()));
        let memory = Arc::clone(&seen);
        let service = Router::new().fallback(move |asked: Asked| {
            let (answer, memory) = (answer.clone(), Arc::clone(&memory));
            async move {
                let (parts, body) = asked.into_parts();
                let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
                let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
                let one = Seen {
                    method: parts.method.to_string(),
                    target: parts.uri.to_string(),
                    headers: parts.headers.iter().map(|(k, v)| (k.to_string(), text(v.as_bytes()))).collect(),
                    body: text(&body),
                };
                memory.lock().unwrap().push(one.clone());
                match answer(&one) {
                    Some(answer) => answer,
                    None => std::future::pending().await,
                }
            }
        });
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        tokio::spawn(async move { axum::serve(listener, service).await });
        Self { port, seen }
    }

    /// A server with one answer.
    pub async fn constant(
        status: u16,
        kind: &'static str,
        body: impl AsRef<[u8]> + Clone + Send + Sync + 'static,
    ) -> Self {
        Self::start(move |_| Some(answer(status, &[("content-type", kind)], body.as_ref()))).await
    }

    /// The address of a path.
    pub fn url(&self, path: &str) -> String {
        format!("http://127.0.0.1:{}{path}", self.port)
    }

    /// What it was asked so far.
    pub fn seen(&self) -> Vec<Seen> {
        self.seen.lock().unwrap().clone()
    }

    /// `host:port` for the allow list.
    pub fn entry(&self) -> String {
        format!("127.0.0.1:{}", self.port)
    }
}

/// An answer.
pub fn answer(status: u16, headers: &[(&str, &str)], body: impl AsRef<[u8]>) -> Answer {
    let mut answer = Answer::builder().status(status);
    for (name, value) in headers {
        answer = answer.header(*name, *value);
    }
    answer.body(Body::from(body.as_ref().to_vec())).unwrap()
}

/// A JSON answer.
pub fn json(status: u16, body: serde_json::Value) -> Answer {
    answer(status, &[("content-type", "application/json")], body.to_string())
}

/// Options under which the servers may be called.
pub fn options(servers: &[&Server]) -> Options {
    let allow = servers.iter().map(|server| server.entry()).collect();
    Options { egress: Egress { allow, deny_private: true }, ..Options::default() }
}

/// A client that may call the servers, and the hand that moves its clock.
pub fn client(options: &Options) -> (Client, ManualClock) {
    let (clock, hand) = Clock::manual(Timestamp::from_millis(0));
    (Client::new(options, clock).unwrap(), hand)
}

/// A plain GET with ample time.
pub fn get(url: &str) -> Request {
    Request {
        name: "Component".into(),
        method: "get".into(),
        url: url.into(),
        headers: Vec::new(),
        body: None,
        timeout: Duration::from_secs(30),
        auth: None,
        sample: None,
    }
}

/// A POST.
pub fn post(url: &str, body: &str) -> Request {
    Request { method: "POST".into(), body: Some(body.into()), ..get(url) }
}

/// Options that record to a folder, or replay from it.
pub fn recording(servers: &[&Server], mode: Mode, folder: &std::path::Path) -> Options {
    Options { mode, cassettes: Some(folder.into()), ..options(servers) }
}
