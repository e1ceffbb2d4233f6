//! Sends calls over HTTP: judged, bounded, and redirect by redirect.

use std::error::Error;
use std::sync::Arc;

use reqwest::header::{
    ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, LOCATION, USER_AGENT,
};
use reqwest::{Method, StatusCode, Url, redirect};

use crate::egress::{Policy, Reach, Resolver, cause_of_block};
use crate::failure::{Failure, SetupError};
use crate::options::Options;
use crate::request::Request;
use crate::response::Response;

/// Headers that belong to the connection, which is not the author's business, or would make answers unreadable.
const OF_THE_CONNECTION: &[&str] = &[
    "accept-encoding",
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-authorization",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];

/// Headers that may follow a redirect to another host. Any other may be a key.
const WITHOUT_SECRETS: [HeaderName; 5] = [ACCEPT, ACCEPT_LANGUAGE, CONTENT_LANGUAGE, CONTENT_TYPE, USER_AGENT];

/// Who chose the URL of a call. All calls go the same way; this is the only difference there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ChosenBy {
    /// Someone who edits bots, or sets up their channels, webhooks and BotKit servers: where it leads is judged.
    Author,
    /// Whoever runs the server, in its settings: naming it there allows it. Redirects to others are judged.
    Operator,
}

/// A call in the terms of HTTP.
#[derive(Clone)]
pub(crate) struct Call {
    pub(crate) method: Method,
    pub(crate) url: Url,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Option<String>,
}

impl Call {
    /// Reads a request, without its authentication.
    pub(crate) fn new(request: &Request) -> Result<Self, Failure> {
        let method = Method::from_bytes(request.method.trim().to_ascii_uppercase().as_bytes()).ok();
        let method = method.filter(|method| *method != Method::CONNECT);
        let method = method.ok_or_else(|| bad(format!("`{}` is not a method", request.method)))?;
        let url = read_url(&request.url)?;
        let body = request.body.clone().filter(|body| !body.is_empty());
        let mut headers = HeaderMap::new();
        for (name, value) in &request.headers {
            let name = name.trim().to_ascii_lowercase();
            if OF_THE_CONNECTION.contains(&name.as_str()) {
                continue;
            }
            let Ok(key) = HeaderName::from_bytes(name.as_bytes()) else {
                return Err(bad(format!("`{name}` is not the name of a header")));
            };
            headers.append(key, header_value(&name, value)?);
        }
        let is_json = |body: &str| serde_json::from_str::<serde::de::IgnoredAny>(body).is_ok();
        if body.as_deref().is_some_and(|body| body.trim_start().starts_with(['{', '[']) && is_json(body)) {
            headers.entry(CONTENT_TYPE).or_insert(HeaderValue::from_static("application/json"));
        }
        Ok(Self { method, url, headers, body })
    }

    /// The next call when the answer to this one is a redirect to `url`. Methods change as they do in browsers.
    fn redirected(mut self, status: StatusCode, url: Url) -> Self {
        let becomes_get = match status {
            StatusCode::SEE_OTHER => self.method != Method::HEAD,
            StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => self.method == Method::POST,
            _ => false,
        };
        if becomes_get {
            self.method = Method::GET;
            self.body = None;
            self.headers.remove(CONTENT_TYPE);
        }
        if !same_origin(&self.url, &url) {
            let kept = WITHOUT_SECRETS.iter().filter_map(|name| Some((name.clone(), self.headers.get(name)?.clone())));
            self.headers = kept.collect();
        }
        self.url = url;
        self
    }
}

/// Reads an absolute URL.
pub(crate) fn read_url(text: &str) -> Result<Url, Failure> {
    // The text itself may hold a key, so the reason does not show it.
    Url::parse(text.trim())
        .map_err(|error| bad(format!("its URL cannot be read ({error}); it has to be like https://host/path")))
}

/// Reads the value of a header; a failure does not show it.
pub(crate) fn header_value(name: &str, value: &str) -> Result<HeaderValue, Failure> {
    HeaderValue::from_bytes(value.trim().as_bytes())
        .map_err(|_| bad(format!("the header `{name}` has a line break or another control character in it")))
}

fn bad(reason: String) -> Failure {
    Failure::BadRequest { reason }
}

fn same_origin(a: &Url, b: &Url) -> bool {
    a.origin() == b.origin()
}

/// Sends calls.
pub(crate) struct Transport {
    /// Connects to the addresses of a name that the policy lets pass.
    judged: reqwest::Client,
    /// Connects to the addresses of names that are allowed.
    allowed: reqwest::Client,
    policy: Arc<Policy>,
    max_response_bytes: u64,
    max_redirects: usize,
}

impl Transport {
    /// Starts the HTTP clients.
    pub(crate) fn new(options: &Options) -> Result<Self, SetupError> {
        let policy = Arc::new(Policy::new(&options.egress)?);
        let client = |reach| {
            reqwest::Client::builder()
                .user_agent("botyard")
                .no_proxy()
                .redirect(redirect::Policy::none())
                .dns_resolver(Arc::new(Resolver { policy: Arc::clone(&policy), reach }))
                .build()
        };
        Ok(Self {
            judged: client(Reach::Judged)?,
            allowed: client(Reach::Allowed)?,
            policy,
            max_response_bytes: options.max_response_bytes,
            max_redirects: options.max_redirects,
        })
    }

    /// Sends a call and follows redirects.
    pub(crate) async fn send(&self, mut call: Call, chosen_by: ChosenBy) -> Result<Response, Failure> {
        let first = call.url.clone();
        for _ in 0..=self.max_redirects {
            let is_trusted = chosen_by == ChosenBy::Operator && same_origin(&first, &call.url);
            let answer = self.exchange(&call, is_trusted).await?;
            match redirect_target(&call.url, &answer) {
                Some(url) => call = call.redirected(answer.status(), url),
                None => return self.read(&call.url, answer).await,
            }
        }
        let reason = format!("{} redirects more than {} times", host(&first), self.max_redirects);
        Err(Failure::Unreachable { reason })
    }

    /// Sends a call, to which a redirect is an answer like any other. For calls whose body is a secret.
    pub(crate) async fn send_once(&self, call: &Call) -> Result<Response, Failure> {
        let answer = self.exchange(call, false).await?;
        self.read(&call.url, answer).await
    }

    /// Sends a call, and gives the status of the answer, be it a redirect. What else is in the answer is not read.
    pub(crate) async fn status_of(&self, call: &Call) -> Result<u16, Failure> {
        Ok(self.exchange(call, false).await?.status().as_u16())
    }

    /// Why a URL may certainly not be called.
    pub(crate) fn objection(&self, url: &str) -> Option<String> {
        let url = read_url(url).ok()?;
        match self.policy.judge(&url) {
            Err(Failure::Refused { reason }) => Some(reason),
            Ok(Reach::Judged) => self.policy.objection_to_own_name(&url),
            _ => None,
        }
    }

    async fn exchange(&self, call: &Call, is_trusted: bool) -> Result<reqwest::Response, Failure> {
        if !matches!(call.url.scheme(), "http" | "https") {
            return Err(bad(format!("URLs of `{}:` are not called; use https", call.url.scheme())));
        }
        let reach = if is_trusted { Reach::Allowed } else { self.policy.judge(&call.url)? };
        let client = match reach {
            Reach::Judged => &self.judged,
            Reach::Allowed => &self.allowed,
        };
        let mut request = client.request(call.method.clone(), call.url.clone()).headers(call.headers.clone());
        if let Some(body) = &call.body {
            request = request.body(body.clone());
        }
        request.send().await.map_err(|error| failure(&call.url, &error))
    }

    async fn read(&self, url: &Url, mut answer: reqwest::Response) -> Result<Response, Failure> {
        let mut body = Vec::new();
        while let Some(chunk) = answer.chunk().await.map_err(|error| failure(url, &error))? {
            if (body.len() + chunk.len()) as u64 > self.max_response_bytes {
                return Err(Failure::TooLarge { limit: self.max_response_bytes });
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Response::received(answer.status().as_u16(), answer.headers(), &body))
    }
}

/// Where an answer redirects to; `None` where it does not.
fn redirect_target(url: &Url, answer: &reqwest::Response) -> Option<Url> {
    if !matches!(answer.status().as_u16(), 301 | 302 | 303 | 307 | 308) {
        return None;
    }
    url.join(str::from_utf8(answer.headers().get(LOCATION)?.as_bytes()).ok()?).ok()
}

/// What a failure shows of a URL: its path and query may hold keys.
pub(crate) fn host(url: &Url) -> &str {
    url.host_str().unwrap_or("the URL")
}

fn failure(url: &Url, error: &reqwest::Error) -> Failure {
    if let Some(reason) = cause_of_block(error) {
        return Failure::Refused { reason };
    }
    if error.is_builder() {
        return bad(format!("{} is not a host to connect to", host(url)));
    }
    // The outer errors tell the URL and little else.
    let causes = std::iter::successors(error.source(), |error| (*error).source());
    let cause = causes.last().map_or_else(|| "the connection failed".to_owned(), ToString::to_string);
    Failure::Unreachable { reason: format!("{}: {cause}", host(url)) }
}
