//! Who connects and does not behave: others are served, and nothing is held for them.

use serde_json::{Value, json};

use crate::support::client::Client;
use crate::support::raw::Raw;
use crate::support::{Process, TestServer};

/// What clients announce that want to fill the memory. Bytes.
const ANNOUNCED: usize = 25 << 20;

/// The head of a request with a body.
fn head(method: &str, path: &str, token: &str, more: &str, length: usize) -> String {
    let auth = if token.is_empty() { String::new() } else { format!("auth: {token}\r\n") };
    format!("{method} {path} HTTP/1.1\r\nhost: x\r\n{auth}{more}content-length: {length}\r\n\r\n")
}

async fn is_answered(client: &Client) {
    assert_eq!(client.get("/healthz").await.status, 200);
}

#[tokio::test]
async fn no_route_asks_for_a_body_before_it_knows_who_calls() {
    let server = TestServer::start().await;
    let description = server.anonymous().get("/api/openapi.json").await.json();
    let mut asked = 0;
    for (path, item) in description["paths"].as_object().unwrap() {
        let parts: Vec<_> = path.split('/').map(|part| if part.starts_with('{') { "x" } else { part }).collect();
        let path = parts.join("/");
        for method in ["POST", "PUT", "DELETE"] {
            if item.get(method.to_lowercase()).is_none() {
                continue;
            }
            for token in ["", "a.b.c"] {
                let mut raw = Raw::open(&server.url()).await;
                raw.send(head(method, &path, token, "expect: 100-continue\r\n", ANNOUNCED).as_bytes()).await;
                let answer = raw.head().await;
                assert!(answer.starts_with("HTTP/1.1 4"), "{method} {path} {token}: {answer}");
                asked += 1;
            }
        }
    }
    assert!(asked > 100, "{asked}");
    server.finish().await;
}

#[tokio::test]
async fn whoever_is_refused_is_told_so_and_not_listened_to() {
    let server = TestServer::start().await;
    let piece = vec![b' '; 64 << 10];
    let mut attacks = tokio::task::JoinSet::new();
    for number in 0..100 {
        let (url, piece) = (server.url(), piece.clone());
        let path =
            ["/api/public/uploadfile", "/api/public/bot/import", "/chatbot/v2/webhook/st-1", "/none"][number % 4];
        let token = ["", "a.b.c"][number / 4 % 2];
        attacks.spawn(async move {
            let mut raw = Raw::open(&url).await;
            raw.send(head("POST", path, token, "", ANNOUNCED).as_bytes()).await;
            let sent = raw.offer(&piece, ANNOUNCED / piece.len() - 1).await;
            (path, sent, String::from_utf8(raw.rest().await).unwrap())
        });
    }
    for (path, sent, answer) in attacks.join_all().await {
        let wanted = if path == "/none" { "HTTP/1.1 404" } else { "HTTP/1.1 401" };
        // What a cut connection had to say may be lost; that it is cut may not.
        assert!(answer.is_empty() || answer.starts_with(wanted), "{path}: {answer}");
        assert!(sent < ANNOUNCED - piece.len(), "{path}: the server read on");
    }
    is_answered(&server.anonymous()).await;

    // Who stops sending hears why it was refused, and who sent little may go on with the connection.
    let mut raw = Raw::open(&server.url()).await;
    raw.send(head("POST", "/api/public/bot/import", "", "", ANNOUNCED).as_bytes()).await;
    raw.send(&piece).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 401"));
    raw.rest().await;
    let mut raw = Raw::open(&server.url()).await;
    raw.send(head("POST", "/api/public/bot/import", "", "", 1_000).as_bytes()).await;
    assert!(raw.head().await.starts_with("HTTP/1.1 401"));
    raw.send(&[b' '; 1_000]).await;
    raw.send(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
    let rest = String::from_utf8(raw.rest().await).unwrap();
    assert!(rest.contains("HTTP/1.1 200 OK"), "{rest}");
    server.finish().await;
}

#[tokio::test]
async fn a_body_that_drips_is_given_up() {
    let server = TestServer::start_with(|setup| {
        setup.config.api.bodies.patience_ms = 200;
        setup.config.api.bodies.slowest_bytes_per_s = 1_000_000;
    })
    .await;
    let admin = server.admin().await;
    for (path, kind) in [
        ("/api/public/bot/import", "application/json"),
        ("/api/public/uploadfile", "multipart/form-data; boundary=x"),
        ("/api/attachment/file", "multipart/form-data; boundary=x"),
    ] {
        let mut raw = Raw::open(&server.url()).await;
        let more = format!("content-type: {kind}\r\n");
        raw.send(head("POST", path, admin.token(), &more, ANNOUNCED).as_bytes()).await;
        raw.send(b"-").await;
        let answer = String::from_utf8(raw.rest().await).unwrap();
        assert!(answer.starts_with("HTTP/1.1 408"), "{path}: {answer}");
        assert!(answer.contains("The request body did not arrive in time"), "{path}: {answer}");
    }
    server.finish().await;
}

#[tokio::test]
async fn bodies_have_so_much_room_in_all() {
    const ROOM: usize = 64 << 10;
    let server = TestServer::start_with(|setup| {
        setup.config.api.max_body_bytes = ROOM;
        setup.config.api.bodies.held_bytes = ROOM;
        setup.config.api.bodies.room_wait_ms = 0;
    })
    .await;
    let admin = server.admin().await;
    let mut raw = Raw::open(&server.url()).await;
    raw.send(head("POST", "/api/public/bot/import", admin.token(), "", ROOM).as_bytes()).await;
    raw.send(&vec![b' '; ROOM - 1]).await;
    let ask = async || admin.post("/api/public/bot/import", &json!({})).await;
    let turned_away = loop {
        let reply = ask().await;
        if reply.status != 412 {
            break reply;
        }
    };
    assert_eq!((turned_away.status.as_u16(), turned_away.header("retry-after")), (503, "5"));
    let words = "The server is busy. Please try again after some time.";
    assert_eq!(turned_away.value(), json!({"errors": [{"msg": words, "code": 503}]}));
    raw.send(b" ").await;
    assert!(raw.head().await.starts_with("HTTP/1.1 412"), "the first is answered as ever");
    while ask().await.status != 412 {}
    server.finish().await;
}

#[tokio::test]
async fn connections_that_only_wait_are_closed() {
    let server = TestServer::start_with(|setup| {
        setup.config.server.headers_ms = 200;
        setup.config.server.idle_ms = 300;
    })
    .await;
    let call = "GET /healthz HTTP/1.1\r\nhost: x\r\n\r\n";
    for (bytes, answers) in [
        ("", 0),
        ("GET /healthz", 0),
        ("GET /healthz HTTP/1.1\r\nhost: x\r\na: ", 0),
        ("PRI * HT", 0),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n", 0),
        (call, 1),
        (&format!("{call}GET /hea"), 1),
        (&format!("{call}{call}"), 2),
    ] {
        let mut raw = Raw::open(&server.url()).await;
        raw.send(bytes.as_bytes()).await;
        let rest = raw.rest().await;
        let seen = String::from_utf8_lossy(&rest).matches("HTTP/1.1 200").count();
        assert_eq!(seen, answers, "{bytes}: {}", String::from_utf8_lossy(&rest));
    }
    server.finish().await;
}

#[tokio::test]
async fn idle_connections_make_room_and_busy_ones_do_not() {
    let server = TestServer::start_with(|setup| setup.config.server.connections = 8).await;
    let admin = server.admin().await;
    let mut busy = Raw::open(&server.url()).await;
    busy.send(head("POST", "/api/public/bot/import", admin.token(), "expect: 100-continue\r\n", 2).as_bytes()).await;
    assert!(busy.head().await.starts_with("HTTP/1.1 100"), "the call is in progress");
    let mut idle = Vec::new();
    for _ in 0..50 {
        idle.push(Raw::open(&server.url()).await);
    }
    is_answered(&admin).await;
    // The oldest go first.
    for raw in &mut idle[..40] {
        raw.rest().await;
    }
    busy.send(b"{}").await;
    assert!(busy.head().await.starts_with("HTTP/1.1 412"));
    // Some are still open: a stop does not wait for who says nothing.
    server.finish().await;
}

#[cfg(unix)]
#[tokio::test]
async fn more_connections_than_open_files_stop_nobody() {
    let server = TestServer::start().await;
    // The greatest limit stays; then it is as small as the other.
    for limit in ["-Sn 200", "-n 200"] {
        let process = Process::serve_within(&server, limit, &[]);
        let url = process.url().await;
        let mut idle = Vec::new();
        for _ in 0..300 {
            idle.push(Raw::open(&url).await);
        }
        let client = Client::new(url, None);
        is_answered(&client).await;
        assert_eq!(client.get("/readyz").await.status, 200, "{limit}");
        process.terminate();
    }
    server.finish().await;
}

#[tokio::test]
async fn protocols_are_spoken_as_the_settings_say() {
    for (http1, http2) in [(true, true), (true, false), (false, true)] {
        let server = TestServer::start_with(|setup| {
            setup.config.server.http1 = http1;
            setup.config.server.http2 = http2;
        })
        .await;
        let mut raw = Raw::open(&server.url()).await;
        raw.send(b"GET /healthz HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").await;
        let answer = raw.rest().await;
        assert_eq!(answer.starts_with(b"HTTP/1.1 200"), http1, "{http1} {http2}");
        let mut raw = Raw::open(&server.url()).await;
        raw.send(
            &[PREFACE, &frame(SETTINGS, 0, 0, &[]), &get(1, END_HEADERS | END_STREAM), &frame(GOAWAY, 0, 0, &[0; 8])]
                .concat(),
        )
        .await;
        let answer = raw.rest().await;
        // 0x88 stands for the status 200.
        let is_ok = frames(&answer).iter().any(|(kind, block)| *kind == HEADERS && block.first() == Some(&0x88));
        assert_eq!(is_ok, http2, "{http1} {http2}: {}", String::from_utf8_lossy(&answer));
        server.finish().await;
    }
    let mut config = botyard::Config::default();
    (config.server.http1, config.server.http2) = (false, false);
    let refused = botyard::Server::start(&config, botyard::Options::default()).await.err().unwrap();
    assert_eq!(refused.to_string(), "`server.http1` and `server.http2` are both false: set at least one of them");
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GOAWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;
const END_STREAM: u8 = 1;
const END_HEADERS: u8 = 4;

/// A frame of HTTP/2.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    [&length[1..], &[kind, flags], &stream.to_be_bytes(), payload].concat()
}

/// `GET /healthz`: three fields of the static table, and a path and an authority as they are.
fn get(stream: u32, flags: u8) -> Vec<u8> {
    frame(HEADERS, flags, stream, b"\x82\x86\x04\x08/healthz\x01\x01x")
}

/// `POST /api/public/bot/import`.
fn post(stream: u32, flags: u8) -> Vec<u8> {
    frame(HEADERS, flags, stream, b"\x83\x86\x04\x16/api/public/bot/import\x01\x01x")
}

/// The frames in some bytes: kind and payload.
fn frames(mut bytes: &[u8]) -> Vec<(u8, Vec<u8>)> {
    let mut frames = Vec::new();
    while bytes.len() >= 9 {
        let length = u32::from_be_bytes([0, bytes[0], bytes[1], bytes[2]]) as usize;
        let Some(payload) = bytes.get(9..9 + length) else { break };
        frames.push((bytes[3], payload.to_vec()));
        bytes = &bytes[9 + length..];
    }
    frames
}

/// Bytes that look like nothing, the same in each run.
fn noise(seed: u64, length: usize) -> Vec<u8> {
    let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
    std::iter::repeat_with(|| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state.to_be_bytes()[3]
    })
    .take(length)
    .collect()
}

/// What hostile clients of HTTP/1.1 send.
fn hostile1() -> Vec<(String, Vec<u8>)> {
    let line = "GET /healthz HTTP/1.1\r\nhost: x\r\n";
    let chunked = "POST /api/public/bot/import HTTP/1.1\r\nhost: x\r\ntransfer-encoding: chunked\r\n\r\n";
    let mut all: Vec<(String, Vec<u8>)> = [
        ("a huge line", format!("GET /{} HTTP/1.1\r\n\r\n", "a".repeat(1 << 20))),
        ("a huge header", format!("{line}a: {}\r\n\r\n", "a".repeat(1 << 20))),
        ("many headers", format!("{line}{}\r\n", "a: b\r\n".repeat(20_000))),
        ("no header ends", format!("{line}{}", "a: b\r\n".repeat(20_000))),
        ("line breaks", "\r\n".repeat(20_000)),
        ("a NUL", format!("{line}a: \0\r\n\r\n")),
        ("two lengths", format!("{line}content-length: 1\r\ncontent-length: 2\r\n\r\n")),
        ("a length that is none", format!("{line}content-length: -1\r\n\r\n")),
        ("a length beyond all", format!("{line}content-length: 99999999999999999999999\r\n\r\n")),
        ("length and chunks", format!("{line}content-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n")),
        ("a chunk of no size", format!("{chunked}zz\r\n")),
        ("a chunk of a huge size", format!("{chunked}ffffffffffffffff\r\n")),
        ("a long size of a chunk", format!("{chunked}{}", "0".repeat(1 << 20))),
        ("a long extension", format!("{chunked}1;{}", "a".repeat(1 << 20))),
        ("an upgrade", format!("{line}connection: upgrade\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABk\r\n\r\n")),
        ("many requests at once", format!("{line}\r\n").repeat(500)),
        ("half a request", "POST /api/public/bot/import HTT".to_owned()),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.into_bytes()))
    .collect();
    for seed in 0..40 {
        all.push((format!("noise {seed}"), noise(seed, 1 << (seed % 16))));
        let mut broken = format!("{line}accept: */*\r\n\r\n").into_bytes();
        let at = usize::try_from(seed).unwrap() % broken.len();
        broken[at] = noise(seed, 1)[0];
        all.push((format!("a broken byte at {at}"), broken));
    }
    all
}

/// What hostile clients of HTTP/2 send.
fn hostile2() -> Vec<(String, Vec<u8>)> {
    let open = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    let streams = |count: u32, of: &dyn Fn(u32) -> Vec<u8>| (0..count).flat_map(|n| of(n * 2 + 1)).collect::<Vec<u8>>();
    let big = vec![0; 16 << 10];
    let mut all = vec![
        ("no settings", get(1, END_HEADERS | END_STREAM)),
        (
            "rapid reset",
            streams(3_000, &|n| [get(n, END_HEADERS | END_STREAM), frame(RST_STREAM, 0, n, &[0, 0, 0, 8])].concat()),
        ),
        ("many streams", streams(2_000, &|n| post(n, END_HEADERS))),
        ("many streams with bodies", streams(500, &|n| [post(n, END_HEADERS), frame(DATA, 0, n, &big)].concat())),
        ("answers nobody reads", streams(3_000, &|n| get(n, END_HEADERS | END_STREAM))),
        ("endless headers", [get(1, 0), frame(CONTINUATION, 0, 1, b"\0\x01a\x01b").repeat(20_000)].concat()),
        ("empty continuations", [get(1, 0), frame(CONTINUATION, 0, 1, &[]).repeat(20_000)].concat()),
        ("a bomb of headers", {
            // One long field goes into the table, and is named again and again.
            let field = [b"\x40\x01a\x7f\x81\x1e".as_slice(), &[b'a'; 4_000]].concat();
            let block = [b"\x82\x86\x84\x01\x01x".as_slice(), &field, &[0xbe; 12_000]].concat();
            streams(50, &|n| frame(HEADERS, END_HEADERS | END_STREAM, n, &block))
        }),
        ("many settings", frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 9]).repeat(20_000)),
        ("many pings", frame(PING, 0, 0, &[0; 8]).repeat(20_000)),
        ("an empty window", [frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]), get(1, END_HEADERS | END_STREAM)].concat()),
        ("windows that overflow", frame(WINDOW_UPDATE, 0, 0, &[0x7f, 0xff, 0xff, 0xff]).repeat(3)),
        ("windows that do not grow", frame(WINDOW_UPDATE, 0, 0, &[0; 4]).repeat(1_000)),
        ("data of no stream", frame(DATA, 0, 7, &big)),
        ("empty data", [post(1, END_HEADERS), frame(DATA, 0, 1, &[]).repeat(20_000)].concat()),
        ("a huge frame", [&[0xff, 0xff, 0xff, HEADERS, 0, 0, 0, 0, 1][..], &big.repeat(20)].concat()),
        ("half a frame", vec![0, 1]),
        ("a block that is none", frame(HEADERS, END_HEADERS | END_STREAM, 1, &[0xff; 100])),
        ("streams backwards", [get(9, END_HEADERS | END_STREAM), get(7, END_HEADERS | END_STREAM)].concat()),
    ]
    .into_iter()
    .map(|(name, bytes)| (name.to_owned(), bytes))
    .collect::<Vec<_>>();
    all.extend((0..40).map(|seed| (format!("noise {seed}"), noise(seed, 1 << (seed % 16)))));
    let kinds = (0u8..16).flat_map(|kind| [0, 1, 3].map(|stream| (kind, stream)));
    all.extend(kinds.map(|(kind, stream)| {
        (format!("a frame {kind} of noise"), frame(kind, kind, stream, &noise(kind.into(), 50)))
    }));
    all.into_iter().map(|(name, bytes)| (name, [&open[..], &bytes].concat())).collect()
}

#[tokio::test]
async fn hostile_bytes_harm_nobody_else() {
    let server = TestServer::start_with(|setup| {
        setup.config.server.headers_ms = 1_000;
        setup.config.server.idle_ms = 1_000;
        setup.config.server.stalled_ms = 1_000;
        setup.config.api.bodies.patience_ms = 1_000;
        setup.config.server.connections = 1_000;
    })
    .await;
    let client = server.anonymous();
    let mut attacks = tokio::task::JoinSet::new();
    for (name, bytes) in hostile1().into_iter().chain(hostile2()) {
        let url = server.url();
        attacks.spawn(async move {
            let mut raw = Raw::open(&url).await;
            raw.offer(&bytes, 1).await;
            // Whatever it is answered, the connection comes to its end.
            raw.rest().await;
            name
        });
        is_answered(&client).await;
    }
    let mut ended = 0;
    while let Some(attack) = attacks.join_next().await {
        attack.unwrap();
        ended += 1;
        is_answered(&client).await;
    }
    assert!(ended > 150, "{ended}");
    let ready: Value = client.get("/readyz").await.json();
    assert_eq!(ready["status"], "ready");
    server.finish().await;
}
