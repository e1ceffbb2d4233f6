//! A connection that is kept open, and calls on it.
//!
//! It understands exactly the replies that are measured here, so that a call costs the client next to nothing and the
//! same whoever answers.

use std::io;
use std::net::SocketAddr;

use serde_json::Value;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use super::BenchError;

/// A connection, and what was received on it last.
pub(super) struct Connection {
    stream: TcpStream,
    received: Vec<u8>,
}

/// A reply: the status and where its body is in what was received.
#[derive(Clone, Copy)]
pub(super) struct Reply {
    pub(super) status: u16,
    body_start: usize,
}

impl Connection {
    pub(super) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream, received: Vec::with_capacity(8 * 1024) })
    }

    /// Sends a whole request and takes the whole reply in.
    pub(super) async fn exchange(&mut self, request: &[u8]) -> io::Result<Reply> {
        self.stream.write_all(request).await?;
        self.received.clear();
        let broken = || io::Error::other("the reply is not one that is measured here");
        loop {
            if self.stream.read_buf(&mut self.received).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let Some(head_end) = find(&self.received, b"\r\n\r\n") else { continue };
            let head = std::str::from_utf8(&self.received[..head_end]).map_err(|_| broken())?;
            let status = head.get(9..12).and_then(|digits| digits.parse().ok()).ok_or_else(broken)?;
            let length = head.lines().find_map(content_length).ok_or_else(broken)?;
            let body_start = head_end + 4;
            while self.received.len() < body_start + length {
                if self.stream.read_buf(&mut self.received).await? == 0 {
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
            return Ok(Reply { status, body_start });
        }
    }

    /// The body of the reply received last.
    pub(super) fn body(&self, reply: Reply) -> &[u8] {
        &self.received[reply.body_start..]
    }

    /// Sends a request and reads the reply as JSON; everything but 200 is an error.
    pub(super) async fn call(&mut self, request: &[u8]) -> Result<Value, BenchError> {
        let reply = self.exchange(request).await?;
        let body = self.body(reply);
        match serde_json::from_slice(body) {
            Ok(value) if reply.status == 200 => Ok(value),
            _ => Err(BenchError::Answer {
                call: String::from_utf8_lossy(request).lines().next().unwrap_or_default().to_owned(),
                answer: format!("{} {}", reply.status, String::from_utf8_lossy(body)),
            }),
        }
    }
}

fn content_length(line: &str) -> Option<usize> {
    let (name, value) = line.split_once(':')?;
    if name.eq_ignore_ascii_case("content-length") { value.trim().parse().ok() } else { None }
}

fn find(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|part| part == wanted)
}

/// A `GET` as bytes.
pub(super) fn get(path: &str, token: &str) -> Vec<u8> {
    format!("GET {path} HTTP/1.1\r\nhost: localhost\r\nauth: {token}\r\n\r\n").into_bytes()
}

/// A `POST` of JSON as bytes.
pub(super) fn post(path: &str, token: &str, body: &Value) -> Vec<u8> {
    let body = body.to_string();
    let length = body.len();
    format!(
        "POST {path} HTTP/1.1\r\nhost: localhost\r\nauth: {token}\r\ncontent-type: application/json\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .into_bytes()
}

/// An upload of one file as bytes.
pub(super) fn upload(token: &str, name: &str, bytes: &[u8]) -> Vec<u8> {
    const BOUNDARY: &str = "botyard-bench-boundary";
    let start = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\r\n");
    let end = format!("\r\n--{BOUNDARY}--\r\n");
    let length = start.len() + bytes.len() + end.len();
    let head = format!(
        "POST /api/public/uploadfile HTTP/1.1\r\nhost: localhost\r\nauth: {token}\r\n\
         content-type: multipart/form-data; boundary={BOUNDARY}\r\ncontent-length: {length}\r\n\r\n"
    );
    [head.as_bytes(), start.as_bytes(), bytes, end.as_bytes()].concat()
}
