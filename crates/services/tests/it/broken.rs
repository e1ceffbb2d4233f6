//! Servers that break off, go silent, never end, or speak something else.

use std::time::Duration;

use services::{Failure, Options, Request};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use crate::server::{client, get};

/// What a server does after its words.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Then {
    Closes,
    Waits,
    RepeatsForever,
}

/// Starts a server that says `words` to whoever sends something.
async fn start(words: &'static str, then: Then) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            let mut asked = [0; 1024];
            assert_ne!(caller.read(&mut asked).await.unwrap(), 0);
            caller.write_all(words.as_bytes()).await.unwrap();
            match then {
                Then::Closes => {}
                Then::Waits => std::future::pending().await,
                // Ends when the caller hangs up.
                Then::RepeatsForever => while caller.write_all(b"4\r\nxxxx\r\n").await.is_ok() {},
            }
        }
    });
    port
}

#[tokio::test]
async fn no_half_answer_is_taken_for_one() {
    let (ample, short) = (Duration::from_secs(30), Duration::from_millis(50));
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
    for (words, then, timeout, wanted) in [
        ("", Then::Closes, ample, "unreachable"),
        ("220 mail.example ESMTP\r\n", Then::Closes, ample, "unreachable"),
        ("HTTP/1.1 200 OK\r\ncontent-le", Then::Closes, ample, "unreachable"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", Then::Closes, ample, "unreachable"),
        ("HTTP/1.1 200 OK\r\ncontent-length: 10\r\n\r\nabc", Then::Waits, short, "timeout"),
        ("HTTP/1.1 200 OK\r\n", Then::Waits, short, "timeout"),
        (chunked, Then::RepeatsForever, ample, "too large"),
        ("HTTP/1.1 200 OK\r\n\r\nabc", Then::Closes, ample, "abc"),
    ] {
        let port = start(words, then).await;
        let egress = services::Egress { allow: vec![format!("127.0.0.1:{port}")], deny_private: true };
        let (client, _) = client(&Options { egress, max_response_bytes: 5_000, ..Options::default() });
        let request = Request { timeout, ..get(&format!("http://127.0.0.1:{port}/")) };
        let told = match client.call(&request, None).await {
            Ok(response) => response.body.as_str().unwrap().to_owned(),
            Err(Failure::Unreachable { .. }) => "unreachable".into(),
            Err(Failure::Timeout { .. }) => "timeout".into(),
            Err(Failure::TooLarge { limit: 5_000 }) => "too large".into(),
            Err(other) => other.to_string(),
        };
        assert_eq!(told, wanted, "{words:?} {then:?}");
    }
}
