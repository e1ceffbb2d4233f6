//! Connections of which a test writes every byte.

use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

/// A test fails that waits so long for a server.
const PATIENCE: Duration = Duration::from_secs(60);

/// A connection to a server.
pub struct Raw(pub TcpStream);

impl Raw {
    /// Connects to `http://host:port`.
    pub async fn open(url: &str) -> Self {
        Self(TcpStream::connect(url.trim_start_matches("http://")).await.unwrap())
    }

    /// Sends bytes that the server takes.
    pub async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Sends bytes as long as the server takes them, which it need not; how many were given to the system.
    pub async fn offer(&mut self, bytes: &[u8], times: usize) -> usize {
        let (mut read, mut write) = self.0.split();
        let mut sent = 0;
        let mut answer = [0; 1024];
        for _ in 0..times {
            tokio::select! {
                written = write.write_all(bytes) => if written.is_err() { break },
                // A client need not go on once it has its answer, but hostile ones do.
                _ = read.peek(&mut answer) => if write.write_all(bytes).await.is_err() { break },
            }
            sent += bytes.len();
        }
        sent
    }

    /// The head of the next answer.
    pub async fn head(&mut self) -> String {
        let read = async {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                head.push(self.0.read_u8().await.unwrap_or_else(|error| panic!("{error} after {head:?}")));
            }
            String::from_utf8(head).unwrap()
        };
        tokio::time::timeout(PATIENCE, read).await.expect("the server answers")
    }

    /// All that still comes, until the server closes the connection.
    pub async fn rest(&mut self) -> Vec<u8> {
        let mut rest = Vec::new();
        // A connection that is cut is at its end, too.
        let _cut = tokio::time::timeout(PATIENCE, self.0.read_to_end(&mut rest)).await.expect("the server closes");
        rest
    }
}
