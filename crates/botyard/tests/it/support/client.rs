//! Calls, as a client of the API makes them.

use std::time::Duration;

use bytes::Bytes;
use reqwest::header::HeaderMap;
use reqwest::{Method, RequestBuilder, StatusCode};
use serde_json::Value;

/// A client with one token, or none.
#[derive(Clone)]
pub struct Client {
    http: reqwest::Client,
    url: String,
    token: Option<String>,
}

/// How often a status is asked for, and how many times before the test fails.
const STATUS_INTERVAL: Duration = Duration::from_millis(20);
const STATUS_LOOKS: usize = 3_000;

/// The words for a request that is not done, in all families.
const UNFINISHED: [&str; 6] = ["pending", "inprogress", "in-progress", "in_progress", "running", "accepted"];

impl Client {
    pub fn new(url: String, token: Option<String>) -> Self {
        let http = reqwest::Client::builder().no_proxy().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        Self { http, url, token }
    }

    /// The token calls are made with; empty when there is none.
    pub fn token(&self) -> &str {
        self.token.as_deref().unwrap_or_default()
    }

    /// A call to be made to measure: headers and body are the test's. A path may be a whole URL.
    pub fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = if path.starts_with("http") { path.to_owned() } else { format!("{}{path}", self.url) };
        let request = self.http.request(method, url);
        match &self.token {
            Some(token) => request.header("auth", token),
            None => request,
        }
    }

    pub async fn send(&self, request: RequestBuilder) -> Reply {
        let reply = request.send().await.unwrap();
        let (url, status, headers) = (reply.url().to_string(), reply.status(), reply.headers().clone());
        Reply { url, status, headers, body: reply.bytes().await.unwrap() }
    }

    pub async fn get(&self, path: &str) -> Reply {
        self.send(self.request(Method::GET, path)).await
    }

    pub async fn post(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::POST, path).json(body)).await
    }

    pub async fn put(&self, path: &str, body: &Value) -> Reply {
        self.send(self.request(Method::PUT, path).json(body)).await
    }

    pub async fn delete(&self, path: &str) -> Reply {
        self.send(self.request(Method::DELETE, path)).await
    }

    /// Uploads a file; its id.
    pub async fn upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> String {
        let reply = self.try_upload(name, bytes).await.json();
        reply["fileId"].as_str().unwrap_or_else(|| panic!("no fileId in {reply}")).to_owned()
    }

    /// Uploads a file that may be refused.
    pub async fn try_upload(&self, name: &str, bytes: impl Into<Vec<u8>>) -> Reply {
        let (content_type, form) = form(name, bytes.into());
        let request =
            self.request(Method::POST, "/api/public/uploadfile").header("content-type", content_type).body(form);
        self.send(request).await
    }

    /// Fetches a file by its link, without a token, following redirects as a browser does.
    pub async fn download(&self, link: &str) -> Bytes {
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let reply = http.get(link).send().await.unwrap();
        assert_eq!(reply.status(), StatusCode::OK, "{link}");
        reply.bytes().await.unwrap()
    }

    /// Asks for a status until it is a final one; the record then.
    pub async fn wait(&self, path: &str) -> Value {
        let mut pause = tokio::time::interval(STATUS_INTERVAL);
        for _ in 0..STATUS_LOOKS {
            let record = self.get(path).await.json();
            // Requests by their id have a `state` instead.
            let status = record["status"].as_str().or_else(|| record["state"].as_str());
            let status = status.unwrap_or_else(|| panic!("no status in {record}")).to_lowercase();
            if !UNFINISHED.contains(&status.as_str()) {
                return record;
            }
            pause.tick().await;
        }
        panic!("{path} is not done after {STATUS_LOOKS} looks");
    }

    /// Publishes a bot and waits until it is; the record of the publish.
    pub async fn publish(&self, bot: &str, comment: &str) -> Value {
        let body = serde_json::json!({"versionComment": comment});
        self.post(&format!("/api/public/bot/{bot}/publish"), &body).await.json();
        let record = self.wait(&format!("/api/public/bot/{bot}/publish/status")).await;
        assert_eq!(record["status"], "successful", "{record}");
        record
    }

    /// Exports a bot (`latest` or `published`, all of it) and waits until the archive is there; its bytes.
    pub async fn export(&self, bot: &str, export_type: &str) -> Bytes {
        self.export_with(bot, &serde_json::json!({"exportType": export_type})).await
    }

    /// Exports a bot as the body says and waits until the archive is there; its bytes.
    pub async fn export_with(&self, bot: &str, body: &Value) -> Bytes {
        let started = self.post(&format!("/api/public/bot/{bot}/export"), body).await.json();
        let id = started["_id"].as_str().unwrap();
        let record = self.wait(&format!("/api/public/bot/{bot}/export/status?exportId={id}")).await;
        assert_eq!(record["status"], "success", "{record}");
        self.download(record["downloadURL"].as_str().unwrap()).await
    }
}

/// A form with one file, as the content type and the body.
fn form(name: &str, bytes: Vec<u8>) -> (String, Vec<u8>) {
    const BOUNDARY: &str = "----botyard-test-boundary";
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    let mut body =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n")
            .into_bytes();
    body.extend(bytes);
    for (field, value) in [("fileContext", "bulkImport"), ("fileExtension", extension)] {
        let part = format!("\r\n--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{value}");
        body.extend(part.into_bytes());
    }
    body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
    (format!("multipart/form-data; boundary={BOUNDARY}"), body)
}

/// What came back.
pub struct Reply {
    pub url: String,
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Reply {
    /// The body as JSON, whatever the status is.
    pub fn value(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }

    /// The body as JSON of a call that succeeded.
    #[track_caller]
    pub fn json(&self) -> Value {
        assert_eq!(self.status, StatusCode::OK, "{}: {}", self.url, self.text());
        self.value()
    }

    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header as text; empty when absent.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The status and the message of an error in the original's form.
    pub fn error(&self) -> (u16, String) {
        let message = self.value()["errors"][0]["msg"].as_str().map(str::to_owned);
        (self.status.as_u16(), message.unwrap_or_else(|| panic!("no error in {}", self.text())))
    }

    /// Expects an error: status, message, and code, which is the status but for refused credentials (4002).
    #[track_caller]
    pub fn refused(&self, status: u16, message: &str) {
        assert_eq!(self.error(), (status, message.to_owned()), "{}", self.url);
        let code = if status == 401 { 4002 } else { status };
        assert_eq!(self.value()["errors"][0]["code"], code, "{}", self.url);
    }
}
